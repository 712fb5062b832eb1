#!/usr/bin/env bash
# Runs a command beside a throw-away PostgreSQL, whose address it finds in TEST_POSTGRES_URL.
#
#   scripts/with-postgres.sh cargo test
#
# The exit status is the command's. The server listens on 127.0.0.1 only, asks for a random password and never
# waits for the disk; whatever ends this script, `kill -9` too, ends the server and deletes its data.
# If TEST_POSTGRES_URL is set already, that server is used and left alone.
set -euo pipefail

[ $# -gt 0 ] || { echo "usage: $0 COMMAND…" >&2; exit 2; }
[ -z "${TEST_POSTGRES_URL:-}" ] || exec "$@"

# Debian keeps the server's programs out of PATH, one directory per major version: the newest wins.
PG_BIN=$(dirname "$(command -v initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1)")
[ -x "$PG_BIN/pg_ctl" ] || { echo "PostgreSQL's server is missing; scripts/bootstrap.sh test installs it" >&2; exit 1; }

DIR=$(mktemp -d "${TMPDIR:-/tmp}/latchkey-postgres.XXXXXX")

# PostgreSQL refuses to run as root.
as_postgres() (
    cd "$DIR"
    if [ "$(id -u)" = 0 ]; then exec runuser -u postgres -- "$@"; else exec "$@"; fi
)

# Reads from a pipe that nobody writes to; it ends when the last holder of its other end is gone: us, however we ended.
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

# No locale: text sorts by bytes, as it does in SQLite.
as_postgres "$PG_BIN/initdb" --pgdata "$DIR/data" --username latchkey --pwfile "$DIR/password" --auth scram-sha-256 \
    --encoding UTF8 --no-locale --no-sync >"$DIR/initdb.log" 2>&1 9>&- || { cat "$DIR/initdb.log" >&2; exit 1; }

start() {
    as_postgres "$PG_BIN/pg_ctl" start --wait --silent --pgdata "$DIR/data" --log "$DIR/data/server.log" \
        --options "-p $1 -k $DIR -c listen_addresses=127.0.0.1 -c max_connections=200 -c fsync=off -c synchronous_commit=off -c full_page_writes=off" 9>&-
}
# Below the range from which systems hand out ports to clients; another program may still sit on one, so several tries.
for _ in 1 2 3 4 5; do
    PORT=$((20000 + RANDOM % 12000))
    if start "$PORT" 2>/dev/null; then STARTED=yes; break; fi
done
[ -n "${STARTED:-}" ] || { cat "$DIR/data/server.log" >&2; exit 1; }

export TEST_POSTGRES_URL="postgres://latchkey:$PASSWORD@127.0.0.1:$PORT/postgres"

# In a process group of its own, so that an interrupt reaches the command's children as well, and at once.
set -m
"$@" 9>&- &
COMMAND=$!
set +m
trap 'kill -TERM -- "-$COMMAND" 2>/dev/null || true' HUP INT TERM
STATUS=0
wait "$COMMAND" || STATUS=$?
exit "$STATUS"
