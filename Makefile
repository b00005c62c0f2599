# The two commands most people need:
#
#   make run     installs the bot into .venv, then starts it. Without tokens it serves the playground on
#                127.0.0.1; with tokens in .env (see .env.example) it connects to the platforms.
#   make test    installs the development tools too, then runs every check: format, lint, types, content, tests.
#
# You need Python 3.11 or newer and make. `make help` lists all other commands.
# tools/install.py installs the packages that requirements/*.txt lock, checks the hash of every file, and records in .venv
# what is installed, so that a second run starts at once and needs no network.
# This file works with make 3.81 (the version in macOS) and a plain sh, so it does not use .ONESHELL.

.DELETE_ON_ERROR:
.NOTPARALLEL:
.SUFFIXES:
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

# PYTHON=/path/to/python3 chooses the Python; otherwise the first that is new enough is used.
PYTHONS := $(if $(PYTHON),"$(PYTHON)",python3 python3.14 python3.13 python3.12 python3.11 .venv/bin/python)
PY := .venv/bin/python
# $(call INSTALL,PART…)
INSTALL = for python in $(PYTHONS); do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    exec "$$python" tools/install.py --python "$$python" $(if $(PYTHON),--replace) $(1); \
	  fi; \
	done; \
	echo "The bot needs Python 3.11 or newer; $(if $(PYTHON),$(PYTHON) is none,there is none here)." \
	  "Install one, or say where it is: make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; \
	exit 1

.PHONY: help
help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-20s %s\n", $$1, $$2}' Makefile

# --- for operators

.PHONY: install
install: ## install the bot's packages into .venv
	@$(call INSTALL,runtime semantic)

.PHONY: run
run: install ## install, then start the bot (ARGS="…" is passed to it)
	@exec $(PY) -m bot run $(ARGS)

.PHONY: check
check: install ## check the answers in responses/: lists every mistake with file, line and fix
	@exec $(PY) -m bot check $(ARGS)

.PHONY: semantic
semantic: ## install the sentence encoder for /ask, if it failed before
	@rm -f .venv/.stamp-semantic
	@$(call INSTALL,runtime semantic)

.PHONY: clean
clean: ## remove .venv and the caches of the tools (never data/ or .env)
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find bot tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

# --- for developers

.PHONY: dev
dev: ## install the bot and the development tools
	@$(call INSTALL,runtime semantic dev)

.PHONY: test
test: dev ## install everything, then run every check (ARGS="…" is passed to pytest)
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(PY) -m bot check
	$(PY) -m pytest --numprocesses auto --dist loadfile $(ARGS)

.PHONY: soak
soak: dev ## simulate an hour with thousands of commands and attacks; fails if anything leaks
	@SOAK_ROUNDS=12 SOAK_QUESTIONS=300 $(PY) -m pytest -q -o faulthandler_timeout=1800 tests/soak $(ARGS)

.PHONY: schemas
schemas: install ## write the JSON Schemas that editors use for responses/
	@$(PY) -m bot schemas $(ARGS)

.PHONY: train
train: dev ## train the classifiers of free questions
	@OPENBLAS_NUM_THREADS=1 $(PY) -m tools.training.train $(ARGS)

.PHONY: evaluate
evaluate: dev ## measure the classifiers on the question sets
	@$(PY) -m tools.training.evaluate $(ARGS)

.PHONY: bench
bench: ## measure the bot beside other programs on the same libraries (ARGS="NAME…" for some rows)
	@$(call INSTALL,runtime semantic dev bench)
	@$(PY) -m tools.bench $(ARGS)

.PHONY: release
release: dev ## build a wheel with the answers and the playground, into dist/
	@$(PY) -m hatchling build --target wheel --directory dist

.PHONY: walk
walk: dev ## count the modules and functions that a command, a join and an edit pass through (ARGS=--list names them)
	@$(PY) -m tools.walk $(ARGS)

.PHONY: architecture-picture
architecture-picture: dev ## draw the import plan for docs/architecture.md
	@$(PY) -m tools.architecture

.PHONY: screenshots
screenshots: dev ## take the pictures of the playground that the README shows (needs Chromium and its driver)
	@REQUIRE_BROWSER=1 SCREENSHOTS=docs/pictures $(PY) -m pytest -q tests/browser/test_pictures.py

SECONDS ?= 60

.PHONY: fuzz
fuzz: ## fuzz every entry point with atheris (SECONDS=60 each, DOOR=name for one)
	@$(call INSTALL,runtime semantic dev fuzz)
	@for door in $(or $(DOOR),$$($(PY) -m tests.fuzz.doors)); do \
	  echo "Fuzzing $$door for $(SECONDS) s …"; \
	  $(PY) -m tests.fuzz.guided "$$door" -max_total_time=$(SECONDS) -verbosity=0 $(ARGS) || exit 1; \
	done

.PHONY: audit
audit: dev ## check the locked packages for known vulnerabilities; warns if OSV cannot be reached
	@$(PY) .ci/audit .venv/audit/bin/pip-audit requirements/dev.txt requirements/semantic.txt

# Without UPGRADE=1, only what changed in pyproject.toml gets a new version. The output names no registry.
LOCK_FILE := $(PY) -m uv --no-config pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --annotation-style line --custom-compile-command 'make lock' \
	$(if $(UPGRADE),--upgrade)
LOCK := $(LOCK_FILE) pyproject.toml

.PHONY: lock
lock: dev ## rebuild requirements/*.txt from pyproject.toml (UPGRADE=1 allows newer versions)
	@$(LOCK) --output-file requirements/runtime.txt
	@$(LOCK) --output-file requirements/semantic.txt --extra semantic --constraint requirements/runtime.txt
	@$(LOCK) --output-file requirements/dev.txt --extra dev --constraint requirements/semantic.txt
	@$(LOCK) --output-file requirements/bench.txt --extra bench --constraint requirements/dev.txt
	@$(LOCK_FILE) requirements/audit.in --output-file requirements/audit.txt
	@$(LOCK_FILE) requirements/fuzz.in --output-file requirements/fuzz.txt
