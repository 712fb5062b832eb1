#!/usr/bin/env bash
# Runs a command with a temporary PostgreSQL server, whose URL is in TEST_POSTGRES_URL.
#
#   scripts/with-postgres.sh cargo test
#
# The exit status is that of the command. The server listens on 127.0.0.1 only, requires a random password and never
# waits for the disk. It stops and its data is deleted when this script ends, even by `kill -9`.
# If TEST_POSTGRES_URL is already set, the script starts no server and runs the command with that URL.
set -euo pipefail

[ $# -gt 0 ] || { echo "usage: $0 COMMAND…" >&2; exit 2; }
[ -z "${TEST_POSTGRES_URL:-}" ] || exec "$@"

# Debian installs the server's programs outside of PATH, one directory per major version. Use the newest.
PG_BIN=$(dirname "$(command -v initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1)")
[ -x "$PG_BIN/pg_ctl" ] || { echo "PostgreSQL's server is missing: run scripts/bootstrap.sh test" >&2; exit 1; }

DIR=$(mktemp -d "${TMPDIR:-/tmp}/latchkey-postgres.XXXXXX")

# PostgreSQL refuses to run as root.
as_postgres() (
    cd "$DIR"
    if [ "$(id -u)" = 0 ]; then exec runuser -u postgres -- "$@"; else exec "$@"; fi
)

# Reads from a pipe that has no writer. The read ends when the other end is closed, which happens however this script
# ends; then it stops the server.
janitor() {
    trap '' HUP INT TERM
    cat >/dev/null
    [ ! -f "$DIR/data/postmaster.pid" ] || as_postgres "$PG_BIN/pg_ctl" stop --pgdata "$DIR/data" --mode immediate >/dev/null
    rm -rf "$DIR"
}
mkfifo "$DIR/alive"
janitor <"$DIR/alive" &
JANITOR=$!
exec 9>"$DIR/alive"
trap 'exec 9>&-; wait "$JANITOR"' EXIT

PASSWORD=$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')
printf '%s' "$PASSWORD" >"$DIR/password"
[ "$(id -u)" != 0 ] || chown -R postgres "$DIR"

# No locale: text sorts by bytes, as in SQLite.
as_postgres "$PG_BIN/initdb" --pgdata "$DIR/data" --username latchkey --pwfile "$DIR/password" --auth scram-sha-256 \
    --encoding UTF8 --no-locale --no-sync >"$DIR/initdb.log" 2>&1 9>&- || { cat "$DIR/initdb.log" >&2; exit 1; }

start() {
    as_postgres "$PG_BIN/pg_ctl" start --wait --silent --pgdata "$DIR/data" --log "$DIR/data/server.log" \
        --options "-p $1 -k $DIR -c listen_addresses=127.0.0.1 -c max_connections=200 -c fsync=off -c synchronous_commit=off -c full_page_writes=off" 9>&-
}
# A port below the range that systems assign to clients. Another program may use it, so try several.
for _ in 1 2 3 4 5; do
    PORT=$((20000 + RANDOM % 12000))
    if start "$PORT" 2>/dev/null; then STARTED=yes; break; fi
done
[ -n "${STARTED:-}" ] || { cat "$DIR/data/server.log" >&2; exit 1; }

export TEST_POSTGRES_URL="postgres://latchkey:$PASSWORD@127.0.0.1:$PORT/postgres"

# Run the command in its own process group, so that an interrupt reaches its children at once.
set -m
"$@" 9>&- &
COMMAND=$!
set +m
trap 'kill -TERM -- "-$COMMAND" 2>/dev/null || true' HUP INT TERM
STATUS=0
wait "$COMMAND" || STATUS=$?
exit "$STATUS"
