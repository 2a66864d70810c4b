# What the benches share: sounds, tools to look at them, a daemon. Sourced, not run.
# shellcheck shell=bash

: "${build:?}"
engine=$build/tests/engine

quiet_ffmpeg() { ffmpeg -nostdin -v error -y "$@"; }

# music SECONDS RATE FILE [ARGUMENTS...]: plucks, bass, drums and a siren, left and right apart.
music() {
    local seconds=$1 rate=$2 file=$3
    shift 3
    local pluck='sin(2*PI*F*pow(2\,mod(floor(t*4)*7\,12)/12)*t)*exp(-5*mod(t\,0.25))'
    local bass='0.15*sin(2*PI*55*pow(2\,mod(floor(t/2)*5\,12)/12)*t+3*sin(2*PI*110*t)*exp(-2*mod(t\,2)))'
    local drum='0.2*(random(N)-0.5)*exp(-45*mod(t+S\,0.5))'
    local siren='0.1*sin(2*PI*(440+5*sin(5*t))*t)*(0.5+0.5*sin(0.7*t))'
    local left_drum=${drum/N/0} right_drum=${drum/N/1}
    local left="0.22*${pluck/F/220}+$bass+${left_drum/S/0.5}+$siren"
    local right="0.18*${pluck/F/330}+$bass+${right_drum/S/0.25}"
    quiet_ffmpeg -f lavfi -i "aevalsrc=$left|$right:s=$rate:d=$seconds" \
        -af "aecho=0.8:0.6:60|113:0.4|0.25" "$@" "$file"
}

# speech SECONDS RATE FILE [ARGUMENTS...]: a synthetic voice reads.
speech() {
    local seconds=$1 rate=$2 file=$3
    shift 3
    local text='The quick brown fox jumps over the lazy dog. Pack my box with five dozen liquor jugs.
        How vexingly quick daft zebras jump. Sphinx of black quartz, judge my vow.'
    quiet_ffmpeg -f lavfi -i "flite=voice=slt:text='${text//,/\\,}'" -af aresample="$rate" "$folder/said.wav"
    quiet_ffmpeg -stream_loop -1 -i "$folder/said.wav" -t "$seconds" "$@" "$file"
}

need() {
    local tool
    for tool in "$@"; do
        command -v "$tool" >/dev/null && continue
        echo "${0##*/}: $tool is not installed; install the build dependencies in debian/control" >&2
        exit 1
    done
}

# need_built PROGRAM...: below $build.
need_built() {
    local program
    for program in "$@"; do
        [ -x "$build/$program" ] && continue
        echo "${0##*/}: $build/$program is not there; run ninja -C $build $program" >&2
        exit 1
    done
}

# start_daemon [SETTING...]: one of our own, and an account on it: sets $daemon_pid, $token and MP3CONV_SERVER.
start_daemon() {
    [ -z "${daemon_pid:-}" ] || return 0
    need_built cli/mp3conv daemon/mp3convd
    export XDG_CONFIG_HOME=$folder/config XDG_STATE_HOME=$folder/state
    "$build/daemon/mp3convd" serve --listen 127.0.0.1:0 --data-dir "$folder/data" "$@" \
        2>"$folder/daemon.log" &
    daemon_pid=$!
    started+=("$daemon_pid")
    MP3CONV_SERVER=$("$build/daemon/mp3convd" health --ready --wait 20 --data-dir "$folder/data")
    export MP3CONV_SERVER
    echo 'a password for one hour' >"$folder/password"
    "$build/cli/mp3conv" --quiet register bench@example.org --password-file "$folder/password"
    token=$(sed -n 's/.*"token": "\(.*\)".*/\1/p' "$folder/config/mp3conv/credentials.json")
}

# forget_all: what the daemon has converted once it would not convert again.
forget_all() {
    local ids
    ids=$("$build/cli/mp3conv" list | cut -d ' ' -f 1)
    # shellcheck disable=SC2086
    [ -z "$ids" ] || "$build/cli/mp3conv" rm $ids
}

# What was started ends, and nothing stays behind.
clean_up() {
    [ ${#started[@]} = 0 ] || kill "${started[@]}" 2>/dev/null || true
    wait
    rm -rf "$folder"
}

started=()
folder=$(mktemp -d)
trap clean_up EXIT
