#!/usr/bin/env bash
# part: comparison
# Prints the files of this repository that one login executes, with their lines: how much there is to read to follow it.
#
#   scripts/measure-login.sh MODE        for example: opaque
#
# It counts executions (source-based coverage) in two runs of the same server: one that only starts and stops, and one that also answers
# `POST /api/MODE/login`. A file belongs to the login if a part of it was executed more often in the second run.
#
# It needs llvm-profdata and llvm-cov of the LLVM version that rustc has: `rustup component add llvm-tools`, or the system's. The first build
# takes some minutes: the instrumented server is kept apart from the others, in target/measure.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

[ $# = 1 ] || { echo "usage: $0 MODE" >&2; exit 2; }
MODE=$1
TARGET=${CARGO_TARGET_DIR:-$PWD/target}/measure

LLVM=$(rustc -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
find_tool() {
    local tool
    for tool in "$(rustc --print target-libdir)/../bin/$1" "/usr/lib/llvm-$LLVM/bin/$1"; do
        [ -x "$tool" ] && echo "$tool" && return
    done
    echo "$1 of LLVM $LLVM is missing: rustup component add llvm-tools" >&2
    return 1
}
PROFDATA=$(find_tool llvm-profdata)
COV=$(find_tool llvm-cov)

DIR=$(mktemp -d "${TMPDIR:-/tmp}/latchkey-measure.XXXXXX")
trap 'rm -rf "$DIR"' EXIT

# Only the crates of the workspace are instrumented.
mkdir -p "$TARGET"
printf '#!/bin/sh\nexec "$@" -Cinstrument-coverage\n' >"$TARGET/rustc"
chmod +x "$TARGET/rustc"
LLVM_PROFILE_FILE=$DIR/build.profraw RUSTC_WORKSPACE_WRAPPER=$TARGET/rustc \
    cargo build --quiet --package server --bin server --target-dir "$TARGET"

# run NAME [login]: writes the counts of one run to NAME.json.
run() {
    local log=$DIR/$1.log origin
    mkdir "$DIR/$1"
    env -u DATABASE_URL LISTEN_ADDR=127.0.0.1:0 DATA_DIR="$DIR/$1" APP_ENV=development DEMO_USERS=true \
        LLVM_PROFILE_FILE="$DIR/$1.profraw" "$TARGET/debug/server" >"$log" 2>&1 &
    for _ in $(seq 100); do
        origin=$(sed -n 's/^Latchkey listens on //p' "$log")
        [ -n "$origin" ] && break
        sleep 0.1
    done
    [ -n "$origin" ] || { cat "$log" >&2; exit 1; }
    if [ "${2:-}" = login ]; then
        curl -sSf -o /dev/null "$origin/api/$MODE/login" -d username=alice -d "password=gravel otter lampshade"
    fi
    kill -TERM $!
    wait $!
    "$PROFDATA" merge -sparse "$DIR/$1.profraw" -o "$DIR/$1.profdata"
    "$COV" export "$TARGET/debug/server" -instr-profile "$DIR/$1.profdata" --skip-expansions >"$DIR/$1.json"
}
run without
run with login
node scripts/measure-login.mjs "$DIR/without.json" "$DIR/with.json"
