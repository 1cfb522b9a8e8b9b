#!/bin/sh
# Makes the namespace and the search attributes by which nodes are found in the Temporal Web UI. Safe to run again.
set -eu

namespace=default
known=$(mktemp)

until temporal operator cluster health > /dev/null 2>&1; do
  echo "waiting for Temporal at $TEMPORAL_ADDRESS"
  sleep 2
done

temporal operator namespace describe --namespace "$namespace" > /dev/null 2>&1 ||
  temporal operator namespace create --namespace "$namespace" --retention 30d

# A new namespace takes some seconds to be known to every part of Temporal.
until temporal operator search-attribute list --namespace "$namespace" > "$known" 2> /dev/null; do
  echo "waiting for namespace $namespace"
  sleep 2
done

for attribute in NodePhase NodeLiveness NodeApproval NodeType DrainState; do
  grep -qw "$attribute" "$known" ||
    temporal operator search-attribute create --namespace "$namespace" --name "$attribute" --type Keyword
done
rm "$known"
