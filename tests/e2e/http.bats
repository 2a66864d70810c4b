# What another client of the HTTP interface may rely on: curl stands for all.

load helper

setup_file() {
    export MEDIA=$BATS_FILE_TMPDIR
    ffmpeg -loglevel error -y -f lavfi -i testsrc2=size=160x120:rate=10:duration=2 \
        -f lavfi -i "aevalsrc=0.3*sin(880*t)|0.3*sin(1320*t):d=2" -c:v mpeg4 -c:a aac \
        "$MEDIA/talk.mp4"
}

# ask CURL-ARGUMENT... PATH: as Anna. Body in body, header in header; prints the status.
ask() {
    local path=${!#}
    curl -s -o body -D header -w '%{http_code}' -H "Authorization: Bearer $(token)" \
        "${@:1:$#-1}" "$MP3CONV_SERVER$path"
}

@test "register, log in, upload, wait and download with nothing but curl" {
    start_daemon
    credentials='{"email": "Anna@Example.org", "password": "correct horse battery"}'
    [ "$(curl -s -o body -w '%{http_code}' -d "$credentials" "$MP3CONV_SERVER/v1/register")" = 201 ]
    [ "$(curl -s -o body -w '%{http_code}' -d "$credentials" "$MP3CONV_SERVER/v1/register")" = 409 ]
    [ "$(field body 'o["code"]')" = email_taken ]
    curl -sf -d "$credentials" "$MP3CONV_SERVER/v1/login" >login
    bearer="Authorization: Bearer $(field login 'o["token"]')"

    curl -sf -H "$bearer" --data-binary "@$MEDIA/talk.mp4" -D header \
        "$MP3CONV_SERVER/v1/files?name=talk.mp4&preset=high" >file
    id=$(field file 'o["id"]')
    [ "$(header Location)" = "/v1/files/$id" ]
    curl -sf -H "$bearer" "$MP3CONV_SERVER/v1/files/$id?wait=30" >file
    [ "$(field file 'o["state"], o["options"]["preset"], o["source"]["codec"]')" = "('done', 'high', 'aac')" ]
    curl -sfOJ -H "$bearer" "$MP3CONV_SERVER/v1/files/$id/mp3"
    [ "$(samples talk.mp3)" = "$(samples "$MEDIA/talk.mp4")" ]
    [ "$(sha256sum <talk.mp3)" = "$(field file 'o["mp3"]["sha256"]')  -" ]
}

@test "a form with a file is an upload too" {
    start_daemon
    log_in
    [ "$(ask -F preset=voice -F "file=@$MEDIA/talk.mp4" /v1/files)" = 201 ]
    [ "$(field body 'o["name"], o["options"]')" = "('talk.mp4', {'preset': 'voice'})" ]
    [ "$(field body 'o["source"]["bytes"]')" = "$(stat -c %s "$MEDIA/talk.mp4")" ]
    [ "$(ask -F "other=@$MEDIA/talk.mp4" /v1/files)" = 400 ]
    [[ $(cat body) == *"field 'other'; send it as 'file'"* ]]
    [ "$(ask -F preset=high /v1/files)" = 400 ]
    [ "$(mp3conv list | wc -l)" = 1 ]
}

@test "an upload that breaks off is never a job, and leaves no bytes" {
    start_daemon
    log_in
    # Says 100,000 bytes, sends 1,000, and hangs up.
    exec 4<>"/dev/tcp/127.0.0.1/${MP3CONV_SERVER##*:}"
    printf 'POST /v1/files?name=x HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: 100000\r\n\r\n' "$(token)" >&4
    head -c 1000 /dev/zero >&4
    exec 4>&-
    wait_for_log "path=/v1/files status=400"
    [ -z "$(mp3conv list)" ]
    [ -z "$(find data/drafts data/blobs -type f)" ]
}

@test "what will be refused is refused before its body is sent" {
    start_daemon --max-upload 1k
    log_in
    send=(-T "$MEDIA/talk.mp4" -X POST -H "Expect: 100-continue" -w "%{http_code} %{size_upload}")
    [ "$(ask "${send[@]}" /v1/files)" = "413 0" ]
    [ "$(header Connection)" = close ]
    [ "$(curl -s -o body "${send[@]}" "$MP3CONV_SERVER/v1/files")" = "401 0" ]
}

@test "options that make no sense are refused by name" {
    start_daemon
    log_in
    [ "$(ask -d x "/v1/files?vbr=11")" = 422 ]
    [ "$(field body 'o["code"], o["detail"]')" = "('invalid_option', \"option vbr: '11' is not a whole number from 0 to 9\")" ]
    [ "$(ask -d x "/v1/files?colour=red")" = 422 ]
    [ "$(ask -d "" "/v1/files?name=x")" = 422 ]
}

@test "a part of an MP3, and no MP3 twice" {
    start_daemon
    log_in
    id=$(mp3conv upload --wait "$MEDIA/talk.mp4")
    [ "$(ask "/v1/files/$id/mp3")" = 200 ]
    mv body whole
    etag=$(header ETag)
    size=$(stat -c %s whole)
    [ "$(header Accept-Ranges)" = bytes ]

    [ "$(ask -r 100-199 "/v1/files/$id/mp3")" = 206 ]
    [ "$(header Content-Range)" = "bytes 100-199/$size" ]
    cmp body <(tail -c +101 whole | head -c 100)
    [ "$(ask -r -100 "/v1/files/$id/mp3")" = 206 ]
    cmp body <(tail -c 100 whole)
    [ "$(ask -r "$size-" "/v1/files/$id/mp3")" = 416 ]
    [ "$(header Content-Range)" = "bytes */$size" ]
    [ "$(ask -r 0-9 -H "If-Range: $etag" "/v1/files/$id/mp3")" = 206 ]
    [ "$(ask -r 0-9 -H 'If-Range: "other"' "/v1/files/$id/mp3")" = 200 ]
    [ "$(ask -H "If-None-Match: $etag" "/v1/files/$id/mp3")" = 304 ]
    [ "$(ask -I "/v1/files/$id/mp3")" = 200 ]
    [ "$(header Content-Length)" = "$size" ]
}

@test "an address for players opens one MP3 of one login, for an hour" {
    start_daemon
    log_in
    id=$(mp3conv upload --wait "$MEDIA/talk.mp4")
    make_video other.mp4 3
    other=$(mp3conv upload --wait other.mp4)
    bearer="Authorization: Bearer $(token)"
    status() { curl -s -o body -w '%{http_code}' "$@"; }
    curl -sf -X POST -H "$bearer" "$MP3CONV_SERVER/v1/files/$id/link" >file
    address=$MP3CONV_SERVER$(field file 'o["url"]')
    [ "$(status -r 0-99 "$address")" = 206 ]
    [ "$(status "$address")" = 200 ]
    mp3conv download "$id" -o talk.mp3
    cmp body talk.mp3
    link=${address#*link=}
    [ "$(status "$MP3CONV_SERVER/v1/files/$other/mp3?link=$link")" = 401 ]
    [ "$(status -H "Authorization: Bearer $link" "$MP3CONV_SERVER/v1/files/$id/mp3")" = 401 ]
    [ "$(status "$MP3CONV_SERVER/v1/files/$id?link=$link")" = 401 ]
    [ "$(status "$MP3CONV_SERVER/v1/files/$id/mp3?link=$(token)")" = 401 ]
    run ! grep -F "$link" daemon.log
    mp3conv logout
    [ "$(status "$address")" = 401 ]
}

@test "events tell what becomes of a file until it is finished" {
    start_daemon
    log_in
    ffmpeg -loglevel error -y -f lavfi -i "anoisesrc=d=120:r=48000:a=0.5:seed=1" -ac 2 long.wav
    id=$(mp3conv upload --preset max long.wav)
    [ "$(ask "/v1/files/$id/events")" = 200 ] # returns once they end
    [ "$(header Content-Type)" = text/event-stream ]
    sed -n 's/^data: //p' body >objects
    tail -n 1 objects >last
    [ "$(field last 'o["state"], o["id"], o["mp3"]["bytes"] > 0')" = "('done', '$id', True)" ]
    [ "$(sed -n 's/^event: //p' body | tail -n 1)" = state ]
    [ "$(ask "/v1/files/$id/events")" = 200 ] # of a finished file: one
    [ "$(grep -c ^event: body)" = 1 ]
    [ "$(ask /v1/files/nothing/events)" = 404 ]
}

@test "events end with the login that asked for them" {
    start_daemon
    log_in
    make_long_sound long.wav 1800
    id=$(mp3conv upload --preset max long.wav)
    touch events
    curl -sN -H "Authorization: Bearer $(token)" "$MP3CONV_SERVER/v1/files/$id/events" >events 3>&- &
    started+=($!)
    follower=$!
    wait_for_line events converting
    mp3conv logout
    wait "$follower" || true # it ends by itself, long before the conversion
    forget "$follower"
    run ! grep '"state":"done"' events
}

@test "a download has the name of the video, in any script" {
    start_daemon
    log_in
    cp "$MEDIA/talk.mp4" 'Käfer "live".mp4'
    id=$(mp3conv upload --wait 'Käfer "live".mp4')
    [ "$(ask "/v1/files/$id/mp3")" = 200 ]
    [ "$(header Content-Disposition)" = "attachment; filename=\"K__fer _live_.mp3\"; filename*=UTF-8''K%C3%A4fer%20%22live%22.mp3" ]
}

@test "another user's file is as absent as one that never was" {
    start_daemon
    log_in
    id=$(mp3conv upload --wait "$MEDIA/talk.mp4")
    log_in eve@example.org
    for path in "/v1/files/$id" "/v1/files/$id/mp3" /v1/files/nothing /v1/files/nothing/mp3; do
        [ "$(ask "$path")" = 404 ]
        [ "$(field body 'o["code"], o["detail"]')" = "('not_found', 'there is no file with this ID among yours')" ]
    done
    [ "$(ask -X DELETE "/v1/files/$id")" = 404 ]
    [ "$(ask -X POST "/v1/files/$id/cancel")" = 404 ]
}

@test "an error is a problem document that says what to do" {
    start_daemon
    [ "$(curl -s -o body -D header -w '%{http_code}' "$MP3CONV_SERVER/v1/files")" = 401 ]
    [ "$(header Content-Type)" = application/problem+json ]
    [ "$(header WWW-Authenticate)" = Bearer ]
    [ "$(field body 'sorted(o)')" = "['code', 'detail', 'request_id', 'retryable', 'status', 'title']" ]
    [ "$(field body 'o["request_id"]')" = "$(header X-Request-Id)" ]
    grep -q "request=$(header X-Request-Id)" daemon.log
    [ "$(curl -s -o body -w '%{http_code}' "$MP3CONV_SERVER/v1/nothing")" = 404 ]
    [ "$(curl -s -o body -D header -w '%{http_code}' -X PUT "$MP3CONV_SERVER/v1/files")" = 405 ]
    [ "$(header Allow)" = "POST, GET" ]
    [ "$(curl -s -o body -w '%{http_code}' -d '{' "$MP3CONV_SERVER/v1/login")" = 400 ]
    [ "$(curl -s -o body -w '%{http_code}' -d '{"email": "a@b.c"}' "$MP3CONV_SERVER/v1/login")" = 400 ]
    [ "$(curl -s -o body -w '%{http_code}' -d '{"email": "a", "password": "12345678"}' "$MP3CONV_SERVER/v1/register")" = 422 ]
}

@test "a page of the list leads to the next" {
    start_daemon
    log_in
    for quality in 1 2 3; do mp3conv upload --vbr $quality "$MEDIA/talk.mp4"; done >ids
    [ "$(ask "/v1/files?limit=2")" = 200 ]
    field body '"\n".join(f["id"] for f in o["files"])' >seen
    [ "$(ask "/v1/files?limit=2&cursor=$(field body 'o["next_cursor"]')")" = 200 ]
    field body '"\n".join(f["id"] for f in o["files"])' >>seen
    [ "$(field body '"next_cursor" in o')" = False ]
    cmp <(tac seen) ids
    [ "$(ask "/v1/files?cursor=x")" = 400 ]
    [ "$(ask "/v1/files?state=x")" = 400 ]
}

@test "who is logged in can see what is used and what is allowed" {
    start_daemon
    log_in
    mp3conv upload --wait "$MEDIA/talk.mp4"
    [ "$(ask /v1/me)" = 200 ]
    [ "$(field body 'o["email"], o["usage"]["files"], o["usage"]["bytes"] > 0, o["limits"]["quota_bytes"]')" = "('anna@example.org', 1, True, 53687091200)" ]
}

@test "over the quota nothing more is taken until something is removed" {
    start_daemon --quota "$(($(stat -c %s "$MEDIA/talk.mp4") + 1000))"
    log_in
    id=$(mp3conv upload --whole-file --wait "$MEDIA/talk.mp4")
    run -9 mp3conv upload --vbr 9 --whole-file "$MEDIA/talk.mp4"
    [[ $output == *"remove some first"* ]]
    mp3conv rm "$id"
    mp3conv upload --whole-file "$MEDIA/talk.mp4"
}

@test "the daemon tells whether it is alive and ready, without a login" {
    start_daemon
    [ "$(curl -sf "$MP3CONV_SERVER/healthz" -o body -w '%{http_code}')" = 200 ]
    [ "$(curl -sf "$MP3CONV_SERVER/readyz" -o body -w '%{http_code}')" = 200 ]
}

@test "the log has no password, no token and no whole e-mail address" {
    start_daemon --log-level debug
    log_in
    mp3conv convert "$MEDIA/talk.mp4"
    wait_for_log "letter sent"
    run ! grep -e "correct horse" -e "anna@example.org" -e "$(token)" daemon.log
    grep -q "a\*\*\*@example.org" daemon.log
}
