# The page that the daemon serves, in a browser.

load helper

setup_file() {
    export MEDIA=$BATS_FILE_TMPDIR BAD_LINE=$BATS_TEST_DIRNAME/../support/bad_line.py
    cp -r "$BATS_TEST_DIRNAME/page" "$MEDIA/page"
    cd "$MEDIA/page"
    npm ci --no-audit --no-fund --loglevel=error >&2
    cd "$MEDIA"
    load helper
    make_video talk.mp4 20
    ffmpeg -loglevel error -y -f lavfi -i anoisesrc=d=20:r=48000:a=0.3:seed=1 -ac 2 \
        -c:a pcm_s16le concert.wav
    ffmpeg -loglevel error -y -f lavfi -i anoisesrc=d=200:r=48000:a=0.3:seed=2 -ac 2 \
        -c:a pcm_s16le festival.wav
}

# in_browser STORY [ARGUMENT...]: one of those in page/.
in_browser() {
    timeout 300 node "$MEDIA/page/$1.mjs" "${@:2}"
}

@test "who registers confirms the address by the link of a letter, and logs in" {
    start_mail_server
    start_daemon --smtp-url "smtp://127.0.0.1:$mail_port" --smtp-tls off
    in_browser join anna@example.org
    in_browser confirm anna@example.org \
        "$(letter_text "$(next_letter)" | grep -o "$MP3CONV_SERVER/verify.*")"
}

@test "a forgotten password is set by the code from a letter, and changed by who is logged in" {
    start_mail_server
    start_daemon --smtp-url "smtp://127.0.0.1:$mail_port" --smtp-tls off
    log_in
    coproc browser { exec node "$MEDIA/page/passwords.mjs" anna@example.org "brown horse battery" 3>&-; }
    started+=("$browser_PID")
    pid=$browser_PID
    read -r -t 120 word <&"${browser[0]}"
    [ "$word" = asked ]
    code=$(letter_text "$(next_letter)" | sed -n 's/.*--code //p')
    echo "$code" >&"${browser[1]}"
    wait "$pid"
    forget "$pid"
    echo "brown horse battery" >password
    mp3conv login anna@example.org --password-file password
}

