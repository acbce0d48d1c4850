# The two commands of a newcomer are `make run` and `make test`. `make help` lists the others.

SHELL := /bin/bash
.DEFAULT_GOAL := help

.PHONY: help
help: ## list what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | column -t -s $$'\t'

.PHONY: run
run: ## build and run the gateway with the demo house; RELAIS_SMTP_LISTEN, RELAIS_HTTP_LISTEN, RELAIS_DATA, RELAIS_MAILDIRS change ports and folders
	@tests/support/install.sh build
	@tests/support/models.sh "$${RELAIS_DATA:-data}/models" || echo "Relais starts all the same; messages are not translated."
	cargo build --release
	@RELAIS_TRANSLATION__UNDO_SECONDS="$${RELAIS_TRANSLATION__UNDO_SECONDS:-5}" exec target/release/relais serve --demo

.PHONY: release
release: ## build the binary to install, target/release/relais
	cargo build --release

.PHONY: test
test: check ## everything: check, unit tests, dialogues, end to end with real programs
	tests/support/install.sh test
	cargo test --workspace --no-fail-fast

.PHONY: check
check: ## fmt, clippy, cargo deny
	tests/support/install.sh check
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	cargo deny check bans licenses sources

.PHONY: score
score: ## how well real mail is understood, over ../shared/corpora
	cargo run --release --quiet --example score
	cargo run --release --quiet --example score_language
	@tests/support/models.sh target/models || true
	cargo run --release --quiet --example score_translation target/models
	cargo run --release --quiet --example score_auth

.PHONY: fuzz
fuzz: ## fuzz the readers for minutes; needs a nightly toolchain, and installs cargo-fuzz when it is missing
	@cargo fuzz --version >/dev/null 2>&1 || { echo "cargo-fuzz is missing: installing it"; cargo install cargo-fuzz; }
	seeds() { case $$1 in letter|html) echo mime inbound;; reply_text) echo reply-text;; dsn) echo bounces reports;; esac; }; \
	for target in letter html reply_text dsn; do \
	  mkdir -p fuzz/corpus/$$target; given=(); \
	  for set in $$(seeds $$target); do [ -d ../shared/corpora/$$set ] && given+=("$$PWD/../shared/corpora/$$set"); done; \
	  (cd fuzz && cargo +nightly fuzz run $$target corpus/$$target "$${given[@]}" -- -max_total_time=120 -timeout=5 -max_len=65536) || exit 1; \
	done

.PHONY: bench
bench: ## speed beside Postfix on the same disk, as ratios
	tests/support/install.sh test
	cargo build --release
	@tests/support/models.sh target/models || true
	benches/accept.py
	benches/replying.py
	benches/first_page.py
	cargo bench --bench reading
	cargo bench --bench first_sync
	cargo bench --bench translating
