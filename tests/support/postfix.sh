#!/usr/bin/env bash
# A real Postfix of its own for a test: postfix.sh start DIR SMTP_PORT RELAIS_PORT [MORE] | stop DIR
# MORE are lines added to its main.cf.
#
# It relays relais.localhost and reply.relais.localhost to Relais and delivers guest.example and pousada.example into
# Maildirs, DIR/mail/DOMAIN/USER/. The user "nobody-here" does not exist, "later" is deferred. Everything (queue, logs,
# configuration) lies in DIR, so that several run side by side; no service of the machine is touched.
set -euo pipefail

start() {
  local dir=$1 smtp=$2 relais=$3 more=${4:-}
  mkdir -p "$dir"/{conf,queue,data,mail,log}
  chmod 755 "$dir"
  cp /etc/postfix/dynamicmaps.cf "$dir/conf/" 2>/dev/null || true
  cp /etc/postfix/postfix-files "$dir/conf/" 2>/dev/null || cp /usr/share/postfix/postfix-files "$dir/conf/" 2>/dev/null || true
  mkdir -p "$dir/conf/dynamicmaps.cf.d" "$dir/conf/postfix-files.d"
  chown postfix "$dir/data"
  chown 65534:65534 "$dir/mail"
  cat >"$dir/conf/main.cf" <<CONF
compatibility_level = 3.6
queue_directory = $dir/queue
data_directory = $dir/data
import_environment = MAIL_CONFIG=$dir/conf
myhostname = postfix.test
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = check_recipient_access inline:{ { nobody-here@guest.example = 550 5.1.1 no such guest }, { later@guest.example = 450 4.2.0 come back } }, permit_mynetworks, reject
smtpd_peername_lookup = no
disable_dns_lookups = yes
smtp_dns_support_level = disabled
transport_maps = inline:{ relais.localhost=smtp:[127.0.0.1]:$relais, reply.relais.localhost=smtp:[127.0.0.1]:$relais }
relay_domains = relais.localhost reply.relais.localhost
virtual_mailbox_domains = guest.example pousada.example
virtual_mailbox_base = $dir/mail
virtual_mailbox_maps = inline:{ ana@pousada.example=pousada.example/ana/, rui@pousada.example=pousada.example/rui/, john@guest.example=guest.example/john/, zoe@guest.example=guest.example/zoe/, bench@guest.example=guest.example/bench/ }
virtual_minimum_uid = 100
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
header_size_limit = 1024000
smtp_tls_security_level = none
smtpd_tls_security_level = none
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
default_process_limit = 100
$more
CONF
  cat >"$dir/conf/master.cf" <<CONF
127.0.0.1:$smtp inet n - n - 100 smtpd
pickup    unix  n - n 60 1 pickup
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
verify    unix  - - n - 1 verify
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n - - proxymap
smtp      unix  - - n - - smtp
relay     unix  - - n - - smtp
error     unix  - - n - - error
retry     unix  - - n - - error
discard   unix  - - n - - discard
local     unix  - n n - - local
virtual   unix  - n n - - virtual
anvil     unix  - - n - 1 anvil
scache    unix  - - n - 1 scache
tlsmgr    unix  - - n 1000? 1 tlsmgr
CONF
  # It logs to the machine's syslog, if there is one, and not to a file of its own: postlogd waits for ever when it has
  # something to say itself (a setting given twice) while its socket is full, and all of Postfix waits with it.
  timeout -k 5 60 postfix -c "$dir/conf" start >"$dir/log/start" 2>&1 || { cat "$dir/log/start" >&2; exit 1; }
  for _ in $(seq 100); do
    (exec 3<>"/dev/tcp/127.0.0.1/$smtp") 2>/dev/null && return
    sleep 0.1
  done
  cat "$dir/log/start" >&2
  exit 1
}

stop() {
  local master
  master=$(tr -d ' ' <"$1/queue/pid/master.pid") || return 0
  # The master answers for its process group: what does not end by itself is killed.
  kill "$master" 2>/dev/null || return 0
  for _ in $(seq 50); do
    kill -0 "$master" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -9 -- "-$master" 2>/dev/null || true
}

case "${1:-}" in
  start) start "$2" "$3" "$4" "${5:-}" ;;
  stop) stop "$2" ;;
  *)
    echo "usage: $0 start DIR SMTP_PORT RELAIS_PORT [MORE] | stop DIR" >&2
    exit 2
    ;;
esac
