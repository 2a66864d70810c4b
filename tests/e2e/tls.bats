# HTTPS without a proxy.

load helper

setup_file() {
    export MEDIA=$BATS_FILE_TMPDIR
    ffmpeg -loglevel error -y -f lavfi -i "sine=880:d=1" -c:a aac "$MEDIA/talk.m4a"
}

# make_certificate NAME: NAME.pem and NAME.key, which are for 127.0.0.1.
make_certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$1" \
        -addext "subjectAltName=IP:127.0.0.1" -keyout "$1.key" -out "$1.pem" 2>/dev/null
}

# shown_name: whose certificate the daemon shows.
shown_name() {
    openssl s_client -connect "${MP3CONV_SERVER#https://}" </dev/null 2>/dev/null |
        openssl x509 -noout -subject -nameopt multiline | sed -n 's/.*commonName *= //p'
}

@test "with a certificate everything goes through TLS, and the client trusts whom it is told to" {
    make_certificate one
    start_daemon --tls-cert one.pem --tls-key one.key
    [[ $MP3CONV_SERVER == https://* ]]
    echo "correct horse battery" >password
    mp3conv --cacert one.pem --quiet register anna@example.org --password-file password
    [ "$(mp3conv --cacert one.pem convert "$MEDIA/talk.m4a")" = talk.mp3 ]
    [ "$(samples talk.mp3)" = "$(samples "$MEDIA/talk.m4a")" ]
    run -1 mp3conv whoami
    [[ $output == *"name its authority with --cacert"* ]]
    run ! curl -s --cacert one.pem --tls-max 1.1 --ciphers DEFAULT@SECLEVEL=0 "$MP3CONV_SERVER/healthz"
    run ! curl -s "http://${MP3CONV_SERVER#https://}/healthz"
    curl -sf --cacert one.pem "$MP3CONV_SERVER/healthz"
}

@test "SIGHUP brings a new certificate, and a broken one changes nothing" {
    make_certificate one
    make_certificate two
    cp one.pem cert.pem && cp one.key cert.key
    start_daemon --tls-cert cert.pem --tls-key cert.key
    [ "$(shown_name)" = one ]
    cp two.pem cert.pem && cp two.key cert.key
    kill -HUP "$daemon_pid"
    wait_for_log "reread the certificate"
    [ "$(shown_name)" = two ]
    echo broken >cert.pem
    kill -HUP "$daemon_pid"
    wait_for_log "cannot reread"
    grep -q "tls-cert: cert.pem is no certificate" daemon.log
    [ "$(shown_name)" = two ]
}

@test "SIGHUP rereads how much is logged" {
    echo 'log-level = "warning"' >mp3convd.toml
    start_daemon --config mp3convd.toml
    echo 'log-level = "info"' >mp3convd.toml
    kill -HUP "$daemon_pid"
    wait_for_log "reread"
    run ! grep listening daemon.log
}

@test "a certificate without its key, or with another's, is refused at the start" {
    make_certificate one
    make_certificate two
    run -2 mp3convd serve --listen 127.0.0.1:0 --data-dir "$data" --tls-cert one.pem
    [[ $output == *"one is set without the other"* ]]
    run -2 mp3convd serve --listen 127.0.0.1:0 --data-dir "$data" --tls-cert one.pem --tls-key two.key
    [[ $output == *"tls-key: two.key"* ]]
    run -2 mp3convd serve --listen 127.0.0.1:0 --data-dir "$data" --tls-cert none.pem --tls-key two.key
    [[ $output == *"tls-cert: none.pem"* ]]
}

@test "the daemon serves a Unix socket" {
    MP3CONV_SERVER=unix:$PWD/socket start_daemon
    [ "$MP3CONV_SERVER" = "unix:$PWD/socket" ]
    curl -sf --unix-socket socket http://localhost/healthz
}
