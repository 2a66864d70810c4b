# Who knocks: guesses are slowed down, whoever guesses, and their owner gets in.

load helper

# knock EMAIL PASSWORD [CURL-OPTION...]: tries to log in; body in body, header in header; prints the
# status.
knock() {
    curl -s -o body -D header -w '%{http_code}' "${@:3}" \
        -d "{\"email\": \"$1\", \"password\": \"$2\"}" "$MP3CONV_SERVER/v1/login"
}

# guess EMAIL [CURL-OPTION...]: wrong passwords until it is told to wait.
guess() {
    until [ "$(knock "$1" "wrong horse" "${@:2}")" = 429 ]; do
        [ "$(field body 'o["code"]')" = wrong_credentials ]
    done
}

# must_wait SECONDS: so long, from now on, who tries an account that was tried before.
must_wait() {
    rows "UPDATE attempts SET not_before = (unixepoch() + $1) * 1000 WHERE email <> ''"
}

@test "who guesses is told how long to wait, and the right password has to wait as well" {
    start_daemon
    log_in
    guess anna@example.org
    must_wait 600
    [ "$(knock anna@example.org "correct horse battery")" = 429 ]
    seconds=$(header Retry-After)
    [ "$seconds" -gt 500 ]
    [ "$seconds" -le 600 ]
    [ "$(field body 'o["code"], o["retryable"], o["detail"]')" = "('rate_limited', True, 'too many attempts to get in; wait $seconds s')" ]
}

@test "mp3conv waits as long as it is told to, and gets in" {
    start_daemon
    log_in
    guess anna@example.org
    must_wait 5
    run -0 mp3conv login anna@example.org --password-file password
    [[ $output == *"too many attempts to get in; wait "[1-5]" s; trying again"* ]]
    [ "$(mp3conv whoami)" = anna@example.org ]
    # It was the owner, who may mistype the password again.
    for _ in 1 2 3 4; do [ "$(knock anna@example.org "wrong horse")" = 401 ]; done
    guess anna@example.org
    must_wait 600
    MP3CONV_RETRIES=0 run -5 mp3conv login anna@example.org --password-file password
    [[ $output == *"wait "*" s" ]]
}

@test "delays survive a restart" {
    start_daemon
    log_in
    guess anna@example.org
    must_wait 600
    stop_daemon
    start_daemon
    [ "$(knock anna@example.org "correct horse battery")" = 429 ]
    [ "$(header Retry-After)" -gt 500 ]
}

@test "an e-mail without an account has to wait like one that has one" {
    start_daemon
    log_in
    for email in anna nobody; do
        guess $email@example.org
        must_wait 600
        [ "$(knock $email@example.org "wrong horse")" = 429 ]
        sed -e /^X-Request-Id/d -e '/^[A-Z]/s/[0-9]//g' header >$email.told
        field body '[(k, o[k]) for k in o if k != "request_id"]' | sed 's/[0-9]//g' >>$email.told
    done
    diff anna.told nobody.told
}

@test "guesses that come all at once are no more than one" {
    start_daemon
    log_in
    guess anna@example.org
    # So many that the next has to wait for a quarter of an hour; and this one's delay is over.
    rows "UPDATE attempts SET forgiven_at = forgiven_at + 10 * 900000, not_before = 0 WHERE email <> ''"
    guesses=()
    for i in $(seq 20); do
        curl -s -o /dev/null -w '%{http_code}\n' "$MP3CONV_SERVER/v1/login" \
            -d '{"email": "anna@example.org", "password": "wrong horse"}' >"status.$i" 3>&- &
        guesses+=($!)
    done
    wait "${guesses[@]}"
    [ "$(sort status.* | uniq -c | xargs)" = "1 401 19 429" ]
}

@test "whoever guesses elsewhere does not keep the owner out at home" {
    start_daemon --trusted-proxies 127.0.0.1
    echo "correct horse battery" >password
    mp3convd user add anna@example.org --password-file password --data-dir "$data"
    # from ADDRESS: Anna knocks there.
    from() { knock anna@example.org "correct horse battery" -H "X-Forwarded-For: $1"; }
    [ "$(from 2001:db8:1:2::7)" = 200 ]
    guess anna@example.org -H "X-Forwarded-For: 192.0.2.66"
    must_wait 600
    [ "$(from 198.51.100.7)" = 429 ]
    [ "$(from 2001:db8:1:3::7)" = 429 ]
    [ "$(from 2001:db8:1:2::8)" = 200 ] # the same line
}

@test "the administrator lets an account in again that was guessed at" {
    start_daemon
    log_in
    guess anna@example.org
    must_wait 600
    mp3convd user enable anna@example.org --data-dir "$data"
    [ "$(knock anna@example.org "wrong horse")" = 401 ]
    guess anna@example.org
    must_wait 600
    mp3convd user password anna@example.org --password-file password --data-dir "$data"
    [ "$(knock anna@example.org "correct horse battery")" = 200 ]
}

