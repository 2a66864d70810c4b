# Machines that share rows and bytes, behind a balancer that sends each request to any of them.

load helper
load servers

setup_file() {
    export MEDIA=$BATS_FILE_TMPDIR
    # 12.7 MB: two parts of what S3 takes, and a tail.
    make_sound "$MEDIA/long.wav" 72 -c:a pcm_s16le
}

# start_machine NAME: its data folder, its log NAME.log, and a variable with its address have that name.
start_machine() {
    mp3convd serve --listen 127.0.0.1:0 --data-dir "$PWD/$1" 2>"$1.log" 3>&- &
    started+=("$!")
    printf -v "$1" %s "$(mp3convd health --ready --wait 60 --data-dir "$PWD/$1")"
}

# start_machines: first and second, where somebody has logged in and begun an upload of long.wav.
start_machines() {
    start_postgres
    start_s3
    (umask 077 && openssl rand -hex 32 >secret)
    export MP3CONVD_JWT_SECRET_FILE=$PWD/secret MP3CONVD_KEEP_SOURCE=1h
    start_machine first
    start_machine second
    data=$PWD/first
    export MP3CONV_SERVER=$first
    log_in
    MP3CONV_TOKEN=$(token) # good at both
    export MP3CONV_TOKEN
    size=$(stat -c %s "$MEDIA/long.wav")
    [ "$(tus -X POST -H "Upload-Length: $size" /v1/uploads)" = 201 ]
    location=$(header Location)
    id=${location##*/}
}

# piece FIRST END: those bytes of long.wav, in the file piece.
piece() {
    tail -c "+$(($1 + 1))" "$MEDIA/long.wav" | head -c "$(($2 - $1))" >piece
}

# the_other: from now on requests go to that machine.
the_other() {
    if [ "$MP3CONV_SERVER" = "$first" ]; then
        MP3CONV_SERVER=$second
    else
        MP3CONV_SERVER=$first
    fi
}

# whole FILE: its every byte is in the bucket, once and in its place, and it is an MP3.
whole() {
    mp3conv wait "$id"
    mp3conv download "$id" -o long.mp3
    [ "$(samples long.mp3)" = "$(samples "$1")" ]
    mp3convd fsck --deep --data-dir "$data"
    local sum
    sum=$(sha256sum <"$1")
    [ "$(psql -AtXc "SELECT source_sha256 FROM files WHERE id = '$id'" "$MP3CONVD_DATABASE")" = "${sum%% *}" ]
    [ "$(objects | sort)" = "$(printf 'house/blobs/%s\n' "$id.mp3.1" "$id.source")" ]
}

# send MACHINE OFFSET FIFO: a piece that comes from there. Its status is in the file MACHINE.status.
send() {
    curl -s -o /dev/null -w '%{http_code}\n' -X PATCH -T - -H "Authorization: Bearer $(token)" \
        -H "Tus-Resumable: 1.0.0" -H "Upload-Offset: $2" \
        -H "Content-Type: application/offset+octet-stream" "${!1}$location" <"$3" >"$1.status" 3>&-
}

# race OFFSET FILE OTHER: sends both to that offset at the same time, one to each machine.
race() {
    local machine half
    mkfifo to_first to_second
    send first "$1" to_first &
    local sending=("$!")
    send second "$1" to_second &
    sending+=("$!")
    exec 4>to_first 5>to_second
    half=$(($(stat -c %s "$2") / 2))
    head -c $half "$2" >&4
    head -c $half "$3" >&5
    for machine in first second; do
        until curl -s "${!machine}/metrics" | grep -q "^mp3convd_uploads_receiving 1"; do :; done
    done
    # Who has lost already listens no more.
    tail -c "+$((half + 1))" "$2" >&4 2>/dev/null &
    tail -c "+$((half + 1))" "$3" >&5 2>/dev/null &
    exec 4>&- 5>&-
    wait "${sending[@]}"
    rm to_first to_second
}

@test "an upload whose every piece comes to another machine is whole" {
    start_machines
    local at=0 end
    for end in 3000000 4000000 10500000 10500001 "$size"; do
        piece "$at" "$end"
        [ "$(patch "$at" piece)" = 204 ]
        the_other
        [ "$(tus -I "$location")" = 200 ]
        [ "$(header Upload-Offset)" = "$end" ]
        at=$end
    done
    whole "$MEDIA/long.wav"
}

@test "of two machines that get a piece for the same place one takes it, small or large" {
    start_machines
    piece 0 1000000
    [ "$(patch 0 piece)" = 204 ]
    cp piece taken
    local at=1000000 end
    for end in 2000000 "$size"; do
        piece "$at" "$end"
        tr '\0-\377' '\1-\377\0' <piece >other_sound
        race "$at" piece other_sound
        [ "$(sort first.status second.status)" = "$(printf '204\n409')" ]
        if [ "$(cat first.status)" = 204 ]; then cat piece >>taken; else cat other_sound >>taken; fi
        at=$end
    done
    whole taken
}
