# Gutenberg Explorer. `make` lists the commands. scripts/setup.py installs what they need.

HOST ?= 127.0.0.1
PORT ?= 8000
# Any Python that can install packages. The app itself runs on 3.11 or newer.
PYTHON ?= python3
# More arguments for pytest (test), the benchmarks (bench) or uv (lock).
ARGS ?=

.DEFAULT_GOAL := help

# The target of each set-up step.
UV       := .tools/uv.stamp
NODE     := .tools/node.stamp
CHROMIUM := .tools/chromium.stamp
PEERS    := $(addprefix .tools/,packages.stamp collector.stamp agent.stamp \
	test_agent.stamp kubernetes.stamp datadog_agent.stamp actionlint.stamp java_client.stamp \
	node_client.stamp rust_client.stamp telemetrygen.stamp rotel.stamp)
APP      := .venv/app.stamp
DEV      := .venv/dev.stamp
PACKAGES := frontend/node_modules/.stamp
TYPES    := .tools/page-types.stamp
WEB      := src/gutenberg_explorer/web
PAGE     := $(WEB)/index.html

# Folders are included, so that a removed file is noticed.
PAGE_SOURCES := $(shell find frontend/src frontend/public frontend/build frontend/index.html \
	frontend/vite.config.ts frontend/tsconfig*.json src/gutenberg_explorer/_version.py 2>/dev/null)

# A tool that no longer exists (after an upgrade of Python or Node) is set up again.
GONE := $(shell for tool in .tools/bin/uv .tools/bin/node .venv/bin/python \
	$(addprefix .tools/bin/,otelcol datadog-agent ddapm-test-agent kube-apiserver \
	kube-controller-manager datadogagents.yaml actionlint java-client node-client rust-client \
	telemetrygen rotel); do \
	test -e $$tool || echo $$tool; done)

SETUP  := @$(PYTHON) scripts/setup.py
PEER   := @.venv/bin/python -m scripts.peers
OTLP   := @.venv/bin/python -m scripts.otlp_clients
NPM    := PATH="$(CURDIR)/.tools/bin:$$PATH" npm --silent --prefix frontend run
# A file's tests share what is costly, and so do the files of a folder: they run in their order.
PYTEST := .venv/bin/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile \
	--no-loadscope-reorder
LOCK   := .tools/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header $(ARGS)

# Always keep compiled modules: a start without them takes twice as long.
export PYTHONDONTWRITEBYTECODE :=
export PLAYWRIGHT_BROWSERS_PATH := $(CURDIR)/.tools/browsers

.PHONY: help run test peers soak check format bench pictures generate lock wheel clean $(GONE)

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

run: $(APP) $(PAGE) ## start the app on http://127.0.0.1:8000 (HOST=, PORT=)
	@exec .venv/bin/gutenberg-explorer serve --host "$(HOST)" --port "$(PORT)"

test: $(DEV) $(PAGE) $(TYPES) $(CHROMIUM) ## run the unit, API and browser tests (ARGS= is passed to pytest)
	@PATH="$(CURDIR)/.tools/bin:$$PATH" .venv/bin/python -m scripts.side_by_side \
		npm --silent --prefix frontend test -- $(PYTEST) $(ARGS)

peers: $(DEV) $(PAGE) $(CHROMIUM) $(PEERS) ## run the slow tests and those against real programs (ARGS= is passed to pytest)
	@$(PYTEST) -m peers $(ARGS)

soak: $(DEV) ## run the long random programs whole; the other tests run a twentieth (ARGS= is passed to pytest)
	@GUTENBERG_EXPLORER_TEST_SHARE=1 $(PYTEST) -m soak $(ARGS)

check: $(DEV) $(PACKAGES) ## check formatting, lint, types, import directions and dependencies
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-logo
	@.venv/bin/deptry src
	@.venv/bin/deptry src tests scripts benchmarks --non-dev-dependency-groups dev
	@.venv/bin/python -m scripts.namespace_imports
	@$(NPM) check

format: $(DEV) $(PACKAGES) ## format Python and TypeScript, and apply lint's fixes
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .
	@$(NPM) format

bench: $(DEV) $(PAGE) $(CHROMIUM) ## run the benchmarks (ARGS= selects a part)
	@.venv/bin/python -m benchmarks $(ARGS)

pictures: $(DEV) $(PAGE) $(CHROMIUM) ## retake the pictures in the documents
	@PICTURES=1 .venv/bin/python -m pytest -m peers tests/browser/test_pictures.py

