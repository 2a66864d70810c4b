# What the administrator sees, and what can be done beside a running daemon.

load helper

setup_file() {
    export MEDIA=$BATS_FILE_TMPDIR
    make_sound "$MEDIA/talk.m4a" 2 -c:a aac
}

# metric SAMPLE: its value, as the daemon says now.
metric() {
    curl -sf "$MP3CONV_SERVER/metrics" |
        awk -v name="$1 " 'index($0, name) == 1 { print substr($0, length(name) + 1) }'
}

# post FILE: uploads it in one request, however often it was before; prints its ID.
post() {
    curl -sf -H "Authorization: Bearer $(token)" --data-binary "@$1" -o answer.$BASHPID \
        "$MP3CONV_SERVER/v1/files?name=$(basename "$1")" && field answer.$BASHPID 'o["id"]'
}

@test "metrics are what Prometheus takes, tell what happened, and name nobody" {
    start_daemon
    log_in
    id=$(mp3conv upload --wait "$MEDIA/talk.m4a")
    echo "no media at all" >text
    bad=$(post text)
    mp3conv wait "$bad" || true
    run -4 env MP3CONV_TOKEN=wrong mp3conv whoami
    wait_for_log "letter sent.*$bad"
    curl -sf -D header -o page "$MP3CONV_SERVER/metrics"
    promtool check metrics <page
    [ "$(header Content-Type)" = "text/plain; version=0.0.4; charset=utf-8" ]
    [ "$(metric 'mp3convd_conversions_total{outcome="done"}')" = 1 ]
    [ "$(metric 'mp3convd_conversions_total{outcome="not_media"}')" = 1 ]
    [ "$(metric mp3convd_converted_mp3_bytes_total)" = "$(rows "SELECT mp3_bytes FROM files WHERE id = '$id'")" ]
    [[ $(metric mp3convd_converted_audio_seconds_total) == 2* ]]
    [ "$(metric 'mp3convd_notices_total{channel="mail",outcome="sent"}')" = 2 ]
    [ "$(metric 'mp3convd_http_requests_refused_total{code="not_logged_in"}')" = 1 ]
    [ "$(metric 'mp3convd_jobs{state="queued"}')" = 0 ]
    [ "$(metric 'mp3convd_http_request_duration_seconds_count{method="POST",route="/v1/files",status="2xx"}')" = "$(grep -c "method=POST path=/v1/files status=201" daemon.log)" ]
    [ "$(metric mp3convd_storage_free_bytes)" != "" ]
    [ "$(metric mp3convd_http_received_bytes_total | cut -d . -f 1)" -gt 1000 ]
    grep -q "^mp3convd_build_info{version=\"$(mp3convd --version)\"} 1$" page
    run ! grep -e anna -e "$id" -e "$bad" page
}

@test "addresses that nobody foresaw make no new metrics" {
    start_daemon
    log_in
    for path in /what /v1/files/aaaa /v1/files/bbbb /what/ever/1 /what/ever/2; do
        curl -s -o /dev/null "$MP3CONV_SERVER$path"
    done
    [ "$(metric 'mp3convd_http_request_duration_seconds_count{method="other",route="other",status="4xx"}')" = 3 ]
    [ "$(metric 'mp3convd_http_request_duration_seconds_count{method="GET",route="/v1/files/{}",status="4xx"}')" = 2 ]
}

@test "metrics are for this computer, or for those whom metrics-from names" {
    start_daemon --metrics-from 192.0.2.0/24
    [ "$(curl -s -o body -w '%{http_code}' "$MP3CONV_SERVER/metrics")" = 404 ]
    grep -q metrics-from body
}

@test "a conversion that is killed is counted, with the signal" {
    start_daemon
    log_in
    make_long_sound long.wav
    id=$(mp3conv upload long.wav --preset max)
    until [[ $(mp3conv status "$id") == *converting* ]]; do :; done
    helper=$(pgrep -P "$daemon_pid")
    until child=$(pgrep -P "$helper"); do :; done
    kill -KILL "$child"
    wait_for_log "conversion will be tried again"
    [ "$(metric 'mp3convd_sandbox_kills_total{cause="KILL"}')" = 1 ]
    [ "$(metric 'mp3convd_conversions_total{outcome="retried"}')" = 1 ]
}

