# Files that strangers send to see what happens. tests/media/make writes them.

load helper

# start_listener: nobody should call; whoever does is in calls. Sets $port.
start_listener() {
    /usr/bin/python3 "$root/tests/support/listener.py" >calls 3>&- &
    started+=($!)
    until port=$(head -n 1 calls) && [ -n "$port" ]; do :; done
}

# outcome: code of the error, or the state.
outcomes() {
    /usr/bin/python3 -c '
import json, sys
for line in open("files.json"):
    file = json.loads(line)
    print(file["name"], file.get("error", {}).get("code", file["state"]), sep="\t")'
}

# wrong: files of the manifest that came to something else, one a line.
wrong() {
    outcomes | sort >came
    cut -f 2,3 corpus/manifest.tsv | sort >expected
    join -t $'\t' -a 1 expected came | while IFS=$'\t' read -r name right came; do
        [[ "|$right|" == *"|$came|"* ]] || echo "$name: $came instead of $right"
    done
}

# slowest_health: asks how the daemon is until the process ends; prints the longest answer, in ms.
slowest_health() {
    while kill -0 "$1" 2>/dev/null; do
        curl -sf -m 5 -o /dev/null -w '%{time_total}\n' "$MP3CONV_SERVER/healthz" || echo 5
    done | awk '$1 > most { most = $1 } END { printf "%.0f\n", most * 1000 }'
}

@test "hostile files end as they should: no crash, no foreign file, no connection, little memory" {
    secret=$PWD/secret.txt
    echo "the cat sleeps under $RANDOM-$RANDOM-$RANDOM" >"$secret"
    start_listener
    /usr/bin/python3 "$root/tests/media/make" corpus "$secret" "http://127.0.0.1:$port"
    [ "$(wc -l <corpus/manifest.tsv)" -ge 60 ]
    start_daemon --log-level debug
    log_in

    cut -f 2 corpus/manifest.tsv | sed 's|^|corpus/|' >names
    mp3conv --quiet upload --whole-file --files-from names >ids
    { xargs mp3conv --quiet wait <ids || true; } >/dev/null 2>&1 3>&- &
    waiting=$!
    health=$(slowest_health "$waiting")
    wait "$waiting"
    mp3conv list --json >files.json
    echo "slowest health: $health ms" >&3

    [ "$(wc -l <files.json)" = "$(wc -l <names)" ]
    [ "$(wrong | tee /dev/stderr | wc -l)" = 0 ]
    kill -0 "$daemon_pid"
    mp3convd health --data-dir "$data"

    [ "$(wc -l <calls)" = 1 ] # the port
    run ! grep -r -q -F -f "$secret" "$data/outbox" files.json
    run ! grep -q -F -f "$secret" $(find "$data/blobs" -name "*.mp3*")
    [ -z "$(find "$data/drafts" -type f)" ]

    # Sanitizers keep much more, and say so by going without the filter.
    if grep -q "sandbox is complete" daemon.log; then
        most=$(sed -n 's/.*converter ended.*peak_mib=\([0-9]*\).*/\1/p' daemon.log |
            sort -n | tail -n 1)
        echo "peak memory of a conversion: $most MiB" >&3
        [ "$most" -lt 256 ]
    fi
}

@test "a name that is a path, or moves the cursor, is only a name" {
    make_video talk.mp4
    start_daemon
    log_in
    for name in "../../../etc/passwd" $'a\nb\e[2Jc.mp4' "--output=x.mp4" ";rm -rf x.mp4"; do
        query=$(/usr/bin/python3 -c 'import sys, urllib.parse as url
print(url.quote(sys.argv[1], safe=""))' "$name")
        curl -sf -H "Authorization: Bearer $(token)" --data-binary @talk.mp4 \
            "$MP3CONV_SERVER/v1/files?name=$query" -o answer.json
        id=$(field answer.json 'o["id"]')
        mp3conv wait "$id"
        mkdir out
        path=$(mp3conv download "$id" --output-dir out)
        [ "$(dirname "$path")" = out ]
        run ! grep -q $'\e' daemon.log <(echo "$path")
        rm -r out
    done
}
