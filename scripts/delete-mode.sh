#!/usr/bin/env bash
# Deletes one mode from this checkout.
#
#   scripts/delete-mode.sh jwt
#
# No other code names the mode, so the build and the tests stay green. scripts/try-forks.sh tries it for each mode.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

MODES=server/auth/src/modes
MODE=${1:-}
if ! grep -qsE "^(pub[^ ]* )?mod $MODE;" "$MODES/mod.rs"; then
    echo "usage: $0 MODE; the modes here: $(sed -nE 's/^(pub[^ ]* )?mod ([a-z_]+);.*/\2/p' "$MODES/mod.rs" | paste -sd ' ' -)" >&2
    exit 2
fi

# shellcheck source=scripts/marked.sh
. scripts/marked.sh

# The mode (a file or a directory), its `mod` line, its place in the list, and its migration, if it has tables.
rm -rf "$MODES/$MODE.rs" "${MODES:?}/$MODE"
MODE=$MODE perl -0pi -e '
    s/^(?:pub\S* )?mod $ENV{MODE};\n//m;
    s/\s*Arc::new\($ENV{MODE}::\w+::new\(base\)\?\),?//;
' "$MODES/mod.rs"
rm -f migrations/*_"$MODE".sql

# What is marked as its own: files, dependencies, modules, rows of documents.
delete_marked "mode: $MODE"
leave_marks "$MODE"
cargo fmt --all # a list with fewer members may fit on one line

echo "deleted mode $MODE. Drop its tables from an existing database: ended sign-ins with rows there cannot be deleted."
