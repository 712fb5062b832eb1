#!/usr/bin/env bash
# Deletes one mode from this checkout.
#
#   scripts/delete-mode.sh jwt
#
# No other code names the mode, so the build and the tests stay green. scripts/try-mode-deletions.sh checks this for
# each mode.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

MODES=server/auth/src/modes
MODE=${1:-}
if ! grep -qsE "^(pub[^ ]* )?mod $MODE;" "$MODES/mod.rs"; then
    echo "usage: $0 MODE; the modes here: $(sed -nE 's/^(pub[^ ]* )?mod ([a-z_]+);.*/\2/p' "$MODES/mod.rs" | paste -sd ' ' -)" >&2
    exit 2
fi

# delete_lines PATTERN FILE. Not `sed -i`: its arguments differ between GNU and BSD.
delete_lines() {
    local rest
    rest=$(grep -vE "$1" "$2") && printf '%s\n' "$rest" >"$2"
}

# 1. The mode: a file or a directory.
rm -rf "$MODES/$MODE.rs" "${MODES:?}/$MODE"

# 2. Its `mod` line and its line in the list.
delete_lines "^(pub[^ ]* )?mod $MODE;|\b$MODE::" "$MODES/mod.rs"

# 3. Its migration, if it has tables.
rm -f migrations/*_"$MODE".sql

# 4. Marked files, and marked lines in other files: modules and dependencies.
while IFS= read -r file; do
    rm "$file"
done < <(grep -rlE --include='*.rs' --include='*.ts' --include='*.py' --include='*.txt' --include='*.md' --include='*.sh' \
    "^(//!|//|#|<!--) mode: $MODE( -->)?\$" app/src server end2end/tests)
while IFS= read -r file; do
    delete_lines "(//|#) mode: $MODE\$" "$file"
done < <(grep -rlE --include='*.rs' --include='Cargo.toml' "(//|#) mode: $MODE\$" app server)

echo "deleted mode $MODE. Drop its tables from an existing database: ended sign-ins with rows there cannot be deleted."
