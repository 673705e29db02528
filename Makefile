# Each target does all its own set-up, in this folder and nowhere else. `make help` lists them.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.SECONDARY:
.PHONY: help demo test test-all test-js test-python test-host test-browser test-matrix check format build bench fuzz soak docs clean

PYTHON ?= python3
SOAK_MINUTES ?= 60
BIN := .venv/bin
FUZZ_SECONDS ?= 600
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
RUN := PATH="$(CURDIR)/$(BIN):$$PATH"
# Python compiles what is imported; compiling all of it beforehand takes longer than running the tests of a room.
INSTALL := -m pip install -qq --disable-pip-version-check --no-compile
# The tree itself on the path, as an installed package would be: the other way costs every process 10 ms.
EDITABLE := --config-settings editable_mode=compat --editable

SOURCES := pyproject.toml setup.py tb_lossgap/__init__.py $(wildcard tb_lossgap/*/*.pyx tb_lossgap/*/*.pxd) \
	$(wildcard frontend/package*.json frontend/build.js) $(shell find frontend/src -type f)
DEV := .venv/.installed
NEWEST := .venv-newest/.installed
OLDEST := .venv-oldest/.installed
# Those that need nothing from outside.
BENCHMARKS := $(filter-out benchmarks/overfitguard.py benchmarks/choose_thresholds.py, $(wildcard benchmarks/*.py))
NODE_MODULES := frontend/node_modules/.installed
BROWSER := .venv/.browser

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.* ## /\1	/p' $(MAKEFILE_LIST) | expand -t 16

demo: $(NEWEST) ## open TensorBoard at the Loss Gap tab, on recorded trainings
	.venv-newest/bin/tb-lossgap demo

test: test-js test-all ## run every test, with the coverage gate

test-all: $(DEV) $(NODE_MODULES) $(NEWEST) $(OLDEST) $(BROWSER)
	$(BIN)/pytest --numprocesses=2 --dist=loadfile --no-loadscope-reorder --cov --cov-report=term --durations=10

test-js: $(NODE_MODULES) ## run the front end's unit tests
	cd frontend && $(RUN) npm test

test-python: $(DEV) ## run the Python tests that need neither a TensorBoard process nor a browser
	$(BIN)/pytest --ignore=tests/host --ignore=tests/browser --ignore=tests/package

test-host: $(DEV) $(NEWEST) $(OLDEST) ## run the tests against real TensorBoard processes, oldest and newest
	$(BIN)/pytest tests/host

test-browser: $(DEV) $(NEWEST) $(OLDEST) $(BROWSER) ## run the tests in a real browser
	$(BIN)/pytest tests/browser

test-matrix: $(DEV) ## test every supported combination of versions (half an hour), and write docs/compatibility.md
	$(BIN)/nox

check: $(DEV) $(NODE_MODULES) ## run linters, type checkers and the layers' contract
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd frontend && $(RUN) npm run check

format: $(DEV) $(NODE_MODULES) ## bring all sources into shape
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	cd frontend && $(RUN) npx prettier --write .

# Dated as the commit is: whoever builds a commit with the same tools gets the same wheel to the bit.
build: $(DEV) ## build sdist and wheel into dist/ and check them
	rm -rf dist
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(BIN)/python -m build
	$(BIN)/twine check --strict dist/*
	$(BIN)/check-wheel-contents dist/*.whl
	$(BIN)/abi3audit --strict dist/*.whl

bench: $(DEV) $(NEWEST) ## measure side by side with others; needs a quiet machine
	set -e; for script in $(BENCHMARKS); do echo "== $$script"; $(BIN)/python $$script; done

fuzz: $(DEV) ## look for bytes that the two readers read differently, FUZZ_SECONDS long in each of two ways; needs gcc
	$(BIN)/python $(INSTALL) $(EDITABLE) '.[fuzz]'
	$(BIN)/python tests/fuzz/fuzz.py --seconds $(FUZZ_SECONDS)
	CFLAGS="$(SANITIZE) -fsanitize-coverage=trace-pc" LDFLAGS="$(SANITIZE)" $(BIN)/python -W ignore setup.py --quiet \
		build_ext --force --build-lib build/sanitized --build-temp build/sanitized/temp
	gcc -O2 -shared -fPIC -o build/sanitized/tb_lossgap/events/edges.so tests/fuzz/edges.c
	LD_PRELOAD="$$(gcc -print-file-name=libasan.so):$$(gcc -print-file-name=libubsan.so)" ASAN_OPTIONS=detect_leaks=0 \
		$(BIN)/python tests/fuzz/fuzz.py --seconds $(FUZZ_SECONDS) --native build/sanitized/tb_lossgap/events/_decode*.so

soak: $(DEV) $(NEWEST) $(BROWSER) ## leave TensorBoard over live trainings for SOAK_MINUTES; fails on a leak, an error, a wrong last point
	$(BIN)/python -m tests.soak.soak --minutes $(SOAK_MINUTES)

docs: $(DEV) $(NEWEST) $(BROWSER) ## make the documents' tables, their pictures from the real tab, and of all a site in site/
	$(BIN)/python docs/make_pairing.py
	$(BIN)/python docs/make_commands.py
	$(BIN)/python docs/make_pictures.py
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet

clean: ## remove everything that was made here
	rm -rf .venv .venv-* .nox site build dist *.egg-info frontend/node_modules tb_lossgap/static
	rm -f tb_lossgap/*/*.so tb_lossgap/*/*.c

# With the newest pip: older ones resolve our tools in minutes, it does in seconds.
%/bin/python:
	$(PYTHON) -m venv $*
	$@ $(INSTALL) --upgrade pip

$(DEV): $(SOURCES) | $(BIN)/python
	$(BIN)/python $(INSTALL) $(EDITABLE) '.[dev]'
	touch $@

# TensorBoard as people have it, newest and oldest, with our package and nothing else.
.venv-%/.installed: tests/hosts/%.txt $(SOURCES) | .venv-%/bin/python
	.venv-$*/bin/python $(INSTALL) --requirement tests/hosts/$*.txt $(EDITABLE) .
	touch $@

$(NODE_MODULES): frontend/package-lock.json | $(DEV)
	cd frontend && $(RUN) npm ci --ignore-scripts --no-audit --no-fund
	touch $@

# Debian's Chromium where it can be had, else Playwright's own.
$(BROWSER): | $(DEV)
	command -v chromium || command -v google-chrome || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get; \
	then apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes chromium; \
	else $(BIN)/playwright install chromium; fi
	touch $@
