# Programs that are told what becomes of a file.

load helper

setup_file() {
    export MEDIA=$BATS_FILE_TMPDIR
    cp -r "$BATS_TEST_DIRNAME/webhook" "$MEDIA/webhook"
    (cd "$MEDIA/webhook" && npm ci --no-audit --no-fund --loglevel=error >&2)
    ffmpeg -loglevel error -y -f lavfi -i "aevalsrc=0.3*sin(880*t):d=1" -c:a aac "$MEDIA/talk.m4a"
    echo "no media at all" >"$MEDIA/text"
}

# start_receiver [ANSWER...]: sets $hook; what comes is told by next_message.
start_receiver() {
    mkdir -p hook
    coproc receiver {
        exec /usr/bin/python3 "$root/tests/support/webhook_receiver.py" "$PWD/hook" "$@" 3>&-
    }
    started+=("$receiver_PID")
    exec {receiver_says}<&"${receiver[0]}"
    read -r -t 20 port <&"$receiver_says"
    hook=http://127.0.0.1:$port/hook
}

# next_message: waits for it; the file request has it as it came, and message what the library that
# its receivers use takes it for.
next_message() {
    local path
    read -r -t 60 path <&"$receiver_says"
    cp "$path" request
    node "$MEDIA/webhook/verify.mjs" secret request >message
}

start_daemon_and_hook() {
    start_receiver "$@"
    start_daemon --webhook-networks 127.0.0.0/8
    log_in
    mp3conv webhook set "$hook" >secret
}

# post FILE: sends it as it is; prints its ID.
post() {
    curl -sf -H "Authorization: Bearer $(token)" --data-binary @"$1" "$MP3CONV_SERVER/v1/files?name=text" |
        sed 's/.*"id":"\([^"]*\)".*/\1/'
}

@test "a webhook is told of an MP3 and of a failure, as Standard Webhooks verifies it" {
    start_daemon_and_hook
    [[ $(cat secret) == whsec_* ]]
    [ "$(mp3conv webhook show)" = "$hook" ]
    mp3conv --json webhook show >shown
    run ! grep -q "$(cut -c 7- secret)" shown daemon.log

    id=$(mp3conv --quiet upload --wait "$MEDIA/talk.m4a")
    next_message
    [ "$(field request 'o["method"], o["path"], o["headers"]["content-type"]')" = "('POST', '/hook', 'application/json')" ]
    mp3conv --json status "$id" >status
    [ "$(field message 'o["type"], o["timestamp"]')" = "('file.done', '$(field status 'o["finished_at"]')')" ]
    [ "$(field message 'o["data"]')" = "$(field status o)" ]
    field status 'o["expires_at"]'

    bad=$(post "$MEDIA/text")
    next_message
    [ "$(field message 'o["type"], o["data"]["id"], o["data"]["error"]["code"]')" = "('file.failed', '$bad', 'not_media')" ]
    wait_for_log "webhook message sent.*$bad"
    curl -sf "$MP3CONV_SERVER/metrics" >metrics
    grep -q '^mp3convd_notices_total{channel="webhook",outcome="sent"} 2$' metrics
    wait_for_log "webhook set.*a\*\*\*@example.org"
}

@test "a message that was changed on its way, or signed with another secret, is not taken for ours" {
    start_daemon_and_hook
    [ "$(mp3conv webhook test)" = 204 ]
    next_message
    [ "$(field message 'o["type"], o["data"]')" = "('webhook.test', {})" ]
    sed 's/webhook.test/webhook.tost/' request >changed
    run ! node "$MEDIA/webhook/verify.mjs" secret changed
    mp3conv webhook set "$hook" >new
    run ! node "$MEDIA/webhook/verify.mjs" new request
    mp3conv webhook test
    mv new secret
    next_message
}

@test "a message that was not taken comes again under the same ID, after a restart too, and no redirect is followed" {
    start_daemon_and_hook 302
    mp3conv --quiet upload "$MEDIA/talk.m4a"
    next_message
    first=$(field request 'o["headers"]["webhook-id"]')
    wait_for_log "webhook message not sent yet.*answered 302"
    admin outbox list >list
    [ "$(awk -F '\t' '$3 == "webhook" { print $2, $6 }' list)" = "file_ended waiting" ]
    stop_daemon
    admin outbox retry "$(awk '/webhook/ { print $1 }' list)"
    start_daemon --webhook-networks 127.0.0.0/8
    next_message
    [ "$(field request 'o["path"], o["headers"]["webhook-id"]')" = "('/hook', '$first')" ]
    [ "$(field message 'o["type"]')" = file.done ]
}

