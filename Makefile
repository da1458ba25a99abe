# coopdec-graph. `make serve` to look at the graph, `make test` to check everything.
# Needs Python 3.11 or newer and make; everything else is installed into .venv/ from lock files.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
OUT ?= build

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq

.DEFAULT_GOAL := help
.PHONY: help serve build test lint programs format lock docs clean

help:
	@echo "make serve   construit le graphe et le sert sur http://$(HOST):$(PORT)  (PORT=… HOST=…)"
	@echo "make build   construit le graphe dans $(OUT)/"
	@echo "make test    installe ce qu'il faut et lance tous les contrôles"
	@echo "make docs    regenerates the ontology's HTML reference"
	@echo "make lock    updates the lock files"
	@echo "make clean   removes .venv/ and $(OUT)/"

serve: build
	@$(BIN)/coopdec serve --data $(OUT) --host $(HOST) --port $(PORT)

build: .venv/run.stamp
	@$(BIN)/coopdec build data/atlas --registry data/registry.csv \
	  --decisions data/links/decisions.csv --out $(OUT)

test: .venv/dev.stamp lint programs
	$(BIN)/pytest

lint: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Programs of Debian that the tests use: Virtuoso (a remote store) and Chromium (a real browser). Root
# on Debian gets them; elsewhere those tests are skipped and say so (or fail, with REQUIRE_VIRTUOSO=1).
programs: .venv/dev.stamp
	@wanted=""; \
	command -v virtuoso-t >/dev/null || wanted="$$wanted virtuoso-opensource-7-bin"; \
	command -v chromium >/dev/null || wanted="$$wanted chromium"; \
	if test -n "$$wanted" && command -v apt-get >/dev/null && test "$$(id -u)" = 0; then \
	  { apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q -y \
	    --no-install-recommends install $$wanted; } >.venv/programs.log 2>&1 || \
	  echo "N'a pas pu être installé / could not be installed:$$wanted (.venv/programs.log)"; \
	fi

format: .venv/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: .venv/dev.stamp
	$(BIN)/python scripts/make_ontology_pages.py

# Versions and hashes, no addresses: any index that has the same files will do.
LOCK = $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --quiet --upgrade
lock: .venv/dev.stamp
	$(PIP) install uv
	$(LOCK) --extra setup --output-file requirements.lock
	$(LOCK) --extra setup --extra dev --output-file requirements-dev.lock

clean:
	rm -rf .venv $(OUT)

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Il faut Python 3.11 ou plus récent (make PYTHON=/chemin/vers/python3). / Python 3.11 or newer is needed."; exit 2; }
	@echo "Installation dans .venv/ (une minute la première fois)…"
	@$(PYTHON) -m venv .venv

# The project is installed in place, by the build tool that the lock file names.
.venv/run.stamp: .venv/bin/python requirements.lock pyproject.toml
	@test -e .venv/dev.stamp || $(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.stamp: .venv/bin/python requirements-dev.lock pyproject.toml
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@
