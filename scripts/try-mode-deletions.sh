#!/usr/bin/env bash
# Checks that each mode can be deleted: deletes it from a copy of the committed tree, builds, and runs the tests.
#
#   scripts/try-mode-deletions.sh [MODE…]       default: every mode
#   SKIP_E2E=1 scripts/try-mode-deletions.sh    without the browser tests
#
# This takes minutes per mode and is not part of `make test`. The copies share the target directory of this checkout, so
# only our own crates are compiled again. The next build here replaces the server and the site of the last copy.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

GOALS=(unit)
[ -n "${SKIP_E2E:-}" ] || GOALS+=(e2e)
if [ $# = 0 ]; then
    # shellcheck disable=SC2046 # one word per mode
    set -- $(sed -nE 's/^(pub[^ ]* )?mod ([a-z_]+);.*/\2/p' server/auth/src/modes/mod.rs)
fi

# The copy has a fixed path, because each new path would leave its own builds in the target directory. Cargo takes the
# crates of the copy for those of the checkout and rebuilds only if the files that it read are gone. So the copy is
# removed, or moved after a failure. It has no .cargo: cargo would merge it with the .cargo of the checkout around it,
# and different flags mean another build of everything.
try_without() {
    local mode=$1 copy=$PWD/target/without-$1
    rm -rf "$copy" && mkdir -p "$copy" &&
        git archive HEAD ':!.cargo' | tar -x -C "$copy" &&
        ln -s "$PWD/target" "$copy/target" &&
        rm -f target/release/.built && # otherwise `make` takes the shared build for a build of this copy
        "$copy/scripts/delete-mode.sh" "$mode" &&
        make -C "$copy" "${GOALS[@]}" &&
        rm -rf "$copy" target/release/.built
}

FAILED=0
for mode in "$@"; do
    log=target/without-$mode.log
    mkdir -p target
    printf 'without %s: %s …\n' "$mode" "${GOALS[*]}"
    started=$SECONDS
    if try_without "$mode" >"$log" 2>&1; then
        printf 'without %s: green, %s s\n' "$mode" $((SECONDS - started))
    else
        tail -n 30 "$log"
        rm -rf "target/failed-without-$mode" target/release/.built
        mv "target/without-$mode" "target/failed-without-$mode"
        printf 'without %s: FAILED; output in %s, tree in target/failed-without-%s\n' "$mode" "$log" "$mode"
        FAILED=1
    fi
done
exit "$FAILED"
