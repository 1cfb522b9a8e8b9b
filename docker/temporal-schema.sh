#!/bin/sh
# Makes Temporal's two databases in PostgreSQL and brings their schemas up to date. Safe to run again.
set -eu

SQL_PASSWORD=$(cat "${SECRETS:-/run/secrets}/postgres-password")
export SQL_PASSWORD SQL_PLUGIN=postgres12 SQL_HOST="${SQL_HOST:-postgres}" SQL_PORT=5432 SQL_USER=temporal

for database in temporal:temporal temporal_visibility:visibility; do
  export SQL_DATABASE="${database%%:*}"
  temporal-sql-tool create-database
  temporal-sql-tool setup-schema --version 0.0
  # The tool has the schemas of its version in it.
  temporal-sql-tool update-schema --schema-name "postgresql/v12/${database##*:}"
done
