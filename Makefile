# `make run` tries the product, `make test` tests it. Both need Python, and nothing else.

PYTHON ?= python3
WORKERS ?= 2
ARGS ?=
PY := .venv/bin/python
UV ?= $(or $(wildcard .venv/bin/uv),uv)
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes
PYTEST := $(PY) -m pytest -n $(WORKERS) --dist loadgroup
# Checks read the settings, and reach neither of these.
SETTINGS := AFTERBLOCK_DEMO=1 DATABASE_URL=postgres://127.0.0.1:1/none REDIS_URL=redis://127.0.0.1:1 \
	SECRET_KEY=only-for-checks-and-long-enough-to-be-taken-for-one
.DEFAULT_GOAL := help
.PHONY: help run test faults security fuzz check mutants removals bench e2e offline-rounds lighthouse screenshots words sbom reset lock

help: ## Show this list
	@grep -hE '^[a-z0-9-]+:.*## ' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 16

run: .venv/installed ## Start everything with a fictional clinic (PORT, HOST, VAR_DIR)
	@exec $(PY) -m config.launcher --with-parent

test: .venv/installed-dev ## Run the whole suite but the faults, or a part: ARGS="tests/clinical -q"
	@$(PYTEST) -m "not faults" $(ARGS)

faults: .venv/installed-dev ## Kill, freeze, cut off and poison everything (docs/reliability.md)
	@$(PYTEST) -m faults $(or $(ARGS),tests/faults)

security: .venv/installed-dev ## Knock at every door, send what nobody should: figures at the end (ABUSE_INPUTS, SEED)
	@MATRIX_PART=$(or $(MATRIX_PART),1) $(PYTEST) -q $(or $(ARGS),tests/security tests/isolation tests/audit/test_tampering.py)

fuzz: .venv/installed-fuzz ## Ask by the API's own contract as six people, made-up and foreign ids (CASES, SEED)
	@CASES=$(or $(CASES),20000) $(PYTEST) -q $(or $(ARGS),tests/fuzz)

check: .venv/installed-dev ## Lint, format, types, import contracts, migrations, system checks
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(SETTINGS) .venv/bin/mypy
	.venv/bin/lint-imports
	$(SETTINGS) $(PY) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(SETTINGS) $(PY) manage.py check

mutants: .venv/installed-dev ## See each small mistake in the clinical core make a test fail (docs/mutants.md)
	@$(PY) -m tests.mutants tracker/clinical --skip clinical/words --tests tests/clinical --bare \
		--explained tests/mutants/clinical.toml --jobs $(WORKERS) $(ARGS)

removals: .venv/installed-dev ## See a test fail for each scope, permission, limit or audit taken away (docs/mutants.md)
	@$(PY) -m tests.removals --jobs $(WORKERS) $(ARGS)

bench: .venv/installed-dev ## Measure what is promised to be fast, or a part: ARGS=clinical (docs/bench.md)
	@$(PY) -m bench $(ARGS)

e2e: .venv/installed-dev ## Run the browser tests, which need Chromium, and WebKitGTK for some
	@REQUIRE_BROWSER=1 $(PYTEST) tests/e2e $(ARGS)

offline-rounds: .venv/installed-dev ## Cut a phone off at random 1,000 times: none lost, none doubled (ROUNDS, SEED)
	@REQUIRE_BROWSER=1 ROUNDS=$(or $(ROUNDS),1000) $(PY) -m pytest -q -s tests/e2e/test_offline_rounds.py $(ARGS)

lighthouse: .venv/installed-dev ## Let Lighthouse judge Today, check-in and result (needs Chromium and Node; docs/bench.md)
	@LIGHTHOUSE="$(or $(LIGHTHOUSE),npx --yes lighthouse@12.8.2)" $(PY) -m pytest -q -s tests/e2e/test_lighthouse.py $(ARGS)

screenshots: .venv/installed-dev ## Take the pictures of the documentation
	@$(PY) docs/screenshots.py $(ARGS)

words: .venv/installed-dev ## Bring the Spanish catalogue to what the pages say, and compile it
	@$(PY) -m tests.catalogue

sbom: .venv/installed ## List what the product is made of (CycloneDX), into FILE=sbom.json
	@$(PY) -m config.sbom $(or $(FILE),sbom.json)

reset: .venv/installed ## Forget all data in var/
	@$(PY) -m config.launcher --reset

lock: ## Compile requirements*.in to the pinned files that are installed (needs uv)
	$(UV) pip compile --quiet --universal --generate-hashes --python-version 3.11 \
		--custom-compile-command "make lock" requirements.in -o requirements.txt
	$(UV) pip compile --quiet --universal --generate-hashes --python-version 3.11 \
		--custom-compile-command "make lock" requirements-dev.in -o requirements-dev.txt
	$(UV) pip compile --quiet --universal --generate-hashes --python-version 3.11 \
		--custom-compile-command "make lock" requirements-fuzz.in -o requirements-fuzz.txt

.venv/bin/python:
	@command -v "$(PYTHON)" >/dev/null || { echo "$(PYTHON) was not found:" \
		"install Python 3.11 or newer, or name one: make PYTHON=python3.12 ..."; exit 1; } >&2
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo \
		"Afterblock needs Python 3.11 or newer, and $(PYTHON) is $$("$(PYTHON)" -V):" \
		"name another: make PYTHON=python3.12 ..."; exit 1; } >&2
	@echo "Making .venv"
	@"$(PYTHON)" -m venv .venv || { rm -rf .venv; echo "No virtual environment could be made:" \
		"on Debian and Ubuntu, install the package python3-venv."; exit 1; } >&2

# Each stamp is younger than the file whose packages are installed.
.venv/installed: requirements.txt | .venv/bin/python
	@echo "Installing requirements.txt"
	@$(PIP) -r requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed
	@echo "Installing requirements-dev.txt"
	@$(PIP) -r requirements-dev.txt
	@touch $@

.venv/installed-fuzz: requirements-fuzz.txt .venv/installed-dev
	@echo "Installing requirements-fuzz.txt"
	@$(PIP) -r requirements-fuzz.txt
	@touch $@