@test "a file's ID leads from its requests through its conversion to its letter in the JSON log" {
    start_daemon --log-format json
    log_in
    id=$(mp3conv upload --wait "$MEDIA/talk.m4a")
    mp3conv download "$id"
    wait_for_log "letter sent"
    cat >look.py <<'PYTHON'
import json, sys
lines = [json.loads(line) for line in open("daemon.log")]
of_file = [line for line in lines if line.get("file") == sys.argv[1]]
met = [line["message"] for line in of_file]
for message in ("request", "conversion begun", "converted", "letter sent"):
    assert message in met, (message, met)
assert met.index("conversion begun") < met.index("converted") < met.index("letter sent")
requests = [line for line in lines if line["message"] == "request"]
assert all(line["request"] for line in requests)
for line in requests:
    if line["path"].startswith(("/v1/files/", "/v1/uploads/")):
        assert line["file"] == sys.argv[1], line
made = [line for line in of_file if line.get("method") == "POST"]
assert made, "the request that made the file does not name it"
PYTHON
    python3 look.py "$id"
}

@test "a paused queue takes uploads and starts none, also after a restart, and says so" {
    start_daemon
    log_in
    admin queue pause
    id=$(post "$MEDIA/talk.m4a")
    [ "$(admin queue stats | tr '\t' =  | grep -v wait | xargs)" = "uploading=0 queued=1 converting=0 paused=true" ]
    stop_daemon
    start_daemon
    curl -sf "$MP3CONV_SERVER/readyz" -o ready
    [ "$(field ready 'o["queue"]["paused"]')" = True ]
    [ "$(metric mp3convd_queue_paused)" = 1 ]
    [[ $(mp3conv status "$id") == *queued* ]]
    admin queue resume
    mp3conv wait --timeout 60s "$id"
    [ "$(metric mp3convd_queue_paused)" = 0 ]
}

@test "a full queue can be seen from everywhere, and runs dry" {
    start_daemon
    log_in
    admin queue pause
    for ((i = 0; i < 20; ++i)); do post "$MEDIA/talk.m4a"; done >ids
    [ "$(admin queue stats --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["queued"])')" = 20 ]
    [ "$(metric 'mp3convd_jobs{state="queued"}')" = 20 ]
    diff <(tac ids) <(admin job list --state queued | cut -f 1)
    [ "$(admin job list --limit 3 | cut -f 2,3 | sort -u)" = "queued"$'\t'"anna@example.org" ]
    rows "UPDATE files SET due_at = due_at - 3600000, created_at = created_at - 3600000 WHERE seq = 1"
    [ "$(metric mp3convd_queue_oldest_wait_seconds)" -ge 3600 ]
    admin queue resume
    mp3conv wait --timeout 120s $(cat ids)
    [ "$(metric 'mp3convd_jobs{state="queued"}')" = 0 ]
    [ "$(metric mp3convd_queue_oldest_wait_seconds)" = 0 ]
}

@test "job retry queues a cancelled conversion of anybody; one that is none is refused by name" {
    start_daemon
    log_in
    admin queue pause
    id=$(post "$MEDIA/talk.m4a")
    mp3conv cancel "$id"
    [ "$(admin job list --state cancelled | cut -f 1)" = "$id" ]
    [ "$(admin job retry "$id")" = "$id" ]
    run -1 admin job retry "$id"
    [[ $output == *"$id: neither failed nor cancelled"* ]]
    run -6 admin job retry nosuchfile
    admin queue resume
    mp3conv wait --timeout 60s "$id"
}

@test "a letter that was given up is listed, and goes out once it is retried" {
    start_mail_server --reply rcpt=550
    start_daemon --smtp-url "smtp://127.0.0.1:$mail_port" --smtp-tls off
    log_in
    id=$(mp3conv upload --wait "$MEDIA/talk.m4a")
    wait_for_log "letter given up"
    [ "$(metric 'mp3convd_outbox_notices{state="given_up"}')" = 1 ]
    [ "$(admin outbox list | cut -f 2-6)" = $'file_ended\tmail\t'"$id"$'\tanna@example.org\tgiven_up' ]
    stop_daemon
    kill "$mail_server_PID" && wait "$mail_server_PID" || true
    forget "$mail_server_PID"
    start_mail_server
    start_daemon --smtp-url "smtp://127.0.0.1:$mail_port" --smtp-tls off
    letter=$(admin outbox list | cut -f 1)
    [ "$(admin outbox retry "$letter")" = "$letter" ]
    grep -q "^To: <anna@example.org>" "$(next_letter)"
    wait_for_log "letter sent"
    [ -z "$(admin outbox list)" ]
    run -6 admin outbox retry "$letter"
}

