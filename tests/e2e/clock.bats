# A clock that somebody turns. libfaketime stands between the daemon and its calendar.

load helper

setup_file() {
    export MEDIA=$BATS_FILE_TMPDIR
    ffmpeg -loglevel error -y -f lavfi -i "aevalsrc=0.3*sin(880*t):d=1" -c:a aac "$MEDIA/talk.m4a"
    # Long enough that a conversion is still running when the clock is turned.
    make_long_sound "$MEDIA/long.wav"
}

mp3convd() {
    [ "$1" = serve ] || { command mp3convd "$@"; return; }
    FAKETIME_TIMESTAMP_FILE=$PWD/calendar FAKETIME_CACHE_DURATION=1 DONT_FAKE_MONOTONIC=1 exec env \
        LD_PRELOAD="$(preload /usr/lib/*/faketime/libfaketimeMT.so.1)" mp3convd "$@"
}

# turn_clock DATE BY: as "2 days" +2d; returns once the daemon goes by it.
turn_clock() {
    echo "$2" >calendar.new
    mv calendar.new calendar
    until curl -sf "$MP3CONV_SERVER/healthz" >/dev/null &&
        tail -n 1 daemon.log | grep -q "^$(date -u -d "$1" +%FT%H)"; do :; done
}

@test "a conversion under way goes on when the clock is turned, and is begun by nobody else" {
    echo +0 >calendar
    start_daemon --workers 2
    log_in
    id=$(mp3conv upload "$MEDIA/long.wav" --preset max)
    until [[ $(mp3conv status "$id") == *converting* ]]; do :; done
    turn_clock "2 days" +2d
    mp3conv upload --wait "$MEDIA/talk.m4a" # for which the other worker looks what there is to do
    turn_clock "-5 hours" -5h
    mp3conv wait "$id"
    [ "$(rows "SELECT attempt FROM files WHERE id = '$id'")" = 1 ]
}

@test "what waits is not made to wait by a clock that is turned back" {
    echo +0 >calendar
    start_daemon --workers 1
    log_in
    mp3conv upload "$MEDIA/long.wav" --preset max
    id=$(mp3conv upload "$MEDIA/talk.m4a")
    turn_clock "-5 hours" -5h
    mp3conv wait "$id"
}
