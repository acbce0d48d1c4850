#!/usr/bin/env bash
# A real authoritative DNS server on loopback for a test: nsd.sh start DIR PORT | stop DIR
# Every file DIR/zones/NAME is the zone NAME. No service of the machine is touched.
set -euo pipefail

case "${1:-}" in
  start)
    dir=$2 port=$3
    {
      printf 'server:\n  ip-address: 127.0.0.1@%s\n  port: %s\n  username: ""\n  chroot: ""\n  zonesdir: "%s/zones"\n' "$port" "$port" "$dir"
      printf '  pidfile: "%s/nsd.pid"\n  database: ""\n  xfrdfile: "%s/xfrd.state"\n  zonelistfile: "%s/zone.list"\n  logfile: "%s/nsd.log"\n' "$dir" "$dir" "$dir" "$dir"
      printf '  server-count: 1\nremote-control:\n  control-enable: no\n'
      for zone in "$dir"/zones/*; do
        printf 'zone:\n  name: "%s"\n  zonefile: "%s"\n' "$(basename "$zone")" "$(basename "$zone")"
      done
    } >"$dir/nsd.conf"
    PATH=$PATH:/usr/sbin nsd -c "$dir/nsd.conf" || { cat "$dir/nsd.log" >&2; exit 1; }
    ;;
  stop) kill "$(cat "$2/nsd.pid")" 2>/dev/null || true ;;
  *)
    echo "usage: $0 start DIR PORT | stop DIR" >&2
    exit 2
    ;;
esac
