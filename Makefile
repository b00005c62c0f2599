# The two commands most people need:
#
#   make run     installs what the bot needs into .venv, then starts it. Without tokens it serves the
#                playground on 127.0.0.1; with tokens in .env (see .env.example) it connects.
#   make test    installs the tools too, then checks everything: format, lint, types, content, tests.
#
# Python 3.11 or newer and make are all that must be there before. `make help` lists the rest.
# Everything is installed from requirements/*.txt, where each file's hash is locked. What was installed is
# noted in .venv/.installed-*, so that a second run starts at once and needs no network.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DEFAULT_GOAL := help

PYTHON ?= python3
ARGS ?=
VENV_PYTHON := .venv/bin/python
PIP_INSTALL := $(VENV_PYTHON) -m pip --disable-pip-version-check install --quiet --no-input \
	--require-hashes --no-deps --prefer-binary --no-compile

.PHONY: help
help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

# --- for whoever runs the bot

.PHONY: install
install: .venv/.installed-runtime .venv/.installed-semantic ## install what the bot needs into .venv

.PHONY: run
run: install ## install, then start the bot (ARGS="…" is handed on to it)
	@exec $(VENV_PYTHON) -m bot run $(ARGS)

.PHONY: check
check: install ## check the answers in responses/: every mistake at once, with file, line and remedy
	@$(VENV_PYTHON) -m bot check $(ARGS)

.PHONY: semantic
semantic: .venv/.installed-runtime ## try again to install what understands free questions
	@rm -f .venv/.installed-semantic
	$(MAKE) .venv/.installed-semantic

.PHONY: clean
clean: ## remove .venv and everything the tools left behind (never data/ or .env)
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- for whoever changes it

.PHONY: dev
dev: install .venv/.installed-dev ## install the tools that check the project

.PHONY: test
test: dev ## install everything, then run every check
	@set -x
	$(VENV_PYTHON) -m ruff format --check .
	$(VENV_PYTHON) -m ruff check .
	$(VENV_PYTHON) -m mypy
	$(VENV_PYTHON) -m bot check
	$(VENV_PYTHON) -m pytest $(ARGS)

.PHONY: schemas
schemas: install ## write the JSON Schemas that editors use for responses/
	@$(VENV_PYTHON) -m bot schemas $(ARGS)

.PHONY: train
train: dev ## train what tells free questions apart
	@$(VENV_PYTHON) -m bot.matching.train $(ARGS)

.PHONY: evaluate
evaluate: dev ## measure it on the question sets
	@$(VENV_PYTHON) -m bot.matching.evaluate $(ARGS)

# UPGRADE=1 takes the newest versions that pyproject.toml allows; without it only what changed there moves.
.PHONY: lock
lock: dev ## rebuild requirements/*.txt from pyproject.toml (UPGRADE=1 takes newer versions)
	@lock() { out=$$1; shift; $(VENV_PYTHON) -m uv --no-config pip compile --quiet pyproject.toml "$$@" \
		--output-file "$$out" --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--annotation-style line --custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade); }
	lock requirements/runtime.txt
	lock requirements/semantic.txt --extra semantic --constraint requirements/runtime.txt
	lock requirements/dev.txt --extra dev --constraint requirements/runtime.txt --constraint requirements/semantic.txt

# --- how it is installed

$(VENV_PYTHON):
	@for python in "$(PYTHON)" python3.14 python3.13 python3.12 python3.11; do
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi
	done
	if [ -z "$${found:-}" ]; then
	  echo "The bot needs Python 3.11 or newer, and none was found ($$($(PYTHON) --version 2>&1 | tail -n 1))." \
	    "Install one, or name it: make PYTHON=/path/to/python3" >&2
	  exit 1
	fi
	echo "Making .venv with $$("$$found" --version) …"
	if ! said=$$("$$found" -m venv .venv 2>&1); then
	  rm -rf .venv
	  printf '%s\n' "$$said" "This Python cannot make a virtual environment." \
	    "On Debian and Ubuntu: apt-get install python3-venv" >&2
	  exit 1
	fi

.venv/.installed-runtime: requirements/runtime.txt | $(VENV_PYTHON)
	@if ! $(VENV_PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
	  echo "The Python that .venv was made with is gone, or older than 3.11: run 'make clean', then this again." >&2
	  exit 1
	fi
	echo "Installing what the bot needs …"
	if ! $(PIP_INSTALL) -r requirements/runtime.txt; then
	  echo "The packages could not be installed; the lines above say why. What is there already is kept." >&2
	  exit 1
	fi
	$(VENV_PYTHON) -m compileall -q -j 0 .venv/lib bot || true  # only saves time at the first start
	touch $@

# Not having it is no failure: `ask` then matches by words alone.
.venv/.installed-semantic: requirements/semantic.txt .venv/.installed-runtime
	@echo "Installing what understands free questions …"
	if $(PIP_INSTALL) -r requirements/semantic.txt >.venv/semantic.log 2>&1; then
	  $(VENV_PYTHON) -m compileall -q -j 0 .venv/lib || true  # only saves time at the first start
	else
	  echo "It cannot be had on this machine (.venv/semantic.log says why), so the bot goes on without it:" \
	    "free questions are matched by their words alone. 'make semantic' tries again."
	fi
	touch $@

.venv/.installed-dev: requirements/dev.txt .venv/.installed-runtime
	@echo "Installing the tools …"
	$(PIP_INSTALL) -r requirements/dev.txt
	$(VENV_PYTHON) -m compileall -q -j 0 .venv/lib || true  # only saves time at the first start
	touch $@
