# Uploads that can break off: tus 1.0.0, spoken by curl.

load helper

setup_file() {
    export MEDIA=$BATS_FILE_TMPDIR
    ffmpeg -loglevel error -y -f lavfi -i testsrc2=size=320x240:rate=25:duration=5 \
        -f lavfi -i "aevalsrc=0.3*sin(880*t)|0.3*sin(1320*t):d=5" -c:v mpeg4 -c:a aac \
        "$MEDIA/talk.mp4"
}

# create LENGTH [HEADER...]: sets $location.
create() {
    [ "$(tus -X POST -H "Upload-Length: $1" -H "Upload-Metadata: filename $(printf talk.mp4 | base64),preset $(printf high | base64)" "${@:2}" /v1/uploads)" = 201 ]
    location=$(header Location)
}

@test "the server tells what it can do, without a login" {
    start_daemon
    curl -s -X OPTIONS -D header -o body -w '%{http_code}' "$MP3CONV_SERVER/v1/uploads" >status
    [ "$(cat status)" = 204 ]
    [ "$(header Tus-Version)" = 1.0.0 ]
    [ "$(header Tus-Extension)" = creation,creation-with-upload,creation-defer-length,expiration,checksum,termination,concatenation ]
    [ "$(header Tus-Max-Size)" = 8589934592 ]
}

