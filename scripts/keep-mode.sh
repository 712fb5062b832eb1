#!/usr/bin/env bash
# Makes an application with one mode out of this checkout.
#
#   scripts/keep-mode.sh opaque
#
# It deletes the other modes, everything that shows several modes at once, and the documents about both. It needs a
# checkout without changes, so that `git diff` shows what it did. scripts/try-forks.sh tries it for each mode.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/marked.sh
. scripts/marked.sh

MODES=server/auth/src/modes
LIST=$(sed -nE 's/^(pub[^ ]* )?mod ([a-z_]+);.*/\2/p' "$MODES/mod.rs")
MODE=${1:-}

# constant FIELD MODE: a text of the mode about itself.
constant() { sed -nE "s/^ *$1: \"(.*)\",\$/\1/p" "$MODES/$2/mod.rs" | head -n 1; }

# A regular expression for what names the other modes: their ids where a path, a literal or a module has them, their
# names, their cookies. An id alone is an ordinary word.
words_of_others() {
    local other
    for other in $LIST; do
        [ "$other" = "$MODE" ] && continue
        printf '%s\n' "\`$other\`" "(api|me|account|admin|modes)/$other\b" "modes::$other\b" "auth::$other::" "mode: $other\b" \
            "mode=$other\b" \
            "$(constant name "$other" | perl -pe 's/^(.)/[\U$1\L$1]/')" "$(sed -nE 's/^const COOKIE: &str = "(.*)";$/\1\\b/p' "$MODES/$other/mod.rs")"
    done | grep . | paste -sd '|' -
}

main() {
    if ! grep -qx "$MODE" <<<"$LIST"; then
        echo "usage: $0 MODE; the modes here: $(paste -sd ' ' - <<<"$LIST")" >&2
        exit 2
    fi
    if ! git diff --quiet HEAD --; then
        echo "$0 needs a checkout without changes: commit them, or stash them" >&2
        exit 1
    fi
    command -v cargo >/dev/null || { echo "$0 needs cargo" >&2; exit 1; }
    local words name other
    words=$(words_of_others)
    name=$(constant name "$MODE")

    for other in $LIST; do
        [ "$other" = "$MODE" ] || scripts/delete-mode.sh "$other" >/dev/null
    done

    # The card of a mode belongs to the home page, whether there are other cards beside it or not.
    mkdir -p app/src/pages/home
    mv app/src/compare/mode_card.rs app/src/pages/home/
    rm -rf app/src/compare server/src/lab end2end/readme end2end/readme.config.ts docs/*.png docs/*.svg
    delete_marked "part: comparison"
    files_with '(//|<!--) one mode: ' | while IFS= read -r file; do
        perl -pi -e 's{(?://|<!--) one mode: (.*?)(?: -->)?$}{$1}' "$file"
    done
    unmark "mode: $MODE"

    # What stands in the place of the deleted pages and documents.
    cp -R scripts/keep-mode/. .
    MODE=$MODE NAME=$name perl -pi -e 's/\{\{mode\}\}/$ENV{MODE}/g; s/\{\{name\}\}/$ENV{NAME}/g' README.md
    perl -0pi -e 's/(<!-- (bench|growth): begin -->\n).*?(<!-- \2: end -->)/$1Run `make $2` to fill this in.\n$3/gs' docs/performance.md
    perl -ni -e 'print unless /"screenshot": /' end2end/package.json

    # Dependencies that no crate uses any more.
    sed -n '/^\[workspace.dependencies\]/,/^\[workspace.lints/s/^\([a-z][a-z0-9_-]*\) = .*/\1/p' Cargo.toml | while IFS= read -r name; do
        grep -qsE "^$name(\.workspace| = \{ workspace) = true" ./*/Cargo.toml server/*/Cargo.toml ||
            NAME=$name perl -ni -e 'print unless /^\Q$ENV{NAME}\E = /' Cargo.toml
    done
    cargo metadata --format-version 1 >/dev/null # writes Cargo.lock
    cargo fmt --all

    rm -rf scripts/keep-mode scripts/keep-mode.sh scripts/delete-mode.sh scripts/marked.sh scripts/try-forks.sh

    echo "Kept mode $MODE ($name)."
    if files_with "$words" | grep -v '^\./Cargo.lock$' | xargs grep -nE "$words"; then
        echo "These lines still name another mode." >&2
    fi
    cat <<END

Next:
  1. README.md, "Make it yours": the name, the licence, the contact in SECURITY.md.
  2. git add -A && git commit
  3. make test
END
}

main "$@"
exit # the script is deleted: bash must not read on
