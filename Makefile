# make demo   the bot against the sandbox that ships with it, in your browser
# make test   types, lint, import rules and the whole test suite

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8700
# Not DATA: that is the setting for the real bot's folder, which may be in the environment.
DEMO_DATA ?= demo-data
RESET ?=
# Most tests wait for sockets, so more run at once than there are cores on a small machine.
JOBS ?= 4
SEED ?= 1
ACTIONS ?= 300
CASES ?= 3000

.PHONY: help install demo manifest check coverage test chaos rules hostile telling bench bench-floods lint format lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

$(VENV)/.runtime: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Makegood needs Python 3.11 or newer: make PYTHON=python3.11")'
	@$(PYTHON) -c 'import sqlite3, sys; sys.exit(0 if sys.version_info < (3, 12) or sqlite3.sqlite_version_info >= (3, 42) else "Makegood needs a Python with SQLite 3.42 or newer, or Python 3.11: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

install: $(VENV)/.runtime ## build .venv for running the bot
	@echo 'Installed. Next: . $(VENV)/bin/activate, then python -m bot --help'

demo: $(VENV)/.runtime ## try it in your browser; PORT=8800 takes another port, RESET=1 starts over
	@$(BIN)/python -m bot demo --port $(PORT) --data $(DEMO_DATA) $(if $(RESET),--reset)

manifest: $(VENV)/.runtime ## make manifest.yml from the list of scopes and events in bot/slack/app_manifest.py
	@$(BIN)/python -m bot manifest > manifest.yml

lint: $(VENV)/.dev ## types, lint and import rules
	$(BIN)/mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

check: lint ## lint, then the unit tests: what to run by hand
	$(BIN)/python -m pytest -q -m unit -n $(JOBS)

coverage: $(VENV)/.dev ## what the unit tests reach of the bot, branch by branch
	@mkdir -p build/coverage
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -q -m unit -n $(JOBS)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --skip-covered

test: lint ## lint, then every test
	$(BIN)/python -m pytest -n $(JOBS)

chaos: $(VENV)/.dev ## the bot under faults: kills, lost answers; SEED=2 has other ones, ACTIONS=100 fewer
	@$(BIN)/python -m tests.chaos --seed $(SEED) --actions $(ACTIONS)

rules: $(VENV)/.dev ## people who would walk around the rules, under faults: what left, by the books
	@$(BIN)/python -m tests.chaos --rules --seed $(SEED) --actions $(ACTIONS)

hostile: $(VENV)/.dev ## the bot before a store that answers anything; CASES=0 does all there are
	@$(BIN)/python -m tests.hostile --seed $(SEED) --count $(CASES)

telling: $(VENV)/.dev ## the bot before a Slack that answers anything; CASES=0 does all there are
	@$(BIN)/python -m tests.telling --seed $(SEED) --cases $(CASES)

bench: $(VENV)/.dev ## what the bot costs, each figure against a bare reference
	@$(BIN)/python -m tests.bench

bench-floods: $(VENV)/.dev ## what strangers on the webhook port cost: 1,100 silent ones, wrong secrets
	@$(BIN)/python -m tests.bench --only floods

format: $(VENV)/.dev ## put the source in shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: ## resolve the dependencies anew (needs pip-tools; pyproject.toml says how)
	pip-compile -q -o requirements.lock pyproject.toml
	pip-compile -q --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml

clean: ## remove the environment and the demo's data
	rm -rf $(VENV) demo-data build