generate: $(DEV) $(TYPES) ## write the files generated from the contract, the settings and the API
	@.venv/bin/python scripts/generate.py

lock: $(UV) ## lock the Python dependencies (ARGS=--upgrade for newer versions)
	@$(LOCK) pyproject.toml -o requirements/runtime.txt
	@$(LOCK) requirements/build.in -c requirements/runtime.txt -o requirements/build.txt
	@$(LOCK) pyproject.toml requirements/build.in --all-extras --group dev -c requirements/runtime.txt \
		-c requirements/build.txt -o requirements/dev.txt
	@$(LOCK) requirements/node.in -o requirements/node.txt
	@$(LOCK) requirements/uv.in -o requirements/uv.txt
	@$(LOCK) requirements/test-agent.in -o requirements/test-agent.txt
	@$(LOCK) requirements/rotel.in -o requirements/rotel.txt

wheel: $(DEV) $(PAGE) ## build the package, including the page, into dist/
	@.tools/bin/uv build --quiet --no-build-isolation --python .venv/bin/python --out-dir dist
	@ls dist/*.whl dist/*.tar.gz

clean: ## remove everything that these commands installed or built; books and traces stay
	@rm -rf .venv .tools frontend/node_modules $(WEB) dist .coverage htmlcov \
		.hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache

# --- set-up

$(UV): requirements/uv.txt $(filter %/uv,$(GONE))
	$(SETUP) uv $@ $^

$(APP): $(UV) requirements/runtime.txt requirements/build.txt pyproject.toml \
		src/gutenberg_explorer/_version.py $(filter %/python,$(GONE))
	$(SETUP) app $@ $^

$(DEV): $(APP) requirements/dev.txt
	$(SETUP) dev $@ $^

$(NODE): $(UV) requirements/node.txt $(filter %/node,$(GONE))
	$(SETUP) node $@ $^

$(PACKAGES): $(NODE) frontend/package-lock.json
	$(SETUP) packages $@ $^

$(TYPES): $(NODE) requirements/page-types/package-lock.json
	$(SETUP) page_types $@ $^

$(PAGE): $(PACKAGES) $(PAGE_SOURCES)
	$(SETUP) page $@ $^

$(CHROMIUM): $(DEV)
	$(SETUP) chromium $@ $^

.tools/collector.stamp: $(DEV) $(wildcard tests/peers/collector/*.yaml tests/peers/collector/go.* \
		tests/peers/collector/builder/go.*) $(filter %/otelcol,$(GONE))
	$(PEER) collector $@ $^

.tools/agent.stamp: $(DEV) $(wildcard tests/peers/agent/*) $(filter %/datadog-agent,$(GONE))
	$(PEER) agent $@ $^

.tools/test_agent.stamp: $(DEV) requirements/test-agent.txt $(filter %/ddapm-test-agent,$(GONE))
	$(PEER) test_agent $@ $^

.tools/packages.stamp: $(DEV)
	$(PEER) packages $@ $^

.tools/kubernetes.stamp: $(DEV) $(wildcard tests/peers/kubernetes/apiserver/go.*) \
		$(filter %/kube-apiserver %/kube-controller-manager,$(GONE))
	$(PEER) kubernetes $@ $^

.tools/datadog_agent.stamp: $(DEV) $(wildcard tests/peers/kubernetes/crd/go.*) \
		$(filter %/datadogagents.yaml,$(GONE))
	$(PEER) datadog_agent $@ $^

.tools/actionlint.stamp: $(DEV) $(wildcard tests/peers/workflows/actionlint/go.*) \
		$(filter %/actionlint,$(GONE))
	$(PEER) actionlint $@ $^

.tools/java_client.stamp: $(DEV) $(wildcard tests/peers/clients/java/*) $(filter %/java-client,$(GONE))
	$(OTLP) java_client $@ $^

.tools/node_client.stamp: $(DEV) $(NODE) $(wildcard tests/peers/clients/node/*) \
		$(filter %/node-client,$(GONE))
	$(OTLP) node_client $@ $^

.tools/rust_client.stamp: $(DEV) $(wildcard tests/peers/clients/rust/* tests/peers/clients/rust/src/*) \
		$(filter %/rust-client,$(GONE))
	$(OTLP) rust_client $@ $^

.tools/telemetrygen.stamp: $(DEV) $(wildcard tests/peers/clients/go/*) $(filter %/telemetrygen,$(GONE))
	$(OTLP) telemetrygen $@ $^

.tools/rotel.stamp: $(DEV) requirements/rotel.txt $(filter %/rotel,$(GONE))
	$(OTLP) rotel $@ $^
