#!/bin/sh
# Makes this machine a compute node of the Rollcall cluster at @ORCHESTRATOR@: fetches the agent's package from there, looks whether it is
# the one that was named, installs it, and starts the agent. Running it again changes only what is not yet so.
#
#   curl -fsSL @ORCHESTRATOR@/install.sh | sh -s -- --token TOKEN --name NAME --sha256 SUM
#
# All that it writes: the package's files (usr/lib/rollcall-agent, usr/bin/rollcall-agent, a unit of systemd), etc/rollcall/agent*, and what
# the agent keeps in var/lib/rollcall-agent. The token is in a file for root alone until the node has joined.
set -eu

orchestrator='@ORCHESTRATOR@'
# Another folder than / to install into, without systemd and without root: for images and for tries.
root=${ROLLCALL_ROOT:-}
token='' name='' sha256='' ca_file='' package='' start=yes scratch='' changed=no log='' agent_pid=''

usage() {
  cat <<USAGE
Usage: install.sh --token TOKEN [--name NAME] [--sha256 SUM] [--ca-file FILE] [--package FILE] [--no-start]

  --token TOKEN        bootstrap or join token (rollcall node register, rollcall join-token create)
  --token-file FILE    the file that holds it; - is standard input
  --name NAME          name of the node (default: this host's name)
  --sha256 SUM         checksum of SHA256SUMS, the list of the api's packages; others are refused
  --ca-file FILE       the only authorities whose certificates are accepted of the api
  --package FILE       the agent's package, where it is here already; nothing is fetched
  --no-start           install only
USAGE
}

say() { printf '%s\n' "rollcall: $*" >&2; }
fail() { say "$*"; exit 1; }
has() { command -v "$1" > /dev/null 2>&1; }
as_root() { if [ -n "$root" ] || [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

read_arguments() {
  while [ $# -gt 0 ]; do
    case $1 in
      --no-start) start=no; shift; continue ;;
      -h | --help) usage; exit 0 ;;
      --token | --token-file | --name | --sha256 | --ca-file | --package)
        [ $# -ge 2 ] || fail "$1 wants a value"
        case $1 in
          --token) token=$2 ;;
          --token-file) token=$(cat -- "$2") || fail "the token file $2 cannot be read" ;;
          --name) name=$2 ;;
          --sha256) sha256=$2 ;;
          --ca-file) ca_file=$2 ;;
          --package) package=$2 ;;
        esac
        shift 2 ;;
      *) usage >&2; fail "there is no option $1" ;;
    esac
  done
  # They stand in files that others read: nothing but what they are made of.
  case $token in *[!A-Za-z0-9_.-]*) fail 'the token is none: it has other characters than letters, digits, dots, hyphens and underscores' ;; esac
  case $name in *[!a-z0-9.-]*) fail 'the name is none of a node: lower-case letters, digits, dots and hyphens' ;; esac
  for file in "$ca_file" "$package"; do [ -z "$file" ] || [ -r "$file" ] || fail "the file $file cannot be read"; done
}

look_at_machine() {
  [ "$(uname -s)" = Linux ] || fail "this is $(uname -s), and the agent's packages are for Linux"
  case $(uname -m) in
    x86_64) architecture=amd64 ;;
    aarch64 | arm64) architecture=arm64 ;;
    *) fail "there is no package for $(uname -m), only for x86_64 and aarch64" ;;
  esac
  for program in tar sha256sum; do has "$program" || fail "$program is missing here: install it first"; done
  [ -n "$package" ] || has curl || has wget || fail 'neither curl nor wget is here: install one of them first'
  [ -n "$root" ] || [ "$(id -u)" = 0 ] || has sudo || fail 'run this as root: … | su -c "sh -s -- --token …"'
  systemd=no
  if [ -z "$root" ] && [ -d /run/systemd/system ]; then systemd=yes; fi
  kind=tar.gz
  if [ -z "$root" ] && has dpkg; then kind=deb; fi
}

