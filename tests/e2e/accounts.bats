# Accounts over their life: how they come to be, get new passwords, and go.

load helper

# start_daemon_with_mail [SETTING...]: one that writes to a server that is there, too.
start_daemon_with_mail() {
    start_mail_server
    start_daemon --smtp-url "smtp://127.0.0.1:$mail_port" --smtp-tls off "$@"
    echo "correct horse battery" >password
    echo "better horse battery" >new-password
}

# code_in LETTER
code_in() {
    letter_text "$1" | sed -n 's/^  mp3conv .* \([0-9a-z]\{10\}\)$/\1/p'
}

# post PATH JSON [CURL-OPTION...]: body in body, header in header; prints the status.
post() {
    curl -s -o body -D header -w '%{http_code}' "${@:3}" -d "$2" "$MP3CONV_SERVER$1"
}

@test "who registers gets one letter, and is in once its code is entered" {
    start_daemon_with_mail
    run --separate-stderr -0 mp3conv register anna@example.org --password-file password
    [ -z "$output" ]
    [[ $stderr == *"a letter with a code is on its way to anna@example.org"* ]]
    [[ $stderr == *"mp3conv verify anna@example.org CODE"* ]]
    letter=$(next_letter)
    grep -q "^To: <anna@example.org>" "$letter"
    run -4 mp3conv login anna@example.org --password-file password
    [[ $output == *"not verified yet; run mp3conv verify anna@example.org CODE"* ]]
    run -4 mp3conv verify anna@example.org 0000000000 --password-file password
    mp3conv verify anna@example.org "$(code_in "$letter")" --password-file password
    [ "$(mp3conv whoami)" = anna@example.org ]
    # What was logged says who, not which code.
    grep -q "info: verification email=a\*\*\*@example.org outcome=wrong_code client=127.0.0.1" daemon.log
    grep -q "info: verification email=a\*\*\*@example.org outcome=done client=127.0.0.1" daemon.log
    run ! grep -e "$(code_in "$letter")" -e anna@example.org daemon.log
    [ "$(rows "SELECT count(*) FROM outbox WHERE secret <> ''")" = 0 ]
}

@test "at a terminal register asks for the code" {
    start_daemon_with_mail
    mkfifo answers
    script -qec "mp3conv register anna@example.org --password-file password" /dev/null \
        <answers >screen 3>&- &
    started+=($!)
    exec {answer}>answers
    code=$(code_in "$(next_letter)")
    echo "$code" >&"$answer"
    wait "${started[-1]}"
    exec {answer}>&-
    grep -q "logged in at" screen
    [ "$(mp3conv whoami)" = anna@example.org ]
}

@test "nobody uses the daemon to fill a stranger's mailbox" {
    start_daemon_with_mail
    asked=()
    for i in 1 2 3 4 5; do
        asked+=("$(post /v1/register '{"email": "anna@example.org", "password": "correct horse battery"}')")
        [ "$i" -gt 3 ] || next_letter
    done
    [ "${asked[*]}" = "201 201 201 429 429" ]
    [ "$(field body 'o["code"], o["retryable"]')" = "('too_many_letters', False)" ]
    # Whoever is not verified gets no other letter.
    [ "$(post /v1/password/reset '{"email": "anna@example.org"}')" = 202 ]
    [ "$(rows "SELECT count(*) FROM outbox WHERE sent_at IS NULL")" = 0 ]
    stop_daemon
    [ "$(ls mail/*.eml | wc -l)" = 3 ]
}

@test "the link of a letter shows a page, and only its button confirms" {
    start_daemon_with_mail
    export MP3CONV_SERVER
    mp3conv register anna@example.org --password-file password
    letter=$(next_letter)
    link=$(letter_text "$letter" | grep -o "$MP3CONV_SERVER/verify.*")
    for _ in 1 2; do
        curl -sf "$link" >page
        grep -q 'name="email" type="email" required value="anna@example.org"' page
        grep -q "name=\"code\" required value=\"$(code_in "$letter")\"" page
    done
    run -4 mp3conv login anna@example.org --password-file password
    confirm() {
        curl -s -o page -w '%{http_code}' "$MP3CONV_SERVER/verify" \
            --data-urlencode "email=anna@example.org" --data-urlencode "code=$(code_in "$letter")" \
            --data-urlencode "password=$1"
    }
    [ "$(confirm 'wrong horse battery')" = 403 ]
    grep -q "Not confirmed" page
    [ "$(confirm 'correct horse battery')" = 200 ]
    mp3conv login anna@example.org --password-file password
    # What stands in a link is text there.
    curl -sf "$MP3CONV_SERVER/verify?email=%22%3E%3Cscript%3E&code=%27" >page
    run ! grep -i "<script" page
}

@test "an administrator's accounts, and those without a mail server, need no code" {
    start_daemon_with_mail
    log_in ben@example.org
    stop_daemon
    start_daemon
    mp3conv register anna@example.org --password-file password
    [ "$(mp3conv whoami)" = anna@example.org ]
    [ "$(ls mail/*.eml | wc -l)" = 0 ]
}

@test "the administrator sees who is not verified, and can help" {
    start_daemon_with_mail
    mp3conv register anna@example.org --password-file password
    [ "$(mp3convd user list --data-dir "$data" | cut -f 1,2)" = $'anna@example.org\tunverified' ]
    mp3convd user verify anna@example.org --data-dir "$data"
    mp3conv login anna@example.org --password-file password
}

