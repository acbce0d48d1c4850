#!/usr/bin/env bash
# Installs what a step needs and is missing: `build`, `check` or `test`. Nothing is assumed from an earlier machine.
set -euo pipefail

apt_missing() {
  local missing=()
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  if [ "$(id -u)" -ne 0 ]; then
    echo "These Debian packages are missing: ${missing[*]}. Install them with: sudo apt-get install ${missing[*]}" >&2
    exit 1
  fi
  echo "Installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -y -q --no-install-recommends "${missing[@]}" >/tmp/relais-apt.log 2>&1 ||
    { apt-get update -q >/dev/null && apt-get install -y -q --no-install-recommends "${missing[@]}" >/tmp/relais-apt.log 2>&1; } ||
    { tail -20 /tmp/relais-apt.log >&2; exit 1; }
}

case "${1:-}" in
  build)
    # A C compiler for SQLite and the crypto library.
    command -v cc >/dev/null || apt_missing gcc libc6-dev
    # And one for C++: the engine that translates builds without it too, and is several times slower then.
    command -v c++ >/dev/null || (apt_missing g++) || echo "Without a C++ compiler translating is several times slower." >&2
    # For the translation models; Relais runs without them.
    { command -v curl && command -v unzip; } >/dev/null || (apt_missing curl unzip ca-certificates) || true
    ;;
  check)
    command -v cargo-deny >/dev/null || cargo install --locked --quiet cargo-deny --version 0.20.2
    ;;
  test)
    apt_missing systemd chromium fonts-noto-color-emoji fonts-noto-cjk fonts-dejavu-core python3-dkim python3-nacl postfix swaks msmtp nsd poppler-utils python3 python3-venv curl unzip openssl apertium apertium-es-pt
    ;;
  *)
    echo "usage: $0 build|check|test" >&2
    exit 2
    ;;
esac
