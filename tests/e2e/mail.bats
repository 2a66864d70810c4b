# Letters, and mail servers that do not do their part.

load helper

setup_file() {
    export MEDIA=$BATS_FILE_TMPDIR
    local name
    for name in talk mute drop data; do
        ffmpeg -loglevel error -y -f lavfi -i "aevalsrc=0.3*sin(880*t):d=1" -c:a aac \
            -metadata title=$name "$MEDIA/$name.m4a"
    done
}

# start_daemon_with_mail [SETTING...]: one that writes to the server that was started.
start_daemon_with_mail() {
    start_daemon --smtp-url "smtp://127.0.0.1:$mail_port" --smtp-tls off "$@"
}

# end_mail_server: as a crash does; another can have its port.
end_mail_server() {
    local pid=$mail_server_PID
    kill -KILL "$pid"
    wait "$pid" || true
    forget "$pid"
}

# end_daemon: as a crash does.
end_daemon() {
    stop_daemon KILL || true
}

# hurry_letters: what was put off is due now.
hurry_letters() {
    rows "UPDATE outbox SET due_at = 0"
}

@test "one letter at which the mail server hangs holds up nobody else's" {
    start_mail_server --hang-at anna@example.org
    start_daemon_with_mail --smtp-timeout 1h
    log_in anna@example.org
    mp3conv upload "$MEDIA/talk.m4a"
    [ "$(next_letter)" = anna@example.org ]
    log_in ben@example.org
    mp3conv upload "$MEDIA/talk.m4a"
    grep -q "^To: <ben@example.org>" "$(next_letter)"
}

@test "a mail server that never greets, hangs up or falls silent gets the letter once it works" {
    local fault
    start_mail_server
    start_daemon_with_mail --smtp-timeout 1s
    log_in
    for fault in mute drop data; do
        end_mail_server
        start_mail_server --port "$mail_port" --fault $fault
        : >daemon.log
        mp3conv upload "$MEDIA/$fault.m4a"
        wait_for_log "letter not sent yet"
        mp3convd health --ready --data-dir "$data"
        end_mail_server
        start_mail_server --port "$mail_port"
        hurry_letters
        grep -q "^Subject: $fault.mp3 is ready" "$(next_letter)"
        wait_for_log "letter sent" # and that is noted
    done
    [ "$(rows "SELECT count(*) FROM outbox WHERE sent_at > 0 AND attempt = 2")" = 3 ]
}

@test "a letter whose sender was killed goes out as soon as the daemon starts again" {
    start_mail_server --hang-at anna@example.org
    start_daemon_with_mail
    log_in
    mp3conv upload "$MEDIA/talk.m4a"
    [ "$(next_letter)" = anna@example.org ]
    end_daemon
    end_mail_server
    start_mail_server --port "$mail_port"
    start_daemon_with_mail
    # Its lease would run out in an hour only.
    grep -q "^Subject: talk.mp3 is ready" "$(next_letter)"
}

@test "a letter whose answer was lost comes once more, and can be told to be the same" {
    start_mail_server --fault die
    start_daemon_with_mail
    log_in
    mp3conv upload "$MEDIA/talk.m4a"
    cp "$(next_letter)" first.eml
    wait "$mail_server_PID" || true
    forget "$mail_server_PID"
    wait_for_log "letter not sent yet"
    start_mail_server --port "$mail_port"
    hurry_letters
    cp "$(next_letter)" second.eml
    grep '^Message-ID: <.*@' first.eml
    [ "$(grep ^Message-ID: first.eml)" = "$(grep ^Message-ID: second.eml)" ]
    hurry_letters
    stop_daemon
    [ "$(rows "SELECT count(*) FROM outbox WHERE sent_at IS NULL")" = 0 ]
    [ "$(grep -c "letter sent" daemon.log)" = 1 ]
}

@test "a letter that is refused for now is kept, and one that is refused for good is not" {
    start_mail_server --reply rcpt=451
    start_daemon_with_mail
    log_in
    mp3conv upload "$MEDIA/talk.m4a"
    wait_for_log "letter not sent yet"
    end_mail_server
    start_mail_server --port "$mail_port" --reply data=554
    hurry_letters
    wait_for_log "letter given up"
    [ "$(rows "SELECT attempt, sent_at IS NULL, gave_up_at > 0 FROM outbox")" = "2|1|1" ]
}
