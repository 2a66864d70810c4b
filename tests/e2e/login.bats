# Who knocks.

load helper

@test "only a trusted proxy says who the client is" {
    start_daemon --trusted-proxies 10.0.0.0/8,192.0.2.66
    curl -sf -H "X-Forwarded-For: 198.51.100.7" "$MP3CONV_SERVER/healthz"
    wait_for_log "path=/healthz .*client=127.0.0.1"
    stop_daemon
    start_daemon --trusted-proxies 10.0.0.0/8,127.0.0.1
    curl -sf -H "X-Forwarded-For: 192.0.2.66, 198.51.100.7, 10.0.0.9" "$MP3CONV_SERVER/healthz"
    wait_for_log "path=/healthz .*client=198.51.100.7"
}

@test "a proxy that is no address is an error that names it" {
    run -2 mp3convd serve --listen 127.0.0.1:0 --data-dir "$data" --trusted-proxies 10.0.0.0/8,proxy
    [[ $output == *"trusted-proxies: 'proxy' is not an address"* ]]
    echo 'trusted-proxies = ["10.0.0.0/33"]' >mp3convd.toml
    run -2 mp3convd check-config --config mp3convd.toml
    [[ $output == *"trusted-proxies: '10.0.0.0/33' is not an address"* ]]
}
