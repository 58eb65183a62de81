# SPDX-FileCopyrightText: Countersign contributors
# SPDX-License-Identifier: Apache-2.0
#
# What the comparisons share; sourced by the scripts beside it. Starts the product and nginx on
# this machine, with the same certificate and the same trust, and drives both with one client.
#
# Needs a JDK 25, Maven, openssl, curl, and nginx (Debian: nginx-light). Settings, with defaults:
#   PAIRS=5          how often product and peer are driven in turn
#   PORT_BASE=21000  the product's ports begin here; nginx gets PORT_BASE + 99
#   DEVICES=8        enrolled devices, whose certificates the client uses in turn
#   WARMUP=40000     operations before counting, for the product, at its first turn
set -euo pipefail

PAIRS=${PAIRS:-5}
PORT_BASE=${PORT_BASE:-21000}
DEVICES=${DEVICES:-8}
WARMUP=${WARMUP:-40000}
# Before later turns, and for the peer, which has no JIT compiler.
WARMUP_AGAIN=${WARMUP_AGAIN:-2000}

compare=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$compare/../.." && pwd)
product_port=$PORT_BASE
peer_port=$((PORT_BASE + 99))

fail() {
  printf '✘ %s\n  → %s\n' "$1" "$2" >&2
  exit 1
}

for program in mvn openssl curl; do
  command -v "$program" >/dev/null || fail "$program is not on the PATH" "install it"
done
nginx=$(command -v nginx || ls /usr/sbin/nginx 2>/dev/null) ||
  fail "nginx is not installed" "apt-get install nginx-light"

java=
for home in "${JAVA_HOME:-}" /usr/lib/jvm/*; do
  if grep -qs '^JAVA_VERSION="25' "$home/release"; then
    java=$home/bin/java
    export JAVA_HOME=$home
    break
  fi
done
[ -n "$java" ] || fail "no JDK 25 in JAVA_HOME or /usr/lib/jvm" "set JAVA_HOME to one"

# Whether nginx resumes sessions.
PEER_RESUMPTION='ssl_session_tickets off;'

work=$(mktemp -d "${TMPDIR:-/tmp}/countersign-compare.XXXXXX")
data=$work/data
product_pid=
peer_pid=

# Ends what this script started, and nothing else.
finish() {
  local pid
  for pid in $product_pid $peer_pid; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  rm -rf "$work"
}
trap finish EXIT

# The client and the JMH benchmarks; the product itself is built by its launcher.
build_client() {
  (cd "$root" && mvn -B -q -pl benchmarks -am package \
    -Dmaven.test.skip=true -Dcyclonedx.skip=true) >"$work/build.log" 2>&1 ||
    { cat "$work/build.log" >&2; fail "the benchmarks do not build" "see above"; }
  client_classes=$root/benchmarks/target/classes:$root/benchmarks/target/lib/*
}

print_header() {
  printf '# %s\n' "$1"
  printf 'date      %s\n' "$(date -u +%FT%TZ)"
  printf 'machine   %s, %s cores, %s of memory, Linux %s\n' \
    "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" \
    "$(awk '/MemTotal/ {printf "%.1f GiB", $2 / 1048576}' /proc/meminfo)" "$(uname -r)"
  printf 'load      %s\n' "$(cut -d' ' -f1-3 /proc/loadavg)"
  printf 'product   %s\n' "$("$root/countersign" --version | paste -sd' ')"
  printf 'jdk       %s\n' "$("$java" -version 2>&1 | sed -n 2p)"
  printf 'nginx     %s, %s\n' "$("$nginx" -v 2>&1 | sed 's/.*: //')" "$(openssl version | cut -d' ' -f1-2)"
}

# Waits until a command succeeds.
await() {
  local what=$1 tries
  shift
  for tries in $(seq 300); do
    if "$@" >/dev/null 2>&1; then return 0; fi
    sleep 0.1
  done
  fail "$what did not start in 30 s" "look at the files in $work before this script removes them"
}

start_product() {
  if [ ! -d "$data" ]; then
    "$root/countersign" init --data "$data" --organization Benchmark >/dev/null 2>&1
    # Eight devices send here what thousands would: their quotas count, and are never met.
    printf '\nlimits:\n  quota:\n    requestsPerMinute: 60000000\n    burst: 1000000000\n    bytesPerDay: 70000000000000\n' \
      >>"$data/countersign.yaml"
  fi
  # The launcher becomes the JVM: its process id is the server's.
  "$root/countersign" serve --data "$data" --port-base "$PORT_BASE" >"$work/product.log" 2>&1 &
  product_pid=$!
  await "the product" grep -qx ready "$work/product.log"
}

# Devices as a maker would add them, with certificates as a device would fetch them: openssl makes
# key and request, curl enrols (RFC 7030 §4.2), and the answer is a PKCS #7 of one certificate.
enrol_devices() {
  local serial token
  mkdir "$work/identities"
  { echo serial; for i in $(seq "$DEVICES"); do echo "BENCH-$i"; done; } >"$work/devices.csv"
  "$root/countersign" device import --data "$data" --server "https://localhost:$((PORT_BASE + 4))" \
    --tokens-out "$work/tokens.csv" "$work/devices.csv" >/dev/null 2>&1
  tail -n +2 "$work/tokens.csv" | while IFS=, read -r serial token; do
    local file=$work/identities/$serial
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$file.key" 2>/dev/null
    openssl req -new -key "$file.key" -subj "/CN=$serial" -outform DER | openssl base64 |
      curl -sS --fail --cacert "$data/root.pem" -u "$serial:$token" --data-binary @- \
        -H 'Content-Type: application/pkcs10' \
        "https://localhost:$product_port/.well-known/est/simpleenroll" |
      openssl base64 -d | openssl pkcs7 -inform DER -print_certs -out "$file.pem"
  done
}

# nginx at its best for this work: one worker, no log, no limit of requests per connection; the
# very key and chain of the product, and the same check of the client's chain. TLS 1.3 with the
# cipher suite that the product's engine chooses. Without tickets and cache every handshake is full.
start_peer() {
  cat "$data/root.pem" "$data/ca/device-ca.pem" >"$work/trust.pem"
  cat >"$work/nginx.conf" <<CONF
worker_processes 1;
daemon off;
pid $work/nginx.pid;
error_log $work/nginx.log error;
events { worker_connections 4096; }
http {
  access_log off;
  keepalive_requests 1000000000;
  keepalive_timeout 3600s;
  client_body_temp_path $work/nginx-body;
  proxy_temp_path $work/nginx-proxy;
  fastcgi_temp_path $work/nginx-fastcgi;
  uwsgi_temp_path $work/nginx-uwsgi;
  scgi_temp_path $work/nginx-scgi;
  server {
    listen 127.0.0.1:$peer_port ssl backlog=4096;
    ssl_certificate $data/keys/server.pem;
    ssl_certificate_key $data/keys/server.pem;
    ssl_protocols TLSv1.3;
    ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256;
    ssl_client_certificate $work/trust.pem;
    ssl_verify_client on;
    ssl_verify_depth 2;
    ssl_session_cache off;
    $PEER_RESUMPTION
    location / { return 204; }
  }
}
CONF
  "$nginx" -c "$work/nginx.conf" >>"$work/nginx.log" 2>&1 &
  peer_pid=$!
  await nginx curl -sS --fail --cacert "$data/root.pem" --cert "$work/identities/BENCH-1.pem" \
    --key "$work/identities/BENCH-1.key" "https://localhost:$peer_port/"
}

start_both() {
  build_client
  start_product
  enrol_devices
  start_peer
}

# client JVM_OPTION… CLASS ARGUMENT…: runs one of the programs of this module.
client() {
  "$java" -Dslf4j.internal.verbosity=ERROR --enable-native-access=ALL-UNNAMED \
    --sun-misc-unsafe-memory-access=allow -cp "$client_classes" "$@"
}

# drive PORT PID WARMUP name=value…: one run of the client; prints its line.
drive() {
  local port=$1 pid=$2 warmup=$3
  shift 3
  client -XX:+UseSerialGC -Xmx256m dev.countersign.benchmarks.LoadClient "identities=$work/identities" \
    "port=$port" "pid=$pid" "warmup=$warmup" "$@"
}

median() { sort -n | awk '{v[NR] = $1} END {print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2}'; }

cpu_of() { sed -n 's/^cpu_us_per_op=\([0-9.]*\) .*/\1/p'; }

