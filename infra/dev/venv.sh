#!/bin/sh
# Make the virtual environment $1 with the first Python that is new enough. Does nothing when it works already.
set -eu
venv=$1

usable() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

usable "$venv/bin/python" && "$venv/bin/python" -m pip --version >/dev/null 2>&1 && exit 0

for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    if usable "$candidate"; then
        python=$candidate
        break
    fi
done
if [ -z "${python:-}" ]; then
    echo "Portavoce needs Python 3.11 or newer: install it, or name it with make PYTHON=/path/to/python3" >&2
    exit 1
fi

if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    # Debian keeps this part of Python in a package of its own.
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update && apt-get install -y --no-install-recommends python3-venv
    else
        echo "$python cannot make virtual environments: install its venv package (Debian: python3-venv)" >&2
        exit 1
    fi
fi
"$python" -m venv --clear "$venv"
