# Everything a person types. Each target is a few lines of the shell; what is checked and how stands in pyproject.toml.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CONSTRAINTS := deploy/constraints.txt
PIP := $(BIN)/python -m pip --disable-pip-version-check
# Tests that play a line, a key or a power cut wait more than they compute: three fill two cores.
WORKERS ?= 3

# A stamp is newer than what it was installed from, so an unchanged checkout starts at once.
DESK := $(VENV)/desk.installed
TOOLS := $(VENV)/tools.installed

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test format-check lint types contracts pytest bench bench-sync simulate torture samples format clean

help: ## 列出这些命令 | list these commands
	@awk -F ':.*## | [|] ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n  %-19s %s\n", $$1, $$2, "", $$3 }' $(MAKEFILE_LIST)

run: $(DESK) ## 安装并打开终端程序 | install and open the terminal
	@$(BIN)/python -m compileall -q kiosk db
	@$(BIN)/kiosk run

test: format-check lint types contracts pytest ## 全部检查，遇错即停 | every check, stops at the first that fails

format-check: $(TOOLS) ## 检查代码格式 | is the code formatted
	$(BIN)/ruff format --check .

lint: $(TOOLS) ## 检查代码规则 | does the code keep the rules
	$(BIN)/ruff check .

types: $(TOOLS) ## 检查类型 | are the types right
	$(BIN)/mypy --strict kiosk db county tests

contracts: $(TOOLS) ## 检查各层的依赖 | do the layers keep to themselves
	$(BIN)/lint-imports

pytest: $(TOOLS) ## 运行测试 | run the tests
	$(BIN)/python -m pytest --numprocesses=$(WORKERS) --dist=loadgroup

bench: $(TOOLS) ## 测量速度 | measure speed
	@$(BIN)/python -m compileall -q kiosk db
	$(BIN)/python -m bench

bench-sync: $(TOOLS) ## 测量上报速度 | measure how fast reports travel
	@$(BIN)/python -m compileall -q kiosk db county
	$(BIN)/python -m bench.sync

simulate: $(TOOLS) ## 模拟各村同时上报 | let every village report in one night
	@$(BIN)/python -m compileall -q kiosk db county
	$(BIN)/python -m bench.simulate $(NIGHT)

torture: $(TOOLS) ## 长时间的故障测试 | long volumes of faults
	$(BIN)/python -m pytest -m torture --hypothesis-profile=torture --timeout=0

samples: $(DESK) ## 重写示例表格 | write the sample sheets anew
	$(BIN)/python -m kiosk.demo.samples docs/samples

format: $(TOOLS) ## 整理代码格式 | format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean: ## 删除安装和缓存（不动村里的数据） | remove the installation and caches, never a village's data
	rm -rf $(VENV) build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache snapshot_report.html
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo '需要 Python 3.11 或更新版本 / Python 3.11 or newer is needed' >&2; exit 1; }
	@# without ensurepip a half-made folder is left: away with it, so that the next try begins anew
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

# The builder comes first and from the same list, so nothing unpinned is fetched to build with.
$(DESK): pyproject.toml $(CONSTRAINTS) | $(BIN)/python
	$(PIP) install --quiet --constraint $(CONSTRAINTS) hatchling
	$(PIP) install --quiet --constraint $(CONSTRAINTS) --no-build-isolation --editable .
	@touch $@

$(TOOLS): $(DESK)
	$(PIP) install --quiet --constraint $(CONSTRAINTS) --no-build-isolation --editable '.[county,dev]'
	@touch $@
