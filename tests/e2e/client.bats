# What a script may rely on.

load helper

# on_screen COLUMNS COMMAND...: runs it on a terminal of that width; prints the pictures it shows.
on_screen() { /usr/bin/python3 "$BATS_TEST_DIRNAME/../support/screen.py" "$@"; }

# last_picture FILE: of those.
last_picture() { python3 -c 'import sys; print(open(sys.argv[1]).read().split("\n---\n")[-2])' "$1"; }

setup_file() {
    export MEDIA=$BATS_FILE_TMPDIR
    cd "$MEDIA"
    ffmpeg -loglevel error -y -f lavfi -i testsrc2=size=160x120:rate=10:duration=2 \
        -f lavfi -i "aevalsrc=0.3*sin(880*t)|0.3*sin(1320*t):d=2" -c:v mpeg4 -c:a aac talk.mp4
    ffmpeg -loglevel error -y -i talk.mp4 -an -c copy silent.mp4
    echo "just a line of text" >notes.txt
}

# nothing_was_sent: to the daemon, of any file.
nothing_was_sent() {
    run ! grep -e "method=POST path=/v1/files" -e "method=POST path=/v1/uploads" daemon.log
}

@test "convert prints the path that it wrote, and nothing else on standard output" {
    start_daemon
    log_in
    cp "$MEDIA/talk.mp4" .
    run -0 --separate-stderr mp3conv convert talk.mp4
    [ "$output" = talk.mp3 ]
    [[ $stderr == "talk.mp4: sending "*" kB of audio out of "*" kB" ]]
    mkdir music
    run -0 --separate-stderr mp3conv convert talk.mp4 --output-dir music
    [ "$output" = music/talk.mp3 ]
    run -0 --separate-stderr mp3conv convert talk.mp4 -o other.mp3
    [ "$output" = other.mp3 ]
    cmp talk.mp3 music/talk.mp3
}

@test "convert reads standard input and writes standard output" {
    start_daemon
    log_in
    mp3conv convert - -o - <"$MEDIA/talk.mp4" >from-stdin.mp3
    cat "$MEDIA/talk.mp4" | mp3conv convert - -o from-pipe.mp3
    cmp from-stdin.mp3 from-pipe.mp3
    [ "$(samples from-pipe.mp3)" = "$(samples "$MEDIA/talk.mp4")" ]
}

@test "a second run does no work twice, until the video changes" {
    start_daemon
    log_in
    cp "$MEDIA/talk.mp4" .
    mp3conv convert talk.mp4
    run -0 --separate-stderr mp3conv convert talk.mp4
    [ -z "$output" ]
    [[ $stderr == *"talk.mp3: is newer than talk.mp4; skipped"* ]]
    [ "$(mp3conv list | wc -l)" = 1 ]

    touch -d "1 hour" talk.mp4
    [ "$(mp3conv convert talk.mp4)" = talk.mp3 ]
    [ -z "$(mp3conv --quiet convert --if-exists skip talk.mp4)" ]
    run -13 mp3conv convert --if-exists fail talk.mp4
    [ "$(mp3conv convert --if-exists overwrite talk.mp4)" = talk.mp3 ]
}

@test "options reach the encoder" {
    start_daemon
    log_in
    mp3conv convert "$MEDIA/talk.mp4" --bitrate 128k --mono --rate 32000 -o out.mp3
    run -0 ffprobe -v error -show_entries stream=sample_rate,channels,bit_rate -of csv=p=0 out.mp3
    [ "$output" = 32000,1,128000 ]
}

