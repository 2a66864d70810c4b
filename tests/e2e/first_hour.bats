# The whole road once, as a user and the administrator walk it.

load helper

@test "from an account to the MP3, with the file ID by mail" {
    make_video talk.mp4 5 -metadata title="Über Käfer" -metadata artist="Anna"

    # The administrator has a mail server, which wants encryption and a password.
    start_mail_server --tls starttls --auth mp3:secret
    echo secret >smtp-password
    start_daemon --smtp-url "smtp://localhost:$mail_port" --smtp-cacert mail/ca.pem \
        --smtp-user mp3 --smtp-password-file smtp-password \
        --mail-from mp3@example.org --public-url https://mp3.example.org

    # Anna makes an account; days later she logs in again.
    echo "correct horse battery" >password
    mp3conv register anna@example.org --password-file password
    mp3conv verify anna@example.org --password-file password \
        "$(sed -n 's/^  mp3conv verify .* \([0-9a-z]*\)\r\?$/\1/p' "$(next_letter)")"
    mp3conv logout
    mp3conv login anna@example.org --password-file password
    [ "$(mp3conv whoami)" = anna@example.org ]

    # She uploads a talk, and goes away.
    id=$(mp3conv upload talk.mp4)

    # A letter tells her when it is done: what, how long, how large, and how to get it.
    letter=$(next_letter)
    grep -q "^To: <anna@example.org>" "$letter"
    grep -q "^Subject: talk.mp3 is ready" "$letter"
    grep -q "File ID   $id" "$letter"
    grep -q "Duration  0:05" "$letter"
    mp3conv --json status "$id" >status
    until=$(date -ud "$(field status 'o["finished_at"]') + 30 days" +%s)
    grep -q "It stays for 30 days, until $(LC_ALL=C date -ud @"$until" "+%A, %-d %B %Y, %H:%M UTC")" "$letter"
    [ "$(date -ud "$(field status 'o["expires_at"]')" +%s)" = "$until" ]
    [[ $(mp3conv status "$id") == *" $(date -ud @"$until" +%F)  talk.mp4" ]]
    grep -q "mp3conv download $id" "$letter"
    grep -q "https://mp3.example.org/f/$id" "$letter"

    # She fetches it by the ID.
    [ "$(mp3conv download "$id")" = talk.mp3 ]

    # It is as long as the talk, to the sample, and has its title.
    [ "$(samples talk.mp3)" = "$(samples talk.mp4)" ]
    [ "$(ffprobe -v error -show_entries format_tags=title -of csv=p=0 talk.mp3)" = "Über Käfer" ]

    # One command does all of it.
    rm talk.mp3
    [ "$(mp3conv convert talk.mp4)" = talk.mp3 ]
}

@test "a video that cannot be converted: the letter says why" {
    make_video silent.mp4 1 -an
    start_mail_server
    start_daemon --smtp-url "smtp://127.0.0.1:$mail_port" --smtp-tls off
    log_in
    id=$(mp3conv upload --whole-file silent.mp4)
    letter=$(next_letter)
    grep -q "^Subject: silent.mp4 could not be converted" "$letter"
    grep -q "no audio track; nothing to convert" "$letter"
    grep -q "$id" "$letter"
    run -8 mp3conv wait "$id"
}

@test "without a mail server the letters are files" {
    make_video talk.mp4
    start_daemon
    log_in
    mp3conv upload talk.mp4
    wait_for_log "letter sent"
    grep -q "^Subject: talk.mp3 is ready" data/outbox/*.eml
}

@test "a letter waits until the mail server is back, also over a restart" {
    make_video talk.mp4
    start_mail_server --reply rcpt=451
    start_daemon --smtp-url "smtp://127.0.0.1:$mail_port" --smtp-tls off
    log_in
    id=$(mp3conv upload --wait talk.mp4)
    wait_for_log "letter not sent yet"
    stop_daemon

    start_mail_server
    rows "UPDATE outbox SET due_at = 0" # its minute is over
    start_daemon --smtp-url "smtp://127.0.0.1:$mail_port" --smtp-tls off
    grep -q "mp3conv download $id" "$(next_letter)"
}

@test "a file name with line breaks and quotes adds nothing to a letter" {
    make_video talk.mp4
    evil=$'a"\r\nBcc: eve@example.org\r\n\r\nx.mp4'
    mv talk.mp4 "$evil"
    start_mail_server
    start_daemon --smtp-url "smtp://127.0.0.1:$mail_port" --smtp-tls off
    log_in
    mp3conv upload "$evil"
    letter=$(next_letter)
    grep -q "^X-Envelope: .* anna@example.org.$" "$letter"
    run ! grep -q "^Bcc:" "$letter"
}
