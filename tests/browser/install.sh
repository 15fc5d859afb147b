#!/bin/sh
# Install what the tests need beside Python where it isn't there: a browser, and GDAL's programs.
have() {
    for each in "$@"; do
        command -v "$each" >/dev/null 2>&1 && return 0
    done
    return 1
}
install() {
    echo "Installing Debian's $1 for the tests …"
    run=""
    [ "$(id -u)" = 0 ] || run="sudo -n"
    command -v apt-get >/dev/null 2>&1 && $run apt-get update -qq &&
        $run apt-get install -y -qq "$1" >/dev/null
}
# Without GDAL the tests that ask it are skipped, and say so.
have ogr2ogr || install gdal-bin || echo "GDAL's programs could not be installed by apt." >&2
have chromium chromium-browser google-chrome || install chromium || {
    echo "The browser tests need Chromium, and it could not be installed here by apt." >&2
    echo "Install Chromium or Google Chrome so that 'chromium' is on the PATH, then 'make test'." >&2
    exit 2
}
