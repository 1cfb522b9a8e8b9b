#!/bin/sh
# Makes the secrets that docker-compose.yml mounts, once: random passwords, MongoDB's keyfile, the administrator's token,
# the token that the agent joins with, and a certificate for the proxy. What exists is kept, so that it can run again after an update.
#
#   SECRETS      the folder; docker/secrets where it is not set
#   MEMBERS      of the replica set, by host and port
#   PROXY_NAMES  further names and addresses of the proxy, as openssl writes them: DNS:rollcall.example.com,IP:10.0.0.5
set -eu
umask 077
cd "$(dirname "$0")/.."

secrets=${SECRETS:-docker/secrets}
members=${MEMBERS:-mongodb-1:27017,mongodb-2:27017,mongodb-3:27017}
mkdir -p "$secrets"
# The folder keeps other users of this machine out. The files in it are readable for all, because each container reads
# its own as a user of its own.
chmod 700 "$secrets"

hex() { od -An -v -tx1 -N"$1" /dev/urandom | tr -d ' \n'; }
base64url() { head -c "$1" /dev/urandom | base64 | tr -d '=\n' | tr '+/' '-_'; }

keep() {
  if [ -s "$secrets/$1" ]; then
    echo "kept  $secrets/$1"
  else
    # Written aside first: a secret that was cut short must not be taken for one.
    cat > "$secrets/$1.new"
    chmod 444 "$secrets/$1.new"
    mv "$secrets/$1.new" "$secrets/$1"
    echo "made  $secrets/$1"
  fi
}

head -c 756 /dev/urandom | base64 | tr -d '\n' | keep mongodb-keyfile
hex 32 | keep mongodb-root-password
hex 32 | keep mongodb-password
printf 'mongodb://rollcall:%s@%s/rollcall?replicaSet=rollcall&authSource=rollcall' \
  "$(cat "$secrets/mongodb-password")" "$members" | keep mongodb-uri
hex 32 | keep postgres-password
printf 'rca_%s_%s' "$(hex 8)" "$(base64url 32)" | keep admin-token
printf 'rcj_%s_%s' "$(hex 8)" "$(base64url 32)" | keep join-token

# An authority of its own, whose key is gone once it has signed: nobody can make another certificate that agents trust.
if [ -s "$secrets/ca.crt" ] && [ -s "$secrets/proxy-certificate" ]; then
  echo "kept  $secrets/ca.crt"
  echo "kept  $secrets/proxy-certificate"
else
  command -v openssl > /dev/null || { echo "The proxy's certificate is made by openssl, which is not installed." >&2; exit 1; }
  rm -f "$secrets/ca.crt" "$secrets/proxy-certificate"
  draft=$(mktemp -d)
  trap 'rm -rf "$draft"' EXIT
  names="DNS:localhost,DNS:proxy,IP:127.0.0.1${PROXY_NAMES:+,$PROXY_NAMES}"
  key() { openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "$@" 2> "$draft/said" || { cat "$draft/said" >&2; exit 1; }; }
  key -x509 -days 3650 -subj '/CN=Rollcall cluster' -keyout "$draft/ca.key" -out "$draft/ca.crt"
  key -subj /CN=proxy -addext "subjectAltName=$names" -keyout "$draft/proxy.key" -out "$draft/proxy.csr"
  echo "subjectAltName=$names" > "$draft/extensions"
  openssl x509 -req -days 3650 -in "$draft/proxy.csr" -CA "$draft/ca.crt" -CAkey "$draft/ca.key" -CAcreateserial \
    -extfile "$draft/extensions" -out "$draft/proxy.crt" 2> "$draft/said" || { cat "$draft/said" >&2; exit 1; }
  cat "$draft/proxy.crt" "$draft/proxy.key" | keep proxy-certificate
  keep ca.crt < "$draft/ca.crt"
fi

# Compose reads .env: without this line docker-compose.yml says that this script has to run first.
if [ -z "${SECRETS:-}" ]; then
  grep -qs '^ROLLCALL_SECRETS=' .env || echo "ROLLCALL_SECRETS=./$secrets" >> .env
  echo "Next: docker compose up --detach --build"
fi
