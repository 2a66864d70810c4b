# What the stories share: the real programs, each story in a folder of its own.

build=${MP3CONV_BUILD:-$(cd "$BATS_TEST_DIRNAME/../../build/check" && pwd)}
root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
PATH=$build/cli:$build/daemon:$PATH
bats_require_minimum_version 1.5.0

# Everything that a story starts is ended by its process ID; all files are below $BATS_TEST_TMPDIR.
setup() {
    cd "$BATS_TEST_TMPDIR"
    export XDG_CONFIG_HOME=$PWD/config XDG_STATE_HOME=$PWD/state XDG_DATA_HOME=$PWD/share
    unset MP3CONV_SERVER MP3CONV_TOKEN MP3CONV_TOKEN_FILE
    data=$PWD/data
    started=()
}

teardown() {
    local pid
    for pid in "${started[@]}"; do
        # One that a story had stopped hears of its end once it goes on.
        kill "$pid" 2>/dev/null && kill -CONT "$pid" && wait "$pid" || true
    done
    # What a failed story leaves to read.
    [ -n "${BATS_TEST_COMPLETED:-}" ] || tail -n 60 "$PWD"/daemon.log 2>/dev/null || true
}

# start_daemon [SETTING...]: sets $daemon_pid and MP3CONV_SERVER; started again, it is there again.
start_daemon() {
    local address=${MP3CONV_SERVER:-http://127.0.0.1:0}
    mp3convd serve --listen "${address#http://}" --data-dir "$data" "$@" 2>>daemon.log 3>&- &
    daemon_pid=$!
    started+=("$daemon_pid")
    MP3CONV_SERVER=$(mp3convd health --ready --wait 20 --data-dir "$data")
    export MP3CONV_SERVER
}

# admin COMMAND...: of the daemon on this story's folder.
admin() {
    mp3convd "$@" --data-dir "$data"
}

# preload LIBRARY...: what LD_PRELOAD has to be so that they stand between mp3convd and its system
# calls. A sanitizer's runtime has to come first.
preload() {
    local sanitizers
    sanitizers=$(ldd "$build/daemon/mp3convd" | sed -n 's/.* => \(.*san\.so[^ ]*\) .*/\1/p')
    echo $sanitizers "$@"
}

# stop_daemon [SIGNAL]: ends it and returns its status.
stop_daemon() {
    kill "-${1:-TERM}" "$daemon_pid"
    local status=0
    wait "$daemon_pid" || status=$?
    forget "$daemon_pid"
    return $status
}

# forget PID: it has ended, nobody needs to end it.
forget() {
    local pid left=()
    for pid in "${started[@]}"; do
        [ "$pid" = "$1" ] || left+=("$pid")
    done
    started=("${left[@]}")
}

# start_mail_server [OPTION...]: sets $mail_port; letters go to mail/1.eml and so on, and the
# certificate to trust is mail/ca.pem.
start_mail_server() {
    mkdir -p mail
    coproc mail_server {
        exec /usr/bin/python3 "$root/tests/support/smtp_server.py" "$PWD/mail" "$@" 2>mail.log 3>&-
    }
    started+=("$mail_server_PID")
    exec {mail_says}<&"${mail_server[0]}" # what it has said stays to be read when it has ended
    read -r -t 20 mail_port <&"$mail_says"
}

# next_letter: waits for it; prints its path.
next_letter() {
    local path
    read -r -t 20 path <&"$mail_says"
    echo "$path"
}

# letter_text FILE: its body as people see it.
letter_text() {
    /usr/bin/python3 -c 'import email, sys
print(email.message_from_file(open(sys.argv[1])).get_payload(decode=True).decode())' "$1"
}

# rows SQL: runs it on the daemon's database, beside the daemon.
rows() {
    sqlite3 -cmd ".timeout 20000" "$data/mp3conv.db" "$@"
}

# log_in [EMAIL]: makes an account, as an administrator does, and logs in.
log_in() {
    echo "correct horse battery" >password
    mp3convd user add "${1:-anna@example.org}" --password-file password --data-dir "$data" >&2
    mp3conv --quiet login "${1:-anna@example.org}" --password-file password
}

# token: the one that log_in got.
token() {
    field "$XDG_CONFIG_HOME/mp3conv/credentials.json" 'list(o.values())[0]["token"]'
}

# make_video FILE [SECONDS] [FFMPEG-OPTION...]
make_video() {
    local file=$1 seconds=${2:-2}
    shift 2 || shift
    ffmpeg -loglevel error -y -f lavfi -i "testsrc2=size=160x120:rate=10:duration=$seconds" \
        -f lavfi -i "aevalsrc=0.3*sin(880*t)|0.3*sin(1320*t):d=$seconds" \
        -c:v mpeg4 -c:a aac "$@" "$file"
}

# make_sound FILE SECONDS [FFMPEG-OPTION...]
make_sound() {
    ffmpeg -loglevel error -y -f lavfi -i "aevalsrc=0.3*sin(880*t)|0.3*sin(1320*t):d=$2" "${@:3}" "$1"
}

# make_long_sound FILE [SECONDS]: noise, which takes long to convert.
make_long_sound() {
    ffmpeg -loglevel error -y -f lavfi -i "anoisesrc=d=${2:-1200}:r=48000:a=0.5:seed=1" -ac 2 \
        -c:a adpcm_ima_wav "$1"
}

# samples FILE: how many samples a decoder makes of its first audio track.
samples() {
    echo $(($(ffmpeg -loglevel error -i "$1" -map a:0 -f s16le -ac 1 - | wc -c) / 2))
}

# field JSON-FILE PYTHON-EXPRESSION-ON-o
field() {
    /usr/bin/python3 -c 'import json, sys; o = json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$1" "$2"
}

# header NAME: from the file header, where curl -D has left those of an answer.
header() {
    sed -n "s/^$1: \(.*\)\r$/\1/Ip" header
}

# tus CURL-ARGUMENT... PATH: asks as who logged in. Header in header, body in body; prints the status.
tus() {
    local path=${!#}
    curl -s -o body -D header -w '%{http_code}' -H "Tus-Resumable: 1.0.0" \
        -H "Authorization: Bearer $(token)" "${@:1:$#-1}" "$MP3CONV_SERVER$path"
}

# patch OFFSET FILE [CURL-ARGUMENT...]: appends it to the upload at $location; prints the status.
patch() {
    tus -X PATCH -H "Upload-Offset: $1" -H "Content-Type: application/offset+octet-stream" \
        --data-binary "@$2" "${@:3}" "$location"
}

# wait_for_line FILE TEXT: until the file, which somebody writes, or is about to, has it.
wait_for_line() {
    timeout 20 tail -n +1 -F "$1" 2>/dev/null | grep -q -m 1 -e "$2"
}

# wait_for_log TEXT: until the daemon has said so.
wait_for_log() {
    wait_for_line daemon.log "$1"
}