fetch() { # what is at an address of the api, into a file
  if has curl; then
    curl -fsSL --retry 4 --connect-timeout 10 --max-time 900 ${ca_file:+--cacert "$ca_file"} -o "$2" "$orchestrator/$1"
  else
    wget -q --tries=5 --retry-on-http-error=429,503 --timeout=30 ${ca_file:+--ca-certificate="$ca_file"} -O "$2" "$orchestrator/$1"
  fi
}

checksum() { sha256sum "$1" | cut -d ' ' -f 1; }

fetch_package() { # the package for this machine, into $package; its checksum into $sum
  if [ -n "$package" ]; then
    case $package in *.deb) kind=deb ;; *) kind=tar.gz ;; esac
    sum=$(checksum "$package")
    return
  fi
  fetch packages/SHA256SUMS "$scratch/SHA256SUMS" || fail "$orchestrator has no package of the agent to give.
  Where the source is: npm run package, and Orchestrator.API.PackagesDir of the api names the folder; or copy a package here and add --package FILE."
  if [ -z "$sha256" ]; then
    say "no --sha256 was given: $orchestrator is believed what its packages are"
  elif [ "$(checksum "$scratch/SHA256SUMS")" != "$sha256" ]; then
    fail "the packages at $orchestrator are not those of the command: it was made before an upgrade, or somebody is between. Make a new one: rollcall node token regenerate NAME"
  fi
  file=$(sed -n "s/^[0-9a-f]\{64\}  \(rollcall-agent_[A-Za-z0-9.+~-]*_$architecture\.$kind\)\$/\1/p" "$scratch/SHA256SUMS" | sort -V | tail -n 1)
  [ -n "$file" ] || fail "$orchestrator has no agent for $architecture ($kind); there is: $(sed 's/^[^ ]*  //' "$scratch/SHA256SUMS" | tr '\n' ' ')"
  sum=$(sed -n "s/^\([0-9a-f]\{64\}\)  $file\$/\1/p" "$scratch/SHA256SUMS")
  if is_installed; then return; fi
  say "fetching $file"
  package=$scratch/$file
  fetch "packages/$file" "$package" || fail "$file cannot be fetched from $orchestrator; run this again"
  [ "$(checksum "$package")" = "$sum" ] || fail "$file is not what SHA256SUMS says: it was damaged or changed on its way. Run this again"
}

is_installed() {
  [ -x "$root/usr/bin/rollcall-agent" ] && [ "$(cat "$root/etc/rollcall/agent-package" 2> /dev/null)" = "$sum" ]
}

install_package() {
  if is_installed; then return; fi
  changed=yes
  if [ "$kind" = deb ]; then
    as_root dpkg -i "$package" > "$scratch/dpkg.log" 2>&1 || {
      # What it depends on is not there.
      has apt-get && as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --fix-broken > "$scratch/dpkg.log" 2>&1
    } || { cat "$scratch/dpkg.log" >&2; fail 'the package could not be installed; dpkg says why above'; }
  else
    mkdir "$scratch/tree"
    tar -xzf "$package" -C "$scratch/tree"
    as_root rm -rf "$root/usr/lib/rollcall-agent"
    (cd "$scratch/tree" && tar -cf - .) | as_root tar -xf - -C "$root/" --no-same-owner --no-overwrite-dir
  fi
  printf '%s\n' "$sum" | write_file agent-package 644
}

write_file() { # standard input, as a file of etc/rollcall
  as_root sh -c 'umask 077; cat > "$1.new" && chmod "$2" "$1.new" && mv "$1.new" "$1"' sh "$root/etc/rollcall/$1" "$2"
}

configuration() {
  echo "# Written by $orchestrator/install.sh, and kept as long as this line is changed or gone."
  echo 'Compute:'
  [ -z "$name" ] || echo "  Name: $name"
  echo "  Orchestrators: ['$orchestrator']"
  echo "  StateDir: $root/var/lib/rollcall-agent"
  [ -z "$ca_file" ] || echo "  TLS: {CAFile: $root/etc/rollcall/agent-ca.pem}"
}

