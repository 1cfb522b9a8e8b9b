#!/bin/sh
# Makes the secrets that docker-compose.yml mounts, once: random passwords, MongoDB's keyfile, the administrator's token
# and the token that the agent joins with. What exists is kept, so that it can run again after an update.
set -eu
umask 077
cd "$(dirname "$0")/.."

secrets=docker/secrets
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
printf 'mongodb://rollcall:%s@mongodb-1:27017,mongodb-2:27017,mongodb-3:27017/rollcall?replicaSet=rollcall&authSource=rollcall' \
  "$(cat "$secrets/mongodb-password")" | keep mongodb-uri
hex 32 | keep postgres-password
printf 'rca_%s_%s' "$(hex 8)" "$(base64url 32)" | keep admin-token
printf 'rcj_%s_%s' "$(hex 8)" "$(base64url 32)" | keep join-token

# Compose reads .env: without this line docker-compose.yml says that this script has to run first.
if ! grep -qs '^ROLLCALL_SECRETS=' .env; then
  echo "ROLLCALL_SECRETS=./$secrets" >> .env
fi
echo "Next: docker compose up --detach --build"
