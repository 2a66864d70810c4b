# A Debian that systemd boots, without a network. Part of tests/packages/run.

here_inside=/sample

# make_base: a small Debian, made once.
make_base() {
    [ ! -e "$base/complete" ] || return 0
    step "make a small Debian, once"
    rm -rf "$base"
    must "debootstrap failed" debootstrap --variant=minbase --cache-dir="$archives" \
        --include=systemd,systemd-sysv,dbus bookworm "$base" "$mirror"
    touch "$base/complete"
}

# A layer over the base, with the cache of packages and what is converted.
lay_over() {
    mkdir -p "$room"
    mount -t tmpfs -o mode=755 packages "$room"
    mkdir -p "$room/upper" "$room/work" "$root"
    mount -t overlay -o "lowerdir=$base,upperdir=$room/upper,workdir=$room/work" packages "$root"
    mkdir -p "$root/sample" "$root/var/cache/apt/archives"
    mount --bind "$archives" "$root/var/cache/apt/archives"
    cp "$here/ask" "$here/knock" "$root/sample"
    echo "correct horse battery" >"$root/sample/password"
    ffmpeg -loglevel error -y -f lavfi -i testsrc2=size=160x120:rate=10:duration=3 \
        -f lavfi -i sine=880:d=3 -c:v mpeg4 -c:a aac "$root/sample/talk.mp4"
}

# What the packages depend on, into the cache: the booted Debian has no network.
fetch_dependencies() {
    mkdir -p "$root/debs"
    cp -r "$debs"/*.deb "$debs/previous" "$root/debs"
    chroot "$root" apt-get -qq update
    chroot "$root" sh -c "apt-get -y --no-install-recommends --download-only install /debs/*.deb"
}

# inside COMMAND...: in the booted Debian, as root there.
inside() {
    nsenter -t "$container" -m -u -i -n -p -C --wdns=/root env -i HOME=/root LANG=C.UTF-8 \
        PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"
}

# install_inside DEB...
install_inside() {
    inside apt-get -y --no-install-recommends install "${@/#$debs//debs}"
}

# What the container's manager forbids beyond what a computer's does is allowed: Landlock.
boot() {
    systemd-nspawn --quiet --register=no --keep-unit --private-network --machine=mp3conv-packages \
        --system-call-filter="landlock_create_ruleset landlock_restrict_self" \
        --directory="$root" --boot --console=pipe </dev/null >"$work/console" 2>&1 &
    nspawn=$!
    local deadline=$((SECONDS + 180))
    until container=$(pgrep -P "$nspawn" | head -n 1) && [ -n "$container" ] &&
        inside systemctl is-system-running 2>/dev/null | grep -q -e running -e degraded; do
        [ $SECONDS -lt $deadline ] && kill -0 "$nspawn" 2>/dev/null ||
            { cat "$work/console" >&2; container=; fail "systemd does not boot: it needs mounts, \
namespaces and cgroups of its own"; }
    done
}

opens_room() {
    make_base
    step "boot it"
    must "cannot lay a layer over the small Debian" lay_over
    must "cannot fetch what the packages depend on" fetch_dependencies
    boot
}

close_room() {
    if [ -n "${nspawn:-}" ]; then
        kill "$nspawn" 2>/dev/null || true
        wait "$nspawn" 2>/dev/null || true
    fi
    umount -R -l "$root" 2>/dev/null || true
    umount -l "$room" 2>/dev/null || true
}
