# The two commands most people need:
#
#   make run     installs what the bot needs into .venv, then starts it. Without tokens it serves the
#                playground on 127.0.0.1; with tokens in .env (see .env.example) it connects.
#   make test    installs the tools too, then checks everything: format, lint, types, content, tests.
#
# Python 3.11 or newer and make are all that must be there before. `make help` lists the rest.
# tools/install.py installs what requirements/*.txt lock, with every file's hash, and notes in .venv what is installed,
# so that a second run starts at once and needs no network.
# Written for make 3.81 (what macOS has) and a plain sh, so no .ONESHELL.

.DELETE_ON_ERROR:
.NOTPARALLEL:
.SUFFIXES:
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

# PYTHON=/path/to/python3 chooses the Python; else the first that is new enough is taken.
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

# --- for whoever runs the bot

.PHONY: install
install: ## install what the bot needs into .venv
	@$(call INSTALL,runtime semantic)

.PHONY: run
run: install ## install, then start the bot (ARGS="…" is handed on)
	@exec $(PY) -m bot run $(ARGS)

.PHONY: check
check: install ## check the answers in responses/: every mistake at once, with file, line and remedy
	@exec $(PY) -m bot check $(ARGS)

.PHONY: semantic
semantic: ## try again to install what understands free questions
	@rm -f .venv/.stamp-semantic
	@$(call INSTALL,runtime semantic)

.PHONY: clean
clean: ## remove .venv and what the tools left behind (never data/ or .env)
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find bot tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

# --- for whoever changes it

.PHONY: dev
dev: ## install the tools that check the project
	@$(call INSTALL,runtime semantic dev)

.PHONY: test
test: dev ## install everything, then run every check (ARGS="…" is handed to pytest)
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(PY) -m bot check
	$(PY) -m pytest --numprocesses auto --dist loadfile $(ARGS)

.PHONY: soak
soak: dev ## live through an hour in some minutes: thousands of commands, and nothing may stay behind
	@SOAK_ROUNDS=12 SOAK_QUESTIONS=300 $(PY) -m pytest -q -o faulthandler_timeout=1800 tests/soak $(ARGS)

.PHONY: schemas
schemas: install ## write the JSON Schemas that editors use for responses/
	@$(PY) -m bot schemas $(ARGS)

.PHONY: train
train: dev ## train what tells free questions apart
	@OPENBLAS_NUM_THREADS=1 $(PY) -m tools.training.train $(ARGS)

.PHONY: evaluate
evaluate: dev ## measure it on the question sets
	@$(PY) -m tools.training.evaluate $(ARGS)

.PHONY: bench
bench: ## measure it beside bare programs on the same libraries (ARGS="NAME…" for some rows)
	@$(call INSTALL,runtime semantic dev bench)
	@$(PY) -m tools.bench $(ARGS)

.PHONY: release
release: dev ## build a wheel with the answers and the page inside, into dist/
	@$(PY) -m hatchling build --target wheel --directory dist

.PHONY: walk
walk: dev ## count the modules and functions that a command, a join and an edit pass (ARGS=--list names them)
	@$(PY) -m tools.walk $(ARGS)

.PHONY: architecture-picture
architecture-picture: dev ## draw what may import what, for docs/architecture.md
	@$(PY) -m tools.architecture

.PHONY: screenshots
screenshots: dev ## take the pictures of the playground that the README shows (needs Chromium and its driver)
	@REQUIRE_BROWSER=1 SCREENSHOTS=docs/pictures $(PY) -m pytest -q tests/browser/test_pictures.py

SECONDS ?= 60

.PHONY: fuzz
fuzz: ## fuzz every door, guided by what the code does (SECONDS=60 each, DOOR=name for one)
	@$(call INSTALL,runtime semantic dev fuzz)
	@for door in $(or $(DOOR),$$($(PY) -m tests.fuzz.doors)); do \
	  echo "Fuzzing $$door for $(SECONDS) s …"; \
	  $(PY) -m tests.fuzz.guided "$$door" -max_total_time=$(SECONDS) -verbosity=0 $(ARGS) || exit 1; \
	done

.PHONY: audit
audit: dev ## hold the locked packages against known weaknesses; says so where nobody can be asked
	@$(PY) .ci/audit .venv/audit/bin/pip-audit requirements/dev.txt requirements/semantic.txt

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
