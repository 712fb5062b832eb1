#!/usr/bin/env bash
# Installs the tools that `make run`, `make test` or `make lint` needs and that are missing on this machine.
#
#   scripts/bootstrap.sh [run|test|lint|bench|faults]        default: run
#
# Existing tools are not changed. Missing tools are installed into a cache outside the checkout, one directory per
# version, so a second clone installs nothing. Links to them are in .tools/bin, which the Makefile puts first in PATH.
# System packages (a browser, PostgreSQL, and Rust without rustup) come from apt, with sudo unless root.
set -euo pipefail

# ---- Versions ---------------------------------------------------------------------------------------------

readonly CARGO_LEPTOS=0.3.11
readonly TAILWIND=4.3.5
readonly BINARYEN=132.0.0 # wasm-opt; an older version refuses the wasm of a current rustc
readonly NODE_MAJOR=20    # the oldest version that Tailwind and Playwright support

cd "$(dirname "${BASH_SOURCE[0]}")/.."
# The version of wasm-bindgen's command line must equal that of its crate. Both versions are read from the workspace.
WASM_BINDGEN=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/"/, ""); print $3 }' Cargo.lock)
RUST=$(awk -F '"' '/^rust-version/ { print $2 }' Cargo.toml)
readonly WASM_BINDGEN RUST

