# Everything that is done with Junto. `make` alone lists the targets.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
PYTEST := $(BIN)/python -m pytest
ASSETS := src/junto/ui/static/junto/built
TEST_ARGS ?=

.PHONY: help setup setup-dev assets run test check fix bench lighthouse docs messages lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: .venv/.run assets ## put everything that Junto needs into .venv and node_modules (idempotent)
	@:

setup-dev: .venv/.dev assets
	@:

run: setup ## try it: a fresh home with a sample community, mail kept in the outbox page
	@exec $(BIN)/junto demo

test: setup-dev chromium ## every test (TEST_ARGS="-k name" for some)
	@$(PYTEST) -n 2 --dist loadfile -p tests.house.rendering $(TEST_ARGS)

check: setup-dev ## all that is checked besides the tests
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/djlint --quiet --lint src
	@$(BIN)/python -m junto.config.checks
	@$(PYTEST) -n0 tests/house

fix: setup-dev ## let the formatter and the linter mend what they can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: setup ## measure the numbers of docs/performance.md
	@for what in fanout digest archive search pages; do echo "== $$what"; $(BIN)/junto bench $$what; done

lighthouse: setup-dev chromium .ci/lighthouse/node_modules/.stamp ## Lighthouse on ten key pages: 95 or more in everything
	@PYTHONPATH=. $(BIN)/python .ci/lighthouse/measure.py

docs: setup-dev ## write docs/reference/{settings,commands}.md from the program; check every link
	@$(BIN)/python -m junto.config.reference
	@$(PYTEST) -n0 tests/house/test_docs.py

messages: setup-dev ## gather what can be translated into the catalogs, and compile them
	@$(BIN)/python -m junto.config.messages

lock: setup-dev ## resolve the dependencies anew into requirements/ and package-lock.json
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		$(LOCK_ARGS) pyproject.toml requirements/build.in -o requirements/run.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		$(LOCK_ARGS) --extra dev -c requirements/run.txt pyproject.toml requirements/build.in -o requirements/dev.txt
	@npm install --package-lock-only --silent

clean: ## remove what setup made
	@rm -rf .venv node_modules $(ASSETS)

# ---- what the targets stand on

.venv/bin/python:
	@./.ci/doctor python
	@python3 -m venv .venv

.venv/.run: requirements/run.txt pyproject.toml | .venv/bin/python
	@echo "Installing what Junto needs into .venv …"
	@$(PIP) install --require-hashes --no-deps -r requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation --no-index -e .
	@touch $@

.venv/.dev: requirements/dev.txt .venv/.run
	@echo "Installing the tools of development into .venv …"
	@$(PIP) install --require-hashes --no-deps -r requirements/dev.txt
	@touch $@

# Styles, scripts and icons, compiled from the design system.
SOURCES := $(wildcard package.json package-lock.json) $(shell find src/junto/ui/assets -type f 2>/dev/null)

assets: $(if $(wildcard src/junto/ui/assets/build.mjs),$(ASSETS)/.stamp)

node_modules/.stamp: package.json $(wildcard package-lock.json)
	@./.ci/doctor node
	@echo "Fetching the design system into node_modules …"
	@npm ci --silent --no-audit --no-fund
	@touch $@

.ci/lighthouse/node_modules/.stamp: .ci/lighthouse/package.json .ci/lighthouse/package-lock.json
	@cd .ci/lighthouse && npm ci --silent --no-audit --no-fund
	@touch $@

$(ASSETS)/.stamp: node_modules/.stamp $(SOURCES)
	@npm run --silent build
	@mkdir -p $(ASSETS) && touch $@

.PHONY: chromium
chromium:
	@./.ci/doctor chromium