# in_turn NAME PRODUCT_STATUS PRODUCT_REQUEST PEER_REQUEST name=value…
# Drives product and peer PAIRS times, A B A B …, and prints each run, the ratio of each pair, and
# the medians. The product's first turn is preceded by WARMUP operations for the JIT compiler.
in_turn() {
  local name=$1 product_status=$2 product_request=$3 peer_request=$4 pair a b warmup=$WARMUP
  shift 4
  printf '\n## %s (%s)\n' "$name" "$*"
  : >"$work/a"
  : >"$work/b"
  : >"$work/ratios"
  for pair in $(seq "$PAIRS"); do
    a=$(drive "$product_port" "$product_pid" "$warmup" \
      "status=$product_status" "request=$product_request" "$@")
    printf 'product  %s\n' "$a"
    b=$(drive "$peer_port" "$peer_pid" "$WARMUP_AGAIN" status=204 "request=$peer_request" "$@")
    printf 'nginx    %s\n' "$b"
    warmup=$WARMUP_AGAIN
    cpu_of <<<"$a" >>"$work/a"
    cpu_of <<<"$b" >>"$work/b"
    paste <(tail -n 1 "$work/a") <(tail -n 1 "$work/b") | awk '{print $1 / $2}' >>"$work/ratios"
  done
  printf '→ %s: product %.1f µs, nginx %.1f µs, ratio %.2f (medians; ratios of the pairs: %s)\n' \
    "$name" "$(median <"$work/a")" "$(median <"$work/b")" "$(median <"$work/ratios")" \
    "$(paste -sd' ' "$work/ratios")"
}

# The bytes of a request; CRLF as HTTP wants it. A body is given its length.
request() {
  local file=$1 first=$2 body=$3
  shift 3
  {
    printf '%s HTTP/1.1\r\nHost: localhost\r\n' "$first"
    [ $# -eq 0 ] || printf '%s\r\n' "$@"
    [ -z "$body" ] || printf 'Content-Type: application/json\r\nContent-Length: %d\r\n' "${#body}"
    printf '\r\n%s' "$body"
  } >"$file"
}
