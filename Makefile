# The few words this project is worked with; `make help` prints them.
PYTHON ?= python3
BIN := .venv/bin
export COALITION_INSTANCE ?= instance

.DEFAULT_GOAL := help
.PHONY: help demo run test soak lint bench translations lock clean

help: ## print this
	@awk -F':.*## ' '/^[a-z]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: .venv/runtime ## from nothing: set up, take the real letter of 2016 down the whole road, print the PDF's path
	@$(BIN)/coalition demo

run: .venv/runtime ## serve what the demo made, with its worker, on an embedded SQLite
	@$(BIN)/coalition run

test: .venv/tests ## from nothing: set up and run all tests (SQLite, PostgreSQL, SMTP, a browser)
	@# The browser's event loop stays in its process: nothing else runs there.
	$(BIN)/python -m pytest tests/journeys
	@# In their order: with the largest files first, tests that are long but alone in their file would come last.
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --ignore=tests/journeys

soak: .venv/tests ## the long ones: hundreds of rounds, kills
	$(BIN)/python -m pytest -m soak -p no:cacheprovider

lint: .venv/tests ## style, types, security rules, import contracts
	$(BIN)/ruff check .
	$(BIN)/bandit --quiet --recursive coalition --configfile pyproject.toml
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/tests ## measure side by side, print ratios (PARTS=... some only, BENCH_JSON=FILE writes them)
	$(BIN)/python -m tests.bench $(PARTS)

translations: .venv/tests ## take new and changed messages into the catalogues, say how far each language is
	$(BIN)/python -m tools.translations

lock: ## write the lock files anew (needs uv)
	tools/lock.sh

clean: ## take away the virtual environment and the caches; the instance stays
	rm -rf .venv .pytest_cache .ruff_cache .mypy_cache .hypothesis .import_linter_cache

.venv/runtime: requirements.lock pyproject.toml
	@tools/system-packages.sh libpango-1.0.so=libpango-1.0-0 libpangoft2-1.0.so=libpangoft2-1.0-0 \
		libharfbuzz-subset.so=libharfbuzz-subset0
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed." >&2; exit 1; }
	@$(PYTHON) -m venv .venv 2>/dev/null || { tools/system-packages.sh no-venv=python3-venv && $(PYTHON) -m venv .venv; }
	@echo "Installing the locked dependencies (a minute or two) ..." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/tests: tests/requirements.lock .venv/runtime
	@tools/system-packages.sh chromium=chromium pdftotext=poppler-utils qpdf=qpdf redis-server=redis-server
	@echo "Installing the locked test dependencies ..." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/requirements.lock
	@touch $@