configure() {
  [ -z "$ca_file" ] || write_file agent-ca.pem 644 < "$ca_file"
  yaml=$root/etc/rollcall/agent.yaml
  if [ -e "$yaml" ] && ! grep -q "^# Written by .*/install\.sh, and kept" "$yaml"; then
    say "$yaml was written by somebody else and stays as it is"
  elif [ "$(cat "$yaml" 2> /dev/null)" != "$(configuration)" ]; then
    changed=yes
    configuration | write_file agent.yaml 644
  fi
  if [ -n "$token" ] && ! is_heard; then
    changed=yes
    printf 'COMPUTE__AUTH__TOKEN=%s\n' "$token" | write_file agent.env 600
  fi
}

status() { as_root "$root/usr/bin/rollcall-agent" --status --config "$root/etc/rollcall/agent.yaml" 2> /dev/null; }
is_heard() { status | grep -q '"heartbeatTaken":true'; }
summary() { status | sed -n 's/.*"summary":"\([^"]*\)".*/\1/p'; }

start_agent() {
  if [ "$systemd" = yes ]; then
    as_root systemctl daemon-reload
    as_root systemctl enable --quiet rollcall-agent
    if [ "$changed" = yes ]; then as_root systemctl restart rollcall-agent; else as_root systemctl start rollcall-agent; fi
    return
  fi
  if status > /dev/null; then
    [ "$changed" = no ] || fail 'an agent runs here already that no systemd has started: end it, and run this again'
    return
  fi
  [ -n "$root" ] || [ "$(id -u)" = 0 ] || fail 'there is no systemd here that could start the agent: run this as root'
  log=$root/var/log/rollcall-agent.log
  mkdir -p "$root/var/log"
  say "there is no systemd here: the agent runs until it is ended or the machine is; its log is $log"
  (
    if [ -r "$root/etc/rollcall/agent.env" ]; then set -a; . "$root/etc/rollcall/agent.env"; set +a; fi
    exec setsid "$root/usr/bin/rollcall-agent" --config "$root/etc/rollcall/agent.yaml" > "$log" 2>&1 < /dev/null
  ) &
  agent_pid=$!
}

has_ended() {
  if [ "$systemd" = yes ]; then systemctl is-failed --quiet rollcall-agent; else [ -n "$agent_pid" ] && ! kill -0 "$agent_pid" 2> /dev/null; fi
}

show_log() {
  if [ "$systemd" = yes ]; then as_root journalctl --unit rollcall-agent --lines 5 --output cat >&2; else tail -n 5 "$log" >&2; fi || true
}

wait_until_heard() {
  tries=0
  until is_heard; do
    tries=$((tries + 1))
    if has_ended; then show_log; fail 'the agent has ended; it says why above'; fi
    if [ "$tries" -gt 60 ]; then show_log; fail "the agent runs, and the cluster has not taken it in within a minute: $(summary)"; fi
    sleep 1
  done
  # It has done what it is for. The node has a key of its own now.
  as_root rm -f "$root/etc/rollcall/agent.env"
  say "this machine is a node: $(summary)"
}

main() {
  read_arguments "$@"
  look_at_machine
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  trap 'exit 130' INT TERM HUP
  fetch_package
  # The agent's own user reads its configuration, whatever root's umask is.
  as_root sh -c 'umask 022; mkdir -p "$@"' sh "$root/etc/rollcall" "$root/var/lib"
  install_package
  configure
  if [ "$start" = no ]; then say 'installed; to start it: systemctl enable --now rollcall-agent'; exit 0; fi
  if [ -z "$token" ] && ! as_root test -e "$root/var/lib/rollcall-agent/identity.json" && [ ! -e "$root/etc/rollcall/agent.env" ]; then
    fail 'installed, and not started: a token is needed to join (--token). Get one: rollcall node register NAME'
  fi
  start_agent
  wait_until_heard
}

# All of it is here before any of it runs.
main "$@"
