# A newcomer needs two commands: `make demo` to see it, `make test` to check it.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

BIN := .venv/bin
PYTHON_FILES := src tests tools $(wildcard benchmarks) $(wildcard examples)
# Two at least: a test that only passes alone should be found on one core as well.
WORKERS := $(shell n=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2); echo $$(( n > 2 ? n : 2 )))

.PHONY: help
help: ## Lists these targets.
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.PHONY: demo
demo: ## Makes .venv, installs, and starts a server, a bank and a shop to try.
	@tools/environment.sh demo
	@$(BIN)/linkspan dev

.PHONY: test
test: ready lint types contract size generated modal suite ## Installs what is missing and runs everything CI runs.

.PHONY: ready
ready:
	@tools/environment.sh test

.PHONY: lint
lint: ready ## Checks style and layout of the Python sources.
	$(BIN)/ruff check $(PYTHON_FILES)
	$(BIN)/ruff format --check $(PYTHON_FILES)

.PHONY: types
types: ready ## Checks types: mypy everywhere, pyright on objects and client.
	$(BIN)/mypy $(PYTHON_FILES)
	$(BIN)/basedpyright

.PHONY: contract
contract: ready ## Checks who imports whom.
	$(BIN)/lint-imports --no-logo --no-cache

.PHONY: size
size: ready ## Prints how long functions are and how many packages come along; stops what grew too much.
	@$(BIN)/python tools/size_ratchet.py
	@$(BIN)/python tools/closure.py

.PHONY: generated
generated: ready ## Checks that every file a tool writes is what the tool would write.
	$(BIN)/python tools/unasync.py --check
	$(BIN)/python -m tools.schema --check
	$(BIN)/python -m tools.life_cycles --check
	$(BIN)/python -m tools.versions_page --check
	$(BIN)/python -m tools.coverage_page --check
	$(BIN)/python -m tools.sandbox_page --check
	$(BIN)/python -m tools.contract_objects --check

.PHONY: modal
modal: ready ## Checks the modal's sources and that the committed build is theirs.
	@tools/modal.sh check

.PHONY: suite
suite: ready ## Runs the tests: in parallel, in random order, sockets closed to all but loopback.
	@$(BIN)/python tools/chromium.py --install
	@$(BIN)/python -m tools.libofx --install
	@$(BIN)/python -m tools.official_clients
	$(BIN)/pytest -n $(WORKERS) $(PYTEST_ARGS)

.PHONY: bench
bench: ready ## Measures the server and the client beside their peers.
	$(BIN)/python -m benchmarks

.PHONY: screenshots
screenshots: ready ## Takes the pictures of docs/images again.
	@$(BIN)/python tools/chromium.py --install
	$(BIN)/python -m tools.screenshots

.PHONY: proofs
proofs: ready ## Proves the modal in a browser, and writes the pages that say so.
	@$(BIN)/python tools/chromium.py --install
	$(BIN)/python -m tools.modal_pages

.PHONY: format
format: ready ## Lets the formatter decide.
	$(BIN)/ruff check --fix $(PYTHON_FILES)
	$(BIN)/ruff format $(PYTHON_FILES)

.PHONY: lock
lock: ## Solves the dependencies again and writes requirements/*.txt.
	@tools/lock.sh $(LOCK_ARGS)

.PHONY: clean
clean: ## Removes what these targets made.
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist modal/node_modules
	find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
