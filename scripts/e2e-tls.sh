#!/usr/bin/env bash
# Runs the browser tests through HTTPS, with a certificate that is made for this run and deleted after it.
#
#   scripts/e2e-tls.sh [PLAYWRIGHT ARGUMENT…]
#
# WebKit stores no `Secure` cookie of http://localhost, so it needs HTTPS. BASE_URL selects another port.
set -euo pipefail

cd "$(dirname "$0")/../end2end"
command -v openssl >/dev/null || { echo "scripts/e2e-tls.sh needs openssl" >&2; exit 2; }

webkit=$(node --print "require('playwright-core').webkit.executablePath()")
[ -e "$webkit" ] || echo "WebKit is not installed, so the other browsers run alone: cd end2end && npx playwright install webkit" >&2

DIR=$(mktemp -d "${TMPDIR:-/tmp}/latchkey-tls.XXXXXX")
trap 'rm -rf "$DIR"' EXIT
openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
    -keyout "$DIR/key.pem" -out "$DIR/certificate.pem" 2>"$DIR/log" || { cat "$DIR/log" >&2; exit 1; }

export BASE_URL=${BASE_URL:-https://localhost:3443}
# The browsers ignore the unknown issuer. The requests of the tests themselves trust this one certificate.
export TLS_KEY=$DIR/key.pem NODE_EXTRA_CA_CERTS=$DIR/certificate.pem
npx playwright test --config tls.config.ts "$@"
