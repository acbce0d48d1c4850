#!/bin/sh
# Tries a running API against its own description: schemathesis.sh DIR CONFIG URL TOKEN. DIR keeps its Python environment, made once.
# Exit 3: there is no network, or Python has no venv.
set -eu
dir=${1:?usage: schemathesis.sh DIR CONFIG URL TOKEN}
config=${2:?no CONFIG}
url=${3:?no URL}
token=${4:?no TOKEN}
if [ ! -e "$dir/complete" ]; then
    rm -rf "$dir"
    python3 -m venv "$dir" >/dev/null 2>&1 || {
        echo "no schemathesis: python3 has no venv" >&2
        exit 3
    }
    "$dir/bin/pip" install --quiet --disable-pip-version-check schemathesis==4.32.5 || {
        echo "no schemathesis: it cannot be fetched from the Python package index" >&2
        exit 3
    }
    touch "$dir/complete"
fi
cd "$(dirname "$config")"
# The stream of events never ends; it has tests of its own.
exec "$dir/bin/schemathesis" --config-file "$config" run "$url/openapi.json" --header "Authorization: Bearer $token" \
    --exclude-path /api/v1/events --phases examples,coverage,fuzzing --max-examples 25 --seed 1 --request-timeout 30 \
    --continue-on-failure --suppress-health-check all --no-color
