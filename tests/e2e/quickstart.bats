# The first command that a newcomer runs.

load helper

@test "quickstart converts a video, shows the letter, stops what it started; so does a second run" {
    make_video talk.mp4
    for run in first second; do
        run -0 --separate-stderr "$root/quickstart" talk.mp4
        [ "$output" = talk.mp3 ]
        [[ $stderr == *"Subject: talk.mp3 is ready"* ]]
        [ "$(samples talk.mp3)" = "$(samples talk.mp4)" ]
        address=$(grep -o 'http://127.0.0.1:[0-9]*' <<<"$stderr" | head -n 1)
        run -7 curl -s "$address/healthz" # cannot connect
    done
}

@test "quickstart ends with the error of the step that failed" {
    echo "no video" >notes.txt
    run -8 "$root/quickstart" notes.txt
    [[ $output == *"notes.txt: not a media file"* ]]
    run -1 "$root/quickstart" nothing.mp4
    [[ $output == *"nothing.mp4: cannot be read"* ]]
}
