# make demo   the bot against the sandbox that ships with it, in your browser
# make test   types, lint, import rules and the whole test suite

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8700
DATA ?= demo-data

.PHONY: help install demo test lint format lock clean

help: ## list the targets
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*##/\t/'

$(VENV)/.runtime: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Makegood needs Python 3.11 or newer: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

install: $(VENV)/.runtime ## build .venv for running the bot

demo: $(VENV)/.runtime ## start the sandbox and the bot, and print the page's address
	@$(BIN)/python -m bot demo --port $(PORT) --data $(DATA)

lint: $(VENV)/.dev ## types, lint and import rules
	$(BIN)/mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

test: lint ## lint, then every test
	$(BIN)/python -m pytest

format: $(VENV)/.dev ## put the source in shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(VENV)/.dev ## resolve the dependencies anew (needs pip-tools)
	pip-compile -q --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	  --generate-hashes -o requirements.lock pyproject.toml
	pip-compile -q --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	  --generate-hashes --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml

clean: ## remove the environment and the demo's data
	rm -rf $(VENV) $(DATA) build
