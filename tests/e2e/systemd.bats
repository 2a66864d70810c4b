# What systemd, or whoever speaks its protocols, may rely on.

load helper

setup_file() {
    export MEDIA=$BATS_FILE_TMPDIR
    ffmpeg -loglevel error -y -f lavfi -i "sine=880:d=1" -c:a aac "$MEDIA/talk.m4a"
}

# listen_to_daemon: what it tells goes to the file `told`.
listen_to_daemon() {
    /usr/bin/python3 "$root/tests/support/notified.py" "$PWD/notify" >>told 3>&- &
    started+=("$!")
    wait_for_line told listening
    export NOTIFY_SOCKET=$PWD/notify
}

# start_handed_over KINDS [SETTING...]: as start_daemon, with sockets that are there already.
start_handed_over() {
    local kinds=$1
    shift
    /usr/bin/python3 "$root/tests/support/handed_over.py" "$kinds" \
        mp3convd serve --data-dir "$data" "$@" 2>>daemon.log 3>&- &
    daemon_pid=$!
    started+=("$daemon_pid")
    MP3CONV_SERVER=$(mp3convd health --ready --wait 20 --data-dir "$data")
    export MP3CONV_SERVER
}

# handed_over KINDS COMMAND...
handed_over() {
    /usr/bin/python3 "$root/tests/support/handed_over.py" "$@"
}

# tell_times LINE: how often the daemon has told it.
tell_times() {
    grep -c "^$1" told || true
}

@test "it says that it is ready once it serves, and that it stops before it stops" {
    listen_to_daemon
    start_daemon --drain-timeout 7s
    wait_for_line told "^READY=1"
    grep -q "^STATUS=serving $MP3CONV_SERVER$" told
    [ "$(tell_times STOPPING=1)" = 0 ]
    stop_daemon
    wait_for_line told "^STOPPING=1"
    # drain-timeout and half a minute.
    grep -q "^EXTEND_TIMEOUT_USEC=37000000$" told
}

@test "SIGHUP is a reload that begins and ends, be it a good one or not" {
    listen_to_daemon
    echo 'log-level = "info"' >mp3convd.toml
    start_daemon --config mp3convd.toml
    wait_for_line told "^READY=1"
    for settings in 'log-level = "debug"' 'log-level = "whatever"'; do
        : >told
        echo "$settings" >mp3convd.toml
        kill -HUP "$daemon_pid"
        wait_for_line told "^READY=1"
        [ "$(grep -o '^[A-Z_]*=1$' told | tr '\n' ' ')" = "RELOADING=1 READY=1 " ]
        grep -q "^MONOTONIC_USEC=[0-9]*$" told
    done
}

@test "the watchdog is fed while the database answers, and not while it does not" {
    listen_to_daemon
    WATCHDOG_USEC=400000 start_daemon
    wait_for_line told "^WATCHDOG=1"
    # What SQLite's readers take on the shared memory of its log, somebody else has.
    coproc blocker {
        exec /usr/bin/python3 -c '
import fcntl, sys
shm = open(sys.argv[1], "r+b")
fcntl.lockf(shm, fcntl.LOCK_EX, 8, 120)
print("locked", flush=True)
sys.stdin.read()' "$data/mp3conv.db-shm" 3>&-
    }
    local blocker_id=$blocker_PID
    read -r -t 20 <&"${blocker[0]}"
    local before
    before=$(tell_times WATCHDOG=1)
    wait_for_log "the watchdog is not told that all is well"
    [ "$(tell_times WATCHDOG=1)" -le $((before + 1)) ] # one may have been on its way
    kill "$blocker_id"
    wait "$blocker_id" || true
    : >told
    wait_for_line told "^WATCHDOG=1"
}

@test "without a watchdog nothing is fed" {
    listen_to_daemon
    start_daemon
    stop_daemon
    wait_for_line told "^STOPPING=1"
    [ "$(tell_times WATCHDOG=1)" = 0 ]
}

@test "systemd starts it with its first client, on a socket that listens already" {
    systemd-socket-activate -l "$PWD/socket" \
        "$(command -v mp3convd)" serve --data-dir "$data" --listen nowhere 2>>daemon.log 3>&- &
    daemon_pid=$!
    started+=("$daemon_pid")
    wait_for_log "Listening on"
    [ ! -e "$data" ]
    curl -sf --unix-socket socket http://localhost/healthz
    grep -q "listen is ignored socket=unix:$PWD/socket" daemon.log
    [ "$(mp3convd health --ready --wait 20 --data-dir "$data")" = "unix:$PWD/socket" ]
    stop_daemon
    [ -S socket ] # which is systemd's
}

@test "a port that is handed over is where clients come in, and what letters link to" {
    start_handed_over tcp --listen nowhere
    log_in
    [ "$(mp3conv convert "$MEDIA/talk.m4a")" = talk.mp3 ]
    wait_for_log "listen is ignored socket=${MP3CONV_SERVER#http://}"
    letter=
    until letter=$(find "$data/outbox" -name '*.eml' | grep .); do :; done
    grep -q -F "$MP3CONV_SERVER" $letter
}

@test "a port of IPv6 is handed over as well" {
    start_handed_over tcp6
    [[ $MP3CONV_SERVER == "http://[::1]:"* ]]
    curl -sf -g "$MP3CONV_SERVER/readyz"
}

@test "check-config says that a socket is handed over, and what follows from it" {
    run -0 handed_over tcp mp3convd check-config --data-dir "$data" --listen 127.0.0.1:1111
    [[ $output =~ listen\ +(127.0.0.1:[0-9]+),\ of\ the\ service\ manager\;\ the\ setting\ is\ ignored ]]
    [[ $output == *"public-url     http://${BASH_REMATCH[1]}"* ]]
}

@test "sockets that it cannot serve are refused, with what to change" {
    run -2 handed_over tcp,tcp mp3convd serve --data-dir "$data"
    [[ $output == *"hands over 2 sockets"*"leave one ListenStream"* ]]
    run -2 handed_over deaf mp3convd serve --data-dir "$data"
    [[ $output == *"does not listen"*"Accept=no"* ]]
    run -2 handed_over unnamed mp3convd serve --data-dir "$data"
    [[ $output == *"neither a port's nor a file"* ]]
}

@test "credentials stand for the files that no setting names" {
    mkdir credentials
    export CREDENTIALS_DIRECTORY=$PWD/credentials
    openssl rand -hex 32 >credentials/mp3convd.jwt-secret
    chmod 440 credentials/mp3convd.jwt-secret # as systemd leaves it, with a list of who may
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=x \
        -addext "subjectAltName=IP:127.0.0.1" -keyout credentials/mp3convd.tls-key \
        -out credentials/mp3convd.tls-cert 2>/dev/null
    start_daemon
    [[ $MP3CONV_SERVER == https://* ]]
    curl -sf --cacert credentials/mp3convd.tls-cert "$MP3CONV_SERVER/healthz"
    [ ! -e "$data/jwt-secret" ]
    stop_daemon
    cp credentials/mp3convd.jwt-secret elsewhere
    run -2 mp3convd serve --listen 127.0.0.1:0 --data-dir "$data" --jwt-secret-file elsewhere
    [[ $output == *"others may read the secret"* ]]
}