@test "files come from folders, from a list, and by NUL" {
    start_daemon
    log_in
    mkdir -p videos/old out
    cp "$MEDIA/talk.mp4" videos/a.mp4
    cp "$MEDIA/talk.mp4" "videos/old/b c.MP4"
    cp "$MEDIA/notes.txt" videos/notes.txt
    run -13 mp3conv convert videos --output-dir out
    [[ $output == *"videos: is a folder; use -r"* ]]
    [ "$(mp3conv -q convert -r videos --output-dir out | sort)" = $'out/a.mp3\nout/b c.mp3' ]
    rm out/*
    find videos -iname "*.mp4" | sort >list
    [ "$(mp3conv -q convert --files-from list --output-dir out | sort)" = $'out/a.mp3\nout/b c.mp3' ]
    rm out/*
    [ "$(find videos -iname "*.mp4" -print0 | sort -z | mp3conv -q convert -0 --files-from - --output-dir out | sort)" = $'out/a.mp3\nout/b c.mp3' ]
}

@test "a dry run says what would be done, and does nothing" {
    cp "$MEDIA/talk.mp4" .
    run -0 --separate-stderr mp3conv convert --dry-run talk.mp4
    [ -z "$output" ]
    [ "$stderr" = "would convert talk.mp4 to talk.mp3" ]
    [ ! -e talk.mp3 ]
}

@test "an MP3 can have its video's time of change, and is then not made again" {
    start_daemon
    log_in
    cp "$MEDIA/talk.mp4" .
    touch -d "2020-01-02 03:04:05" talk.mp4
    mp3conv convert --preserve-mtime talk.mp4
    [ "$(stat -c %Y talk.mp3)" = "$(stat -c %Y talk.mp4)" ]
    [ -z "$(mp3conv -q convert --preserve-mtime talk.mp4)" ]
}

@test "wrong usage ends with 2, before anything is sent" {
    run -2 mp3conv
    run -2 mp3conv frobnicate
    run -2 mp3conv convert
    run -2 mp3conv convert "$MEDIA/talk.mp4" --vbr 11
    run -2 mp3conv convert "$MEDIA/talk.mp4" --vbr 2 --bitrate 128k
    run -2 mp3conv convert a.mp4 b.mp4 -o both.mp3
    run -2 mp3conv convert a/talk.mp4 b/talk.mp4
    run -2 mp3conv convert a.mp4 -o x.mp3 --output-dir y
    run -2 mp3conv --server ftp://example.org list
    run -2 mp3conv register anna@example.org --no-input
}

@test "without a login the exit status is 4" {
    start_daemon
    run -4 mp3conv list
    [[ $output == *"mp3conv login"* ]]
    echo "correct horse battery" >password
    run -4 mp3conv login nobody@example.org --password-file password
    MP3CONV_TOKEN=not.a.token run -4 mp3conv list
    log_in
    mp3conv logout
    run -4 mp3conv whoami
}

@test "a token ends with logout, wherever it is used" {
    start_daemon
    log_in
    copy=$(token)
    [ "$(MP3CONV_TOKEN=$copy mp3conv whoami)" = anna@example.org ]
    echo "$copy" >token
    [ "$(MP3CONV_TOKEN_FILE=token mp3conv whoami)" = anna@example.org ]
    mp3conv logout
    MP3CONV_TOKEN=$copy run -4 mp3conv whoami
}

@test "a named token lives beside the login, until it is revoked" {
    start_daemon
    log_in
    cron=$(mp3conv token create "nightly job" --expires 90d)
    [[ $(mp3conv token list) == *"  nightly job" ]]
    mp3conv --json token list >token.json
    [ "$(field token.json 'o["name"], "token" in o')" = "('nightly job', False)" ]
    mp3conv logout
    [ "$(MP3CONV_TOKEN=$cron mp3conv whoami)" = anna@example.org ]
    mp3conv -q login anna@example.org --password-file password
    run -6 mp3conv token revoke nothing
    mp3conv token revoke "$(field token.json 'o["id"]')"
    [ -z "$(mp3conv token list)" ]
    MP3CONV_TOKEN=$cron run -4 mp3conv whoami
    run -2 mp3conv token create "x" --expires soon
}

@test "without a server the exit status is 5, and the message says where" {
    export MP3CONV_TOKEN=x
    run -5 mp3conv --server http://127.0.0.1:1 list
    [[ $output == *"cannot reach mp3convd at http://127.0.0.1:1"* ]]
}

@test "an ID that is not there, or another user's, ends with 6" {
    start_daemon
    log_in
    id=$(mp3conv upload "$MEDIA/talk.mp4")
    log_in eve@example.org
    run -6 mp3conv status "$id"
    run -6 mp3conv download "$id"
    run -6 mp3conv cancel "$id"
    run -6 mp3conv rm "$id"
    run -6 mp3conv status 0000
}

@test "what cannot be converted ends with 8" {
    start_daemon
    log_in
    run -8 mp3conv convert "$MEDIA/notes.txt"
    [[ $output == *"notes.txt: not a media file"* ]]
    run -8 mp3conv convert "$MEDIA/silent.mp4"
    [[ $output == *"silent.mp4: no audio track; nothing to convert"* ]]
    : >empty.mp4
    run -8 mp3conv convert empty.mp4
    [[ $output == *"empty.mp4: is empty; nothing to convert"* ]]
    [ -z "$(ls -- *.mp3 2>/dev/null)" ]
    nothing_was_sent
}

@test "a file that is too large ends with 9" {
    start_daemon --max-upload 1k
    log_in
    run -9 mp3conv upload "$MEDIA/talk.mp4"
    [[ $output == *"larger than the 1.0 kB that this server takes"* ]]
}

@test "a local file that cannot be read or written ends with 13" {
    start_daemon
    log_in
    run -13 mp3conv upload nothing.mp4
    run -13 mp3conv upload "$MEDIA"
    run -13 mp3conv convert "$MEDIA/talk.mp4" --output-dir nowhere
    mkdir talk.mp3
    run -13 mp3conv convert "$MEDIA/talk.mp4"
}

# as_a_user COMMAND...: without what root may do on any file.
as_a_user() {
    if [ "$(id -u)" = 0 ]; then
        setpriv --bounding-set=-all --inh-caps=-all "$@"
    else
        "$@"
    fi
}

@test "a file that may not be read ends with 13, and its name is told" {
    start_daemon
    log_in
    cp "$MEDIA/talk.mp4" .
    chmod 000 talk.mp4
    run -13 as_a_user mp3conv convert talk.mp4
    [[ $output == *"talk.mp4: cannot open: Permission denied"* ]]
    nothing_was_sent
}

@test "a folder that may not be written to ends with 13, before anything is sent" {
    start_daemon
    log_in
    mkdir -m 555 out
    run -13 as_a_user mp3conv convert "$MEDIA/talk.mp4" --output-dir out
    [[ $output == *"out: cannot be written to: Permission denied"* ]]
    run -13 as_a_user mp3conv convert "$MEDIA/talk.mp4" -o out/talk.mp3
    nothing_was_sent
}

@test "a full disk ends with 13, and no part of the MP3 stays on it" {
    rights=$([ "$(id -u)" = 0 ] || echo --map-root-user)
    unshare --mount $rights true || skip "this machine lets nobody mount a small disk"
    start_daemon
    log_in
    id=$(mp3conv upload --wait --bitrate 320k "$MEDIA/talk.mp4")
    run -13 mp3conv download "$id" -o /dev/full
    mkdir out
    run -13 unshare --mount $rights sh -c '
        mount -t tmpfs -o size=16k tmpfs out
        mp3conv download "$1" --output-dir out
        status=$?
        ls -A out >left
        exit $status' sh "$id"
    [[ $output == *"No space left on device"* ]]
    [ -f left ]
    [ ! -s left ]
}

@test "of several inputs one fails: its name is told, the others are done, and the status is 3" {
    start_daemon
    log_in
    run -3 --separate-stderr mp3conv convert "$MEDIA/talk.mp4" "$MEDIA/notes.txt" nothing.mp4
    [ "$output" = talk.mp3 ]
    [[ $stderr == *"notes.txt: not a media file"* ]]
    [[ $stderr == *"nothing.mp4: cannot open"* ]]
}

@test "--timeout ends with 10, and the conversion goes on" {
    start_daemon
    log_in
    id=$(mp3conv upload "$MEDIA/talk.mp4")
    mp3conv wait "$id"
    rows "UPDATE files SET state = 'queued', due_at = 1e15" # not for long
    run -10 mp3conv wait "$id" --timeout 1s
    [[ $output == *"$id goes on"* ]]
}

@test "a download that is too early ends with 5, unless it waits" {
    start_daemon
    log_in
    id=$(mp3conv upload --wait "$MEDIA/talk.mp4")
    rows "UPDATE files SET state = 'queued', due_at = 1e15"
    run -5 mp3conv download "$id"
    run -10 mp3conv download "$id" --wait --timeout 1s
}

@test "status --watch shows each change until all are finished" {
    start_daemon
    log_in
    first=$(mp3conv upload --wait "$MEDIA/talk.mp4")
    second=$(mp3conv upload --wait --mono "$MEDIA/talk.mp4")
    rows "UPDATE files SET state = 'queued', due_at = 1e15 WHERE id = '$second'"
    : >seen
    mp3conv status --watch >seen 3>&- &
    watcher=$!
    wait_for_line seen "$second  queued"
    mp3conv cancel "$second"
    wait "$watcher"
    [ "$(grep -c "^$first  done" seen)" = 1 ]
    [[ $(tail -n 1 seen) == "$second  cancelled"* ]]
    [ "$(wc -l <seen)" = 3 ]
    on_screen 100 mp3conv status --watch >shown
    [ "$(last_picture shown | grep -c talk.mp4)" = 2 ]
}

@test "cancel, retry and rm do what they say" {
    start_daemon
    log_in
    id=$(mp3conv upload --wait "$MEDIA/talk.mp4")
    run -1 mp3conv cancel "$id" # it is done
    rows "UPDATE files SET state = 'queued', due_at = 1e15"
    mp3conv cancel "$id"
    run -7 mp3conv wait "$id"
    run -1 mp3conv retry "$id" # its source is gone
    mp3conv rm "$id"
    run -6 mp3conv status "$id"
}

@test "the start of an ID is enough while it is the only one" {
    start_daemon
    log_in
    id=$(mp3conv upload --wait "$MEDIA/talk.mp4")
    [[ $(mp3conv status "${id:0:4}") == "$id  done"* ]]
    [ "$(mp3conv download "${id:0:5}")" = talk.mp3 ]
    run -2 mp3conv status "${id:0:3}"
}

@test "with --json every result and every error is one object on one line" {
    start_daemon
    log_in
    mp3conv --json convert "$MEDIA/talk.mp4" >done.json
    [ "$(wc -l <done.json)" = 1 ]
    [ "$(field done.json 'o["state"], o["path"], o["mp3"]["duration_s"] > 2')" = "('done', 'talk.mp3', True)" ]
    mp3conv list --json >list.json
    [ "$(field list.json 'o["name"]')" = talk.mp4 ]
    run -8 --separate-stderr mp3conv --json convert "$MEDIA/notes.txt"
    echo "$stderr" >error.json
    [ "$(field error.json 'o["code"], o["exit"], o["retryable"]')" = "('not_media', 8, False)" ]
    run -2 --separate-stderr mp3conv convert --json
    echo "$stderr" >error.json
    [ "$(field error.json 'o["code"]')" = usage ]
}

@test "--quiet says nothing but errors" {
    start_daemon
    log_in
    run -0 --separate-stderr mp3conv --quiet convert "$MEDIA/talk.mp4" --progress bar
    [ "$output" = talk.mp3 ]
    [ -z "$stderr" ]
    run -8 --separate-stderr mp3conv --quiet convert "$MEDIA/notes.txt"
    [ -n "$stderr" ]
}

@test "on a terminal a line tells how far sending, converting and fetching are, and goes at the end" {
    start_daemon
    log_in
    on_screen 80 mp3conv convert --whole-file "$MEDIA/talk.mp4" >shown
    grep -q "^talk.mp4  \[#*-*\] sending [0-9]*% [0-9.]* kB" shown
    grep -q "^talk.mp4  \[#*-*\] fetching [0-9]*% [0-9.]* kB" shown
    [ "$(last_picture shown)" = talk.mp3 ]
    # In a pipe there is no such line.
    run -0 --separate-stderr mp3conv convert --whole-file "$MEDIA/talk.mp4" --if-exists overwrite
    [ -z "$stderr" ]
}

@test "several files have a line each and one together, in 40 columns, in any writing" {
    # All are converted at once, and the notes have failed long before a talk is done.
    start_daemon --workers 3
    log_in
    make_video "a talk with quite a long name, as talks have.mp4" 120
    cp a\ talk*.mp4 "講演の録音、とても長い名前のもの、全部で四十桁.mp4"
    cp "$MEDIA/notes.txt" notes.mp4
    run -3 on_screen 40 mp3conv convert --whole-file --jobs 3 --output-dir . ./*.mp4
    echo "$output" >shown
    grep -q "^a talk.*~  .*\(sending\|fetching\) [0-9]*%" shown
    grep -q "^講演.*~  .*\(sending\|fetching\) [0-9]*%" shown
    grep -q "^in all  .*[1-3] of 3 done, 1 failed$" shown
    # A line that is too wide, or one that is not redrawn in its place, would leave lines behind.
    python3 - <<'PYTHON'
pictures = open("shown").read().split("\n---\n")
for picture in pictures:
    for name in ["in all", "a talk", "講演", "notes.mp4  "]:
        told = [line for line in picture.split("\n") if name in line and "  " in line]
        assert len(told) <= 1, picture
PYTHON
    last_picture shown >last
    [ -z "$(grep -e "in all" -e fetching last)" ]
    grep -q "notes.mp4: not a media file" last
}

@test "interrupted while sending: 130, and nothing half-written stays behind" {
    start_daemon
    log_in
    mkfifo endless
    mp3conv convert - -o out.mp3 <endless 3>&- &
    client=$!
    exec 4>endless
    head -c 300k /dev/zero >&4 # more than a pipe holds: it reads
    kill -INT "$client"
    status=0
    wait "$client" || status=$?
    exec 4>&-
    [ "$status" = 130 ]
    [ -z "$(ls -A | grep -e mp3)" ]
    [ -z "$(mp3conv list)" ]
}

@test "what a server says cannot move the cursor" {
    start_daemon
    log_in
    name=$'\e[2Jtalk\a.mp4'
    cp "$MEDIA/talk.mp4" "$name"
    mp3conv upload --wait "$name"
    run -0 mp3conv list
    [[ $output != *$'\e'* && $output != *$'\a'* ]]
}

@test "the login is kept for its owner's eyes only, by server" {
    start_daemon
    log_in
    [ "$(stat -c %a "$XDG_CONFIG_HOME/mp3conv/credentials.json")" = 600 ]
    run -4 mp3conv --server http://localhost:1 whoami
}

@test "the config file names the server, and an unknown key is an error that names it" {
    start_daemon
    mkdir -p "$XDG_CONFIG_HOME/mp3conv"
    echo "server = '$MP3CONV_SERVER'" >"$XDG_CONFIG_HOME/mp3conv/config.toml"
    unset MP3CONV_SERVER
    log_in
    [ "$(mp3conv whoami)" = anna@example.org ]
    echo "sever = 'x'" >>"$XDG_CONFIG_HOME/mp3conv/config.toml"
    run -2 mp3conv whoami
    [[ $output == *sever* ]]
}

@test "an MP3 that is its own source is not overwritten" {
    start_daemon
    log_in
    mp3conv convert "$MEDIA/talk.mp4"
    before=$(sha256sum talk.mp3)
    run -2 mp3conv convert --if-exists overwrite talk.mp3
    [ "$(sha256sum talk.mp3)" = "$before" ]
}
