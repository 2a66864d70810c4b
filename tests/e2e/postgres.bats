# Rows that lie in PostgreSQL: a real server, that can be killed.

load helper
load servers

setup_file() {
    export MEDIA=$BATS_FILE_TMPDIR
    make_sound "$MEDIA/talk.m4a" 2 -c:a aac
    # Long enough that a conversion is still running when it is looked at.
    make_long_sound "$MEDIA/long.wav"
}

# letters FOLDER: how many a daemon has written there.
letters() {
    find "$1/outbox" -name '*.eml' | wc -l
}

@test "with rows in PostgreSQL videos become MP3s, and nothing lies in SQLite" {
    start_postgres
    start_daemon
    log_in
    id=$(mp3conv upload --wait "$MEDIA/talk.m4a")
    [ ! -e data/mp3conv.db ]
    stop_daemon
    start_daemon
    [ "$(mp3conv whoami)" = anna@example.org ]
    [ "$(mp3conv download "$id")" = talk.mp3 ]
    [ "$(samples talk.mp3)" = "$(samples "$MEDIA/talk.m4a")" ]
    grep -q "$id" data/outbox/*.eml
    mp3conv rm "$id"
    [ -z "$(find data/blobs -type f)" ]
}

@test "PostgreSQL can be restarted while a video is sent and while it is converted" {
    start_postgres
    start_daemon
    log_in
    postgres kill
    mp3conv upload "$MEDIA/long.wav" --preset max >id &
    uploading=$!
    wait_for_log "status=503"
    postgres start
    wait "$uploading"
    id=$(cat id)
    until [[ $(mp3conv status "$id") == *converting* ]]; do :; done
    postgres kill
    run -5 mp3conv --retries 0 status "$id"
    postgres start
    mp3conv wait "$id"
    mp3conv download "$id" -o long.mp3
    [ "$(samples long.mp3)" = "$(samples "$MEDIA/long.wav")" ]
    stop_daemon
    [ "$(grep -c "conversion begun" daemon.log)" = 1 ]
    [ "$(letters data)" = 1 ]
}

@test "one daemon serves users, and another converts and tells them" {
    start_postgres
    mkdir bytes
    export MP3CONVD_STORAGE=file:$PWD/bytes # both are on this machine
    mp3convd serve --listen 127.0.0.1:0 --data-dir "$PWD/second" --roles convert,notify \
        2>second.log 3>&- &
    started+=("$!")
    second=$(mp3convd health --ready --wait 20 --data-dir "$PWD/second")
    start_daemon --roles api
    log_in
    [ "$(mp3conv convert "$MEDIA/talk.m4a")" = talk.mp3 ]
    grep -q "conversion begun" second.log
    run ! grep -q "conversion begun" daemon.log
    wait_for_line second.log "letter sent"
    [ "$(letters second)" = 1 ]
    [ "$(letters data)" = 0 ]
    [ "$(curl -s -o body -w '%{http_code}' "$second/healthz")" = 200 ]
    [ "$(curl -s -o body -w '%{http_code}' "$second/v1/login" -d '{}')" = 404 ]
    [[ $(field body 'o["detail"]') == *"role api"* ]]
}

@test "daemons find each other's work through a pooler, which passes no notifications on" {
    start_postgres --pooler
    mkdir bytes
    export MP3CONVD_STORAGE=file:$PWD/bytes
    mp3convd serve --listen 127.0.0.1:0 --data-dir "$PWD/second" --roles convert,notify \
        2>second.log 3>&- &
    started+=("$!")
    mp3convd health --ready --wait 20 --data-dir "$PWD/second"
    start_daemon --roles api
    log_in
    [ "$(mp3conv convert "$MEDIA/talk.m4a")" = talk.mp3 ]
    wait_for_line second.log "letter sent"
    postgres kill
    postgres start
    [ "$(mp3conv convert "$MEDIA/long.wav" --preset voice --end 5)" = long.mp3 ]
}

@test "PostgreSQL is asked over TLS, and only if its certificate is the right one" {
    start_postgres --tls
    start_daemon
    log_in
    [ "$(mp3conv convert "$MEDIA/talk.m4a")" = talk.mp3 ]
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
        -keyout other.key -out other.crt 2>/dev/null
    run -5 mp3convd fsck --data-dir "$data" \
        --database "${MP3CONVD_DATABASE/sslrootcert=*/sslrootcert=$PWD/other.crt}"
    [[ $output == *"certificate verify failed"* ]]
}

@test "the administrator's commands work on rows in PostgreSQL, and pg_dump backs them up" {
    start_postgres
    start_daemon
    log_in
    admin queue pause
    id=$(mp3conv upload "$MEDIA/talk.m4a")
    [[ $(admin queue stats) == *queued*1* ]]
    [[ $(admin job list) == *"$id"*queued* ]]
    admin queue resume
    mp3conv wait "$id"
    wait_for_log "letter sent"
    [ -z "$(admin outbox list)" ]
    admin fsck --deep
    admin gc
    [[ $(admin user list) == anna@example.org* ]]
    run -2 admin backup "$PWD/backup"
    [[ $output == *pg_dump* ]]
    [ ! -e backup.partial ]
    admin migrate
    [[ $(admin check-config) == *"database       postgresql://mp3conv@"* ]]
}

# migrate_at OFFSET: by a clock that is so much off.
migrate_at() {
    LD_PRELOAD="$(preload /usr/lib/*/faketime/libfaketimeMT.so.1)" FAKETIME=$1 \
        mp3convd migrate --data-dir "$data"
}

@test "a machine whose clock is half a minute off the server's is told" {
    start_postgres
    mkdir "$data"
    run --separate-stderr migrate_at +20s
    [ -z "$stderr" ]
    run --separate-stderr migrate_at +40s
    [[ $stderr == *"clock and the database server's differ"*by_s=* ]]
}

@test "a PostgreSQL server that cannot be reached is told at the start" {
    run -5 mp3convd serve --data-dir "$data" --listen 127.0.0.1:0 \
        --database "postgresql://anna:s3cret@127.0.0.1:1/mp3"
    [[ $output == *"database is not available"*"Connection refused"* ]]
    [[ $output != *s3cret* ]]
    run -2 mp3convd serve --data-dir "$data" --listen 127.0.0.1:0 --database mysql://127.0.0.1/mp3
    [[ $output == *"sqlite: and postgresql://"* ]]
}
