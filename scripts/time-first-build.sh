#!/usr/bin/env bash
# Measures what a new user waits for: clones the committed tree into an empty directory, runs the stages of `make run` and
# `make test` there, and prints the seconds of each.
#
#   scripts/time-first-build.sh             with the tools and the crates that this machine has already
#   TOOLS=none scripts/time-first-build.sh  installs cargo-leptos, wasm-bindgen, Tailwind and wasm-opt again
#   STAGES="run" scripts/time-first-build.sh  only the stages of that command (default: "run test")
#
# It installs no system package again and downloads no crate again. Run nothing else on the machine at the same time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

PLACE=$(mktemp -d)
trap 'rm -rf "$PLACE"' EXIT
git clone --quiet --no-hardlinks . "$PLACE/latchkey"
[ "${TOOLS:-}" != none ] || export LATCHKEY_TOOLS=$PLACE/tools
unset CARGO_TARGET_DIR
cd "$PLACE/latchkey"
export PATH=$PWD/.tools/bin:$PATH

FAILED=0
TOTAL=0
row() { printf '%-40s %6s s\n' "$1" "$2"; }

# stage NAME COMMAND…
stage() {
    local name=$1 started=$SECONDS
    shift
    printf '%s …\n' "$name" >&2
    if "$@" >"$PLACE/stage.log" 2>&1; then
        row "$name" $((SECONDS - started))
    else
        tail -n 20 "$PLACE/stage.log"
        row "$name: FAILED" $((SECONDS - started))
        FAILED=1
    fi
    TOTAL=$((TOTAL + SECONDS - started))
}

total() {
    row "$1, in all" "$TOTAL"
    TOTAL=0
}

# The server is ready when it can reach its database. It answers within seconds, or not at all.
first_page() {
    local port=3999 server status=0
    LISTEN_ADDR=127.0.0.1:$port APP_ENV=development DEMO_USERS=true target/debug/server &
    server=$!
    curl --silent --fail --retry 60 --retry-delay 1 --retry-connrefused "http://127.0.0.1:$port/" || status=1
    kill "$server"
    wait "$server" || true
    return "$status"
}

for command in ${STAGES:-run test}; do
    case $command in
        run)
            stage "make run: tools" make tools-run
            stage "make run: site (wasm, styles)" make target/site/.built
            stage "make run: server" cargo build --package server
            stage "make run: the first page" first_page
            ;;
        test)
            stage "make test: tools" make tools-test
            stage "make test: lint" make lint
            stage "make test: Rust tests" make unit
            stage "make test: site (wasm, styles)" make target/site/.built
            stage "make test: browser tests" make e2e
            ;;
    esac
    total "make $command"
done
exit "$FAILED"
