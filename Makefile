# make run     start Baton with its demo workspace: nothing but Python 3.11+ and make is needed
# make test    run the tests; make test-slow those that are long by nature
# make check   linters, types, layers
SHELL := /bin/sh
# On two cores at once, each file in one of them, the longest first; `make test PYTEST=-x` runs one after the other.
PYTEST ?= -n 2 --dist loadfile --no-loadscope-reorder
PYTEST_SLOW ?= -n 2 --dist load --maxschedchunk 1
VENV  := .venv
BIN   := $(VENV)/bin
# Tests start some fifty Pythons: what the first compiled is kept for the others, whatever the environment says.
PYTHON_FOR_TESTS := env -u PYTHONDONTWRITEBYTECODE $(BIN)/python

# A wheel of the embedded database exists for 3.11 to 3.13, so these go first.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$p && exit; done; \
	for p in python3 python3.14; do $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && exit; done)

# The stamps carry what the environment was made from: another pyproject.toml, or the tree in another place, makes it anew.
KEY := $(shell { cat pyproject.toml; pwd; } | cksum | cut -d ' ' -f 1)
RUN := $(VENV)/installed-run-$(KEY)
DEV := $(VENV)/installed-dev-$(KEY)
PIP  = $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: run test test-slow check check-python check-web check-speed screenshots icons format clean
.DEFAULT_GOAL := run

run: $(RUN)
	@exec env $${PORT:+BATON_PORT=$$PORT} $(BIN)/baton demo

test: $(DEV)
	@$(PYTHON_FOR_TESTS) -m pytest -m "not slow" $(PYTEST)

test-slow: $(DEV)
	@$(PYTHON_FOR_TESTS) -m pytest -m slow $(PYTEST_SLOW)

check: check-python check-web

check-python: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright --warnings
	$(BIN)/lint-imports --no-cache

# Node is a tool for us, not for those who run Baton: where it is missing we say so, and only CI insists.
check-web:
	@if command -v npm >/dev/null 2>&1; then \
		if ! cmp -s package-lock.json node_modules/.installed-from; then \
			npm ci --silent --no-audit --no-fund && cp package-lock.json node_modules/.installed-from || exit 1; \
		fi; \
		echo node_modules/.bin/tsc -p jsconfig.json; node_modules/.bin/tsc -p jsconfig.json; \
	else \
		echo "npm is not installed, so the browser code was not type-checked."; test "$$CI" != true; \
	fi

check-speed: $(DEV)
	$(BIN)/python -m ops.bench.smoke

screenshots: $(DEV)
	$(BIN)/python -m ops.screenshots

icons: $(DEV)
	$(BIN)/python -m ops.icons

format: $(DEV)
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format --quiet .

clean:
	rm -rf $(VENV) node_modules build dist *.egg-info .pytest_cache .ruff_cache .hypothesis
	find actors handlers server ops tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Not --upgrade: an environment that has what pyproject.toml asks for is left as it is.
$(RUN): | $(BIN)/python
	@echo "Installing Baton into $(VENV) (once)."
	@$(PIP) --editable .
	@rm -f $(VENV)/installed-run-*; touch $@

$(DEV): | $(BIN)/python
	@echo "Installing Baton and what its tests need into $(VENV) (once)."
	@$(PIP) --editable '.[dev]'
	@rm -f $(VENV)/installed-*; touch $(RUN) $@

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Baton needs Python 3.11 or newer, and none was found on the path." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "$(PYTHON) cannot make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
