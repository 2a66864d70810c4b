# Real servers for rows and bytes, which a story can kill.

# start_postgres [--pooler | --tls]: the daemons and commands from here on keep their rows there.
start_postgres() {
    coproc postgres_server {
        exec /usr/bin/python3 "$root/tests/support/postgres_server.py" "$PWD/postgres" "$@" 3>&-
    }
    started+=("$postgres_server_PID")
    exec {postgres_says}<&"${postgres_server[0]}" {postgres_hears}>&"${postgres_server[1]}"
    read -r -t 60 MP3CONVD_DATABASE <&"$postgres_says"
    export MP3CONVD_DATABASE
}

# postgres kill|start
postgres() {
    echo "$1" >&"$postgres_hears"
    read -r -t 60 <&"$postgres_says"
}

# start_s3: the daemons and commands from here on keep their bytes there, below $prefix.
start_s3() {
    coproc s3_server {
        exec /usr/bin/python3 "$root/tests/support/s3_server.py" "$PWD/s3" 2>s3.log 3>&-
    }
    started+=("$s3_server_PID")
    exec {s3_says}<&"${s3_server[0]}" {s3_hears}>&"${s3_server[1]}"
    local endpoint
    read -r -t 60 endpoint <&"$s3_says"
    export MP3CONVD_STORAGE="s3://bucket/house?endpoint=$endpoint&credentials=$PWD/s3/credentials"
}

# gateway kill|start
gateway() {
    echo "$1" >&"$s3_hears"
    read -r -t 60 <&"$s3_says"
}

# objects: the keys that there are in the bucket, those of uploads in parts too.
objects() {
    radosgw-admin -c s3/ceph.conf -n client.rgw bucket list --bucket=bucket 2>/dev/null |
        sed -n 's/^ *"name": "\(.*\)",$/\1/p'
}