@test "an upload in two pieces is a file once its last byte is there" {
    start_daemon
    log_in
    size=$(stat -c %s "$MEDIA/talk.mp4")
    head -c 1000 "$MEDIA/talk.mp4" >first
    tail -c +1001 "$MEDIA/talk.mp4" >second
    create "$size"
    [ "$(header Tus-Resumable)" = 1.0.0 ]
    [ -n "$(header Upload-Expires)" ]
    id=${location##*/}
    [[ $(mp3conv status "$id") == *uploading* ]]
    [ "$(patch 0 first)" = 204 ]
    [ "$(header Upload-Offset)" = 1000 ]
    stop_daemon
    start_daemon
    [ "$(tus -I "$location")" = 200 ]
    [ "$(header Upload-Offset) $(header Upload-Length)" = "1000 $size" ]
    [ "$(patch 0 first)" = 409 ]
    [ "$(patch 1000 second)" = 204 ]
    mp3conv wait "$id"
    [ "$(mp3conv download "$id")" = talk.mp3 ]
    [ "$(samples talk.mp3)" = "$(samples "$MEDIA/talk.mp4")" ]
    mp3conv --json status "$id" >file
    [ "$(field file 'o["options"]["preset"]')" = high ]
    # It goes on being known as an upload.
    [ "$(tus -I "$location")" = 200 ]
    [ "$(header Upload-Offset)" = "$size" ]
}

@test "what came before a line broke is there to go on from" {
    start_daemon
    log_in
    create 100000
    exec 4<>"/dev/tcp/127.0.0.1/${MP3CONV_SERVER##*:}"
    printf 'PATCH %s HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\nAuthorization: Bearer %s\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: 100000\r\n\r\n' "$location" "$(token)" >&4
    head -c 5000 /dev/zero >&4
    exec 4>&-
    wait_for_log "method=PATCH .* status=400"
    [ "$(tus -I "$location")" = 200 ]
    [ "$(header Upload-Offset)" = 5000 ]
}

@test "a new request ends one whose line is dead, and goes on from what came" {
    start_daemon
    log_in
    create 100000
    # It sends 5,000 bytes and goes silent, but does not hang up.
    exec 4<>"/dev/tcp/127.0.0.1/${MP3CONV_SERVER##*:}"
    printf 'PATCH %s HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\nAuthorization: Bearer %s\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: 100000\r\nExpect: 100-continue\r\n\r\n' "$location" "$(token)" >&4
    head -c 5000 /dev/zero >&4
    read -r -t 10 line <&4
    [[ $line == *"100 Continue"* ]] # it is at its body
    until [ "$(stat -c %s "$(find data -name "${location##*/}.source")")" = 5000 ]; do :; done
    [ "$(tus -I "$location")" = 200 ]
    [ "$(header Upload-Offset)" = 5000 ]
    exec 4>&-
}

@test "an upload whose last byte came as the daemon died is queued once its client asks" {
    start_daemon
    log_in
    size=$(stat -c %s "$MEDIA/talk.mp4")
    head -c 1000 "$MEDIA/talk.mp4" >first
    create "$size"
    id=${location##*/}
    [ "$(patch 0 first)" = 204 ]
    stop_daemon
    # As it is between the last byte and the job.
    cp "$MEDIA/talk.mp4" "$(find data -name "$id.source")"
    rows "UPDATE files SET upload_offset = $size WHERE id = '$id'"
    start_daemon
    [[ $(mp3conv status "$id") == *uploading* ]]
    [ "$(tus -I "$location")" = 200 ]
    [ "$(header Upload-Offset)" = "$size" ]
    mp3conv wait "$id"
}

# patch_slowly: begins to send all of talk.mp4, in two seconds; its status is in status.
patch_slowly() {
    patch 0 "$MEDIA/talk.mp4" -v --limit-rate $(($(stat -c %s "$MEDIA/talk.mp4") / 2)) \
        -H "Expect: 100-continue" >status 2>talk 3>&- &
    patching=$!
    wait_for_line talk "100 Continue"
}

@test "a token that runs out while a piece is sent cuts it not" {
    start_daemon
    log_in
    create "$(stat -c %s "$MEDIA/talk.mp4")"
    : >talk
    patch_slowly
    rows "UPDATE sessions SET expires_at = 1"
    wait "$patching"
    [ "$(cat status)" = 204 ]
    [ "$(rows "SELECT state FROM files")" != uploading ]
}

@test "a token that is ended while a piece is sent queues nothing" {
    start_daemon
    log_in
    create "$(stat -c %s "$MEDIA/talk.mp4")"
    : >talk
    patch_slowly
    mp3conv logout
    wait "$patching"
    [ "$(cat status)" = 401 ]
    [ "$(rows "SELECT state FROM files")" = uploading ]
    # Every byte is there: after another login there is nothing more to send.
    echo "correct horse battery" >password
    mp3conv login anna@example.org --password-file password
    : >nothing
    [ "$(patch "$(stat -c %s "$MEDIA/talk.mp4")" nothing)" = 204 ]
    mp3conv wait "${location##*/}"
}

@test "a piece that does not match its checksum is dropped" {
    start_daemon
    log_in
    create 10
    printf 01234 >five
    sum=$(openssl dgst -sha1 -binary five | base64)
    [ "$(patch 0 five -H "Upload-Checksum: sha1 AAAAAAAAAAAAAAAAAAAAAAAAAAA=")" = 460 ]
    [ "$(tus -I "$location")" = 200 ]
    [ "$(header Upload-Offset)" = 0 ]
    [ "$(patch 0 five -H "Upload-Checksum: sha1 $sum")" = 204 ]
    [ "$(patch 5 five -H "Upload-Checksum: crc32 x")" = 400 ]
}

@test "the length can come later, and the first piece with the creation" {
    start_daemon
    log_in
    size=$(stat -c %s "$MEDIA/talk.mp4")
    head -c 1000 "$MEDIA/talk.mp4" >first
    tail -c +1001 "$MEDIA/talk.mp4" >second
    [ "$(tus -X POST -H "Upload-Defer-Length: 1" -H "Content-Type: application/offset+octet-stream" --data-binary @first /v1/uploads)" = 201 ]
    [ "$(header Upload-Offset)" = 1000 ]
    location=$(header Location)
    [ "$(tus -I "$location")" = 200 ]
    [ "$(header Upload-Defer-Length)" = 1 ]
    [ "$(patch 1000 second -H "Upload-Length: $size")" = 204 ]
    mp3conv wait "${location##*/}"
}

@test "partial uploads are joined into one file, and gone afterwards" {
    start_daemon
    log_in
    head -c 1000 "$MEDIA/talk.mp4" >first
    tail -c +1001 "$MEDIA/talk.mp4" >second
    for part in first second; do
        create "$(stat -c %s $part)" -H "Upload-Concat: partial"
        [ "$(patch 0 $part)" = 204 ]
        parts+="$MP3CONV_SERVER$location "
    done
    [ -z "$(mp3conv list)" ]
    [ "$(tus -X POST -H "Upload-Concat: final;${parts% }" -H "Upload-Metadata: filename $(printf whole.mp4 | base64)" /v1/uploads)" = 201 ]
    id=$(header Location)
    mp3conv wait "${id##*/}"
    [ "$(mp3conv download "${id##*/}")" = whole.mp3 ]
    [ "$(samples whole.mp3)" = "$(samples "$MEDIA/talk.mp4")" ]
    [ "$(tus -I "$location")" = 404 ]
}

@test "an upload can be ended; its bytes count until then" {
    start_daemon --quota 100000
    log_in
    create 90000
    run -9 mp3conv upload "$MEDIA/talk.mp4"
    [ "$(tus -X DELETE "$location")" = 204 ]
    [ "$(tus -I "$location")" = 404 ]
    [ -z "$(find data/blobs -type f)" ]
}

@test "an upload that nobody goes on with expires" {
    start_daemon --upload-expiry 0
    log_in
    create 10
    printf 01234 >five
    [ "$(patch 0 five)" = 204 ]
    stop_daemon
    start_daemon # sweeps when it starts
    wait_for_log expired
    [ "$(tus -I "$location")" = 404 ]
    [ -z "$(find data/blobs -type f)" ]
}

@test "what makes no sense is refused, and by its name" {
    start_daemon
    log_in
    [ "$(curl -s -o body -D header -w '%{http_code}' -X POST -H "Authorization: Bearer $(token)" "$MP3CONV_SERVER/v1/uploads")" = 412 ]
    [ "$(header Tus-Version)" = 1.0.0 ]
    [ "$(tus -X POST /v1/uploads)" = 400 ]
    [ "$(tus -X POST -H "Upload-Length: 99999999999999" /v1/uploads)" = 413 ]
    [ "$(tus -X POST -H "Upload-Length: 0" /v1/uploads)" = 422 ]
    [ "$(tus -X POST -H "Upload-Length: 5" -H "Upload-Metadata: vbr MTE=" /v1/uploads)" = 422 ]
    [ "$(tus -X POST -H "Upload-Length: 5" -H "Upload-Metadata: filename !" /v1/uploads)" = 400 ]
    create 5
    [ "$(tus -X PATCH -H "Upload-Offset: 0" -d x "$location")" = 415 ]
    printf 0123456789 >ten
    [ "$(patch 0 ten)" = 413 ]
    log_in eve@example.org
    [ "$(tus -I "$location")" = 404 ]
    [ "$(patch 0 ten)" = 404 ]
    [ "$(tus -X DELETE "$location")" = 404 ]
}
