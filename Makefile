# Every command of the project. Each installs what it needs first (scripts/bootstrap.sh), so all of them work in a
# fresh clone.

export PATH := $(CURDIR)/.tools/bin:$(PATH)
# The rules below name the files in it.
export CARGO_TARGET_DIR := $(CURDIR)/target
PORT ?= 3000

.DEFAULT_GOAL := help

# The wasm, the styles and the files, for `run`, the browser tests and production. cargo-leptos optimises and compresses anew
# each time, so a stamp says when that began: an edit during the build is newer. Directories count, too: they change when
# a file is deleted. The stamp is in the site, because cargo-leptos deletes what is there first.
SITE := target/site/.built
$(SITE): export LEPTOS_SITE_ROOT = target/site
$(SITE): $(shell find Cargo.toml Cargo.lock app frontend style -not -path '*/tests*')
	@mkdir -p target && touch target/site-began
	LEPTOS_HASH_FILES=true cargo leptos build --release --frontend-only --precompress
	@mv target/site-began $@

# The browser tests take the server of LATCHKEY_SERVER, or the debug build.
COPY := $(CURDIR)/target/e2e/server
TESTED := $(abspath $(or $(LATCHKEY_SERVER),$(COPY)))
e2e e2e-tls: override export LATCHKEY_SERVER := $(TESTED)

.NOTPARALLEL: # two cargo commands would only wait for each other, and their output would mix
.PHONY: help run dev release test lint unit e2e e2e-tls bench bench-compare faults growth clean tools-run tools-lint tools-test tools-bench tools-faults $(COPY)

help: ## show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: tools-run $(SITE) ## build, and serve http://localhost:3000 (PORT=4000 for another port)
	cargo build --package server
	@exec target/debug/server

dev: tools-run ## serve while you edit: rebuilds and reloads on every change
	cargo leptos watch

release: tools-run $(SITE) ## build for production: target/release/server and target/site
	cargo build --release --package server

run: export LEPTOS_SITE_ROOT = target/site
dev: export LEPTOS_SITE_ROOT = target/site-dev
run dev: export LISTEN_ADDR ?= 127.0.0.1:$(PORT)
run dev: export LEPTOS_SITE_ADDR = $(LISTEN_ADDR)
run dev: export APP_ENV ?= development
run dev: export DEMO_USERS ?= true

test: tools-test lint unit e2e ## lint, unit and e2e: what a change must pass

lint: tools-lint ## formatting, Clippy on both sides, types of the browser tests
	$(call banner,lint)
	cargo fmt --all --check
	scripts/check-language.sh
	cargo clippy --all-targets -- -D warnings
	cargo clippy --target wasm32-unknown-unknown --package frontend -- -D warnings
	cargo clippy --target wasm32-unknown-unknown --package app --features hydrate -- -D warnings
	cd end2end && npx tsc --noEmit

unit: tools-test ## Rust tests, on SQLite and on a throw-away PostgreSQL
	$(call banner,unit: Rust tests on SQLite and PostgreSQL)
	scripts/with-postgres.sh cargo test

e2e: tools-test $(SITE) $(TESTED) ## browser tests
	$(call banner,e2e: browser tests)
	cd end2end && npx playwright test $(ARGS)

e2e-tls: tools-test $(SITE) $(TESTED) ## browser tests through HTTPS, which WebKit needs
	$(call banner,e2e-tls: browser tests through HTTPS)
	scripts/e2e-tls.sh $(ARGS)

# A copy: the browser tests start servers for minutes, and a build beside them replaces target/debug/server.
$(COPY):
	cargo build --package server
	@mkdir -p $(@D) && cp target/debug/server $@

# SERVER is another binary to measure. BENCH_SECONDS and BENCH_ROUNDS: see docs/performance.md.
bench: tools-bench $(SITE) $(if $(SERVER),,release) ## measure the server and write docs/performance.md
	$(call banner,bench: the server beside a bare axum handler)
	cargo build --release --package load
	scripts/with-postgres.sh target/release/load bench $(or $(SERVER),target/release/server)

bench-compare: tools-bench ## measure this tree beside another commit: REF=main
	$(call banner,bench-compare: $(REF) and this tree)
	scripts/bench-compare.sh $(REF)

# FAULTS: the names of some faults. FAULTS_KILLS, FAULTS_SOAK_MINUTES: see docs/performance.md.
faults: tools-faults $(SITE) $(if $(SERVER),,release) ## break disk, database and process, and write docs/performance.md
	$(call banner,faults: what clients see of them)
	cargo build --release --package load
	scripts/with-postgres.sh target/release/load faults $(or $(SERVER),target/release/server) $(FAULTS)

# GROWTH_SIGN_INS, GROWTH_DEAD: see docs/performance.md.
growth: tools-bench $(SITE) $(if $(SERVER),,release) ## measure the server with ten million sign-ins, and write docs/performance.md
	$(call banner,growth: few rows and many)
	cargo build --release --package load
	cargo build --release --package auth --example fill
	scripts/with-postgres.sh target/release/load growth $(or $(SERVER),target/release/server) target/release/examples/fill

clean: ## delete what was built; the data and the tools stay
	cargo clean
	rm -rf end2end/test-results end2end/playwright-report

tools-run tools-lint tools-test tools-bench tools-faults:
	@scripts/bootstrap.sh $(@:tools-%=%)

banner = @printf '\n==== %s ====\n\n' '$(1)'
