#!/usr/bin/env bash
# Measures the server of another commit and that of this tree in turn, and prints the ratios.
#
#   scripts/bench-compare.sh REF [PATH]      PATH: a built server instead of this tree's
#
# Only the servers are built, each with the release profile of its own commit: what the browser loads is not measured.
# A server that was built for a commit is kept in target/compare, so that the next comparison with it starts at once.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

COMMIT=$(git rev-parse --verify --quiet --short "${1:-}^{commit}") || {
    echo "usage: make bench-compare REF=main (a commit, a branch or a tag)" >&2
    exit 2
}
TARGET=${CARGO_TARGET_DIR:-$PWD/target}
OLD=$TARGET/compare/server-$COMMIT
NEW=${2:-$TARGET/compare/release/server}

# build DIRECTORY: into a folder that all commits share, so that their dependencies are compiled once.
build() { (cd "$1" && CARGO_TARGET_DIR=$TARGET/compare cargo build --release --package server); }

if [ ! -x "$OLD" ]; then
    WORKTREE=$(mktemp -d "${TMPDIR:-/tmp}/latchkey-compare.XXXXXX")
    trap 'git worktree remove --force "$WORKTREE"' EXIT
    git worktree add --quiet --detach "$WORKTREE" "$COMMIT"
    build "$WORKTREE"
    cp "$TARGET/compare/release/server" "$OLD"
fi
[ -n "${2:-}" ] || build .
cargo build --release --package load
echo
echo "old: $COMMIT; new: this tree; 32 connections, SQLite"
"$TARGET/release/load" compare "$OLD" "$NEW"
