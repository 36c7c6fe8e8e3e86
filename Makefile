# CaucusMail. `make run` starts the whole product; `make test` passes the tests; `make check` is the fast one.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
export PORT

# The environment is made again when a list of requirements changes (by content, not by date). Markers of other lists are
# taken away before anything is installed: they would be believed when such a list returns.
RUN_READY := .venv/ready-run-$(shell cksum < requirements.txt | cut -d' ' -f1)
DEV_READY := .venv/ready-dev-$(shell cksum < requirements-dev.txt | cut -d' ' -f1)

.PHONY: run memory test check migration requirements prerequisites
.DEFAULT_GOAL := run

prerequisites:
	@command -v $(PYTHON) >/dev/null || { echo "python3 is missing: install python3 (3.11 or newer) and python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is older than 3.11: install a newer one, or say make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "python3 has no venv: install python3-venv"; exit 1; }

$(RUN_READY): | prerequisites
	@rm -f $(filter-out $(RUN_READY) $(DEV_READY),$(wildcard .venv/ready-*))
	@test -e $(DEV_READY) || { \
	  echo "Making the environment (.venv), once …"; \
	  $(PYTHON) -m venv .venv && $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt; }
	@touch $@

$(DEV_READY): | prerequisites
	@rm -f .venv/ready-*
	@echo "Making the environment with the tools for tests (.venv), once …"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ $(RUN_READY)

run: $(RUN_READY)
	@$(BIN)/python -m caucusmail.serve

# What a running `make run` weighs.
memory: $(RUN_READY)
	@$(BIN)/python -m caucusmail.serve --memory

check: $(DEV_READY)
	@$(BIN)/ruff format --check -q . || { echo "run: $(BIN)/ruff format ."; exit 1; }
	@$(BIN)/ruff check -q .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

# On SQLite; where PostgreSQL and the brokers can be reached, on them too. What was left out is said at the end.
test: $(DEV_READY)
	@$(BIN)/python -m tests.every

# The one initial revision, made again from the models. Only while nothing has been released.
migration: $(DEV_READY)
	rm -f migrations/versions/*.py
	instance=$$(mktemp -d) && CAUCUSMAIL_INSTANCE=$$instance $(BIN)/flask --app wsgi db revision --autogenerate \
	  --rev-id 0001_house -m "The house: everything the first release keeps." && rm -r $$instance
	$(BIN)/ruff format -q migrations && $(BIN)/ruff check -q --fix migrations
	echo 0001_house > migrations/head

requirements: $(DEV_READY)
	$(BIN)/uv pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links requirements.in -o requirements.txt
	$(BIN)/uv pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links requirements-dev.in -o requirements-dev.txt

.PHONY: catalogue
catalogue: $(DEV_READY) ## collect every translatable text into the catalogues
	@mkdir -p instance
	@mkdir -p instance
	$(BIN)/pybabel -q extract -F caucusmail/translations.cfg -k _ -k later -k plural:1,2 --no-location --sort-output --omit-header -o instance/messages.pot .
	for language in fr; do $(BIN)/pybabel -q update -N --omit-header --no-wrap -l $$language -i instance/messages.pot -d caucusmail/translations --init-missing; done

.PHONY: bench
bench: $(DEV_READY) ## measure; ONLY=name,name N=letters …: tests/bench/__main__.py says which; docs/measurements.md says what
	@$(BIN)/python -m tests.bench

.PHONY: faults
faults: $(DEV_READY) ## break everything the sending path stands on; ONLY=S-F1,S-F10 N=recipients …: tests/faults/__main__.py says which
	@$(BIN)/python -m tests.faults