@test "a webhook that is gone is not asked again; one that was removed hears nothing" {
    start_daemon_and_hook 410
    mp3conv --quiet upload --wait "$MEDIA/talk.m4a"
    wait_for_log "webhook message given up.*answered 410"
    mp3conv webhook rm
    run -6 mp3conv webhook show
    run -6 mp3conv webhook rm
    run -6 mp3conv webhook test
    mp3conv --quiet upload --wait --mono "$MEDIA/talk.m4a"
    [ "$(rows "SELECT count(*) FROM outbox WHERE channel = 'webhook'")" = 0 ]
}

@test "a webhook that never answers holds up neither letters nor anybody else's, and goes with its account" {
    start_mail_server
    start_receiver mute
    start_daemon --webhook-networks 127.0.0.0/8 --smtp-url "smtp://127.0.0.1:$mail_port" --smtp-tls off
    log_in
    mp3conv webhook set "$hook" >secret
    mp3conv --quiet upload --wait "$MEDIA/talk.m4a"
    next_message # and it waits for its answer from now on
    mp3conv --quiet upload --wait --mono "$MEDIA/talk.m4a"
    next_letter
    next_letter
    mp3conv account delete --password-file password
    [ "$(rows "SELECT count(*) FROM webhooks")" = 0 ]
    log_in ben@example.org
    mp3conv webhook set "$hook" >secret
    mp3conv --quiet upload --wait "$MEDIA/talk.m4a"
    next_message
    [ "$(field message 'o["type"]')" = file.done ]
}

@test "a test message tells what is wrong with a webhook, in an error of its own" {
    start_daemon_and_hook 500
    run -1 mp3conv --json webhook test
    [ "$(field <(echo "$output") 'o["code"], o["detail"]')" = "('webhook_failed', 'the webhook did not take the message: it answered 500')" ]
    [ "$(mp3conv webhook test)" = 204 ]
    kill "$receiver_PID" && wait "$receiver_PID" || true
    forget "$receiver_PID"
    run -1 mp3conv webhook test
    [[ $output == *"the webhook cannot be reached: Couldn't connect to server" ]]
}

# trusting FILE COMMAND...: runs it where the system trusts that certificate alone; no return.
trusting() {
    local rights
    rights=$([ "$(id -u)" = 0 ] || echo --map-root-user)
    exec unshare --mount $rights bash -c \
        'mount --bind "$0" /etc/ssl/certs/ca-certificates.crt && exec "$@"' "$@"
}

@test "a webhook over https is told if the system trusts its certificate" {
    start_receiver --tls
    start_daemon --webhook-networks 127.0.0.0/8
    log_in
    mp3conv webhook set "https://localhost:$port/hook" >secret
    run -1 mp3conv webhook test
    [[ $output == *certificate* ]]
    stop_daemon
    mp3convd() {
        if [ "$1" = serve ]; then
            trusting "$PWD/hook/cert.pem" "$(type -P mp3convd)" "$@"
        else
            command mp3convd "$@"
        fi
    }
    start_daemon --webhook-networks 127.0.0.0/8
    id=$(mp3conv --quiet upload --wait "$MEDIA/talk.m4a")
    next_message
    [ "$(field message 'o["data"]["id"]')" = "$id" ]
}

@test "a webhook reaches no private address, whatever name leads there, unless the administrator allows it" {
    start_receiver
    start_daemon
    log_in
    for url in "https://127.0.0.1:$port" "https://localhost:$port" "https://[::1]:$port" \
        "https://[::ffff:127.0.0.1]:$port" "https://2130706433:$port" "https://0.0.0.0:$port" \
        https://169.254.169.254/latest/meta-data https://10.0.0.1; do
        mp3conv webhook set "$url"
        run -1 mp3conv webhook test
        [[ $output == *"the webhook is at no public address; webhook-networks does not allow it" ]]
    done
    for url in "$hook" ftp://example.org/ file:///etc/passwd example.org "https://me:word@example.org/" \
        "https://example.org/#part"; do
        run -2 mp3conv webhook set "$url"
        [[ $output == *"such as https://example.org/hook" ]]
    done
    [ -z "$(ls hook)" ] # nothing came
}
