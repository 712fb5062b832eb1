#!/usr/bin/env bash
# mode: jwt
# Compares this server with djangorestframework-simplejwt and PyJWT: installs both into target/interop, then runs the
# tests that `cargo test` ignores.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."

readonly VENV=$PWD/target/interop
[ -x "$VENV/bin/python" ] || python3 -m venv "$VENV"
"$VENV/bin/pip" install --quiet --requirement server/tests/interop/requirements.txt
INTEROP_PYTHON=$VENV/bin/python exec cargo test --package server --test http interop -- --ignored --nocapture
