# Moving house: from one machine's files to PostgreSQL and S3, real servers.

load helper
load servers

setup_file() {
    export MEDIA=$BATS_FILE_TMPDIR
    make_video "$MEDIA/talk.mp4" 2
    # 12.7 MB: two parts of an upload to S3, and what is left.
    make_sound "$MEDIA/long.wav" 72 -c:a pcm_s16le
}

# start_new_place: sets $to and $bucket; the daemon stays where it is.
start_new_place() {
    start_postgres
    start_s3
    to=$MP3CONVD_DATABASE
    bucket=$MP3CONVD_STORAGE
    unset MP3CONVD_DATABASE MP3CONVD_STORAGE
}

# migrate [OPTION...]: to there.
migrate() {
    admin migrate --to "$to" --storage "$bucket" "$@"
}

# told TABLE: what the last migration did to it.
told() {
    sed -n "s/^$1: //p" <<<"$output"
}

# locks CONDITION: how many there are on the switches at the new place.
locks() {
    psql -Atc "SELECT count(*) FROM pg_locks WHERE relation = 'switches'::regclass
        AND mode = 'ShareRowExclusiveLock' AND $1" "$to"
}

# upload_piece OFFSET END: of long.wav, to $location.
upload_piece() {
    tail -c "+$(($1 + 1))" "$MEDIA/long.wav" | head -c "$(($2 - $1))" >piece
    [ "$(patch "$1" piece)" = 204 ]
}

