# Everything a person or CI does here. `make run` and `make test` are the two commands; the rest are their parts.
# Takes: Python 3.11+, Node 20+. Gives: .venv/, node_modules/, dist/. Stamp files make a second run cost nothing.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help setup build run test package lint format bench fuzz clean

PORT ?= 8000
SECONDS ?= 600
BIN := .venv/bin
STAMPS := .venv/.stamp-python node_modules/.stamp-node .venv/.stamp-package .venv/.stamp-browser .venv/.stamp-firefox .venv/.stamp-rust
export PYTHONDONTWRITEBYTECODE := 1

help: ## this list
	@echo "make run    sets up, builds, serves the demo and prints its address (PORT=$(PORT))"
	@echo "make test   sets up, builds and runs every suite, real browser included"
	@echo "            (ARGS='-k name' goes to pytest)"
	@echo
	@echo "make setup  .venv, node_modules, a Chromium, a Firefox and a rustc, each only where it is missing"
	@echo "make build  dist/: a static folder for any web server"
	@echo "make package build/package/: wheels, an index of them for micropip, a lockfile for Pyodide, an npm package"
	@echo "make lint   ruff, mypy --strict, tsc --checkJs"
	@echo "make format ruff format and the fixes that ruff makes by itself"
	@echo "make bench  the measurements of bench/, written into docs/performance.md too"
	@echo "make fuzz   fuzzes every reader for SECONDS=600, with atheris where it installs"
	@echo "make clean  removes all that the other commands made"

setup: $(STAMPS)

.venv/.stamp-python: pyproject.toml tools/setup.sh
	@tools/setup.sh python && touch $@

node_modules/.stamp-node: package.json package-lock.json tools/setup.sh
	@tools/setup.sh node && touch $@

# What Pyodide's own tools need. They run inside of Pyodide, so these are wheels for its Python.
.venv/.stamp-package: .venv/.stamp-python node_modules/.stamp-node packaging/tools.txt tools/setup.sh
	@tools/setup.sh package && touch $@

# The browser is looked for again when the one that was found has gone.
ifneq ($(shell test -x "$$(cat .venv/.stamp-browser 2>/dev/null)" && echo found),found)
.PHONY: .venv/.stamp-browser
endif
.venv/.stamp-browser: .venv/.stamp-python playwright.config.py tools/setup.sh
	@tools/setup.sh browser && $(BIN)/python playwright.config.py > $@

# Puppeteer, which drives it, is one of the npm packages.
.venv/.stamp-firefox: .venv/.stamp-python node_modules/.stamp-node tools/setup.sh
	@tools/setup.sh firefox && touch $@

.venv/.stamp-rust: .venv/.stamp-python tools/setup.sh
	@tools/setup.sh rust && touch $@

build: node_modules/.stamp-node
	@node tools/build.mjs

run: setup build
	@$(BIN)/python tools/serve.py dist --port $(PORT) --show demo/

test: setup build
	@tools/test.sh $(ARGS)

package: setup build
	@$(BIN)/python tools/package/wheel.py
	@node tools/package/npm.mjs

lint: .venv/.stamp-python node_modules/.stamp-node
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(wildcard edge_runtime) tests tools $(wildcard bench)
	$(BIN)/mypy playwright.config.py
	@node tools/build.mjs --vendor
	npx --no-install tsc --project tsconfig.json

format: .venv/.stamp-python
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup build
	$(BIN)/python -m bench.run

fuzz: .venv/.stamp-python
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-input --editable '.[fuzz]' 2>/dev/null || echo 'fuzz: atheris does not install here'
	@$(BIN)/python -m tests.fuzz --seconds $(SECONDS) $(ARGS)

clean:
	rm -rf .venv node_modules dist dist.* web/vendor build sdk/example/build test-results
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +
