# make run: start the site with its demo.  make test: run the tests.  make check: all that CI checks.  make pictures: those of the README.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CODE := src tests benchmarks examples

.PHONY: run test lint check pictures clean
run: $(VENV)/.installed
	@$(BIN)/vangrail demo --open

# Everything on SQLite, then the site once more on a PostgreSQL that is started for it, without the tests that say the same on both:
# walks through a browser, words, rights, questions about the law, and the programs around the site.
SAME_ON_BOTH := $(foreach n,classifying demo languages rights serving texts,--ignore=tests/web/test_$(n).py)
# Three at once on two cores: a worker waits for a disk or another program nearly half of the time. Who is done takes over from others:
# the slow tests stand together.
# Browsers have a process of their own: a worker that collects their greenlets in the thread of an engine was seen to crash.
test: $(VENV)/.dev
	@$(BIN)/python -m pytest -n 3 --dist worksteal --ignore-glob="*_in_browser.py"
	@$(BIN)/python -m pytest -n 2 --dist worksteal $(wildcard tests/*/*_in_browser.py)
	@$(BIN)/python tests/postgres.py $(BIN)/python -m pytest -n 3 --dist worksteal tests/web --ignore-glob="*_in_browser.py" $(SAME_ON_BOTH)

lint: $(VENV)/.dev
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy

check: lint test

# The pictures of the README, from the demo in a real browser.
pictures: $(VENV)/.dev
	@KEEP_PICTURES=yes $(BIN)/python -m pytest tests/web/test_pictures_in_browser.py

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[web,models]"
	@touch $@

$(VENV)/.dev: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	@touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
