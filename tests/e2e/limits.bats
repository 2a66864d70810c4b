# What one user may use, and what is said where it is too much.

load helper

setup_file() {
    export MEDIA=$BATS_FILE_TMPDIR
    local name pitch=300
    for name in talk song film; do
        ffmpeg -loglevel error -y -f lavfi -i "sine=$((pitch += 100)):d=1" -c:a aac "$MEDIA/$name.m4a"
    done
}

# me EXPRESSION: of what the daemon says about the account, as `o`.
me() {
    mp3conv whoami --json >me && field me "$1"
}

@test "who may have one conversion under way is told to wait, and the client waits" {
    start_daemon --max-active 1
    log_in
    admin queue pause
    mp3conv upload "$MEDIA/talk.m4a"
    [ "$(me 'o["usage"]["active"], o["limits"]["max_active"]')" = "(1, 1)" ]
    [ "$(curl -s -D header -o body -w '%{http_code}' -H "Authorization: Bearer $(token)" --data-binary "@$MEDIA/song.m4a" "$MP3CONV_SERVER/v1/files")" = 429 ]
    [ "$(field body 'o["code"], o["retryable"]')" = "('too_many_active', True)" ]
    [ -n "$(header Retry-After)" ]
    run -5 mp3conv --retries 0 upload "$MEDIA/song.m4a"
    [[ $output == *"1; wait until one ends, or cancel one"* ]]
    [ "$(me 'o["usage"]["files"]')" = 1 ]
    admin queue resume
    mp3conv convert --output-dir . "$MEDIA/song.m4a" "$MEDIA/film.m4a" # more than may be at a time
    [ -s song.mp3 ] && [ -s film.mp3 ]
    [ "$(me 'o["usage"]["active"], o["usage"]["files"]')" = "(0, 3)" ]
}

@test "who may begin two uploads a day can not remove one to begin a third" {
    start_daemon --max-uploads-per-day 2
    log_in
    mp3conv upload "$MEDIA/song.m4a"
    mp3conv rm "$(mp3conv upload --wait "$MEDIA/talk.m4a")"
    [ "$(me 'o["usage"]["uploads_today"], o["limits"]["max_uploads_per_day"]')" = "(2, 2)" ]
    run -9 mp3conv upload "$MEDIA/film.m4a"
    [[ $output == *"go on after midnight UTC"* ]]
    run -9 mp3conv upload --whole-file "$MEDIA/film.m4a"
    [ "$(mp3conv list | wc -l)" = 1 ]
}

@test "the administrator gives one user other limits, and takes them back" {
    start_daemon --max-uploads-per-day 1 --quota 1
    log_in
    run -9 mp3conv upload "$MEDIA/talk.m4a"
    admin user limit anna@example.org quota 1MiB
    [ "$(admin user limit anna@example.org max-uploads-per-day 0)" = \
        "quota"$'\t'1048576$'\t'0$'\n'"max-active"$'\t'default$'\t'0$'\n'"max-uploads-per-day"$'\t'0$'\t'0 ]
    mp3conv convert --output-dir . "$MEDIA/talk.m4a" "$MEDIA/song.m4a"
    [ "$(me 'o["limits"]["quota_bytes"], o["limits"]["max_uploads_per_day"]')" = "(1048576, None)" ]
    admin user limit anna@example.org quota default
    run -9 mp3conv upload "$MEDIA/film.m4a"
    [[ $output == *"remove some first"* ]]
    [ "$(admin user limit --json anna@example.org | head -n 1 | cut -d , -f 1,2)" = '{"name":"quota","limit":"default"' ]
    run -2 admin user limit anna@example.org quota lots
    [[ $output == *"neither a size such as 8GiB nor default"* ]]
    run -2 admin user limit anna@example.org speed 1
    run -6 admin user limit eve@example.org
}
