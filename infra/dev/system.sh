#!/bin/sh
# What the tests need of the system, the browser and a clock that can be set: present, or installed where we may, or one
# clear line.
set -eu

missing=
browser=
for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" >/dev/null && browser=$name
done
[ -n "$browser" ] || missing="$missing chromium"
ls /usr/lib/*/faketime/libfaketime.so.1 /usr/lib/faketime/libfaketime.so.1 2>/dev/null | grep -q . || missing="$missing libfaketime"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 -- a list of names
    apt-get update && apt-get install -y --no-install-recommends $missing && exit 0
fi
echo "The tests need what is missing here:$missing. Install it (Debian: apt-get install$missing) and run again" >&2
exit 1
