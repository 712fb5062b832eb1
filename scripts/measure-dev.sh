#!/usr/bin/env bash
# Prints the seconds from a saved change of a page until the browser shows it, with `make dev`: three changes, one after another.
#
#   scripts/measure-dev.sh
#
# It changes a text in app/src/pages/not_found.rs, and restores the file. The first build is not measured.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

PAGE=app/src/pages/not_found.rs
PORT=${PORT:-4900}
git diff --quiet -- "$PAGE" || { echo "$PAGE has changes that are not committed." >&2; exit 1; }

DIR=$(mktemp -d "${TMPDIR:-/tmp}/latchkey-dev.XXXXXX")
set -m # a process group of its own for `make dev`, which starts other programs
DATA_DIR=$DIR/data make dev PORT="$PORT" >"$DIR/dev.log" 2>&1 &
DEV=$!
trap 'kill -- -$DEV; git checkout --quiet -- "$PAGE"; rm -rf "$DIR"' EXIT

echo "building …" >&2
until curl --silent --fail --output /dev/null "http://localhost:$PORT/healthz"; do
    kill -0 "$DEV" 2>/dev/null || { tail -n 20 "$DIR/dev.log" >&2; exit 1; }
    sleep 1
done
node scripts/measure-dev.mjs "http://localhost:$PORT/nowhere" "$PAGE"
