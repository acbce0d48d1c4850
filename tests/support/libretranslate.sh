#!/bin/sh
# Runs a real LibreTranslate server on 127.0.0.1: libretranslate.sh DIR MODELS PORT. DIR keeps its Python environment (600 MB, made
# once), MODELS is what models.sh fetched. Exit 3: there is no network, or Python has no venv.
set -eu
dir=${1:?usage: libretranslate.sh DIR MODELS PORT}
models=${2:?no MODELS}
port=${3:?no PORT}
here=$(cd "$(dirname "$0")" && pwd)
if [ ! -e "$dir/complete" ]; then
    rm -rf "$dir"
    python3 -m venv "$dir" >/dev/null 2>&1 || {
        echo "no LibreTranslate: python3 has no venv" >&2
        exit 3
    }
    "$dir/bin/pip" install --quiet --disable-pip-version-check libretranslate==1.9.6 fxtranslate==0.5.0 || {
        echo "no LibreTranslate: it cannot be fetched from the Python package index" >&2
        exit 3
    }
    touch "$dir/complete"
fi
# What it writes besides belongs to the test, not to the home folder.
export HOME="$dir" XDG_DATA_HOME="$dir/share" XDG_CONFIG_HOME="$dir/config" XDG_CACHE_HOME="$dir/cache"
exec "$dir/bin/python" "$here/libretranslate_server.py" "$models" --host 127.0.0.1 --port "$port" --disable-web-ui
