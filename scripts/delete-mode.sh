#!/usr/bin/env bash
# Deletes one mode from this checkout: the README's recipe, step by step.
#
#   scripts/delete-mode.sh jwt
#
# Nothing else names a mode, so build and tests stay green; scripts/try-mode-deletions.sh proves it for each.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

MODES=server/auth/src/modes
MODE=${1:-}
if ! grep -qsE "^(pub[^ ]* )?mod $MODE;" "$MODES/mod.rs"; then
    echo "usage: $0 MODE; the modes here: $(sed -nE 's/^(pub[^ ]* )?mod ([a-z_]+);.*/\2/p' "$MODES/mod.rs" | paste -sd ' ' -)" >&2
    exit 2
fi

# delete_lines PATTERN FILE (not `sed -i`: its spelling differs between GNU and BSD)
delete_lines() {
    local rest
    rest=$(grep -vE "$1" "$2") && printf '%s\n' "$rest" >"$2"
}

# 1. The mode itself: one file, or a directory where it outgrew one.
rm -rf "$MODES/$MODE.rs" "${MODES:?}/$MODE"

# 2. Its `mod` line and its line in the list.
delete_lines "^(pub[^ ]* )?mod $MODE;|\b$MODE::" "$MODES/mod.rs"

# 3. Its tables, if it remembers anything on the server.
rm -f migrations/*_"$MODE".sql

# 4. Whatever is marked as its own: dependencies, files that serve it alone, and the lines that lead to them.
while IFS= read -r file; do
    rm "$file"
done < <(grep -rlE --include='*.rs' --include='*.ts' --include='*.py' --include='*.txt' --include='*.md' --include='*.sh' \
    "^(//!|//|#|<!--) mode: $MODE( -->)?\$" app/src server end2end/tests)
while IFS= read -r file; do
    delete_lines "(//|#) mode: $MODE\$" "$file"
done < <(grep -rlE --include='*.rs' --include='Cargo.toml' "(//|#) mode: $MODE\$" app server)

echo "deleted mode $MODE. A database that was migrated before keeps its tables: drop them when you like."