readonly CACHE=${LATCHKEY_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/latchkey}
readonly BIN=$PWD/.tools/bin
readonly LOGS=$PWD/.tools/log
mkdir -p "$CACHE" "$BIN" "$LOGS"
readonly OWN_PATH=${PATH//$BIN:/} # the PATH without .tools/bin
export PATH=$BIN:$OWN_PATH

# ---- Output --------------------------------------------------------------------------------------------------

say() { printf 'bootstrap: %s\n' "$*"; }
die() { say "$@" >&2; exit 1; }

# attempt NAME DURATION COMMAND…: runs COMMAND with its output in a log. Prints the expected duration, then the progress.
attempt() {
    local name=$1 duration=$2 started=$SECONDS job
    shift 2
    LOG=$LOGS/${name//[^A-Za-z0-9.]/-}.log
    say "$name: installing, about $duration …"
    ("$@") >"$LOG" 2>&1 &
    job=$!
    while kill -0 "$job" 2>/dev/null; do
        sleep 1
        (((SECONDS - started) % 15)) || say "$name: $((SECONDS - started)) s$(crates "$LOG") …"
    done
    wait "$job" || return 1
    say "$name: done in $((SECONDS - started)) s"
}

# crates LOG: the number of crates that cargo has started to compile, if any.
crates() {
    local count
    count=$(grep -c '^ *Compiling ' "$1" || true)
    [ "$count" = 0 ] || printf ', %s crates' "$count"
}

# step NAME DURATION BY_HAND COMMAND…: an attempt that must succeed. BY_HAND is the command for the error message.
step() {
    local name=$1 duration=$2 by_hand=$3
    shift 3
    attempt "$name" "$duration" "$@" && return
    tail -n 20 "$LOG" >&2
    die "$name: failed. The output is in $LOG
Run this command, then try again:

    $by_hand"
}

# ---- Building blocks ---------------------------------------------------------------------------------------

has() { type -P "$1" >/dev/null; } # a program, not a function of ours

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

apt_install() {
    as_root apt-get update && as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"
}

# apt_step NAME DURATION PACKAGE…: installs packages as a step.
apt_step() {
    local name=$1 duration=$2
    shift 2
    has apt-get || die "$name is missing and this system has no apt-get. Install it with the package manager, then try again"
    step "$name" "$duration" "sudo apt-get install $*" apt_install "$@"
}

# link TARGET: links TARGET into .tools/bin.
link() {
    local name
    name=$BIN/$(basename "$1")
    [ "$(readlink "$name")" = "$1" ] || ln -sfn "$1" "$name"
}

# ---- Rust, with the standard library for wasm32 --------------------------------------------------------------

rust_is_recent() { [ "$(printf '%s\n' "$RUST" "$(rustc --version | cut -d ' ' -f 2)" | sort -V | head -n 1)" = "$RUST" ]; }

rust_knows_wasm() { compgen -G "$(rustc --print target-libdir --target wasm32-unknown-unknown)/libcore-*.rlib" >/dev/null; }

rust_is_there() { has cargo && { rust_is_recent && rust_knows_wasm; } 2>/dev/null; }

rust() {
    has cc || apt_step "C compiler" "1 minute" gcc libc6-dev
    rust_is_there && return
    # RUSTUP_AUTO_INSTALL=0 tells rustup to download nothing.
    if has rustup && [ "${RUSTUP_AUTO_INSTALL:-1}" != 0 ]; then
        attempt "Rust for wasm32" "30 seconds" rustup_wasm && rust_is_there && return
    fi
    has apt-get || die "Rust $RUST with the target wasm32-unknown-unknown is missing. Install rustup from https://rustup.rs, then:

    rustup update stable && rustup target add wasm32-unknown-unknown"
    debian_rust
    rust_is_there || die "Debian's Rust is too old: this project needs $RUST. Install rustup from https://rustup.rs"
}

rustup_wasm() {
    rust_is_recent || rustup update stable || return
    rustup target add wasm32-unknown-unknown
}

# Debian's Rust for browsers ("-web") is current, but has no compiled standard library for wasm32.
debian_rust() {
    local packages=(cargo-web rustc-web rust-web-src rust-web-llvm rustfmt-web rust-web-clippy) name
    if ! { [ -x /usr/bin/cargo-clippy ] && [ -x /usr/bin/rust-lld ]; }; then
        step "Debian's Rust" "1 minute" "sudo apt-get install ${packages[*]} lld-N
    (N: the major number of 'LLVM version' in /usr/bin/rustc -vV)" debian_rust_packages "${packages[@]}"
    fi
    for name in cargo rustc rustdoc rustfmt cargo-fmt cargo-clippy clippy-driver; do link "/usr/bin/$name"; done
    rust_knows_wasm || step "Rust's standard library for wasm32" "30 seconds" \
        "the lines of debian_wasm_std in scripts/bootstrap.sh" debian_wasm_std
}

# The linker for wasm is a separate package. Its version must be that of rustc's LLVM.
debian_rust_packages() {
    apt_install "$@" && apt_install "lld-$(/usr/bin/rustc -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')"
}

# Builds std as a dependency of an empty crate, then copies its libraries into the directory that rustc searches.
debian_wasm_std() {
    local build libs
    build=$(mktemp -d) && libs=$build/target/wasm32-unknown-unknown/release/deps &&
        mkdir "$build/src" && : >"$build/src/lib.rs" &&
        printf '[package]\nname = "empty"\nedition = "2024"\n' >"$build/Cargo.toml" &&
        (cd "$build" && RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=target cargo build --release --target wasm32-unknown-unknown -Zbuild-std=std,panic_abort) &&
        rm "$libs"/libempty-* &&
        as_root install -D -m 644 -t "$(rustc --print target-libdir --target wasm32-unknown-unknown)" "$libs"/*.rlib &&
        rm -r "$build"
}

lint_tools() {
    if has rustfmt && has cargo-fmt && has cargo-clippy; then return; fi
    step "rustfmt and clippy" "20 seconds" "rustup component add rustfmt clippy" rustup component add rustfmt clippy
}

# ---- Command lines written in Rust ---------------------------------------------------------------------------

# rust_tool CRATE BINARY VERSION ARCHIVE CHECKSUM DURATION OPT_LEVEL. ARCHIVE is the path of the publisher's release on
# GitHub without the target and `.tar.gz`, CHECKSUM the extension of the file with its SHA-256.
rust_tool() {
    local crate=$1 binary=$2 version=$3 archive=$4 checksum=$5 duration=$6 opt_level=$7 root=$CACHE/$1-$3 own
    if [ ! -x "$root/bin/$binary" ]; then
        rm -f "$BIN/$binary" # a link to an earlier version
        own=$(PATH=$OWN_PATH type -P "$binary") && [[ " $("$own" --version) " == *" $version "* ]] && return
        if ! release_is_there "$archive" "$checksum"; then
            say "$crate: the publisher's releases cannot be reached, so it is compiled"
        elif ! attempt "$crate $version, the publisher's build" "10 seconds" \
            release_install "$archive" "$checksum" "$binary" "$root"; then
            say "$crate: the publisher's build was refused, so it is compiled. The reason is in $LOG"
        fi
        if [ ! -x "$root/bin/$binary" ]; then
            step "$crate $version" "$duration" "cargo install --locked $crate --version $version" \
                cargo_install "$crate" "$version" "$root" "$opt_level"
        fi
    fi
    link "$root/bin/$binary"
}

readonly RELEASES=${LATCHKEY_RELEASES:-https://github.com}

# The triple of the published builds for this machine. The static builds for Linux run with every libc.
target() {
    case $(uname -s)-$(uname -m) in
        Linux-x86_64) echo x86_64-unknown-linux-musl ;;
        Linux-aarch64) echo aarch64-unknown-linux-musl ;;
        Darwin-x86_64) echo x86_64-apple-darwin ;;
        Darwin-arm64) echo aarch64-apple-darwin ;;
        *) return 1 ;;
    esac
}

# Follows redirects to HTTPS only. A server that does not answer costs five seconds.
fetch() { curl --fail --silent --show-error --location --proto =https --connect-timeout 5 --max-time 120 "$@"; }

sha256() { if has sha256sum; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1; }

release_is_there() {
    has curl && target >/dev/null && fetch --output /dev/null "$RELEASES/$1-$(target).tar.gz.$2" 2>/dev/null
}

same_checksum() { [ "$1" = "$2" ] || { echo "SHA-256: expected $1, but the file has $2" && return 1; }; }

# The checksum has the same source as the archive. It detects a damaged download, not a false publisher: HTTPS does that.
release_install() {
    local archive=$1 checksum=$2 binary=$3 root=$4 unpacked url expected
    url=$RELEASES/$archive-$(target).tar.gz
    unpacked=$(mktemp -d) && cd "$unpacked" || return
    # shellcheck disable=SC2064 # the variable is gone when the shell of this attempt exits
    trap "rm -rf '$unpacked'" EXIT
    fetch --output archive.tar.gz "$url" &&
        expected=$(fetch "$url.$checksum") && same_checksum "${expected%% *}" "$(sha256 archive.tar.gz)" &&
        tar -xzf archive.tar.gz && ./*/"$binary" --version && mkdir -p "$root/bin" && cp ./*/"$binary" "$root/bin/"
}

# The release profiles of these crates take longer to compile than they save at run time. `--locked` uses the versions
# that the authors tested. If one of them was yanked, install the newest versions that this Rust compiles.
cargo_install() {
    local crate=$1 version=$2 root=$3 opt_level=$4
    export CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=$opt_level
    export CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS=fallback CARGO_TARGET_DIR=$root/target
    local install=(cargo install "$crate" --version "$version" --root "$root")
    { "${install[@]}" --locked || "${install[@]}"; } && rm -r "$root/target"
}

# ---- Command lines from npm ----------------------------------------------------------------------------------

node_js() {
    local version=0
    if has node && has npm; then version=$(node --version); fi
    version=${version#v}
    [ "${version%%.*}" -ge "$NODE_MAJOR" ] || die "Node.js $NODE_MAJOR or newer, with npm, is missing: https://nodejs.org"
}

# npm_tool BINARY PACKAGE VERSION. A Tailwind that is already in PATH does not work: it searches `@import "tailwindcss"`
# beside the style sheet and in NODE_PATH, so the wrapper sets NODE_PATH to its own copy.
npm_tool() {
    local binary=$1 package=$2@$3 root=$CACHE/npm/$1-$3
    [ -x "$root/$binary" ] ||
        step "$binary $3" "20 seconds" "npm install --prefix '$root' $package" npm_install "$binary" "$package" "$root"
    link "$root/$binary"
}

npm_install() {
    local binary=$1 package=$2 root=$3
    npm install --prefix "$root" --no-audit --no-fund "$package" &&
        printf '#!/bin/sh\nNODE_PATH="%s" exec "%s" "$@"\n' "$root/node_modules" "$root/node_modules/.bin/$binary" >"$root/$binary" &&
        chmod +x "$root/$binary"
}

# ---- Browser tests and PostgreSQL ------------------------------------------------------------------------------

playwright() {
    local stamp=end2end/node_modules/.installed-lock.json
    cmp -s end2end/package-lock.json "$stamp" && return
    step "Playwright" "20 seconds" "(cd end2end && npm ci)" npm ci --prefix end2end --no-audit --no-fund
    cp end2end/package-lock.json "$stamp"
}

playwrights_chromium() {
    local browser
    browser=$(cd end2end && node --print "require('playwright-core').chromium.executablePath()") && "$browser" --version
}

# Checks the places of end2end/support/browsers.ts, in the same order.
chromium() {
    if [ -n "${CHROMIUM:-}" ] || [ -x /usr/bin/chromium-headless-shell ] || playwrights_chromium >/dev/null 2>&1; then return; fi
    attempt "Playwright's Chromium" "1 minute" npx --prefix end2end playwright install chromium &&
        playwrights_chromium >/dev/null 2>&1 && return
    has apt-get && attempt "Chromium without windows" "1 minute" apt_install chromium-headless-shell && return
    [ -x /usr/bin/chromium ] || apt_step "Chromium" "1 minute" chromium
}

# Where end2end/support/browsers.ts looks. Without it, the browser tests run in Chromium alone.
firefox() {
    if [ -n "${FIREFOX:-}" ] || [ -x /usr/bin/firefox-esr ]; then return; fi
    has apt-get && attempt "Firefox" "1 minute" apt_install firefox-esr && return
    say "Firefox is missing: the browser tests run in Chromium alone"
}

postgresql() {
    if { has initdb && has pg_ctl; } || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; then return; fi
    apt_step "PostgreSQL" "30 seconds" postgresql
}

# ---- Load ------------------------------------------------------------------------------------------------------

wrk() { has wrk || apt_step "wrk" "10 seconds" wrk; }

# ---- Faults ----------------------------------------------------------------------------------------------------

# Sets the clock of one process.
faketime() {
    if compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' >/dev/null; then return; fi
    has apt-get && attempt "libfaketime" "10 seconds" apt_install libfaketime && return
    say "libfaketime is missing: the fault of the clock is skipped"
}

# ---- Goals -----------------------------------------------------------------------------------------------------

for_building() {
    node_js
    rust
    npm_tool tailwindcss @tailwindcss/cli "$TAILWIND"
    npm_tool wasm-opt binaryen "$BINARYEN"
    rust_tool cargo-leptos cargo-leptos "$CARGO_LEPTOS" \
        "leptos-rs/cargo-leptos/releases/download/v$CARGO_LEPTOS/cargo-leptos" sha256 "4 minutes" 0
    rust_tool wasm-bindgen-cli wasm-bindgen "$WASM_BINDGEN" \
        "wasm-bindgen/wasm-bindgen/releases/download/$WASM_BINDGEN/wasm-bindgen-$WASM_BINDGEN" sha256sum "3 minutes" 1
}

for_linting() {
    node_js
    rust
    lint_tools
    playwright
}

case ${1:-run} in
    run) for_building ;;
    lint) for_linting ;;
    test)
        for_building
        for_linting
        chromium
        firefox
        postgresql
        has curl || apt_step "curl" "20 seconds" curl
        ;;
    bench)
        for_building
        postgresql
        wrk
        ;;
    faults)
        for_building
        postgresql
        faketime
        ;;
    *) die "unknown goal '$1': run, test, lint, bench or faults" ;;
esac
