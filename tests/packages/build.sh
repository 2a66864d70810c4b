# The packages, and what lintian and systemd-analyze say of them. Part of tests/packages/run.

# Score of systemd-analyze security, times ten; less is better. README.Debian names it.
most_exposure=19

# copy_source: what git knows of it, changed or not, without what was built from it.
copy_source() {
    rm -rf "$work/source"
    mkdir -p "$work/source"
    git -C "$source" ls-files -z --cached --others --exclude-standard |
        tar -C "$source" --null --ignore-failed-read -T - -c | tar -C "$work/source" -x
}

# From nothing, whatever compilers' caches there are; without what debuggers want, which a package is
# stripped of anyway and which takes a third of the time.
build_packages() {
    rm -f "$work"/*.deb "$work"/*.changes "$work"/*.buildinfo
    cd "$work/source"
    CCACHE_DISABLE=1 DEB_CXXFLAGS_APPEND=-g0 \
        DEB_BUILD_OPTIONS="nocheck noautodbgsym parallel=$(nproc)" \
        dpkg-buildpackage -us -uc -b -Pnocheck
}

# lower_version DEB: the same package as an older one, in $debs/previous.
lower_version() {
    local tree=$work/tree
    rm -rf "$tree"
    dpkg-deb -R "$1" "$tree"
    sed -i 's/^Version: .*/Version: 0.0.9/' "$tree/DEBIAN/control"
    dpkg-deb --root-owner-group -Znone -b "$tree" "$debs/previous"
}

builds() {
    rm -rf "${debs:?}"
    mkdir -p "$debs/previous"
    if [ -z "$built" ]; then
        step "build the packages"
        must "the source cannot be copied" copy_source
        (must "dpkg-buildpackage failed" build_packages)
        built=$work
    fi
    cp "$built"/*.deb "$built"/*.changes "$built"/*.buildinfo "$debs"
    step "look at the packages"
    must "lintian finds errors" lintian --fail-on error,warning --allow-root "$debs"/*.changes
    must "systemd-analyze security rates the service worse than it did" systemd-analyze security \
        --offline=yes --threshold=$most_exposure "$source/debian/mp3convd.service"
    version=$(dpkg-deb -f "$debs"/mp3convd_*.deb Version)
    for deb in "$debs"/*.deb; do must "cannot repack $deb" lower_version "$deb"; done
}