@test "a running installation is copied, then what differs, and goes on at the new place" {
    start_new_place
    start_daemon --roles api,convert # so that letters wait
    log_in ben@example.org
    log_in
    invite=$(admin invite create)
    id=$(mp3conv upload --wait "$MEDIA/talk.mp4")
    gone=$(mp3conv upload --wait "$MEDIA/talk.mp4" --mono)
    mp3conv download "$id" -o before.mp3
    admin queue pause
    queued=$(mp3conv upload "$MEDIA/talk.mp4" --preset voice)
    size=$(stat -c %s "$MEDIA/long.wav")
    [ "$(tus -X POST -H "Upload-Length: $size" /v1/uploads)" = 201 ]
    location=$(header Location)
    upload_piece 0 6000000

    run -0 --separate-stderr migrate
    [ "$(told users)" = "2 rows, 2 added, 0 changed, 0 removed" ]
    [ "$(told files)" = "4 rows, 4 added, 0 changed, 0 removed" ]
    [ "$(told outbox)" = "2 rows, 2 added, 0 changed, 0 removed" ]
    [ "$(told invites)" = "1 rows, 1 added, 0 changed, 0 removed" ]
    [[ $(told "sources and MP3s") == "4 copied ("*" bytes), 0 there already (0 bytes)" ]]
    [[ $output == *"needs another run"*"database = \"$to\""*"storage = \"$bucket\""*jwt-secret* ]]

    mp3conv rm "$gone"
    late=$(mp3conv upload "$MEDIA/talk.mp4" --preset high)
    upload_piece 6000000 11000000
    run -0 migrate --deep
    [ "$(told users)" = "2 rows, 0 added, 1 changed, 0 removed" ] # uploads are counted
    [ "$(told files)" = "4 rows, 1 added, 1 changed, 1 removed" ]
    [ "$(told outbox)" = "1 rows, 0 added, 0 changed, 1 removed" ]
    [[ $(told "sources and MP3s") == "2 copied ("*" bytes), 2 there already ("*" bytes)" ]]

    stop_daemon
    run -0 migrate
    [[ $(told "sources and MP3s") == "0 copied (0 bytes), 4 there already ("*" bytes)" ]]
    [[ $output == *"this copy is complete"*"database = \"$to\""*"storage = \"$bucket\""* ]]
    [ ! -e data/migration ]

    mkdir old
    mv data/mp3conv.db* data/blobs old
    export MP3CONVD_DATABASE=$to MP3CONVD_STORAGE=$bucket
    [[ $(admin queue stats) == *queued*2*paused*true* ]]
    admin queue resume
    start_daemon
    [ "$(mp3conv whoami)" = anna@example.org ]
    XDG_CONFIG_HOME=$PWD/ben mp3conv login ben@example.org --password-file password
    mp3conv download "$id" -o after.mp3
    cmp before.mp3 after.mp3
    run -6 mp3conv status "$gone"
    [[ $(admin invite list) == *open* ]]
    [ "$(tus -I "$location")" = 200 ]
    [ "$(header Upload-Offset)" = 11000000 ]
    upload_piece 11000000 "$size"
    mp3conv wait "$queued" "$late" "${location##*/}"
    mp3conv download "${location##*/}" -o long.mp3
    [ "$(samples long.mp3)" = "$(samples "$MEDIA/long.wav")" ]
    for file in "$id" "$queued" "$late" "${location##*/}"; do
        wait_for_log "letter sent.*$file\|$file.*letter sent"
        [ "$(grep -l "$file" data/outbox/*.eml | wc -l)" = 1 ]
    done
    run ! grep -q "$gone" data/outbox/*.eml
    [ "$(find data/outbox -name '*.eml' | wc -l)" = 4 ]
    admin fsck --deep
    [ ! -e data/mp3conv.db ]

    unset MP3CONVD_DATABASE MP3CONVD_STORAGE
    stop_daemon
    mv old/* data
    run -2 migrate
    [[ $output == *"has served a daemon already; name one that is empty"* ]]
}

@test "a place that has rows or bytes of somebody else is refused, and left as it is" {
    start_postgres
    to=$MP3CONVD_DATABASE
    unset MP3CONVD_DATABASE
    bucket=file:$PWD/there
    echo "correct horse battery" >password
    mkdir "$data" there
    admin user add anna@example.org --password-file password
    mkdir -p there/blobs/fo
    echo bytes >there/blobs/fo/foreign.source
    touch -d "2 hours ago" there/blobs/fo/foreign.source
    run -2 migrate
    [[ $output == *"bytes of another installation, such as foreign.source"* ]]
    rm -r there/blobs
    run -0 migrate

    run -2 admin migrate --to "$to" --data-dir "$PWD/second" # which there is not
    mkdir second
    run -2 mp3convd migrate --to "$to" --data-dir "$PWD/second"
    [[ $output == *"has rows of another installation; name one that is empty"* ]]
    mp3convd user add ben@example.org --password-file password --data-dir "$data" --database "$to"
    run -2 migrate
    [[ $output == *"was given rows of its own since it became a copy"* ]]
    [ "$(mp3convd user list --data-dir "$data" --database "$to" | cut -f 1)" = "$(printf '%s\n' anna@example.org ben@example.org)" ]
    run -2 admin migrate --to "sqlite:$PWD/other.db"
    [[ $output == *"to PostgreSQL only"* ]]
}

@test "a migration that fails leaves both places as they were, and can be run again" {
    start_new_place
    start_daemon
    log_in
    migrate
    id=$(mp3conv upload --wait "$MEDIA/talk.mp4")
    # Somebody is at the rows when they are to be copied, and the server dies then.
    psql -qc "BEGIN; LOCK switches IN SHARE ROW EXCLUSIVE MODE; SELECT pg_sleep(60)" "$to" \
        >&/dev/null 3>&- &
    until [ "$(locks granted)" = 1 ]; do :; done
    migrate >told 2>migrate.log &
    migrating=$!
    until [ "$(locks "NOT granted")" = 1 ]; do :; done
    postgres kill
    status=0
    wait "$migrating" || status=$?
    [ "$status" = 5 ]
    [ ! -s told ]
    grep -q "database is not available" migrate.log
    mp3conv download "$id"
    admin fsck --deep
    postgres start
    [ -z "$(mp3convd job list --data-dir "$data" --database "$to" --storage "$bucket")" ]
    run -0 migrate
    [ "$(told files)" = "1 rows, 1 added, 0 changed, 0 removed" ]
    [[ $(told "sources and MP3s") == "0 copied (0 bytes), 1 there already ("* ]]
}

@test "bytes that were damaged or lost before are named when they are to be copied" {
    start_postgres
    to=$MP3CONVD_DATABASE
    unset MP3CONVD_DATABASE
    bucket=file:$PWD/there
    mkdir there
    start_daemon
    log_in
    damaged=$(mp3conv upload --wait "$MEDIA/talk.mp4")
    lost=$(mp3conv upload --wait "$MEDIA/talk.mp4" --mono)
    printf X | dd of="$(echo data/blobs/*/"$damaged".mp3.1)" conv=notrunc status=none
    rm "$(echo data/blobs/*/"$lost".mp3.1)"
    run -1 --separate-stderr migrate
    grep -q "^sha256	$damaged	$damaged.mp3.1\$" <<<"$output"
    grep -q "^missing	$lost	$lost.mp3.1\$" <<<"$output"
    run -1 --separate-stderr migrate --json --deep
    [ "$(grep -c '"fault"' <<<"$output")" = 2 ]
    tail -n 1 <<<"$output" >last
    [ "$(field last '[o["is_last"], o["is_right"]]')" = "[False, False]" ]
}
