# `make help` lists the targets. Everything lives in .venv and PORTAVOCE_HOME; nothing is installed by hand.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
WORKERS := -n auto --dist loadfile --no-loadscope-reorder
HOME_FOLDER := $(or $(PORTAVOCE_HOME),.portavoce)
export PYTHON
# Every process is compiled once and not at each start, whatever the shell says.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help run test coverage test-deep chaos backup restore restart lint bench assets system requirements clean clean-data
.DELETE_ON_ERROR:

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: $(VENV)/.runtime assets ## Start everything with the demo provider; Ctrl-C stops it
	@exec $(BIN)/portavoce run

test: $(VENV)/.dev system assets lint ## Lint and all tests, real browser included
	$(BIN)/pytest -p no:cacheprovider $(WORKERS)

coverage: $(VENV)/.dev system assets ## The same tests under coverage of branches, which takes twice the time; 95 % or fail
	$(BIN)/pytest -p no:cacheprovider $(WORKERS) --cov --cov-report=term

test-deep: $(VENV)/.dev system assets ## The tests with many more examples; slow
	PORTAVOCE_TEST_PROFILE=deep $(BIN)/pytest -p no:cacheprovider $(WORKERS)

chaos: $(VENV)/.dev assets ## A thousand faults under load; FAULTS=… and SEED=… choose the plan
	$(BIN)/python -m tests.faults.chaos --faults $(or $(FAULTS),1000) $(if $(SEED),--seed $(SEED))

backup: $(VENV)/.runtime ## Copy database, files and keys to TO=folder while everything works
	@$(BIN)/portavoce backup "$(TO)"

restore: $(VENV)/.runtime ## Bring the backup FROM=folder back into an empty PORTAVOCE_HOME
	@$(BIN)/portavoce restore "$(FROM)"

restart: $(VENV)/.runtime ## Replace the processes of a running make run, nobody refused
	@$(BIN)/portavoce restart

lint: $(VENV)/.dev ## Style, types and import contracts
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy -n $$(nproc)
	$(BIN)/lint-imports

bench: $(VENV)/.dev assets ## Measure against a bare handler in the same run; writes docs/performance.md
	$(BIN)/python -m tests.bench

assets: $(VENV)/.runtime
	@$(BIN)/python -m portavoce.web.assets

system:
	@infra/dev/system.sh

requirements: $(VENV)/.dev ## Pin the dependencies of pyproject.toml anew, with hashes
	$(PIP) install uv
	$(BIN)/uv pip compile $(PINS) --extra build pyproject.toml -o requirements/runtime.txt
	$(BIN)/uv pip compile $(PINS) --extra build --extra dev -c requirements/runtime.txt pyproject.toml -o requirements/dev.txt

# Extras stay in the names: without them pip takes a newer release of the same package for its extra, then finds no hash.
PINS := --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --no-annotate --no-emit-index-url

clean: ## Remove builds and caches; data and .venv stay
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.*
	rm -rf frontend/node_modules frontend/static/vendor frontend/static/sprite.svg src/*.egg-info
	find src tests migrations -name __pycache__ -type d -prune -exec rm -rf {} +

clean-data: $(VENV)/.runtime ## Stop the embedded servers and delete all data of PORTAVOCE_HOME
	@if [ "$(YES)" != 1 ]; then printf 'Delete all data of %s? [y/N] ' "$(HOME_FOLDER)"; read -r answer; [ "$$answer" = y ]; fi
	@$(BIN)/python -m portavoce.core.embedded.removal "$(HOME_FOLDER)"

# pip takes its index from the user's configuration. It asks no index for what is installed already.
$(VENV)/.runtime: requirements/runtime.txt pyproject.toml
	@infra/dev/venv.sh $(VENV)
	$(PIP) install --quiet --require-hashes -r requirements/runtime.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.runtime
	$(PIP) install --quiet --require-hashes -r requirements/dev.txt
	@touch $@