@test "fsck tells missing, cut, changed and nameless bytes, and is silent where all is well" {
    start_daemon
    log_in
    for i in 1 2 3; do post "$MEDIA/talk.m4a"; done >ids
    mp3conv wait $(cat ids)
    admin fsck --deep
    mapfile -t blobs < <(rows "SELECT mp3_blob FROM files ORDER BY seq")
    path() { echo "$data/blobs/${1:0:2}/$1"; }
    rm "$(path "${blobs[0]}")"
    truncate -s -1 "$(path "${blobs[1]}")"
    printf x | dd of="$(path "${blobs[2]}")" bs=1 seek=100 conv=notrunc status=none
    mkdir -p "$data/blobs/zz"
    touch -d "2 hours ago" "$data/blobs/zz/zzorphan.source"
    touch "$data/blobs/zz/zzyoung.source"
    run -1 admin fsck
    [ "$(cut -f 1 <<<"$output" | xargs)" = "missing size orphan" ]
    run -1 admin fsck --deep --repair
    [ "$(cut -f 1 <<<"$output" | xargs)" = "missing size sha256 orphan" ]
    [ ! -e "$data/blobs/zz/zzorphan.source" ] && [ -e "$data/blobs/zz/zzyoung.source" ]
    [ -e "$(path "${blobs[2]}")" ]
    run -1 admin fsck
    [ "$(cut -f 1 <<<"$output" | xargs)" = "missing size" ]
}

@test "gc removes at once what its time is over for" {
    start_daemon
    log_in
    id=$(mp3conv upload --wait "$MEDIA/talk.m4a")
    rows "UPDATE files SET finished_at = finished_at - 40 * 86400000"
    [ "$(admin gc | xargs)" = "expired 1 orphans 0 history 0" ]
    [ -z "$(find "$data/blobs" -type f)" ]
    run -7 mp3conv download "$id"
    wait_for_log "letter sent"
    rows "UPDATE files SET finished_at = finished_at - 360 * 86400000"
    [ "$(admin gc | xargs)" = "expired 0 orphans 0 history 1" ]
    run -6 mp3conv status "$id"
    [ "$(rows "SELECT count(*) FROM outbox")" = 0 ]
}

@test "a backup made while uploads come in, put back, has every file that was acknowledged, and works on" {
    start_daemon
    log_in
    ffmpeg -loglevel error -y -f lavfi -i anoisesrc=d=5:r=8000:seed=1 -c:a pcm_s16le clip.wav
    : >ids
    while post clip.wav >>ids; do :; done 3>&- &
    uploads=$!
    started+=("$uploads")
    until [ "$(wc -l <ids)" -ge 5 ]; do :; done
    for i in 1 2 3; do
        cp ids "acknowledged.$i"
        admin backup "copy.$i"
    done
    kill "$uploads" && wait "$uploads" || true
    forget "$uploads"
    stop_daemon
    for i in 1 2 3; do
        data=$PWD/restored.$i
        cp -a "copy.$i" "$data"
        admin fsck --deep
        start_daemon
        mp3conv wait --timeout 120s $(cat "acknowledged.$i")
        mkdir "mp3.$i"
        mp3conv download --output-dir "mp3.$i" "$(tail -n 1 "acknowledged.$i")"
        mp3conv convert --output-dir "mp3.$i" "$MEDIA/talk.m4a" # anew, under the old login
        admin fsck --deep
        stop_daemon
    done
}

@test "an upload under way is in a backup as far as it had come, and can be gone on with" {
    start_daemon
    log_in
    tus=(curl -sf -H "Authorization: Bearer $(token)" -H "Tus-Resumable: 1.0.0")
    size=$(stat -c %s "$MEDIA/talk.m4a")
    "${tus[@]}" -X POST -H "Upload-Length: $size" -D header "$MP3CONV_SERVER/v1/uploads"
    upload=$(header Location)
    head -c 5000 "$MEDIA/talk.m4a" | "${tus[@]}" -X PATCH -H "Upload-Offset: 0" \
        -H "Content-Type: application/offset+octet-stream" --data-binary @- "$MP3CONV_SERVER$upload"
    admin backup copy
    "${tus[@]}" -X DELETE "$MP3CONV_SERVER$upload"
    stop_daemon
    data=$PWD/restored
    cp -a copy "$data"
    start_daemon
    "${tus[@]}" -I -D header -o /dev/null "$MP3CONV_SERVER$upload"
    [ "$(header Upload-Offset)" = 5000 ]
    tail -c +5001 "$MEDIA/talk.m4a" | "${tus[@]}" -X PATCH -H "Upload-Offset: 5000" \
        -H "Content-Type: application/offset+octet-stream" --data-binary @- "$MP3CONV_SERVER$upload"
    mp3conv wait "$(basename "$upload")"
}

@test "a backup never overwrites, and a command without a data folder says so" {
    start_daemon
    mkdir there
    run -13 admin backup there
    [[ $output == *"there: is there already; name a new folder"* ]]
    run -13 mp3convd queue stats --data-dir "$PWD/nowhere"
    [[ $output == *"nowhere: there is no such data folder"* ]]
}
