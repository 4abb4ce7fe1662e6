# Copyright (c) 2026 msp.connectwise contributors
# SPDX-License-Identifier: GPL-3.0-or-later

# The Python for all environments: 3.11 or later, e.g. make test PYTHON=python3.13
PYTHON ?= python3

# Ansible insists on a locale with UTF-8.
export LC_ALL := $(if $(filter Darwin,$(shell uname)),en_US.UTF-8,C.UTF-8)
unexport PYTHONHOME PYTHONPATH PYTHONSAFEPATH

# $(call environment,NAME): makes .venv/NAME if need be, and leaves its interpreter in the shell variable "python".
new_enough = import sys; sys.exit(sys.version_info < (3, 11))
environment = "$(PYTHON)" -c '$(new_enough)' 2>/dev/null || { \
	echo "This needs Python 3.11 or later, and $(PYTHON) is not: say which one to use, e.g. make $@ PYTHON=python3.13" >&2; \
	exit 1; }; \
	python="$$("$(PYTHON)" scripts/environment.py $(1))" || exit 1

.DEFAULT_GOAL := help
.PHONY: help demo simulator test test-matrix bench picture docs environments lock changelog release clean

help: ## list what can be made
	@sed -n 's/^\([a-z-]*\): ## /  make \1|/p' Makefile | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

demo: ## a deployment playbook against the simulator: run, run again, and what a change would do
	@$(call environment,run); exec "$$python" scripts/demo.py

simulator: ## start the simulator for your own playbooks, until Ctrl-C
	@$(call environment,run); PYTHONPATH=tests exec "$$python" -m simulator $(SIMULATOR_OPTIONS)

test: ## all tests, on the oldest and on the newest ansible-core
	@$(call environment,oldest); $(call environment,test); \
	"$$python" -m pytest -n 2 --dist worksteal --cov --cov-report=term --cov-fail-under=95 || exit; \
	"$$python" -m coverage report --include='plugins/module_utils/connectwise/*' --fail-under=98 >&2

test-matrix: ## the tests on each ansible-core from 2.16 on, and write docs/compatibility.md (an hour and a half)
	@$(call environment,test); exec "$$python" scripts/matrix.py $(MATRIX_OPTIONS)

bench: ## measure the collection beside what else there is, and write docs/benchmarks.md (11 minutes)
	@$(call environment,test); PYTHONPATH=scripts exec "$$python" -m bench $(BENCH_OPTIONS)

picture: ## run the demo and draw the picture in README.md
	@$(call environment,test); exec "$$python" scripts/picture.py

docs: ## build the documentation as a web site, in dist/docs
	@$(call environment,test); exec "$$python" scripts/website.py

environments: ## the environments in .venv, without running anything
	@$(call environment,oldest); $(call environment,run); $(call environment,test)

lock: ## choose the versions in requirements/*.txt anew, from requirements/*.in
	@$(call environment,lock); for name in run oldest test release; do \
		"$$python" -m uv pip compile --quiet --upgrade --universal --python-version 3.11 --no-header --no-annotate \
			--output-file requirements/$$name.txt requirements/$$name.in || exit 1; \
		{ sed -n '/^# Copyright/,/^# SPDX/p' requirements/$$name.in; \
		echo '# Made by "make lock".'; cat requirements/$$name.txt; } > requirements/$$name.new; \
		mv requirements/$$name.new requirements/$$name.txt; done

changelog: ## turn changelogs/fragments into the entry of the version in galaxy.yml
	@$(call environment,test); PATH="$$(dirname "$$python"):$$PATH" "$$python" -m antsibull_changelog release --update-existing \
		--reload-plugins

release: ## build dist/*.tar.gz, check it, and try it where nothing else is; publishes nothing
	@$(call environment,release); exec "$$python" scripts/release.py

clean: ## remove the environments and caches
	@for folder in .venv .cache; do rm -rf "$$(readlink -f $$folder)" $$folder; done
