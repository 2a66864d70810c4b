# What the administrator may rely on of the sandbox.

load helper

# missing: the layers that this system lacks, as the daemon sees it.
missing() {
    curl -sf "$MP3CONV_SERVER/readyz" >ready.json
    field ready.json '" ".join(o["sandbox"]["missing"])'
}

# children PID: of that process.
children() {
    cat "/proc/$1/task/$1/children"
}

# upload_long: sends twenty minutes, which no machine converts within a second, and returns once they
# are being converted; sets $id, $helper and $child.
upload_long() {
    ffmpeg -loglevel error -y -f lavfi -i anoisesrc=d=1200:r=48000:a=0.5:seed=1 \
        -c:a adpcm_ima_wav long.wav
    id=$(mp3conv upload long.wav --preset max)
    helper=$(children "$daemon_pid" | tr -d ' ')
    until child=$(children "$helper" | tr -d ' ') && [ -n "$child" ]; do :; done
}

@test "with require-sandbox the daemon starts where the sandbox is complete, and says so" {
    start_daemon
    lacking=$(missing)
    stop_daemon
    if [ -n "$lacking" ]; then
        grep -q "the sandbox is incomplete missing=\"\?${lacking// /, }" daemon.log
        run -2 mp3convd serve --listen 127.0.0.1:0 --data-dir "$data" --require-sandbox
        [[ $output == *"this system has no ${lacking// /, } for the sandbox"* ]]
    else
        start_daemon --require-sandbox
        grep -q "the sandbox is complete" daemon.log
    fi
}

@test "without namespaces it says so, converts all the same, and refuses where they are required" {
    # In a user namespace of its own, a process may forbid itself all others.
    without=(unshare -Ur sh -c 'for kind in user net ipc mnt; do
            echo 0 >"/proc/sys/user/max_${kind}_namespaces"
        done
        exec "$@"' sh)
    "${without[@]}" true || skip "no user namespaces here"
    "${without[@]}" mp3convd serve --listen 127.0.0.1:0 --data-dir "$data" 2>>daemon.log 3>&- &
    started+=($!)
    MP3CONV_SERVER=$(mp3convd health --ready --wait 20 --data-dir "$data")
    export MP3CONV_SERVER
    [[ " $(missing) " == *" namespaces "* ]]
    grep -q "the sandbox is incomplete missing=.*namespaces" daemon.log
    log_in
    make_video talk.mp4
    mp3conv convert talk.mp4
    export MP3CONVD_REQUIRE_SANDBOX=true
    run -2 "${without[@]}" mp3convd serve --listen 127.0.0.1:0 --data-dir other
    [[ $output == *"this system has no"*namespaces* ]]
}

@test "a conversion has no descriptors but its files, no environment and no rights" {
    start_daemon --drain-timeout 0
    log_in
    upload_long
    grep -q "^NoNewPrivs:[[:space:]]*1" "/proc/$child/status"
    grep -q "^Max open files  *0 " "/proc/$child/limits"
    grep -q "^Max core file size  *0 " "/proc/$child/limits"
    [[ $(missing) == *seccomp* ]] || grep -q "^Seccomp:[[:space:]]*2" "/proc/$child/status"
    # It hides the rest even from its own user.
    [ "$(id -u)" = 0 ] || return 0
    [ "$(ls "/proc/$child/fd" | wc -l)" = 3 ] # source, MP3 and the line to the daemon
    [ "$(wc -c <"/proc/$child/environ")" = 0 ]
    [[ $(missing) == *namespaces* ]] ||
        [ "$(readlink "/proc/$child/ns/net")" != "$(readlink /proc/self/ns/net)" ]
}

@test "a conversion that is killed, or whose helper is, is done all the same" {
    start_daemon
    log_in
    upload_long
    kill -KILL "$child"
    until grep -q "tried again.*was killed" daemon.log; do :; done
    rows "UPDATE files SET due_at = 0"
    until child=$(children "$helper" | tr -d ' ') && [ -n "$child" ]; do :; done
    kill -KILL "$helper"
    until grep -q "tried again.*helper.*died" daemon.log; do :; done
    rows "UPDATE files SET due_at = 0"
    mp3conv wait "$id"
}

@test "kill -9 of the daemon ends helper and conversions with it" {
    start_daemon
    log_in
    upload_long
    run stop_daemon KILL
    forget "$daemon_pid"
    while [ -d "/proc/$helper" ] || [ -d "/proc/$child" ]; do :; done
}

@test "a conversion that takes longer than conversion-timeout is given up, once" {
    start_daemon --conversion-timeout 1s
    log_in
    upload_long
    run -7 mp3conv wait "$id"
    mp3conv status --json "$id" >status.json
    error=$(field status.json 'o["error"]["code"], o["error"]["retryable"]')
    [ "$error" = "('conversion_timeout', False)" ]
    [ -z "$(find data/drafts -type f)" ]
}
