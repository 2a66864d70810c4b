# What the administrator may rely on.

load helper

setup_file() {
    export MEDIA=$BATS_FILE_TMPDIR
    make_sound "$MEDIA/talk.m4a" 2 -c:a aac
    # Long enough that a conversion is still running when it is looked at.
    make_long_sound "$MEDIA/long.wav"
}

# upload_long: sends it, and returns once it is being converted; sets $id.
upload_long() {
    id=$(mp3conv upload "$MEDIA/long.wav" --preset max)
    until [[ $(mp3conv status "$id") == *converting* ]]; do :; done
}

@test "everything is there again after a restart" {
    start_daemon
    log_in
    id=$(mp3conv upload --wait "$MEDIA/talk.m4a")
    stop_daemon
    start_daemon
    [ "$(mp3conv whoami)" = anna@example.org ]
    [ "$(mp3conv download "$id")" = talk.mp3 ]
}

@test "SIGTERM lets a running conversion end, and takes no new one" {
    start_daemon --drain-timeout 10m # a slow machine needs more than the usual half a minute
    log_in
    upload_long
    kill -TERM "$daemon_pid"
    wait_for_log stopping
    [ "$(curl -s -o body -w '%{http_code}' "$MP3CONV_SERVER/readyz")" = 503 ]
    run -5 mp3conv upload "$MEDIA/talk.m4a"
    wait "$daemon_pid"
    forget "$daemon_pid"
    start_daemon
    [[ $(mp3conv status "$id") == *done* ]]
}

@test "after drain-timeout a conversion goes back to the queue, and the next daemon does it" {
    start_daemon --drain-timeout 0
    log_in
    upload_long
    stop_daemon
    grep -q "conversion handed back" daemon.log
    [ -z "$(find data/drafts -type f)" ]
    start_daemon
    mp3conv wait "$id"
}

@test "what was converted when the daemon was killed is converted at once by the next" {
    start_daemon
    log_in
    upload_long
    kill -KILL "$daemon_pid"
    wait "$daemon_pid" || true
    forget "$daemon_pid"
    start_daemon
    # Its lease would run out in a minute only, which is longer than this waits.
    wait_for_log "conversion begun file=$id attempt=2"
    mp3conv wait "$id"
}

@test "a second SIGTERM ends it at once" {
    start_daemon --drain-timeout 1h
    log_in
    upload_long
    kill -TERM "$daemon_pid"
    wait_for_log stopping
    stop_daemon TERM
    grep -q "conversion handed back" daemon.log
}

@test "a cancelled conversion stops, and leaves no bytes" {
    start_daemon
    log_in
    upload_long
    mp3conv cancel "$id"
    wait_for_log "conversion ended early"
    [ -z "$(find data/drafts -type f)" ]
    run -7 mp3conv wait "$id"
    mp3conv retry "$id"
    mp3conv rm "$id"
}

@test "a second daemon on the same data folder is refused, and told which process holds it" {
    start_daemon
    run -5 mp3convd serve --listen 127.0.0.1:0 --data-dir "$data"
    [[ $output == *"in use by mp3convd with process ID $daemon_pid"* ]]
}

@test "a port that is taken is an error that names it" {
    start_daemon
    run -13 mp3convd serve --listen "${MP3CONV_SERVER#http://}" --data-dir other
    [[ $output == *"cannot listen at ${MP3CONV_SERVER#http://}"* ]]
}

@test "a database from a newer version is refused, and stays as it is" {
    mkdir -m 700 "$data"
    rows "CREATE TABLE future (x); PRAGMA user_version = 1000"
    run -2 mp3convd serve --listen 127.0.0.1:0 --data-dir "$data"
    [[ $output == *"from a newer mp3convd (schema 1000"* ]]
    [ "$(rows .tables)" = future ]
}

@test "with registration closed only the administrator makes accounts" {
    start_daemon --registration closed
    echo "correct horse battery" >password
    run -4 mp3conv register anna@example.org --password-file password
    mp3convd user add anna@example.org --password-file password --data-dir "$data"
    mp3conv login anna@example.org --password-file password
    [[ $(mp3convd user list --data-dir "$data") == "anna@example.org"$'\t'enabled* ]]
}

@test "a disabled account is out at once; removing one removes what it had" {
    start_daemon
    log_in
    mp3conv upload --wait "$MEDIA/talk.m4a"
    mp3convd user disable anna@example.org --data-dir "$data"
    run -4 mp3conv whoami
    run -4 mp3conv login anna@example.org --password-file password
    mp3convd user enable anna@example.org --data-dir "$data"
    mp3conv login anna@example.org --password-file password
    echo "another good one" >password
    mp3convd user password anna@example.org --password-file password --data-dir "$data"
    run -4 mp3conv whoami
    mp3conv login anna@example.org --password-file password
    mp3convd user rm anna@example.org --data-dir "$data"
    [ "$(rows "SELECT count(*) FROM files")" = 0 ]
}

@test "settings come from flags, the environment and the config file, in this order" {
    cat >mp3convd.toml <<END
data-dir = "$data"
workers = 3
listen = "127.0.0.1:1111"
END
    MP3CONVD_WORKERS=4 run -0 mp3convd check-config --config mp3convd.toml --listen 127.0.0.1:2222
    [[ $output == *"listen         127.0.0.1:2222"* ]]
    [[ $output == *"workers        4"* ]]
    [[ $output == *"data-dir       $data"* ]]
    echo "workes = 3" >>mp3convd.toml
    run -2 mp3convd check-config --config mp3convd.toml
    [[ $output == *workes* ]]
}

@test "mail test sends a letter, or says why not" {
    start_mail_server --tls starttls
    mp3convd mail test anna@example.org --data-dir "$data" \
        --smtp-url "smtp://localhost:$mail_port" --smtp-cacert mail/ca.pem
    grep -q "^To: <anna@example.org>" "$(next_letter)"
    run -5 mp3convd mail test anna@example.org --data-dir "$data" \
        --smtp-url "smtp://localhost:$mail_port"
    [[ $output == *"the mail server did not take the letter"* ]]
}

@test "what is kept is for the daemon's own eyes" {
    umask 022
    start_daemon
    log_in
    mp3conv upload --wait "$MEDIA/talk.m4a"
    wait_for_log "letter sent"
    [ "$(stat -c %a "$data")" = 700 ]
    [ -z "$(find "$data" -type f -perm /077)" ]
}
