#!/bin/sh
# Install a browser for the tests where there is none.
for browser in chromium chromium-browser google-chrome; do
    command -v "$browser" >/dev/null 2>&1 && exit 0
done
echo "Installing Debian's chromium for the browser tests …"
if command -v apt-get >/dev/null 2>&1; then
    run=""
    [ "$(id -u)" = 0 ] || run="sudo -n"
    $run apt-get update -qq && $run apt-get install -y -qq chromium >/dev/null && exit 0
fi
echo "The browser tests need Chromium, and it could not be installed here by apt." >&2
echo "Install Chromium or Google Chrome so that 'chromium' is on the PATH, then 'make test'." >&2
exit 2
