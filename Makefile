# Two commands to know: make run, make test.
SHELL := /bin/bash
PYTHON ?= python3
PIP := .venv/bin/python -m pip --disable-pip-version-check

.PHONY: help run test browser shots check lock clean
help:  ## what there is
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/'

run: .venv/run  ## the whole service on this machine, with demo data
	@exec .venv/bin/signpost run --demo

test: .venv/test check browser  ## everything, on a real Neo4j and a real browser
	@.venv/bin/python -m pytest

browser: .venv/test
	@command -v chromium >/dev/null || .venv/bin/python -m playwright install chromium

shots: .venv/test browser  ## a picture of every page in every state, in shots/
	@mkdir -p shots && SIGNPOST_SHOTS=shots .venv/bin/python -m pytest tests/test_pages.py -k axe

check: .venv/test  ## the linter and the type checker
	@.venv/bin/ruff check . && .venv/bin/ruff format --check .
	@.venv/bin/basedpyright

lock: .venv/test  ## pin the dependencies again, with digests and without addresses
	.venv/bin/uv pip compile pyproject.toml --extra install --python-version 3.11 --universal \
	  --generate-hashes --no-header --no-annotate -q -o requirements.lock
	.venv/bin/uv pip compile pyproject.toml --extra install --extra dev --python-version 3.11 --universal \
	  --generate-hashes --no-header --no-annotate -q -o requirements-dev.lock

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Signpost needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 run"; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/run: requirements.lock pyproject.toml | .venv/bin/python
	@$(PIP) install --progress-bar on --require-hashes -r requirements.lock
	@$(PIP) install -q --no-deps --no-build-isolation -e .
	@touch .venv/run

.venv/test: requirements-dev.lock pyproject.toml | .venv/bin/python
	@$(PIP) install -q --require-hashes -r requirements-dev.lock
	@$(PIP) install -q --no-deps --no-build-isolation -e .
	@touch .venv/test .venv/run

clean:  ## remove the environment; .signpost stays
	rm -rf .venv *.egg-info
