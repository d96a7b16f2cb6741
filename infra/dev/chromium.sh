#!/bin/sh
# The browser of the tests: present, or installed where we may, or one clear line.
set -eu
for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" >/dev/null && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update && apt-get install -y --no-install-recommends chromium && exit 0
fi
echo "The tests need Chromium and it is missing: install it (Debian: apt-get install chromium) and run again" >&2
exit 1
