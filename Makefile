# The commands of this project. `make install` needs only make, Python 3.11 or newer
# with venv, and the package registries. Every step leaves a file behind: it runs
# again only when something it reads has changed.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help install demo test check bench lock development pm4py

BIN := .venv/bin
DONE := .venv/done
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -q

# A folder's own time changes when a file in it comes or goes, so folders count too.
STATIC := $(shell find src/veriga/web/static -name dist -prune -o -print 2>/dev/null)
CATALOGUES := $(shell find src/veriga/locale '(' -type d -o -name '*.po' ')' 2>/dev/null)

ASSETS := src/veriga/web/static/dist/.done
COLLECTED := src/veriga/staticfiles/staticfiles.json
NPM_PACKAGES := node_modules/.package-lock.json

help:
	@echo "make install   environment in .venv, locked packages, assets"
	@echo "make demo      install, then serve the demo company"
	@echo "make test      all tests, on SQLite and on PostgreSQL"
	@echo "make check     format, lint, types, contracts, migrations, translations"
	@echo "make bench     the measurements of docs/benchmarks.md"
	@echo "make pm4py     the environment of the test that compares with pm4py"
	@echo "make lock      write requirements/ and package-lock.json anew (UPGRADE=1)"

install: $(DONE)/program $(DONE)/messages $(COLLECTED)
	@:

demo: install
	@$(BIN)/veriga demo $(ARGS)

# The system's packages come first: python3-venv may be among the missing ones.
test:
	@sh scripts/system_packages.sh
	@$(MAKE) --no-print-directory development
	@$(MAKE) --no-print-directory pm4py || echo "Going on without pm4py; the test that needs it says so."
	@$(BIN)/python scripts/test.py $(ARGS)

check: development
	@$(BIN)/python scripts/check.py $(ARGS)

bench: development
	@$(BIN)/python -m benchmarks $(ARGS)

lock: $(DONE)/venv
	@sh scripts/lock.sh $(if $(UPGRADE),--upgrade)

development: install $(DONE)/development
	@:

pm4py: $(DONE)/venv
	@sh scripts/pm4py.sh

$(DONE)/venv: scripts/venv.sh
	@sh scripts/venv.sh
	@mkdir -p $(DONE) && touch $@

$(DONE)/packages: requirements/runtime.txt requirements/build.txt $(DONE)/venv
	@echo "Installing Python packages"
	@$(PIP) install --require-hashes -r requirements/runtime.txt -r requirements/build.txt
	@touch $@

$(DONE)/development: requirements/development.txt $(DONE)/packages
	@echo "Installing development packages"
	@$(PIP) install --require-hashes -r requirements/development.txt
	@touch $@

# hatchling is one of the locked packages, so nothing is fetched to build this one.
$(DONE)/program: pyproject.toml $(DONE)/packages
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(NPM_PACKAGES): package.json package-lock.json .npmrc requirements/node.txt $(DONE)/packages
	@echo "Installing browser packages"
	@sh scripts/npm.sh ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(ASSETS): scripts/assets.py $(STATIC) $(NPM_PACKAGES) $(DONE)/packages
	@echo "Building browser assets"
	@$(BIN)/python scripts/assets.py
	@touch $@

$(DONE)/messages: scripts/messages.py $(CATALOGUES) $(DONE)/program
	@echo "Compiling translations"
	@$(BIN)/python scripts/messages.py compile
	@touch $@

# css/ holds the sources of dist/veriga.css. No key is kept and no database opened.
$(COLLECTED): $(ASSETS) $(STATIC) $(DONE)/program
	@echo "Collecting static files"
	@VERIGA_SECRET_KEY=not-needed-here $(BIN)/veriga manage collectstatic --noinput --clear --ignore css -v 0
	@touch $@
