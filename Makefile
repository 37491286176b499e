# Two commands: `make run` sets everything up and serves; `make test` sets everything up and tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

PAGE := src/mingbai/web/dist/index.html

.PHONY: run page screenshots test quick check fix bench native learn test-learn measure clean

run: $(STAMP) $(PAGE)
	$(BIN)/mingbai run

page: $(PAGE)

# Without node the service runs all the same, and says at / how to get the page.
$(PAGE): web/package-lock.json web/index.html web/vite.config.ts $(shell find web/src web/public -type f)
	@if command -v npm >/dev/null; then \
	  { test web/node_modules/.package-lock.json -nt web/package-lock.json || npm ci --prefix web --no-audit --no-fund --silent; } \
	  && npm run --prefix web --silent build && touch $@; \
	else echo "没有 node：页面不构建，接口照常。 / No node: the page is not built, the API works."; fi

screenshots: $(STAMP) $(PAGE) $(VENV)/.js  ## every view, both languages, phone and desktop, light and dark, into .build/screenshots
	MINGBAI_MODEL=qwen2.5-coder-0.5b-instruct $(BIN)/mingbai models pull --wait
	SCREENSHOTS=.build/screenshots $(BIN)/pytest tests/page/test_screenshots.py -q

test: $(STAMP) $(VENV)/.js $(PAGE)
	MINGBAI_MODEL=qwen2.5-coder-0.5b-instruct $(BIN)/mingbai models pull --wait
	$(BIN)/pytest

quick: $(STAMP)  ## without weights, children, node: seconds
	$(BIN)/pytest -m "not slow"

check: $(STAMP)
	$(BIN)/ruff check src tests bench web/hant.py
	$(BIN)/ruff format --check src tests bench web/hant.py
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: $(STAMP)
	$(BIN)/ruff check --fix src tests bench web/hant.py
	$(BIN)/ruff format src tests bench web/hant.py
	$(BIN)/python web/hant.py

bench: $(STAMP)
	$(BIN)/mingbai bench engine

native: $(STAMP)
	$(BIN)/mingbai native

learn: $(VENV)/.learn  ## training: torch and the 0.5B
	MINGBAI_MODEL=qwen2.5-coder-0.5b-instruct $(BIN)/mingbai models pull --wait

test-learn: learn
	$(BIN)/pytest tests/learn

# torch first: asked for together with the rest, another build of it may be chosen.
$(VENV)/.learn: $(STAMP)
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt torch==2.13.0
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[dev,learn]'
	touch $@

# A hash of what is installed would be slower than pip finding nothing to do; the two files say when to look again.
$(STAMP): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

$(VENV)/.js: $(STAMP) tests/clients/js/package.json tests/clients/js/package-lock.json web/package.json web/package-lock.json tests/page/package-lock.json
	npm ci --prefix tests/clients/js --no-audit --no-fund --silent
	npm ci --prefix web --no-audit --no-fund --silent
	npm ci --prefix tests/page --no-audit --no-fund --silent
	touch $@

clean:
	rm -rf $(VENV) tests/clients/js/node_modules tests/page/node_modules web/node_modules src/mingbai/web/dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
