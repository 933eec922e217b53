# Everything runs in .venv, which every target makes or refreshes first.

PYTHON ?= python3
ADDRESS ?= 127.0.0.1:8000
ARGS ?=

BIN := .venv/bin
HEADLESS := example_site/headless
READY := .venv/.ready
MANAGE := $(BIN)/python example_site/manage.py

define PRINT_LOGINS
from example_site.showcase.demo import DEMO_LOGINS, DEMO_PASSWORD
for login in DEMO_LOGINS:
    print(f"  {login.username} / {DEMO_PASSWORD}".ljust(24), login.role)
print()
endef
export PRINT_LOGINS

.DEFAULT_GOAL := help
.PHONY: help demo test test-e2e test-postgres bench soak matrix headless headless-demo lint format types audit migrations

help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } \
		/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: export WAGTAILADMIN_BASE_URL = http://$(ADDRESS)
demo: $(READY) ## Set up the example site with demo data and serve it (ADDRESS=127.0.0.1:8000)
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) crowdbrand_setup
	@$(MANAGE) load_demo
	@printf '\n  The site     http://$(ADDRESS)/\n  The editors  http://$(ADDRESS)/admin/\n\n'
	@$(BIN)/python -c "$$PRINT_LOGINS"
	@$(MANAGE) crowdbrand_tick --every 15 & $(MANAGE) runserver $(ADDRESS)

test: $(READY) ## Run every test this machine can run, and say what was left out
	@$(BIN)/python -m tests $(ARGS)

test-e2e: $(READY) ## Run the browser tests only
	@$(BIN)/python -m tests --only browser $(ARGS)

test-postgres: $(READY) ## Run the tests on a private PostgreSQL only
	@$(BIN)/python -m tests --only postgresql $(ARGS)

bench: $(READY) ## Measure pages and deeds beside a bare view and plain Wagtail
	@$(BIN)/python -m tests.bench $(ARGS)

soak: $(READY) ## A deadline for real, then again while parts of the site are killed
	@$(BIN)/python -m tests.soak $(ARGS)

matrix: $(READY) ## Run the tests on every supported Python, Django and Wagtail
	@$(BIN)/python -m tests.matrix $(ARGS)

headless: $(HEADLESS)/node_modules/.ready ## Type-check and build the example front end (needs npm)
	@cd $(HEADLESS) && npm run --silent build -- --logLevel warn

headless-demo: export FRONT_END = http://127.0.0.1:4173
headless-demo: headless ## The same as "demo", with that front end beside it
	@cd $(HEADLESS) && npm run --silent preview & $(MAKE) --no-print-directory demo

lint: $(READY) ## Check style, floors and template indentation
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/djhtml --check wagtail_crowdbrand example_site tests

format: $(READY) ## Put code and templates into the house format
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .
	@$(BIN)/djhtml wagtail_crowdbrand example_site tests

types: $(READY) ## Check the types of the domain and the words it uses
	@$(BIN)/mypy

audit: .venv-audit/.ready ## Look for conflicts and known holes among the pinned dependencies
	@$(BIN)/uv pip check --quiet --python $(BIN)/python
	@$(BIN)/python -m tests.audit .venv-audit/bin/pip-audit $(ARGS)

migrations: .venv-oldest/.ready ## Make migrations on the oldest supported Wagtail
	@.venv-oldest/bin/python -m django makemigrations \
		--settings tests.settings --pythonpath . \
		wagtail_crowdbrand wagtail_crowdbrand_pages
	@$(BIN)/ruff check --quiet --fix-only wagtail_crowdbrand
	@$(BIN)/ruff format --quiet wagtail_crowdbrand

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "This needs Python 3.11 or newer: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; \
		exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "This Python lacks its venv module. On Debian or Ubuntu: apt install python3-venv" >&2; \
		exit 1; }
	@echo "Setting up .venv …"
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt uv
	@$(BIN)/uv pip install --quiet --python $(BIN)/python -c constraints.txt -e . --group dev
	@touch $@

$(HEADLESS)/node_modules/.ready: $(HEADLESS)/package-lock.json
	@command -v npm >/dev/null || { \
		echo "This needs node 18 or newer and npm. On Debian or Ubuntu: apt install npm" >&2; \
		exit 1; }
	@cd $(HEADLESS) && npm install --no-save --silent
	@touch $@

.venv-audit/.ready: pyproject.toml | $(READY)
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv-audit
	@$(BIN)/uv pip install --quiet --python .venv-audit/bin/python --group audit
	@touch $@

.venv-oldest/.ready: pyproject.toml | $(READY)
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv-oldest
	@$(BIN)/uv pip install --quiet --python .venv-oldest/bin/python \
		-e . 'wagtail~=7.4.3' 'Django~=5.2.0'
	@touch $@
