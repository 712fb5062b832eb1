#!/usr/bin/env bash
# Proves that any one mode can go: for each, deletes it from a copy of the committed tree, builds, and runs the tests.
#
#   scripts/try-mode-deletions.sh [MODE…]       default: every mode
#   SKIP_E2E=1 scripts/try-mode-deletions.sh    without the browser tests
#
# Minutes per mode; not part of `make test`. The copies share this checkout's target directory, so that only our own
# crates are compiled again; afterwards the next build here replaces the server and the site that they left in it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

GOALS=(unit)
[ -n "${SKIP_E2E:-}" ] || GOALS+=(e2e)
if [ $# = 0 ]; then
    # shellcheck disable=SC2046 # one word per mode
    set -- $(sed -nE 's/^(pub[^ ]* )?mod ([a-z_]+);.*/\2/p' server/auth/src/modes/mod.rs)
fi

# A fixed place, not a temporary one, so that runs do not leave builds of each place behind. Cargo takes the copy's crates for those of
# the checkout: it builds again where the files that it read are gone, so the copy has to go, or to be elsewhere, in the end.
# Without .cargo: cargo reads that of the checkout around it, and would add the copy's flags to it, which is another build of all.
try_without() {
    local mode=$1 copy=$PWD/target/without-$1
    rm -rf "$copy" && mkdir -p "$copy" &&
        git archive HEAD ':!.cargo' | tar -x -C "$copy" &&
        ln -s "$PWD/target" "$copy/target" &&
        rm -f target/release/.built && # by file dates, the shared build would pass for this tree's
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
