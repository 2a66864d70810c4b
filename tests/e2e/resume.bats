# A line that breaks, a server that restarts, a client that is killed: it goes on where it was.

load helper

setup_file() {
    export MEDIA=$BATS_FILE_TMPDIR
    # 23 MB of sound that is sent as it is.
    ffmpeg -loglevel error -y -f lavfi -i anoisesrc=d=120:r=48000:a=0.3:seed=1 -ac 2 \
        -c:a pcm_s16le "$MEDIA/concert.wav"
}

# bad_line BYTES...: see bad_line.py; from here on the client talks through it.
bad_line() {
    coproc line {
        exec /usr/bin/python3 "$root/tests/support/bad_line.py" "${MP3CONV_SERVER#http://}" "$@" 3>&-
    }
    started+=("$line_PID")
    straight=$MP3CONV_SERVER
    read -r -t 20 port <&"${line[0]}"
    export MP3CONV_SERVER=http://127.0.0.1:$port
}

# line_has cut|held: waits until it has done so once more; a client pauses longer with each failure.
line_has() {
    read -r -t 60 word <&"${line[0]}"
    [ "$word" = "$1" ]
}

# kill_daemon: and start it again. The client goes on talking through the line.
kill_daemon() {
    local through_line=$MP3CONV_SERVER
    stop_daemon KILL || true
    MP3CONV_SERVER=$straight
    start_daemon
    MP3CONV_SERVER=$through_line
}

@test "an upload goes on where it was when the line breaks" {
    start_daemon
    bad_line 3000000 5000000 7000000
    log_in
    export MP3CONV_RETRIES=3
    run -0 --separate-stderr mp3conv convert "$MEDIA/concert.wav"
    [ "$output" = concert.mp3 ]
    for _ in 1 2 3; do line_has cut; done
    [ "$(mp3conv list | wc -l)" = 1 ]
    [ "$(samples concert.mp3)" = "$(samples "$MEDIA/concert.wav")" ]
    [ "$(grep -c "method=POST path=/v1/uploads " daemon.log)" = 1 ]
}

# bad_line_down BYTES: one that breaks when so much of an MP3 has come; whoever is logged in stays so.
bad_line_down() {
    MP3CONV_TOKEN=$(token)
    export MP3CONV_TOKEN
    bad_line "${@/#/down:}"
}

@test "a download goes on when the line breaks" {
    start_daemon
    log_in
    id=$(mp3conv upload --wait "$MEDIA/concert.wav")
    mp3conv download "$id" -o straight.mp3
    bad_line_down 500000 500000
    [ "$(mp3conv download "$id")" = concert.mp3 ]
    cmp concert.mp3 straight.mp3
    line_has cut
    line_has cut
    [ "$(grep -c "/mp3 status=206" daemon.log)" -ge 1 ]
}

@test "the same command goes on with a download that broke off" {
    start_daemon
    log_in
    id=$(mp3conv upload --wait "$MEDIA/concert.wav")
    mp3conv download "$id" -o straight.mp3
    bad_line_down 500000
    run -5 mp3conv --retries 0 download "$id"
    had=$(stat -c %s .concert.mp3.part)
    [ "$had" -gt 0 ]
    [ ! -e concert.mp3 ]
    [ "$(mp3conv --verbose download "$id" 2>said)" = concert.mp3 ]
    cmp concert.mp3 straight.mp3
    grep -q "/mp3: 206" said
    [ -z "$(ls -A | grep part)" ]
}

@test "what an earlier run left of another MP3 does no harm" {
    start_daemon
    log_in
    id=$(mp3conv upload --wait "$MEDIA/concert.wav")
    mp3conv download "$id" -o straight.mp3
    head -c 300k /dev/zero >.concert.mp3.part
    mp3conv download "$id"
    cmp concert.mp3 straight.mp3
    head -c 30M /dev/zero >.concert.mp3.part
    mp3conv download "$id" --if-exists overwrite
    cmp concert.mp3 straight.mp3
    [ -z "$(ls -A | grep part)" ]
}

@test "without retries a broken line ends with 5" {
    start_daemon
    bad_line 3000000
    log_in
    run -5 mp3conv --retries 0 upload "$MEDIA/concert.wav"
}

@test "killed twenty times, and its server five times, the same command makes one MP3 and sends little twice" {
    start_daemon
    bad_line $(for _ in $(seq 25); do echo hold:800000; done)
    log_in
    export MP3CONV_RETRIES=1000
    client=
    for n in $(seq 25); do
        [ -n "$client" ] || {
            mp3conv convert "$MEDIA/concert.wav" 2>/dev/null 3>&- &
            client=$!
        }
        line_has held # in the midst of sending
        if [ $((n % 5)) = 0 ]; then
            kill_daemon
        else
            kill -KILL "$client"
            wait "$client" || true
            client=
        fi
    done
    [ -z "$(ls -A | grep -e mp3$)" ]
    wait "$client"
    [ "$(ls | grep -c mp3)" = 1 ]
    [ "$(samples concert.mp3)" = "$(samples "$MEDIA/concert.wav")" ]
    [ "$(mp3conv list | wc -l)" = 1 ]
    [ "$(grep -c "method=POST path=/v1/uploads " daemon.log)" = 1 ]
    # Lost with each was no more than the piece that was on its way; the client's are 512 KiB.
    exec {line[1]}>&-
    read -r -t 20 came_up <&"${line[0]}"
    [ "$came_up" -lt $(($(stat -c %s "$MEDIA/concert.wav") + 25 * (512 << 10))) ]
}

@test "what was converted once is not sent again, by its bytes and options, and never across users" {
    start_daemon
    log_in
    id=$(mp3conv upload --wait "$MEDIA/concert.wav")
    cp "$MEDIA/concert.wav" copy.wav
    [ "$(mp3conv upload copy.wav)" = "$id" ]
    [ "$(mp3conv upload copy.wav --vbr 9)" != "$id" ]
    log_in bert@example.org
    [ "$(mp3conv upload copy.wav)" != "$id" ]
}

@test "a request that is repeated under its key makes no second file" {
    start_daemon
    log_in
    for _ in 1 2; do
        curl -s -H "Authorization: Bearer $(token)" -H "Idempotency-Key: k1" -d "some bytes" \
            "$MP3CONV_SERVER/v1/files?name=x" >>answers
    done
    [ "$(grep -o '"id":"[^"]*"' answers | sort -u | wc -l)" = 1 ]
    [ "$(mp3conv list | wc -l)" = 1 ]
}

@test "two of the same command at a time make one file" {
    start_daemon
    log_in
    mp3conv convert "$MEDIA/concert.wav" >first 3>&- &
    first=$!
    mp3conv convert "$MEDIA/concert.wav" >second 3>&- &
    second=$!
    wait "$first"
    wait "$second"
    [ "$(cat first second)" = concert.mp3 ]
    [ "$(mp3conv list | wc -l)" = 1 ]
}
