# Clients that nobody here wrote speak to the server, over a line that breaks.

load helper

setup_file() {
    export MEDIA=$BATS_FILE_TMPDIR
    ffmpeg -loglevel error -y -f lavfi -i anoisesrc=d=60:r=48000:a=0.3:seed=1 -ac 2 \
        -c:a pcm_s16le "$MEDIA/concert.wav"
    cp -r "$BATS_TEST_DIRNAME/clients" "$MEDIA/clients"
    cd "$MEDIA/clients"
    npm ci --no-audit --no-fund --loglevel=error >&2
    node node_modules/esbuild-wasm/bin/esbuild uppy_page.js --bundle --outfile=uppy.js --log-level=error >&2
}

# through_bad_line COMMAND...: it uploads concert.wav while the line breaks twice; then all is well.
through_bad_line() {
    start_daemon
    log_in
    export TOKEN=$(token)
    coproc line {
        exec /usr/bin/python3 "$root/tests/support/bad_line.py" "${MP3CONV_SERVER#http://}" \
            1500000 1000000 3>&-
    }
    started+=("$line_PID")
    read -r -t 20 port <&"${line[0]}"
    url=$("$@" "http://127.0.0.1:$port" "$MEDIA/concert.wav")
    read -r -t 1 word <&"${line[0]}" # it did break
    [ "$word" = cut ]
    id=${url##*/}
    mp3conv wait "$id"
    mp3conv --json status "$id" >file
    [ "$(field file 'o["name"], o["options"], o["source"]["bytes"]')" = "('concert.wav', {'preset': 'voice'}, $(stat -c %s "$MEDIA/concert.wav"))" ]
    [ "$(mp3conv download "$id")" = concert.mp3 ]
    [ "$(samples concert.mp3)" = "$((60 * 24000))" ]
    [ "$(mp3conv list | wc -l)" = 1 ]
}

@test "tus-js-client" {
    through_bad_line node "$MEDIA/clients/tus_js.mjs"
}

@test "Uppy, in a browser" {
    through_bad_line node "$MEDIA/clients/uppy.mjs"
}

@test "tuspy" {
    through_bad_line /usr/bin/python3 "$root/tests/e2e/clients/tuspy.py"
}

@test "curl, told where to go on" {
    start_daemon
    log_in
    size=$(stat -c %s "$MEDIA/concert.wav")
    bearer="Authorization: Bearer $(token)"
    curl -sf -D header -X POST -H "$bearer" -H "Tus-Resumable: 1.0.0" \
        -H "Upload-Length: $size" "$MP3CONV_SERVER/v1/uploads"
    url=$MP3CONV_SERVER$(sed -n 's/^Location: \(.*\)\r$/\1/Ip' header)
    # A first piece; then it asks, and goes on.
    head -c 4000000 "$MEDIA/concert.wav" >first
    curl -sf -X PATCH -H "$bearer" -H "Tus-Resumable: 1.0.0" -H "Upload-Offset: 0" \
        -H "Content-Type: application/offset+octet-stream" --data-binary @first "$url"
    offset=$(curl -sfI -H "$bearer" -H "Tus-Resumable: 1.0.0" "$url" |
        sed -n 's/^Upload-Offset: \(.*\)\r$/\1/Ip')
    tail -c "+$((offset + 1))" "$MEDIA/concert.wav" >rest
    curl -sf -X PATCH -H "$bearer" -H "Tus-Resumable: 1.0.0" -H "Upload-Offset: $offset" \
        -H "Content-Type: application/offset+octet-stream" --data-binary @rest "$url"
    mp3conv wait "${url##*/}"
    mp3conv download "${url##*/}" -o concert.mp3
    [ "$(samples concert.mp3)" = "$((60 * 48000))" ]
}
