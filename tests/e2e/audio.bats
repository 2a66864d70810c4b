# What of a file goes over the wire.

load helper

# sent FILE [OPTION...]: uploads it; prints how many bytes the server got of it.
sent() {
    local id
    id=$(mp3conv --quiet upload "$@")
    mp3conv status --json "$id" >status.json
    field status.json 'o["source"]["bytes"]'
}

@test "of a video only the audio is sent, and the MP3 is that of the whole video" {
    make_video talk.mp4 5 -b:v 2M -metadata title=Talk
    size=$(stat -c %s talk.mp4)
    audio=$(ffmpeg -loglevel error -i talk.mp4 -map a -c copy -f data - | wc -c)
    start_daemon
    log_in

    # Little but the audio: its container's index is a few bytes a packet.
    bytes=$(sent talk.mp4)
    [ "$bytes" -ge "$audio" ]
    [ "$bytes" -lt $((audio * 11 / 10)) ]
    [ "$(sent --whole-file talk.mp4)" = "$size" ]

    mp3conv convert talk.mp4
    mp3conv convert --whole-file talk.mp4 -o whole.mp3
    cmp talk.mp3 whole.mp3
    mp3conv list --json --limit 1 >list.json
    [ "$(field list.json 'o["name"], o["source"]["format"]')" = "('talk.mp4', 'mp4')" ]
}

@test "of several tracks the one asked for is sent" {
    ffmpeg -loglevel error -y -f lavfi -i "sine=440:d=2" -f lavfi -i "aevalsrc=0|0:d=2" -map 0 -map 1 \
        -c:a flac -metadata:s:a:0 language=deu -metadata:s:a:1 language=eng two.mkv
    start_daemon
    log_in
    for options in "--track 2" "--lang eng"; do
        mp3conv convert two.mkv $options -o part.mp3
        mp3conv convert two.mkv $options --whole-file -o whole.mp3
        cmp part.mp3 whole.mp3
        [ "$(ffprobe -v error -show_entries stream=channels -of csv=p=0 part.mp3)" = 2 ]
    done
}

@test "standard input, and a file that is all audio, are sent whole, without a word" {
    make_video talk.mp4
    ffmpeg -loglevel error -i talk.mp4 -map a -c copy talk.m4a
    start_daemon
    log_in
    [ "$(sent - <talk.mp4)" = "$(stat -c %s talk.mp4)" ]
    [ "$(sent talk.m4a)" = "$(stat -c %s talk.m4a)" ]
    run -0 --separate-stderr mp3conv upload talk.m4a
    [ -z "$stderr" ]
}

@test "a video without audio, and what is no media, end with 8 before anything is sent" {
    make_video silent.mp4 1 -an
    make_video talk.mp4
    echo "just a line of text" >notes.txt
    start_daemon
    log_in
    run -8 mp3conv upload silent.mp4
    [[ $output == *"silent.mp4: no audio track; nothing to convert"* ]]
    run -8 mp3conv upload --track 2 talk.mp4
    [[ $output == *"talk.mp4: no audio track 2; there is only one"* ]]
    run -8 mp3conv convert notes.txt
    [[ $output == *"notes.txt: not a media file"* ]]
    run ! grep "path=/v1/files" daemon.log
}

@test "the temporary file is in TMPDIR, and does not stay" {
    make_video talk.mp4
    start_daemon
    log_in
    mkdir tmp
    TMPDIR=$PWD/tmp mp3conv upload talk.mp4
    [ -z "$(ls -A tmp)" ]
    TMPDIR=$PWD/nowhere run -13 mp3conv upload talk.mp4
    [[ $output == *"nowhere: cannot hold a temporary file: No such file or directory; set TMPDIR"* ]]
    TMPDIR=$PWD/nowhere mp3conv upload --whole-file talk.mp4
}

@test "of a part of a recording only that part is sent, and it is as long as was asked, to the sample" {
    make_video talk.mp4 20 -b:v 2M -c:a alac -metadata title=Talk
    start_daemon
    log_in
    whole=$(sent talk.mp4)
    part=$(sent --start 0:09.5 --end 10.25 talk.mp4)
    [ "$part" -lt $((whole / 3)) ]
    # The same part again is not sent again.
    id=$(mp3conv --quiet upload --wait --start 0:09.33 --end 10.25 talk.mp4)
    [ "$(mp3conv --quiet upload --start 0:09.33 --end 10.25 talk.mp4)" = "$id" ]
    mp3conv convert --start 0:09.5 --end 10.25 talk.mp4 --id3v1
    [ "$(samples talk.mp3)" = 33075 ] # 0.75 s at 44100 Hz
    [ "$(tail -c 128 talk.mp3 | head -c 7)" = TAGTalk ]
    mp3conv convert --start 0:09.5 --end 10.25 --id3v1 --whole-file talk.mp4 -o whole.mp3
    cmp talk.mp3 whole.mp3
    run -2 mp3conv convert --start 5 --end 4 talk.mp4
    [[ $output == *"end: not behind the start"* ]]
    run -7 mp3conv convert --start 30 talk.mp4 --if-exists overwrite
    [[ $output == *"option start: behind the end of the audio, which is 0:20 long"* ]]
}