@test "who drops videos sees them become MP3s, and the link of the letter leads to one" {
    start_mail_server
    start_daemon --smtp-url "smtp://127.0.0.1:$mail_port" --smtp-tls off
    make_video song.mkv 2
    log_in
    in_browser road anna@example.org "$MEDIA/talk.mp4" song.mkv
    [ "$(rows "SELECT count(*) FROM files WHERE state = 'done'")" = 2 ]
    letters="$(next_letter) $(next_letter)"
    link=$(cat $letters | tr -d '\r' | grep -e "^  http.*$(rows "SELECT id FROM files WHERE name = 'talk.mp4'")")
    saved=$(in_browser letter anna@example.org ${link// /} "$PWD")
    [ "$(samples "$saved")" = "$(samples "$MEDIA/talk.mp4")" ]
}

@test "an upload that broke off goes on where it was, after a reload too" {
    start_daemon
    in_browser resume "$MEDIA/concert.wav"
}

@test "a name and tags are text, whatever they say" {
    start_daemon
    name='<img src=x onerror="taken=1">.mp4'
    make_video "$name" 1 -metadata title='<script>taken=1</script>'
    in_browser text "$name"
}

@test "all of it can be done with a keyboard" {
    start_daemon
    in_browser keyboard "$MEDIA/talk.mp4"
}

@test "a login stays in its tab unless it is to stay, and opens its owner's files only" {
    start_daemon
    log_in
    id=$(mp3conv upload --wait "$MEDIA/talk.mp4")
    in_browser session anna@example.org ben@example.org "$id"
}

@test "the newest files are shown first, and older ones when asked for" {
    start_daemon
    log_in
    mp3conv upload --wait "$MEDIA/talk.mp4"
    again="UPDATE one SET seq = NULL, id = lower(hex(randomblob(12))); INSERT INTO files SELECT * FROM one;"
    rows "CREATE TEMP TABLE one AS SELECT * FROM files; UPDATE one SET name = 'newest.mp4', idempotency_key = NULL; \
        $(printf "$again%.0s" {1..54})"
    in_browser older anna@example.org 55
}

@test "what is cancelled can be tried again, and a daemon that restarts is waited for" {
    start_daemon
    mp3convd queue pause --data-dir "$data"
    coproc browser { exec node "$MEDIA/page/changes.mjs" anna@example.org "$MEDIA/talk.mp4" 3>&-; }
    started+=("$browser_PID")
    pid=$browser_PID
    read -r -t 120 word <&"${browser[0]}"
    [ "$word" = restart ]
    stop_daemon
    mp3convd queue resume --data-dir "$data"
    start_daemon
    echo >&"${browser[1]}"
    wait "$pid"
    [ "$(rows "SELECT count(*) FROM files")" = 0 ]
}

@test "everyone can use it, in light and dark, on a telephone and a desk; pictures are kept" {
    start_daemon
    log_in
    mp3conv upload --wait "$MEDIA/talk.mp4"
    make_video concert-of-the-town-orchestra-2026-11-21-second-half.mp4 1
    mp3conv upload --wait concert*.mp4
    ffmpeg -loglevel error -f lavfi -i color=size=64x64:rate=5:duration=1 -c:v mpeg4 mute.mp4
    run mp3conv upload --whole-file --wait mute.mp4
    make_video lecture-7.mp4 3
    mp3convd queue pause --data-dir "$data"
    mp3conv cancel "$(mp3conv upload lecture-7.mp4)"
    make_video interview.mov 2
    mp3conv upload interview.mov
    mkdir -p "$build/screenshots"
    in_browser eyes anna@example.org "$MEDIA/festival.wav" "$build/screenshots"
    [ "$(ls "$build/screenshots" | wc -l)" -ge 24 ]
}

# asked CURL-OPTION... PATH: into the files header and body.
asked() {
    curl -s -D header -o body "${@:1:$#-1}" "$MP3CONV_SERVER${!#}"
}

@test "the page is small, packed, sent once, and may do nothing but speak to its server" {
    start_daemon
    asked /
    for name in $(grep -o '/web/[a-z.]*' body | sort -u) / /f/x; do
        asked -w '%{size_download}\n' "$name" >>plain
        [ "$(header Cache-Control)" = no-cache ]
        [ "$(header X-Content-Type-Options)" = nosniff ]
        run ! grep -i ^set-cookie header
        cp body whole
        tag=$(header ETag)
        asked -H 'Accept-Encoding: br, gzip' "$name"
        [ "$(header Content-Encoding)" = gzip ]
        [ "$(header ETag)" != "$tag" ]
        zcat body | cmp - whole
        asked -H 'Accept-Encoding: gzip;q=0' -H "If-None-Match: $tag" "$name"
        grep -q "^HTTP/1.1 304" header
    done
    # No file is forgotten here: all of them are in the page's head.
    [ "$(grep -c . plain)" = "$(($(ls "$root"/daemon/web/*.{js,css,svg,html} | wc -l) + 1))" ]
    [ "$(head -n -1 plain | paste -sd+ | bc)" -lt 60000 ]
    asked /
    policy=$(header Content-Security-Policy)
    for rule in "default-src 'none'" "script-src 'self'" "style-src 'self'" \
        "frame-ancestors 'none'" "form-action 'none'" "base-uri 'none'"; do
        [[ $policy == *"$rule"* ]]
    done
    [[ $policy != *unsafe* ]]
    run ! grep -E '<script>|<style|style=|onclick' body
    asked /web/nothing.js
    grep -q "^HTTP/1.1 404" header
}