@test "an address that asks for account after account has to wait, another has not" {
    start_daemon --trusted-proxies 127.0.0.0/8
    # from ADDRESS: registers there.
    from() {
        curl -s -o body -D header -w '%{http_code}' -H "X-Forwarded-For: $1" \
            -d '{"email": "anna@example.org", "password": "correct horse battery"}' \
            "$MP3CONV_SERVER/v1/register"
    }
    [ "$(from 192.0.2.1)" = 201 ]
    tries=1
    until [ "$(from 192.0.2.1)" = 429 ]; do ((++tries)); done
    [ "$tries" -ge 30 ]
    [ "$(header Retry-After)" -ge 1 ]
    [ "$(from 192.0.2.2)" = 409 ]
}

@test "only a trusted proxy says who the client is" {
    start_daemon --trusted-proxies 10.0.0.0/8,192.0.2.66
    curl -sf -H "X-Forwarded-For: 198.51.100.7" "$MP3CONV_SERVER/healthz"
    wait_for_log "path=/healthz .*client=127.0.0.1"
    stop_daemon
    start_daemon --trusted-proxies 10.0.0.0/8,127.0.0.1
    curl -sf -H "X-Forwarded-For: 192.0.2.66, 198.51.100.7, 10.0.0.9" "$MP3CONV_SERVER/healthz"
    wait_for_log "path=/healthz .*client=198.51.100.7"
}

@test "a proxy that is no address is an error that names it" {
    run -2 mp3convd serve --listen 127.0.0.1:0 --data-dir "$data" --trusted-proxies 10.0.0.0/8,proxy
    [[ $output == *"trusted-proxies: 'proxy' is not an address"* ]]
    echo 'trusted-proxies = ["10.0.0.0/33"]' >mp3convd.toml
    run -2 mp3convd check-config --config mp3convd.toml
    [[ $output == *"trusted-proxies: '10.0.0.0/33' is not an address"* ]]
}

@test "who did what is in the log, with masked e-mails" {
    start_daemon --trusted-proxies 127.0.0.1
    echo "correct horse battery" >password
    mp3conv register anna@example.org --password-file password
    guess anna@example.org -H "X-Forwarded-For: 192.0.2.66"
    mp3conv token create nightly
    mp3conv token revoke "$(rows "SELECT id FROM sessions WHERE name = 'nightly'")"
    mp3conv logout
    said() { grep -q "info: $1 email=a\*\*\*@example.org $2" daemon.log; }
    said registration "outcome=done client=127.0.0.1 request="
    said login "outcome=done client=127.0.0.1 request="
    said login "outcome=wrong_credentials client=192.0.2.66 request="
    said login "outcome=rate_limited client=192.0.2.66 request="
    said "token made" "token=[0-9a-z]* client=127.0.0.1"
    said "token revoked" "token=[0-9a-z]* client=127.0.0.1"
    said logout "outcome=done client=127.0.0.1"
    for act in disable enable rm; do
        mp3convd user $act anna@example.org --data-dir "$data" 2>>daemon.log
    done
    for act in disabled enabled removed; do said "account $act" "uid=$(id -u)"; done
    run ! grep anna@example.org daemon.log
}

# asked CURL-OPTION... PATH: the headers that the answer has, by name.
asked() {
    curl -s -o body -D header "${@:1:$#-1}" "$MP3CONV_SERVER${!#}"
}

@test "every answer tells browsers to leave it alone, and lets no other site's pages read it" {
    start_daemon
    log_in
    for request in /healthz /v1/nothing /v1/files "-X PUT /v1/files" "-X OPTIONS /v1/uploads" \
        "-d { /v1/login" "-X OPTIONS -H Access-Control-Request-Method:POST /v1/files" /web/style.css; do
        asked -H "Origin: https://evil.example" $request
        [ "$(header X-Content-Type-Options)" = nosniff ]
        [ "$(header Content-Security-Policy)" = "default-src 'none'; frame-ancestors 'none'" ]
        [ "$(header Referrer-Policy)" = no-referrer ]
        [ "$(header Cross-Origin-Resource-Policy)" = same-origin ]
        run ! grep -i -e ^access-control -e ^set-cookie -e ^strict-transport header
    done
    stop_daemon
    start_daemon --public-url https://mp3.example.org
    asked /v1/nothing
    [ "$(header Strict-Transport-Security)" = max-age=31536000 ]
}

@test "a daemon that others can reach warns that its line is open to all" {
    start_daemon
    run ! grep "anyone on the line" daemon.log
    stop_daemon
    # In a network of its own, where there are no others.
    rights=$([ "$(id -u)" = 0 ] || echo --map-root-user)
    unshare --net $rights true || skip "this machine lets nobody make a network"
    unshare --net $rights \
        mp3convd serve --listen 0.0.0.0:0 --data-dir "$data" 2>>daemon.log 3>&- &
    started+=($!)
    wait_for_log "warning: \"\?anyone on the line"
}
