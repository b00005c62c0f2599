# The two commands most people need:
#
#   make run     installs what the bot needs into .venv, then starts it. Without tokens it serves the
#                playground on 127.0.0.1; with tokens in .env (see .env.example) it connects.
#   make test    installs the tools too, then checks everything: format, lint, types, content, tests.
#
# Python 3.11 or newer and make are all that must be there before. `make help` lists the rest.
# Everything is installed from requirements/*.txt, where every file's hash is locked. What is installed is
# noted in .venv/.stamp-*, so that a second run starts at once and needs no network.
# Written for make 3.81 (what macOS has) and a plain sh, so no .ONESHELL.

.DELETE_ON_ERROR:
.NOTPARALLEL:
.SUFFIXES:
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

PYTHON ?= python3
ARGS ?=
PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet --no-input install \
	--require-hashes --no-deps --prefer-binary --no-compile
# Bytecode only saves time at the first start, so nothing fails where it cannot be written.
COMPILE := $(PY) -m compileall -q -j 0
IS_NEW_ENOUGH := -c 'import sys; sys.exit(sys.version_info < (3, 11))'

.PHONY: help
help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

# --- for whoever runs the bot

.PHONY: install
install: .venv/.stamp-runtime .venv/.stamp-semantic ## install what the bot needs into .venv
	@:

.PHONY: run
run: install ## install, then start the bot (ARGS="…" is handed on)
	@exec $(PY) -m bot run $(ARGS)

.PHONY: check
check: install ## check the answers in responses/: every mistake at once, with file, line and remedy
	@exec $(PY) -m bot check $(ARGS)

.PHONY: semantic
semantic: ## try again to install what understands free questions
	@rm -f .venv/.stamp-semantic
	@$(MAKE) .venv/.stamp-semantic

.PHONY: clean
clean: ## remove .venv and what the tools left behind (never data/ or .env)
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find bench bot tests -name __pycache__ -type d -prune -exec rm -rf {} +

# --- for whoever changes it

.PHONY: dev
dev: install .venv/.stamp-dev ## install the tools that check the project
	@:

.PHONY: test
test: dev ## install everything, then run every check (ARGS="…" is handed to pytest)
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(PY) -m bot check
	$(PY) -m pytest $(ARGS)

.PHONY: soak
soak: dev ## live through an hour in a minute or two: thousands of commands, and nothing may stay behind
	@SOAK_ROUNDS=12 SOAK_QUESTIONS=300 $(PY) -m pytest -q tests/soak $(ARGS)

.PHONY: schemas
schemas: install ## write the JSON Schemas that editors use for responses/
	@$(PY) -m bot schemas $(ARGS)

.PHONY: train
train: dev ## train what tells free questions apart
	@OPENBLAS_NUM_THREADS=1 $(PY) -m bot.matching.train $(ARGS)

.PHONY: evaluate
evaluate: dev ## measure it on the question sets
	@$(PY) -m bot.matching.evaluate $(ARGS)

.PHONY: bench
bench: dev .venv/.stamp-bench ## measure it beside bare programs on the same libraries (ARGS="NAME…" for some rows)
	@$(PY) -m bench $(ARGS)

.PHONY: screenshots
screenshots: dev ## take the pictures of the playground that the README shows (needs Chromium and its driver)
	@REQUIRE_BROWSER=1 SCREENSHOTS=docs/pictures $(PY) -m pytest -q tests/browser/test_pictures.py

SECONDS ?= 60

.PHONY: fuzz
fuzz: dev .venv/.stamp-fuzz ## fuzz every door, guided by what the code does (SECONDS=60 each, DOOR=name for one)
	@for door in $(or $(DOOR),$$($(PY) -m tests.fuzz.doors)); do \
	  echo "Fuzzing $$door for $(SECONDS) s …"; \
	  $(PY) -m tests.fuzz.guided "$$door" -max_total_time=$(SECONDS) -verbosity=0 $(ARGS) || exit 1; \
	done

.PHONY: audit
audit: dev ## hold the locked packages against known weaknesses; says so where nobody can be asked
	@MAKE="$(MAKE)" $(PY) .ci/audit .venv/audit/bin/pip-audit requirements/dev.txt requirements/semantic.txt

