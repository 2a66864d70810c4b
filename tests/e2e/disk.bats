# A disk that is full, or fails. libfiu stands between the daemon and its system calls.

load helper

setup_file() {
    export MEDIA=$BATS_FILE_TMPDIR
    ffmpeg -loglevel error -y -f lavfi -i "aevalsrc=0.3*sin(880*t):d=1" -c:a aac "$MEDIA/talk.m4a"
    # Long enough that a conversion is still running when the disk fails.
    make_long_sound "$MEDIA/long.wav" 300
}

mp3convd() {
    [ "$1" = serve ] || { command mp3convd "$@"; return; }
    FIU_CTRL_FIFO=$PWD/fiu exec env \
        LD_PRELOAD="$(preload /usr/lib/fiu/fiu_posix_preload.so /usr/lib/fiu/fiu_run_preload.so)" \
        mp3convd "$@"
}

# tell_disk COMMAND CALL...: the command, with each of the calls for its CALL.
tell_disk() {
    local command=$1 call commands=()
    shift
    for call in "$@"; do commands+=(-c "${command/CALL/posix/io/$call}"); done
    fiu-ctrl -f "$PWD/fiu" "${commands[@]}" "$daemon_pid"
}

# break_disk ERRNO [CALL...]: these, or all that write; the log is written, too.
break_disk() {
    broken=("${@:2}")
    [ $# != 1 ] || broken=(rw/write rw/pwrite rw/ftruncate sync/fsync sync/fdatasync dir/rename dir/unlink)
    tell_disk "enable name=CALL,failinfo=$1" "${broken[@]}"
}

mend_disk() {
    tell_disk "disable name=CALL" "${broken[@]}"
}

@test "on a disk that is full or fails the daemon answers, and takes nothing that it cannot keep" {
    local number code
    start_daemon
    log_in
    for number in 28 5 30; do # ENOSPC, EIO, EROFS
        break_disk $number
        curl -sf "$MP3CONV_SERVER/healthz"
        run -5 mp3conv --retries 0 upload "$MEDIA/talk.m4a"
        code=$(curl -s -o body -w '%{http_code}' -H "Authorization: Bearer $(token)" \
            --data-binary "@$MEDIA/talk.m4a" "$MP3CONV_SERVER/v1/files?name=$number.m4a")
        [ "$code" = "$([ $number = 28 ] && echo 507 || echo 503)" ]
        [ "$(field body 'o["code"]')" = "$([ $number = 28 ] && echo storage_full || echo busy)" ]
        [[ $(cat body) != *"$data"* ]]
        mend_disk
        [ "$(rows "SELECT count(*) FROM files WHERE name = '$number.m4a'")" = 0 ]
    done
    mp3conv upload --wait "$MEDIA/talk.m4a"
}

@test "a conversion that ends while the disk is full is handed in once there is room" {
    start_daemon
    log_in
    id=$(mp3conv upload "$MEDIA/long.wav" --preset max)
    until [[ $(mp3conv status "$id") == *converting* ]]; do :; done
    break_disk 28 rw/pwrite
    # That takes as long as the conversion does.
    timeout 120 tail -n +1 -f daemon.log | grep -q -m 1 "cannot hand in an MP3 yet\|cannot settle a job yet"
    mend_disk
    mp3conv wait "$id"
    mp3conv download "$id"
}

@test "a letter that was sent while the disk was full goes out once" {
    start_mail_server
    kill -STOP "$mail_server_PID"
    start_daemon --smtp-url "smtp://127.0.0.1:$mail_port" --smtp-tls off
    log_in
    id=$(mp3conv upload --wait "$MEDIA/talk.m4a")
    until [ "$(rows "SELECT attempt FROM outbox")" = 1 ]; do :; done
    break_disk 28 rw/pwrite
    kill -CONT "$mail_server_PID"
    next_letter
    wait_for_log "cannot note that a notice is sent yet"
    mend_disk
    wait_for_log "letter sent"
    [ "$(rows "SELECT attempt, sent_at > 0 FROM outbox")" = "1|1" ]
    [ ! -e mail/2.eml ]
}

# tell_bad_disk COMMAND...: to bad_disk.py.
tell_bad_disk() {
    echo "$*" >&"$disk_hears"
    read -r -t 20 <&"$disk_says"
}

@test "a disk that fails while a conversion reads or writes costs time, and no job" {
    mkdir kept disk
    coproc disk { exec /usr/bin/python3 "$root/tests/support/bad_disk.py" kept disk 2>disk.log 3>&-; }
    exec {disk_says}<&"${disk[0]}" {disk_hears}>&"${disk[1]}"
    read -r -t 20 <&"$disk_says"
    start_daemon --storage "file:$PWD/disk"
    log_in
    for call in read write; do
        id=$(mp3conv upload "$MEDIA/long.wav" --preset max --tag "comment=$call")
        until [[ $(mp3conv status "$id") == *converting* ]]; do :; done
        tell_bad_disk break $call
        wait_for_log "conversion will be tried again.*file=$id"
        tell_bad_disk mend
        mp3conv wait "$id"
        mp3conv download "$id" -o $call.mp3
        ffmpeg -v error -xerror -i $call.mp3 -f null -
    done
    stop_daemon
    eval "exec $disk_hears>&- ${disk[1]}>&-" # which unmounts it
    wait "$disk_PID"
}