@test "a password is changed: other logins end, this one and tokens stay" {
    start_daemon
    log_in
    echo "better horse battery" >new-password
    cron=$(mp3conv token create cron)
    XDG_CONFIG_HOME=$PWD/elsewhere mp3conv login anna@example.org --password-file password
    run -4 mp3conv password change --password-file new-password --new-password-file new-password
    [[ $output == *"the present password is wrong"* ]]
    mp3conv password change --password-file password --new-password-file new-password
    [ "$(mp3conv whoami)" = anna@example.org ]
    [ "$(MP3CONV_TOKEN=$cron mp3conv whoami)" = anna@example.org ]
    XDG_CONFIG_HOME=$PWD/elsewhere run -4 mp3conv whoami
    run -4 mp3conv login anna@example.org --password-file password
    mp3conv login anna@example.org --password-file new-password
    grep -q 'info: "\?password change"\? email=a\*\*\*@example.org outcome=wrong_credentials' daemon.log
    grep -q 'info: "\?password change"\? email=a\*\*\*@example.org outcome=done' daemon.log
}

@test "a forgotten password is set by the code of a letter, once, and everything else ends" {
    start_daemon_with_mail
    log_in
    cron=$(mp3conv token create cron)
    run -0 mp3conv password reset anna@example.org
    letter=$(next_letter)
    grep -q "^To: <anna@example.org>" "$letter"
    code=$(code_in "$letter")
    [ "$(mp3conv whoami)" = anna@example.org ] # nobody knows who asked
    run -4 mp3conv password reset anna@example.org --code 0000000000 --new-password-file new-password
    mp3conv password reset anna@example.org --code "$code" --new-password-file new-password
    run -4 mp3conv whoami
    MP3CONV_TOKEN=$cron run -4 mp3conv whoami
    run -4 mp3conv password reset anna@example.org --code "$code" --new-password-file password
    run -4 mp3conv login anna@example.org --password-file password
    mp3conv login anna@example.org --password-file new-password
    grep -q 'info: "\?password reset"\? email=a\*\*\*@example.org outcome=done' daemon.log
    run ! grep -e "$code" -e anna@example.org daemon.log
}

@test "asking for a new password gets the same answer for an account and for none" {
    start_daemon_with_mail
    log_in
    for email in anna nobody; do
        [ "$(post /v1/password/reset "{\"email\": \"$email@example.org\"}")" = 202 ]
        cat body >$email.told
        sed -e /^X-Request-Id/d -e /^Date/d header >>$email.told
    done
    diff anna.told nobody.told
    grep -q "^To: <anna@example.org>" "$(next_letter)"
}

# blobs: how many files of bytes the daemon keeps.
blobs() {
    find "$data/blobs" -type f | wc -l
}

@test "an account that is deleted takes its files along, rows and bytes, at once" {
    ffmpeg -loglevel error -y -f lavfi -i "aevalsrc=0.3*sin(880*t):d=1" -c:a aac talk.m4a
    start_daemon --keep-source 1h
    log_in ben@example.org
    bens=$(mp3conv upload --wait talk.m4a)
    kept=$(blobs)
    log_in anna@example.org
    echo "wrong horse battery" >wrong
    mp3conv upload --wait talk.m4a
    [ "$(blobs)" = $((2 * kept)) ]
    run -4 mp3conv account delete --password-file wrong
    [ "$(blobs)" = $((2 * kept)) ]
    cp -r config stolen
    mp3conv account delete --password-file password
    [ "$(blobs)" = "$kept" ]
    run -4 mp3conv whoami
    XDG_CONFIG_HOME=$PWD/stolen run -4 mp3conv whoami
    run -4 mp3conv login anna@example.org --password-file password
    mp3convd fsck --deep --data-dir "$data"
    grep -q 'info: account deletion email=a\*\*\*@example.org outcome=done' daemon.log
    mp3conv login ben@example.org --password-file password
    mp3conv status "$bens"
    mp3convd user rm ben@example.org --data-dir "$data"
    [ "$(blobs)" = 0 ]
    [ "$(rows "SELECT count(*) FROM files")" = 0 ]
}

@test "by invite: a code makes one account, and none without it" {
    start_daemon --registration invite
    echo "correct horse battery" >password
    invite() { mp3convd invite "$@" --data-dir "$data" 2>>daemon.log; }
    run -4 mp3conv register anna@example.org --password-file password
    [[ $output == *"an invite is needed here; ask the administrator for one"* ]]
    code=$(invite create --note "for Anna")
    run -4 mp3conv register anna@example.org --password-file password --invite 0000000000
    [[ $output == *"the invite is not known, was used or has run out"* ]]
    mp3conv register anna@example.org --password-file password --invite "$code"
    [ "$(mp3conv whoami)" = anna@example.org ]
    run -4 mp3conv register ben@example.org --password-file password --invite "$code"
    second=$(invite create)
    [ "$(invite list | cut -f 1,2,4,5)" = $'1\tused\tanna@example.org\tfor Anna\n2\topen\t\t' ]
    [ "$(invite revoke 2)" = 2 ]
    run -4 mp3conv register ben@example.org --password-file password --invite "$second"
    run -6 mp3convd invite revoke 1 --data-dir "$data"
    grep -q "info: invite made invite=1 uid=$(id -u)" daemon.log
    grep -q "info: invite revoked invite=2 uid=$(id -u)" daemon.log
    run ! grep -e "$code" -e "$second" daemon.log
    stop_daemon
    start_daemon --registration closed
    run -4 mp3conv register ben@example.org --password-file password --invite "$(invite create)"
    [[ $output == *"registration is closed here"* ]]
}
