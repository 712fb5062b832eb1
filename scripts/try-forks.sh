#!/usr/bin/env bash
# Checks what a fork does with the modes, in copies of the committed tree.
#
#   scripts/try-forks.sh delete-mode [MODE…]    deletes each mode in turn, then builds and runs the tests
#   scripts/try-forks.sh keep-mode [MODE…]      keeps each mode in turn, then also runs the lints
#   SKIP_E2E=1 scripts/try-forks.sh …           without the browser tests
#
# This takes minutes per mode and is not part of `make test`. The copies share the target directory of this checkout, so
# only our own crates are compiled again. The next build here replaces the server and the site of the last copy.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

SCRIPT=${1:-}
case $SCRIPT in
    delete-mode) GOALS=(unit) ;;
    keep-mode) GOALS=(lint unit) ;;
    *)
        echo "usage: $0 delete-mode|keep-mode [MODE…]" >&2
        exit 2
        ;;
esac
shift
[ -n "${SKIP_E2E:-}" ] || GOALS+=(e2e)
if [ $# = 0 ]; then
    # shellcheck disable=SC2046 # one word per mode
    set -- $(sed -nE 's/^(pub[^ ]* )?mod ([a-z_]+);.*/\2/p' server/auth/src/modes/mod.rs)
fi

# The copy has a fixed path, because each new path would leave its own builds in the target directory. Cargo takes the
# crates of the copy for those of the checkout and rebuilds only what is newer than its last build. So the files of the
# copy are new, and those of the checkout are touched afterwards. The copy has no .cargo: cargo would merge it with the .cargo of the checkout around it,
# and different flags mean another build of everything. It is a repository of its own: the scripts ask git.
try_fork() {
    local mode=$1 copy=$PWD/target/$SCRIPT-$1
    rm -rf "$copy" && mkdir -p "$copy" &&
        git archive HEAD ':!.cargo' | tar -x -m -C "$copy" &&
        git -C "$copy" init --quiet &&
        commit "$copy" "The copy" &&
        ln -s "$PWD/target" "$copy/target" &&
        rm -f target/site/.built && # otherwise `make` takes the shared build for a build of this copy
        "$copy/scripts/$SCRIPT.sh" "$mode" 2>&1 | tee "$copy.said" &&
        ! grep -q 'still name another mode' "$copy.said" &&
        commit "$copy" "$SCRIPT $mode" &&
        make -C "$copy" "${GOALS[@]}" &&
        rm -rf "$copy" "$copy.said" target/site/.built
}

commit() {
    git -C "$1" add --all -- ':!target' &&
        git -C "$1" -c user.name=try-forks -c user.email=try-forks@localhost commit --quiet --message "$2"
}

# The next build here must not take the crates of the copy for its own.
touch_checkout() {
    git ls-files -z -- '*/lib.rs' '*/main.rs' | xargs -0 touch
}
trap touch_checkout EXIT

FAILED=0
for mode in "$@"; do
    log=target/$SCRIPT-$mode.log
    mkdir -p target
    printf '%s %s: %s …\n' "$SCRIPT" "$mode" "${GOALS[*]}"
    started=$SECONDS
    if try_fork "$mode" >"$log" 2>&1; then
        printf '%s %s: green, %s s\n' "$SCRIPT" "$mode" $((SECONDS - started))
    else
        tail -n 30 "$log"
        rm -rf "target/failed-$SCRIPT-$mode" target/site/.built
        mv "target/$SCRIPT-$mode" "target/failed-$SCRIPT-$mode"
        printf '%s %s: FAILED; output in %s, tree in target/failed-%s-%s\n' "$SCRIPT" "$mode" "$log" "$SCRIPT" "$mode"
        FAILED=1
    fi
done
exit "$FAILED"
