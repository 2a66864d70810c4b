# Bytes that lie in S3: a real server, of one gateway that can be killed.

load helper
load servers

setup_file() {
    export MEDIA=$BATS_FILE_TMPDIR
    ffmpeg -loglevel error -y -f lavfi -i testsrc2=size=320x240:rate=25:duration=5 \
        -f lavfi -i "aevalsrc=0.3*sin(880*t)|0.3*sin(1320*t):d=5" -c:v mpeg4 -c:a aac \
        "$MEDIA/talk.mp4"
    # 12.7 MB: two parts and what is left.
    make_sound "$MEDIA/long.wav" 72 -c:a pcm_s16le
}

@test "sources and MP3s lie in the bucket alone, and go with their file" {
    start_s3
    start_daemon --keep-source 1h
    log_in
    id=$(mp3conv upload --wait --whole-file "$MEDIA/talk.mp4")
    [ "$(objects | sort)" = "$(printf 'house/blobs/%s\n' "$id.mp3.1" "$id.source")" ]
    [ -z "$(find data -type f -size +1k ! -name 'mp3conv.db*')" ]
    stop_daemon
    start_daemon --keep-source 1h
    [ "$(mp3conv download "$id")" = talk.mp3 ]
    [ "$(samples talk.mp3)" = "$(samples "$MEDIA/talk.mp4")" ]
    curl -sf -r 1000-1999 -H "Authorization: Bearer $(token)" "$MP3CONV_SERVER/v1/files/$id/mp3" |
        cmp - <(tail -c +1001 talk.mp3 | head -c 1000)
    mp3conv rm "$id"
    [ -z "$(objects)" ]
}

