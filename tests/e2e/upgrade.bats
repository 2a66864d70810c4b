# What an upgrade from the first release leaves as it was.

load helper

# first_release: takes the daemon's folder back to that release's database, with a conversion that
# waits as that release queued it.
first_release() {
    sqlite3 -bail -cmd "ATTACH '$data/mp3conv.db' AS now" first.db <"$root/tests/packages/first.sql"
    rm "$data"/mp3conv.db*
    mv first.db "$data/mp3conv.db"
    mkdir -p "$data/blobs/0w"
    cp talk.mp4 "$data/blobs/0w/0wa1t1ng0wa1t1ng0wa1.source"
}

@test "accounts, logins, files, MP3s and letters outlive an upgrade from the first release" {
    make_video talk.mp4
    echo "no media at all" >text
    start_mail_server
    start_daemon --smtp-url smtp://127.0.0.1:1 --smtp-tls off # nobody takes letters yet
    log_in
    id=$(mp3conv --quiet upload --wait talk.mp4)
    mp3conv --quiet download "$id" -o before.mp3
    bad=$(curl -sf -H "Authorization: Bearer $(token)" --data-binary @text \
        "$MP3CONV_SERVER/v1/files?name=text" | sed 's/.*"id":"\([^"]*\)".*/\1/')
    run -8 mp3conv wait "$bad"
    wait_for_log "letter not sent yet.*$bad"
    stop_daemon

    first_release
    [ "$(rows "PRAGMA user_version")" = 1 ]
    [ "$(rows "SELECT count(*) FROM outbox WHERE sent_at IS NULL")" = 2 ]
    rows "UPDATE outbox SET due_at = 0"
    start_daemon --smtp-url "smtp://127.0.0.1:$mail_port" --smtp-tls off

    [ "$(mp3conv whoami)" = anna@example.org ]
    mp3conv login anna@example.org --password-file password
    mp3conv --quiet download "$id" -o after.mp3
    cmp before.mp3 after.mp3
    mp3conv status --json "$bad" >bad.json
    [ "$(field bad.json 'o["state"], o["error"]["code"]')" = "('failed', 'not_media')" ]
    mp3conv wait --timeout 60s 0wa1
    mp3conv --quiet download 0wa1 -o waited.mp3
    [ "$(samples waited.mp3)" -gt 0 ]
    for i in 1 2 3; do grep -h "File ID" "$(next_letter)"; done | awk '{ print $NF }' | tr -d '\r' >told
    diff <(sort told) <(printf '%s\n' "$id" "$bad" 0wa1t1ng0wa1t1ng0wa1 | sort)
    [ "$(rows "PRAGMA integrity_check; PRAGMA foreign_key_check")" = ok ]
    mp3convd fsck --deep --data-dir "$data"
    mp3conv --quiet convert talk.mp4 --mono -o new.mp3 # and it works on
}
