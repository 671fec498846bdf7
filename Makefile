# Two commands do everything on a fresh machine: `make run` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

PINNING := --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --quiet

.PHONY: venv run test check bench faults fuzz fuzz-rules pins clean

venv: .venv/dev

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Kvizor needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv

.venv/run: .venv/bin/python requirements.txt  ## what the bot needs
	$(PIP) -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

.venv/dev: .venv/run requirements-dev.txt  ## and what its tests need
	$(PIP) -r requirements-dev.txt
	touch $@

run: .venv/run  ## the bot on Telegram when BOT_TOKEN is set, otherwise the sandbox page on 127.0.0.1:8081
	$(BIN)/python -m bot run

test: venv
	$(BIN)/python -m pytest -q -n 2 --dist worksteal -m "not browser and not long"

check: venv  ## lint, format, types, contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: venv  ## the figures of the docs (benchmarks, scores, experiments), each a ratio in one run
	$(BIN)/python -m benchmarks.answer
	$(BIN)/python -m benchmarks.refresh
	$(BIN)/python -m benchmarks.send
	$(BIN)/python -m benchmarks.scores
	$(BIN)/python -m benchmarks.experiments

faults: venv  ## kill -9 at random moments, many times
	$(BIN)/python -m pytest -q -m long --timeout 3600

fuzz: venv  ## 10,000 random walks through every quiz, about an hour
	WALKS=10000 $(BIN)/python -m pytest -q -n 2 --timeout 0 tests/quizzes/test_library_walks.py

fuzz-rules: venv  ## 100,000 texts as rules, about half an hour
	RULES=100000 $(BIN)/python -m pytest -q --timeout 0 tests/segments/test_fuzz.py

pins:  ## renew requirements-dev.txt after a change of pyproject.toml (needs uv)
	uv pip compile pyproject.toml --group dev $(PINNING) -o requirements-dev.txt
	uv pip compile pyproject.toml --group build -c requirements-dev.txt $(PINNING) -o requirements.txt

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache
