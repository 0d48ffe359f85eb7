# Every task of the repository; `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv
RUN_STAMP := .venv/.run-stamp
DEV_STAMP := .venv/.dev-stamp
BENCH_STAMP := .venv/.bench-stamp
COMPILE := $(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11
# Test processes side by side; the house's limit is fifteen minutes on two cores.
JOBS ?= auto

.DEFAULT_GOAL := help
.PHONY: help setup run morning test torture attack conformance conformance-engine fuzz bench check lint types sql imports format schema-dump lock clean

help:  ## Show this list.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/.setup-stamp: requirements/setup.lock
	@$(PYTHON) -c 'import sys; sys.exit("Questline needs Python 3.11 or newer; set PYTHON=..." if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/setup.lock
	@touch $@

$(RUN_STAMP): .venv/.setup-stamp requirements/run.lock pyproject.toml
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/run.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_STAMP): $(RUN_STAMP) requirements/dev.lock
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.lock
	@touch $@

setup: $(DEV_STAMP)  ## Make .venv with everything that running, testing and checking need.

run: $(RUN_STAMP)  ## Start the service with an embedded PostgreSQL and a demo user.
	@$(BIN)/questline serve

morning: $(RUN_STAMP)  ## Play a morning's operations on a throwaway service; print and check each answer.
	@$(BIN)/python -m tools.morning

SPEAK_GRAPHQL := tests/http tests/quests tests/focus tests/habits tests/morning tests/gamification tests/auth tests/house

test: $(DEV_STAMP)  ## Run all tests; those of GraphQL with both executors, those of SQL on PostgreSQL 15 too.
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadfile
	@QUESTLINE_EXECUTOR=standard $(BIN)/python -m pytest -n $(JOBS) --dist loadfile $(SPEAK_GRAPHQL)
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadfile -m sql --postgres 15

torture: $(DEV_STAMP)  ## Kill services, relays and databases for some minutes; count what was lost.
	@$(BIN)/python -m pytest -m torture tests/relay tests/torture

attack: $(DEV_STAMP)  ## Attack running services for some minutes; print what each attack costs.
	@$(BIN)/python -m pytest -m attack tests/attack

conformance: $(RUN_STAMP)  ## Run public GraphQL clients and audits against the service; PARTS="relay urql": some.
	@command -v node >/dev/null && command -v npm >/dev/null || { echo "Missing: Node 20.19 or newer with npm (Debian: apt-get install nodejs npm). NOTHING WAS CHECKED."; exit 2; }
	@cd tools/conformance && npm ci --ignore-scripts --silent --no-progress || { echo "Missing: the packages of tools/conformance; npm could not install them. NOTHING WAS CHECKED."; exit 2; }
	@cd tools/conformance && node run.mjs $(PARTS)

$(BENCH_STAMP): $(RUN_STAMP) requirements/bench.lock
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/bench.lock
	@touch $@

bench: $(BENCH_STAMP)  ## Measure the service beside hand-written SQL; QUICK=1, PEERS=1, PROFILE=1, DOCS=1.
	@$(BIN)/python -m bench $(if $(QUICK),--quick) $(if $(PEERS),--peers) $(if $(PROFILE),--profile) $(if $(DOCS),--docs)

conformance-engine: $(DEV_STAMP)  ## Run graphql-core's own execution tests through the compiled executor.
	@$(BIN)/python tools/engine/conformance.py

fuzz: $(DEV_STAMP)  ## Ask generated operations of both executors, which must agree; ROUNDS=4000, SEED=1.
	@QUESTLINE_FUZZ_ROUNDS=$(or $(ROUNDS),4000) QUESTLINE_FUZZ_SEED=$(or $(SEED),$(shell date +%s)) \
		$(BIN)/python -m pytest -q -s tests/engine/test_differential.py

check: lint types sql imports  ## Run every linter.

lint: $(DEV_STAMP)  ## ruff: format and lint.
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

types: $(DEV_STAMP)  ## basedpyright, strict.
	@$(BIN)/basedpyright

sql: $(DEV_STAMP)  ## sqlfluff over migrations and queries.
	@$(BIN)/sqlfluff lint --processes 0 sql/migrations sql/queries

imports: $(DEV_STAMP)  ## import-linter: who may import whom.
	@$(BIN)/lint-imports

format: $(DEV_STAMP)  ## Rewrite the sources in the house's format.
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

schema-dump: $(DEV_STAMP)  ## Write sql/schema.sql and docs/schema.md anew after a migration.
	@$(BIN)/python -m tests.migrations.dump

lock: .venv/.setup-stamp  ## Compile the lock files anew from pyproject.toml.
	@$(COMPILE) requirements/setup.in -o requirements/setup.lock
	@$(COMPILE) pyproject.toml --extra otel -o requirements/run.lock
	@$(COMPILE) pyproject.toml --extra otel --group dev -o requirements/dev.lock
	@$(COMPILE) --no-deps tools/engine/requirements.in -o tools/engine/requirements.lock
	@$(COMPILE) pyproject.toml --extra otel --group bench -c requirements/run.lock -o requirements/bench.lock

clean:  ## Remove the environment and the embedded server's data.
	rm -rf .venv .questline dist .pytest_cache .ruff_cache .hypothesis
