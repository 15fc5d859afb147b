# make run: the map of the demo county.  make test: everything.  make bench: against the peers.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

.PHONY: setup run test bench lock clean

setup: .venv/ready

.venv/ready: requirements.lock setup.cfg pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "GeoEngine needs Python 3.11 or newer; set PYTHON to one: make PYTHON=python3.12"; exit 2; }
	@echo "Setting up .venv from requirements.lock …"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@echo "Compiling the search kernels, once …"
	@$(BIN)/python -c "import geoengine.analysis, geoengine.atlas"
	@touch $@

demo/study.toml: $(wildcard geoengine/demo/*.py) | setup
	$(BIN)/geoengine demo demo

run: setup demo/study.toml
	$(BIN)/geoengine run demo/study.toml --out results/demo
	$(BIN)/geoengine serve results/demo --port $(PORT)

test: setup
	@sh tests/browser/install.sh
	$(BIN)/python -m pytest

bench: setup demo/study.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r bench/requirements.txt
	$(BIN)/python -m bench

# Renew requirements.lock: the newest versions that setup.cfg allows, for every platform.
lock: setup
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile setup.cfg --extra test --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-emit-index-url --quiet --output-file requirements.lock

clean:
	rm -rf .venv demo results build *.egg-info
