# What an MP3 sounds like and says about itself, as other programs read it.

load helper

# loudness FILE [FILTER...]: in LUFS, as ffmpeg's ebur128 reads it.
loudness() {
    ffmpeg -nostdin -hide_banner -i "$1" -af "${2:+$2,}ebur128=framelog=verbose" -f null - 2>&1 |
        sed -n 's/^ *I: *\(-[0-9.]*\) LUFS$/\1/p' | tail -n 1
}

# peak FILE: of its samples, in dB below full scale.
peak() {
    ffmpeg -nostdin -hide_banner -i "$1" -af astats=measure_perchannel=none -f null - 2>&1 |
        sed -n 's/.*Peak level dB: *//p' | tail -n 1
}

# within VALUE TARGET TOLERANCE
within() {
    [ "$(echo "d = $1 - ($2); if (d < 0) d = -d; d <= $3" | bc)" = 1 ] ||
        { echo "$1 is not within $3 of $2"; return 1; }
}

# make_talk FILE GAIN: half a minute of a synthetic voice with pauses, and claps that are as loud as
# can be.
make_talk() {
    local claps='0.98*(random(0)*2-1)*exp(-400*mod(t\,7))*gt(t\,1)'
    ffmpeg -loglevel error -y -f lavfi -i "flite=voice=slt:text='The quick brown fox jumps over the lazy dog. \
        Pack my box with five dozen liquor jugs. How vexingly quick daft zebras jump.'" \
        -f lavfi -i "aevalsrc=$claps:s=48000:d=30" -filter_complex \
        "[0]aresample=48000,aloop=-1:size=400000,atrim=end=30,volume=$2[voice];[voice][1]amix=normalize=0:duration=shortest,aformat=channel_layouts=stereo" \
        -c:a flac "$1"
}

@test "a quiet talk, a loud one and music come out as loud as was asked, by ffmpeg's reading" {
    make_talk quiet.flac 0.02
    make_talk loud.flac 0.9
    ffmpeg -loglevel error -y -f lavfi -i "aevalsrc=0.5*sin(660*t)+0.4*sin(990*t)|0.5*sin(880*t):d=20" \
        -af "volume=0.3:eval=frame:enable='between(t,0,8)'" -c:a aac music.m4a
    start_daemon
    log_in
    for file in quiet.flac loud.flac music.m4a; do
        mp3conv convert --if-exists overwrite --normalize "$file" -o out.mp3
        within "$(loudness out.mp3)" -16 0.5
        [ "$(samples out.mp3)" = "$(samples "$file")" ]
        [ "$(echo "$(peak out.mp3) < 0.5" | bc)" = 1 ] # of 2 dB that are left free MP3 takes some
    done
    mp3conv convert --if-exists overwrite --normalize=-23 loud.flac -o out.mp3
    within "$(loudness out.mp3)" -23 0.5
    mp3conv convert --if-exists overwrite --normalize --mono --rate 24000 loud.flac -o out.mp3
    within "$(loudness out.mp3)" -16 0.5
    mp3conv status --json "$(mp3conv list --json --limit 1 | /usr/bin/python3 -c 'import json; print(json.loads(input())["id"])')" >status.json
    [ "$(field status.json 'o["options"]')" = "{'mono': True, 'normalize': -16, 'rate': 24000}" ]
}

@test "of a part, that part is brought to the loudness; silence stays silence" {
    ffmpeg -loglevel error -y -f lavfi -i "aevalsrc=0.5*sin(660*t)*if(lt(t\,10)\,0.05\,1):d=20" -c:a flac two.flac
    ffmpeg -loglevel error -y -f lavfi -i "aevalsrc=0:d=3" -c:a flac silence.flac
    start_daemon
    log_in
    mp3conv convert --normalize=-20 --start 2 --end 9 two.flac -o part.mp3
    within "$(loudness part.mp3)" -20 0.5
    mp3conv convert --normalize silence.flac -o silence.mp3
    [ "$(samples silence.mp3)" = "$(samples silence.flac)" ]
    [ "$(peak silence.mp3)" = -inf ]
}

@test "an MP3 is encoded again where its loudness is to change" {
    ffmpeg -loglevel error -y -f lavfi -i "sine=880:d=5" -b:a 128k in.mp3
    start_daemon
    log_in
    mp3conv convert --normalize=-30 in.mp3 -o softer.mp3
    within "$(loudness softer.mp3)" -30 0.5
}

