# Two commands do everything: `make serve` and `make test`. Needs Python 3.11 or newer with venv, nothing else;
# Node and npm, where they are there, build the query editor, else PyPI lends them.
.DEFAULT_GOAL := help
.PHONY: help serve test quick test-long build fix docs map conformance lock clean

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
WHEELS := $(VENV)/wheels
# Two workers for two cores; more only make tests of a running server wait for each other.
WORKERS ?= 2
# pip shows its own progress; the set-up must not seem to hang.
PIP := $(BIN)/pip --disable-pip-version-check --no-input
PYTEST := $(BIN)/python -m pytest -n $(WORKERS)

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | sort | expand -t 12

serve: $(VENV)/.ready ## Set up, build the release, serve it, build again when content changes (PORT=8000)
	@$(BIN)/sauran serve --watch --port $(PORT)

build: $(VENV)/.ready ## Build a draft release into releases/
	@$(BIN)/sauran build

test: $(VENV)/.ready-tests ## The whole gate: format, lint, types, tests, docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	@mkdir -p .mypy_path/sauran && ln -sfn ../../kg ../../server ../../sauran/__init__.py ../../sauran/__main__.py .mypy_path/sauran/
	$(BIN)/mypy
	$(PYTEST) --dist loadfile

test-long: $(VENV)/.ready-tests ## What the gate has no time for, once before an issue closes: many examples, every mutant
	$(PYTEST) --dist worksteal --long

quick: $(VENV)/.ready-tests ## The inner loop: lint, and the fast tests of kg and the ontology
	$(BIN)/ruff check .
	$(PYTEST) --dist loadfile -q -x -m "not slow" tests/test_architecture.py tests/ontology tests/kg \
	  --ignore=tests/kg/validate --ignore=tests/kg/release/test_release.py --ignore=tests/kg/release/test_build.py

fix: $(VENV)/.ready-tests ## Repair format and lint where a tool can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(VENV)/.ready ## Rewrite the generated tables of the documentation
	$(BIN)/python tests/reference_tables.py

map: ## List the modules, each with what it is for
	@$(PYTHON) tests/module_map.py

conformance: $(VENV)/.ready-tests ## Run the W3C's test suites and write table, page and EARL reports (needs ../shared or SAURAN_SHARED)
	PYTHONPATH=tests $(BIN)/python -m w3c.conformance

lock: ## Rewrite the two lock files (needs uv)
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
	  --custom-compile-command "make lock" -o requirements.lock pyproject.toml
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
	  --custom-compile-command "make lock" -c requirements.lock --extra dev -o requirements-dev.lock pyproject.toml

clean: ## Remove the environment and the releases
	rm -rf $(VENV) releases

$(VENV)/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Sauran needs Python 3.11 or newer; say which with make PYTHON=python3.11")'
	@echo "set-up: a virtual environment in $(VENV), some seconds"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.ready: requirements.lock pyproject.toml hatch_build.py $(wildcard frontend/*) frontend/.npmrc | $(VENV)/bin/pip
	@echo "set-up: Python packages, half a minute or more"
	$(PIP) install --require-hashes -r requirements.lock
	@echo "set-up: sauran, with query editor and map outlines from npm, ten seconds to a minute"
	@SAURAN_ASSETS_REPORT=$(VENV)/assets.txt $(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	@sed 1q $(VENV)/assets.txt
	@touch $@

# The wheel cache lets the test of the bare wheel run without a network.
$(VENV)/.ready-tests: requirements-dev.lock $(VENV)/.ready
	@echo "set-up: packages that check and test, one to two minutes"
	$(PIP) install --require-hashes -r requirements-dev.lock
	@echo "set-up: wheels for tests without a network, half a minute or more"
	$(PIP) download --require-hashes -r requirements-dev.lock -d $(WHEELS)
	@touch $@
