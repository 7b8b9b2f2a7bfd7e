# make drill   drill chapter 3 and section 4-1              make test   check everything
# make guide   drill the whole guide
# make controls   every mutation of the lab against the drill that must notice it
# make bench   what drills, reports and histories cost     make check  what `make test` runs, without set-up

PYTHON ?= python3
DRILL ?= 3-create-scenario 4-1-clean-switchover
VENV := .venv
RUN := $(VENV)/bin
# Three more than there are processors: some tests wait for a lab whose time is the wall's, others for their processes.
WORKERS = $(shell expr 3 + `getconf _NPROCESSORS_ONLN`)

# Tests start Python often; compiled modules are kept whatever the environment says.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: drill guide controls test check types suite bench setup clean

drill: setup
	$(RUN)/kunren drill $(DRILL)

guide: setup
	$(RUN)/kunren drill

controls: setup
	$(RUN)/kunren controls
	HYPOTHESIS_PROFILE=explore $(RUN)/python -m pytest -m 'controls or hypothesis'

test: setup check

check:
	$(RUN)/ruff format --check .
	$(RUN)/ruff check .
	$(MAKE) --no-print-directory --jobs=2 types suite

types:
	$(RUN)/mypy
	$(RUN)/lint-imports

suite: $(VENV)/rewritten
	$(RUN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder

bench: setup
	$(RUN)/python -m tests.bench

# pytest rewrites a test at its first import. This does it once; else each worker would, all of them at the same time.
$(VENV)/rewritten:
	-@$(RUN)/python -m pytest --collect-only -qq >/dev/null
	@touch $@

setup: $(VENV)/ready
	@./setup/browser

$(VENV)/ready: requirements.lock pyproject.toml setup/environment
	./setup/environment $(PYTHON) $(VENV)
	@touch $@

clean:
	rm -rf $(VENV) records .mypy_cache .ruff_cache .pytest_cache .hypothesis