@test "an MP3 of which nothing else is asked is copied, frame by frame, by ffmpeg's reading" {
    # frames FILE: a sum over them, as they are.
    frames() { ffmpeg -loglevel error -i "$1" -map a -c copy -f md5 -; }
    ffmpeg -loglevel error -y -f lavfi -i "sine=880:d=5" -b:a 128k in.mp3
    start_daemon
    log_in
    mp3conv convert --tag title=Same in.mp3 -o same.mp3
    [ "$(frames same.mp3)" = "$(frames in.mp3)" ]
    [ "$(samples same.mp3)" = "$(samples in.mp3)" ]
    [ "$(exiftool -s3 -Title same.mp3)" = Same ]
    mp3conv convert in.mp3 --bitrate 96k -o other.mp3
    [ "$(frames other.mp3)" != "$(frames in.mp3)" ]
}

@test "the preset voice is mono and of a low rate, by every reader" {
    make_video talk.mp4 3
    start_daemon
    log_in
    mp3conv convert --preset voice talk.mp4
    [ "$(mediainfo --Output='Audio;%Channel(s)% %SamplingRate%' talk.mp3)" = "1 24000" ]
    [ "$(exiftool -s3 -ChannelMode -SampleRate talk.mp3 | xargs)" = "Single Channel 24000" ]
}

@test "the tags that were given are there, and those that were not wanted are gone, by every reader" {
    ffmpeg -loglevel error -y -f lavfi -i color=red:size=64x64:d=1 -frames:v 1 cover.png
    printf ';FFMETADATA1\ntitle=Talk\nartist=Anna\ncomment=old\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1000\ntitle=One\n' >meta
    ffmpeg -loglevel error -y -f lavfi -i "sine=880:d=2" -i cover.png -i meta -map 0:a -map 1:v -map_metadata 2 \
        -c:a aac -c:v png -disposition:v:0 attached_pic talk.m4a
    start_daemon
    log_in
    mp3conv convert --tag "title=Käfer = 甲虫" --tag comment= --tag track=3/12 --tag date=2024 talk.m4a -o own.mp3
    [ "$(eyeD3 --no-color own.mp3 2>/dev/null | sed -n 's/^title: //p')" = "Käfer = 甲虫" ]
    [ "$(exiftool -s3 -Title own.mp3)" = "Käfer = 甲虫" ]
    [ "$(mediainfo --Output='General;%Track%' own.mp3)" = "Käfer = 甲虫" ]
    /usr/bin/python3 - <<'END'
import mutagen.id3
tags = mutagen.id3.ID3("own.mp3")
assert tags.version[:2] == (2, 3), tags.version
assert str(tags["TPE1"]) == "Anna", tags["TPE1"]
assert str(tags["TRCK"]) == "3/12", tags["TRCK"]
assert not tags.getall("COMM"), tags.getall("COMM")
[cover], [chapter], [contents] = (tags.getall(name) for name in ("APIC", "CHAP", "CTOC"))
assert cover.mime == "image/png" and cover.data == open("cover.png", "rb").read()
assert (chapter.start_time, chapter.end_time) == (0, 1000), chapter
assert str(chapter.sub_frames["TIT2"]) == "One", chapter
assert contents.child_element_ids == [chapter.element_id], contents
END
    mp3conv convert talk.m4a --no-tags --tag album=Only --cover drop --chapters drop -o bare.mp3
    /usr/bin/python3 - <<'END'
import mutagen.id3
tags = mutagen.id3.ID3("bare.mp3")
assert sorted(frame[:4] for frame in tags) == ["TALB", "TSSE"] or sorted(frame[:4] for frame in tags) == ["TALB"], list(tags)
END
    [ "$(samples bare.mp3)" = "$(samples talk.m4a)" ]
}

@test "options of sound and tags that make no sense are refused by name" {
    touch talk.mp4
    run -2 mp3conv convert --normalize=loud talk.mp4
    [[ $output == *"option normalize: 'loud' is not a loudness from -70 to -5 LUFS"* ]]
    run -2 mp3conv convert --normalize=3 talk.mp4
    run -2 mp3conv convert --tag title talk.mp4
    [[ $output == *"not KEY=VALUE"* ]]
    run -2 mp3conv convert --tag colour=red talk.mp4
    [[ $output == *"tag.colour"* ]]
    run -2 mp3conv convert --cover maybe talk.mp4
    [[ $output == *"not keep or drop"* ]]
}