# Without UPGRADE=1 only what changed in pyproject.toml moves. No registry is named in what comes out.
LOCK_FILE := $(PY) -m uv --no-config pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --annotation-style line --custom-compile-command 'make lock' \
	$(if $(UPGRADE),--upgrade)
LOCK := $(LOCK_FILE) pyproject.toml

.PHONY: lock
lock: dev ## rebuild requirements/*.txt from pyproject.toml (UPGRADE=1 takes newer versions)
	@$(LOCK) --output-file requirements/runtime.txt
	@$(LOCK) --output-file requirements/semantic.txt --extra semantic --constraint requirements/runtime.txt
	@$(LOCK) --output-file requirements/dev.txt --extra dev --constraint requirements/semantic.txt
	@$(LOCK) --output-file requirements/bench.txt --extra bench --constraint requirements/dev.txt
	@$(LOCK_FILE) requirements/audit.in --output-file requirements/audit.txt
	@$(LOCK_FILE) requirements/fuzz.in --output-file requirements/fuzz.txt

# --- how it is installed

# A .venv whose Python is gone (upgraded, or the folder was moved) is made anew; a living one is kept.
.PHONY: remake
.venv/.stamp-made: $(shell $(PY) $(IS_NEW_ENOUGH) 2>/dev/null || echo remake)
	@if $(PY) $(IS_NEW_ENOUGH) 2>/dev/null; then touch $@; exit 0; fi; \
	for python in "$(PYTHON)" python3.14 python3.13 python3.12 python3.11; do \
	  if "$$python" $(IS_NEW_ENOUGH) 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$${found:-}" ]; then \
	  echo "The bot needs Python 3.11 or newer, and there is none here." \
	    "Install one, or say where it is: make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; \
	  exit 1; \
	fi; \
	echo "Making .venv with $$("$$found" --version) …"; \
	if ! said=$$("$$found" -m venv --clear .venv 2>&1); then \
	  rm -rf .venv; \
	  echo "$$said" >&2; \
	  echo "This Python cannot make a virtual environment: on Debian and Ubuntu, apt-get install python3-venv" >&2; \
	  exit 1; \
	fi; \
	touch $@

.venv/.stamp-runtime: requirements/runtime.txt .venv/.stamp-made
	@echo "Installing what the bot needs …"
	@$(PIP) -r requirements/runtime.txt || { \
	  echo "The packages could not be installed; the lines above say why. Nothing else was changed." >&2; exit 1; }
	@$(COMPILE) .venv/lib bot || true
	@touch $@

# Doing without it is no failure: free questions are then matched by their words alone.
.venv/.stamp-semantic: requirements/semantic.txt .venv/.stamp-runtime
	@echo "Installing what understands free questions …"
	@if $(PIP) -r requirements/semantic.txt >.venv/semantic.log 2>&1; then \
	  $(COMPILE) .venv/lib || true; \
	else \
	  echo "It cannot be had here (.venv/semantic.log says why), so the bot goes on without it and matches" \
	    "free questions by their words alone. 'make semantic' tries again."; \
	fi
	@touch $@

.venv/.stamp-dev: requirements/dev.txt .venv/.stamp-runtime
	@echo "Installing the tools …"
	@$(PIP) -r requirements/dev.txt
	@$(COMPILE) .venv/lib || true
	@touch $@

# In an environment of its own, so that it moves no package of ours.
.venv/.stamp-audit: requirements/audit.txt .venv/.stamp-dev
	@echo "Installing what audits the packages …"
	@$(PY) -m venv --clear .venv/audit
	@.venv/audit/bin/python -m pip --disable-pip-version-check --quiet --no-input install \
	  --require-hashes --no-deps -r requirements/audit.txt
	@touch $@

# Doing without it is no failure: the doors are then fuzzed by hypothesis alone.
.venv/.stamp-fuzz: requirements/fuzz.txt .venv/.stamp-dev
	@$(PIP) -r requirements/fuzz.txt 2>.venv/fuzz.log || \
	  echo "atheris cannot be had here (.venv/fuzz.log says why)."
	@touch $@

.venv/.stamp-bench: requirements/bench.txt .venv/.stamp-dev
	@echo "Installing what the bot is measured beside …"
	@$(PIP) -r requirements/bench.txt
	@$(COMPILE) .venv/lib || true
	@touch $@
