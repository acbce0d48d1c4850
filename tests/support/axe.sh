#!/bin/sh
# Fetches axe-core, the accessibility checker, into DIR: axe.sh DIR. Checked by its hash. Exit 3: no network or no npm.
set -eu
dir=${1:?usage: axe.sh DIR}
version=4.10.3
sum=880970c081707360e64f34cea25ff91892f5bc95675b0776925b9709dd8a68bb
mkdir -p "$dir"
cd "$dir"
check() { echo "$sum  package/axe.min.js" | sha256sum --check --status 2>/dev/null; }
check && exit 0
command -v npm >/dev/null || { echo "no axe-core: npm is not installed" >&2; exit 3; }
npm pack --silent "axe-core@$version" >/dev/null || { echo "no axe-core: the package registry cannot be reached" >&2; exit 3; }
tar xzf "axe-core-$version.tgz" package/axe.min.js
check || { echo "axe-core is not what was expected" >&2; exit 1; }
