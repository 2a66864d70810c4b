# A server that lies, or something that is no mp3convd at all: nothing wrong is ever taken for an
# MP3, nothing is written where it was not asked for, and the message says what to do.

load helper

setup_file() {
    export MEDIA=$BATS_FILE_TMPDIR
    cd "$MEDIA"
    ffmpeg -loglevel error -y -f lavfi -i anoisesrc=d=5:a=0.3:seed=1 talk.flac
    # More than what is sent in one request.
    ffmpeg -loglevel error -y -f lavfi -i anoisesrc=d=60:r=48000:a=0.3:seed=1 -ac 2 concert.wav
}

# lie HOW: a file, $id, was converted; from now on the server lies so. See lying_server.py.
lie() {
    [ -n "${honest:-}" ] || {
        start_daemon
        log_in
        id=$(mp3conv upload --wait "$MEDIA/talk.flac")
        honest=${MP3CONV_SERVER#http://}
        mkdir -p inner/out
        cd inner
    }
    coproc liar {
        exec /usr/bin/python3 "$root/tests/support/lying_server.py" "$honest" "$1" 2>liar.log 3>&-
    }
    started+=("$liar_PID")
    read -r -t 20 port <&"${liar[0]}"
    MP3CONV_TOKEN=$(token)
    export MP3CONV_SERVER=http://127.0.0.1:$port MP3CONV_TOKEN MP3CONV_RETRIES=2
}

# refused STATUS COMMAND...: it ends with that, soon, and has written nothing, neither there nor here,
# but for the part that the same command would go on with.
refused() {
    run "-$1" timeout 60 mp3conv "${@:2}"
    [ -z "$(ls out)" ]
    [ "$(ls -A . | tr '\n' ' ')" = "liar.log out " ]
}

# peak_mb COMMAND...: the most memory that it had.
peak_mb() {
    /usr/bin/python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)' "$@"
}

@test "bytes that are not the MP3 that was promised are thrown away" {
    lie other_bytes
    refused 5 download "$id" --output-dir out
    [[ $output == *"is not the MP3 that it promised; run it again"* ]]
    refused 5 convert "$MEDIA/talk.flac" --output-dir out
    run -5 mp3conv download "$id" -o - # where a pipe has them already, the status tells
}

@test "an MP3 that stops before its announced end is thrown away" {
    lie fewer_bytes_than_announced
    refused 5 download "$id" --output-dir out
}

@test "an MP3 that is shorter than promised is thrown away" {
    lie fewer_bytes_than_promised
    refused 5 download "$id" --output-dir out
    [[ $output == *"is not the MP3 that it promised; run it again"* ]]
}

@test "an MP3 that is longer than promised is thrown away" {
    lie more_bytes_than_promised
    refused 5 download "$id" --output-dir out
    [[ $output == *"is not the MP3 that it promised; run it again"* ]]
}

@test "of all of an MP3 in the place of its rest, the rest is taken" {
    lie all_instead_of_the_rest
    mp3conv download "$id" --output-dir out
    [ "$(ls -A out)" = talk.mp3 ]
}

@test "another part of an MP3 than its rest makes no wrong MP3" {
    lie another_part
    refused 5 download "$id" --output-dir out
}

@test "an upload does not go on from where the server never was" {
    lie offset_ahead
    refused 5 convert "$MEDIA/concert.wav" --output-dir out
}

@test "an upload that is said to be elsewhere goes to the server that was named, and nowhere else" {
    lie location_elsewhere
    [ "$(mp3conv convert "$MEDIA/concert.wav" --output-dir out)" = out/concert.mp3 ]
    [ "$(samples out/concert.mp3)" = "$(samples "$MEDIA/concert.wav")" ]
}

@test "an upload that is nowhere is an error" {
    lie location_of_nothing
    refused 1 convert "$MEDIA/concert.wav" --output-dir out
}

@test "a name leads to no other folder and moves no cursor" {
    lie name_with_path
    [ "$(mp3conv download "$id" --output-dir out)" = "out/up?[2J?.mp3" ]
    [ "$(ls -A out)" = "up?[2J?.mp3" ]
    run -0 mp3conv status "$id"
    [[ ${#lines[@]} = 1 && $output != *$'\e'* ]]
}

@test "a server that only fails is given up after --retries, with 5" {
    lie error
    refused 5 convert "$MEDIA/talk.flac" --output-dir out
    [ "$(grep -c "answered 500; is it an mp3convd?; trying again" <<<"$output")" = 2 ]
}

@test "a server that is elsewhere now is not followed with the token" {
    lie moved
    refused 1 convert "$MEDIA/talk.flac" --output-dir out
    [[ $output == *"answered 302; is it an mp3convd?"* ]]
}

@test "a server that wants to be asked later is, and given up after --retries, with 5" {
    lie too_many_requests
    refused 5 convert "$MEDIA/talk.flac" --output-dir out
    [ "$(grep -c "trying again" <<<"$output")" = 2 ]
}

@test "an answer without end is given up with 5, and does not fill the memory" {
    for what in json_without_end headers_without_end; do
        lie $what
        refused 5 --retries 0 list
        [ "$(peak_mb mp3conv --retries 0 list)" -lt 700 ] # of the 1024 that are sent
    done
}

@test "a list that leads to itself is no list" {
    for what in same_page_again empty_page_again; do
        lie $what
        refused 1 list
        [[ $output == *"is it an mp3convd?"* ]]
    done
}

@test "an MP3 without end does not fill the disk" {
    lie bytes_without_end
    ulimit -f 20000 # KiB, of any file
    refused 5 download "$id" --output-dir out
}

@test "an upload of which the server has more than there is is begun anew" {
    lie offset_beyond_the_end
    # It loses the first piece, and is asked how much it has.
    mp3conv convert "$MEDIA/concert.wav" --output-dir out
    [ "$(ls -A out)" = concert.mp3 ]
}

@test "files without their members, or with others, are an error that asks for the right server" {
    for what in no_members wrong_types; do
        lie $what
        for command in "download $id --output-dir out" "convert $MEDIA/talk.flac --output-dir out" "wait $id" "list"; do
            refused 1 $command
            [[ $output == *"$MP3CONV_SERVER"*"is it an mp3convd?"* ]]
        done
    done
}

@test "a file that is done and has no MP3 is an error" {
    lie done_without_mp3
    refused 1 download "$id" --output-dir out
    refused 1 convert "$MEDIA/talk.flac" --output-dir out
}

@test "an ID leads to no other folder, moves no cursor and makes no second line" {
    lie id_with_path
    run mp3conv upload "$MEDIA/talk.flac"
    [[ ${#lines[@]} = 1 && $output != *$'\e'* ]]
    run mp3conv convert "$MEDIA/talk.flac" --output-dir out
    [ "$status" != 0 ]
    [ -z "$(ls -A out)" ]
}

@test "HTML in the place of an answer is an error that asks for the right server" {
    lie html
    for command in "download $id --output-dir out" "convert $MEDIA/talk.flac --output-dir out" "whoami" "list"; do
        refused 1 $command
        [[ $output == *"$MP3CONV_SERVER"*"is it an mp3convd?"* ]]
    done
}

@test "a server that wants to be asked much later does not outlast --timeout" {
    lie much_too_many_requests
    refused 10 wait --timeout 1s "$id"
    [[ $output == *"--timeout ran out"* ]]
}

@test "a proxy that wants to be asked later is asked again as well" {
    lie too_many_requests_for_a_proxy
    refused 5 convert "$MEDIA/talk.flac" --output-dir out
    [ "$(grep -c "trying again" <<<"$output")" = 2 ]
}
