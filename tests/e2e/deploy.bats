# What deploy/ says: nothing of it runs in containers here, but all of it is checked as far as it goes.

load helper
load servers

setup_file() {
    export MEDIA=$BATS_FILE_TMPDIR
    cp -r "$BATS_TEST_DIRNAME/deploy" "$MEDIA/types"
    (cd "$MEDIA/types" && npm ci --no-audit --no-fund --loglevel=error >&2)
}

manifests() {
    /usr/bin/python3 "$BATS_TEST_DIRNAME/deploy/manifests.py" "$@"
}

# compiles FILE...: whether Kubernetes knows each name in them.
compiles() {
    manifests types "$@" >"$MEDIA/types/manifests.ts"
    (cd "$MEDIA/types" && node_modules/.bin/tsc --noEmit --strict --module nodenext \
        --moduleResolution nodenext manifests.ts)
}

# compose FILE: whether Compose knows each name in it. Prints what it makes of it.
compose() {
    POSTGRES_PASSWORD=secret SMTP_URL=smtp://127.0.0.1:1 MAIL_FROM=mp3@example.org \
        docker-compose -f "$1" config
}

# image_packages: those that the image's last stage installs.
image_packages() {
    sed -n '/slim/,$ s/^ *\([a-z0-9.+-]*\) \\$/\1/p' "$root/deploy/Dockerfile" | sort
}

# serves ROLE ENVIRONMENT: the daemon, with that file's settings but for the addresses, is what the
# probes, the autoscaler and the balancer expect.
serves() {
    local settings=() data=$PWD/$1 url pid
    mapfile -d '' settings <"$2"
    env -i PATH="$PATH" "${settings[@]}" CREDENTIALS_DIRECTORY="$PWD/credentials" \
        MP3CONVD_DATABASE="$MP3CONVD_DATABASE" MP3CONVD_STORAGE="${MP3CONVD_STORAGE%&*}" \
        MP3CONVD_LISTEN=127.0.0.1:0 MP3CONVD_DATA_DIR="$data" MP3CONVD_SMTP_URL=smtp://127.0.0.1:1 \
        mp3convd serve 2>"$1.log" 3>&- &
    pid=$!
    started+=("$pid")
    url=$(mp3convd health --ready --wait 60 --data-dir "$data")
    [ "$(curl -s -o body -w '%{http_code}' "$url/healthz")" = 200 ]
    [ "$(curl -s -o body -w '%{http_code}' "$url/readyz")" = 200 ]
    [ "$(field body 'type(o["sandbox"]["missing"]).__name__')" = list ]
    curl -sf "$url/metrics" | grep -q "^mp3convd_queue_oldest_wait_seconds 0"
    [ ! -e "$data/jwt-secret" ] # it took the one of the secret
    kill -TERM "$pid"
    wait "$pid"
    forget "$pid"
}

@test "Kubernetes knows what the manifests say, and a wrong name is noticed" {
    compiles "$root"/deploy/kubernetes/*.yaml
    local names=(maxUnavailable readOnlyRootFilesystem pollingInterval pathType) # each of another object
    local name
    mkdir broken
    cp "$root"/deploy/kubernetes/*.yaml broken
    for name in "${names[@]}"; do sed -i "s/\b$name:/${name}s:/" broken/*.yaml; done
    run ! compiles broken/*.yaml
    for name in "${names[@]}"; do [[ $output == *"${name}s"* ]]; done
}

@test "Compose knows what compose.yaml says, and a wrong name is noticed" {
    compose "$root/deploy/compose.yaml" >/dev/null
    sed 's/read_only:/readonly:/' "$root/deploy/compose.yaml" >compose.yaml
    run ! compose compose.yaml
    [[ $output == *readonly* ]]
}

@test "in each role the daemon starts with what the manifests set, and answers the probes" {
    start_postgres
    start_s3
    mkdir credentials
    openssl rand -hex 32 >credentials/mp3convd.jwt-secret
    echo secret >credentials/mp3convd.smtp-password
    cp s3/credentials credentials/mp3convd.s3-credentials
    chmod 440 credentials/* # as Kubernetes shows them to a group
    compose "$root/deploy/compose.yaml" >compose.yaml
    local role
    for role in api convert notify; do
        manifests environment "$role" "$root"/deploy/kubernetes/*.yaml >environment
        serves "$role" environment
        manifests compose "$role" compose.yaml >environment
        serves "$role" environment
    done
}

@test "every setting in the manifests is one of mp3convd's" {
    compose "$root/deploy/compose.yaml" >compose.yaml
    mp3convd --help >known
    local role name
    for role in api convert notify; do
        { manifests environment "$role" "$root"/deploy/kubernetes/*.yaml; manifests compose "$role" compose.yaml; } |
            tr '\0' '\n' | sed -n 's/^\(MP3CONVD_[A-Z_]*\)=.*/\1/p' >set
        [ "$(wc -l <set)" -gt 10 ]
        while read -r name; do grep -q "Env:$name)" known; done <set
    done
}

@test "the image has the packages that the daemon is linked with, and no other but certificates" {
    local library paths=()
    ldd "$build/daemon/mp3convd" >libraries
    ! grep -q "san\.so" libraries || skip "the image has no sanitizers"
    for library in $(readelf -d "$build/daemon/mp3convd" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' |
        grep -v -e '^ld-linux' -e '^libc\.so' -e '^libm\.so'); do
        library=$(realpath "$(sed -n "s|^\s*$library => \(\S*\).*|\1|p" libraries)")
        paths+=("*/${library#/*/}") # /lib is /usr/lib
    done
    dpkg-query -S "${paths[@]}" | sed 's/:.*//' | sort -u >linked
    diff linked <(image_packages | grep -v -e '^ca-certificates$')
}

@test "a daemon has the time that its drain takes" {
    /usr/bin/python3 - "$root"/deploy/kubernetes/*.yaml <<'END'
import re, sys, yaml
SECONDS = {"s": 1, "m": 60}
for path in sys.argv[1:]:
    for found in yaml.safe_load_all(open(path)):
        if found["kind"] != "Deployment":
            continue
        pod = found["spec"]["template"]["spec"]
        env = {one["name"]: one.get("value", "") for one in pod["containers"][0]["env"]}
        number, unit = re.fullmatch(r"(\d+)([sm])", env.get("MP3CONVD_DRAIN_TIMEOUT", "30s")).groups()
        pause = 5 if "lifecycle" in pod["containers"][0] else 0
        assert pod["terminationGracePeriodSeconds"] >= int(number) * SECONDS[unit] + 30 + pause, path
END
}
