# Two commands matter to a newcomer: `make demo` and `make test`. `make help` lists the rest.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := inhouse inhouse-server inhouse-keyring pytest-inhouse
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help venv demo test test-slow cov lint types imports check format reference bench requirements wheels changelog clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## (.*)/\1|\2/' | while IFS='|' read -r target text; do printf '  %-14s %s\n' "$$target" "$$text"; done

venv: $(STAMP) ## Make the development environment, exactly as locked

$(STAMP): requirements/dev.txt requirements/uv.txt $(wildcard packages/*/pyproject.toml)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0] + "; choose another with: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --quiet --require-hashes -r requirements/dev.txt
	VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation $(foreach p,$(PACKAGES),-e packages/$(p))
	@touch $@

demo: $(STAMP) ## The whole road, for real: a library from nothing to installed by another project
	$(BIN)/inhouse demo $(DEMO)

test: $(STAMP) ## The tests that are fast, with the coverage gate
	$(BIN)/python -m coverage erase
	$(BIN)/python -m coverage run -m pytest
	$(BIN)/python -m coverage combine --quiet
	$(BIN)/python -m coverage report

test-slow: $(STAMP) ## The tests with real clients, killed processes and generated projects
	$(BIN)/python -m pytest -m slow

lint: $(STAMP) ## Style, formatting and the layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(STAMP) ## mypy, strict, tests included
	@set -e; for package in $(PACKAGES); do echo "mypy packages/$$package"; (cd packages/$$package && ../../$(BIN)/mypy --config-file ../../pyproject.toml src tests); done
	$(BIN)/mypy tests benchmarks

check: lint types ## Lint and type checks

format: $(STAMP) ## Format the code and mend what can be mended by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

reference: $(STAMP) ## Make the documentation's reference of commands and settings anew
	$(BIN)/python tests/references.py

bench: $(STAMP) ## Measure what getting a token costs, side by side with what people use today
	$(BIN)/python benchmarks/run.py $(ROUNDS)

requirements: ## Compile the locks anew
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --upgrade \
		--no-emit-package inhouse --no-emit-package inhouse-server --no-emit-package inhouse-keyring --no-emit-package pytest-inhouse \
		$(foreach p,$(PACKAGES),packages/$(p)/pyproject.toml) requirements/dev.in -o requirements/dev.txt
	awk '/^uv==/ {inside = 1; print; next} inside && /^    --hash/ {print; next} {inside = 0}' requirements/dev.txt > requirements/uv.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --upgrade \
		requirements/aws-cli.in -o requirements/aws-cli.txt

wheels: $(STAMP) ## Build the wheels and source distributions of all four distributions into dist/
	@for package in $(PACKAGES); do $(BIN)/uv build --quiet --out-dir dist packages/$$package; done; ls dist

clean: ## Remove what was built
	rm -rf build dist .coverage .coverage.*