@test "with download-redirect an MP3 comes from S3, to who has asked the daemon" {
    start_s3
    start_daemon --download-redirect
    log_in
    id=$(mp3conv upload --wait "$MEDIA/talk.mp4")
    [ "$(tus "/v1/files/$id/mp3")" = 307 ]
    [[ $(header Location) == http://127.0.0.1:*/bucket/house/blobs/$id.mp3.1?* ]]
    curl -sf -D header -o from_s3 "$(header Location)"
    [ "$(header Content-Type)" = audio/mpeg ]
    [ "$(header Content-Disposition)" = "attachment; filename=\"talk.mp3\"; filename*=UTF-8''talk.mp3" ]
    [ "$(mp3conv download "$id")" = talk.mp3 ]
    cmp talk.mp3 from_s3
    [ "$(curl -s -o body -w '%{http_code}' "$MP3CONV_SERVER/v1/files/$id/mp3")" = 401 ]
    # What broke off goes on.
    head -c 20000 talk.mp3 >part
    curl -sfL -C 20000 -H "Authorization: Bearer $(token)" "$MP3CONV_SERVER/v1/files/$id/mp3" >>part
    cmp talk.mp3 part
    [ "$(tus -I "/v1/files/$id/mp3")" = 200 ]
    # S3 does not know the daemon's entity tags, and the page may play only what is from the daemon.
    sum=$(sha256sum talk.mp3)
    [ "$(tus -H "Range: bytes=20000-" -H "If-Range: \"${sum%% *}\"" "/v1/files/$id/mp3")" = 206 ]
    [ "$(tus -H "Sec-Fetch-Dest: audio" "/v1/files/$id/mp3")" = 200 ]
}

@test "an upload in pieces goes on from what S3 has, whatever became of the daemon" {
    start_s3
    start_daemon
    log_in
    size=$(stat -c %s "$MEDIA/long.wav")
    head -c 6000000 "$MEDIA/long.wav" >first
    tail -c +6000001 "$MEDIA/long.wav" >second
    [ "$(tus -X POST -H "Upload-Length: $size" /v1/uploads)" = 201 ]
    location=$(header Location)
    [ "$(patch 0 first)" = 204 ]
    objects | grep -q "house/drafts/${location##*/}.source/5242880-6000000"
    # The next piece is on its way when the daemon dies.
    exec 4<>"/dev/tcp/127.0.0.1/${MP3CONV_SERVER##*:}"
    printf 'PATCH %s HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\nAuthorization: Bearer %s\r\nUpload-Offset: 6000000\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: %s\r\n\r\n' "$location" "$(token)" "$((size - 6000000))" >&4
    head -c 5000000 second >&4
    kill -KILL "$daemon_pid"
    wait "$daemon_pid" || true
    forget "$daemon_pid"
    exec 4>&-
    start_daemon
    [ "$(tus -I "$location")" = 200 ]
    [ "$(header Upload-Offset)" = 6000000 ]
    [ "$(patch 6000000 second)" = 204 ]
    mp3conv wait "${location##*/}"
    mp3conv download "${location##*/}" -o long.mp3
    [ "$(samples long.mp3)" = "$(samples "$MEDIA/long.wav")" ]
    [ "$(objects)" = "house/blobs/${location##*/}.mp3.1" ]
}

@test "an upload that is removed half way leaves nothing in the bucket" {
    start_s3
    start_daemon
    log_in
    head -c 6000000 "$MEDIA/long.wav" >first
    [ "$(tus -X POST -H "Upload-Length: 12000000" /v1/uploads)" = 201 ]
    location=$(header Location)
    [ "$(patch 0 first)" = 204 ]
    [ -n "$(objects)" ]
    [ "$(tus -X DELETE "$location")" = 204 ]
    [ -z "$(objects)" ]
}

@test "partial uploads are joined in S3" {
    start_s3
    start_daemon
    log_in
    head -c 6000000 "$MEDIA/long.wav" >first
    tail -c +6000001 "$MEDIA/long.wav" >second
    parts=
    for piece in first second; do
        [ "$(tus -X POST -H "Upload-Length: $(stat -c %s $piece)" -H "Upload-Concat: partial" /v1/uploads)" = 201 ]
        location=$(header Location)
        parts+=" $location"
        [ "$(patch 0 $piece)" = 204 ]
    done
    [ "$(tus -X POST -H "Upload-Concat: final;${parts# }" /v1/uploads)" = 201 ]
    id=$(basename "$(header Location)")
    mp3conv wait "$id"
    mp3conv download "$id" -o long.mp3
    [ "$(samples long.mp3)" = "$(samples "$MEDIA/long.wav")" ]
    [ "$(objects)" = "house/blobs/$id.mp3.1" ]
}

@test "of a film in the bucket, little more than its sound is fetched for the conversion" {
    ffmpeg -loglevel error -y -f lavfi -i testsrc2=size=320x240:rate=25:duration=8 \
        -f lavfi -i "aevalsrc=0.3*sin(880*t)|0.3*sin(1320*t):d=8" -c:v rawvideo -pix_fmt uyvy422 \
        -c:a aac film.mov
    start_s3
    start_daemon
    log_in
    id=$(mp3conv upload --wait --whole-file film.mov)
    [ "$(mp3conv download "$id")" = film.mp3 ]
    [ "$(samples film.mp3)" = "$(samples film.mov)" ]
    fetched=$(sed -n "/converted/s/.*fetched=\([0-9]*\).*/\1/p" daemon.log)
    [ "$fetched" -gt 0 ]
    [ "$fetched" -lt "$(($(stat -c %s film.mov) / 20))" ]
}

@test "S3's gateway can be restarted in the middle of everything" {
    start_s3
    start_daemon
    log_in
    gateway kill
    mp3conv convert "$MEDIA/long.wav" -o long.mp3 &
    converting=$!
    wait_for_log "S3 failed, and is asked again"
    gateway start
    wait "$converting"
    [ "$(samples long.mp3)" = "$(samples "$MEDIA/long.wav")" ]
}

@test "fsck and gc look into the bucket, and a backup brings it home" {
    start_s3
    start_daemon
    log_in
    id=$(mp3conv upload --wait "$MEDIA/talk.mp4")
    gone=$(mp3conv upload --wait "$MEDIA/talk.mp4" --mono)
    [ "$(tus -X POST -H "Upload-Length: 1000" /v1/uploads)" = 201 ]
    location=$(header Location)
    head -c 500 /dev/zero >first
    [ "$(patch 0 first)" = 204 ]
    admin fsck --deep
    admin gc
    admin backup "$PWD/backup" 2>told
    grep -q "file=${location##*/} .*" told # S3 does not let read what is not whole
    radosgw-admin -c s3/ceph.conf -n client.rgw object rm --bucket=bucket \
        --object="house/blobs/$gone.mp3.1" 2>/dev/null
    run -1 admin fsck
    [ "$output" = "missing	$gone	$gone.mp3.1" ]
    stop_daemon
    unset MP3CONVD_STORAGE
    data=$PWD/backup start_daemon
    mp3conv download "$id" "$gone" --output-dir .
    [ "$(samples talk.mp3)" = "$(samples "$MEDIA/talk.mp4")" ]
}

@test "a bucket that cannot be used is told at the start" {
    start_s3
    run -5 mp3convd serve --data-dir "$data" --listen 127.0.0.1:0 \
        --storage "${MP3CONVD_STORAGE/bucket/nobucket}"
    [[ $output == *"storage: the bucket nobucket cannot be used: "*"there is no such bucket"* ]]
    run -2 mp3convd serve --data-dir "$data" --listen 127.0.0.1:0 --storage "s3://bucket?color=red"
    [[ $output == *"'color' is not known in an s3:// URL"* ]]
}
