# The doors of this house. Everything behind them is in scripts/ and meson.build.
PYTHON ?= /usr/bin/python3
LISTEN ?= 127.0.0.1:8025
DATA   ?= var
ROUNDS ?= 300
export FUZZ_SECONDS ?= 600

SANITIZED = -Dtests=true -Db_lundef=false -Db_sanitize=address,undefined

.PHONY: help setup build run test test-fast test-bare test-threads torture bench fuzz golden coverage format check hooks clean
.DEFAULT_GOAL := help

help:
	@echo "make setup         install what is missing to build and test (Debian 12; sudo if need be)"
	@echo "make build         build/outtrayd and build/outtray"
	@echo "make run           build, then serve $(LISTEN) with the data in $(DATA)/"
	@echo "make test          everything, under ASan and UBSan; ends with N passed, N failed"
	@echo "make test-fast     a smoke run, and the unit tests of the rooms that you changed; under 2 minutes"
	@echo "make test-bare     both of these on a bare Debian in a folder (root); fails over 120 s to a first mail"
	@echo "make test-threads  the threaded rooms under TSan (part of make test)"
	@echo "make torture       kills it at every point and ROUNDS ($(ROUNDS)) times under load"
	@echo "make bench         speed and memory, beside the limits of this machine"
	@echo "make fuzz          each fuzz target for FUZZ_SECONDS ($(FUZZ_SECONDS))"
	@echo "make golden        write golden mails, docs/states.md and docs/openapi.json anew"
	@echo "make coverage      lines and branches that the unit tests reach"
	@echo "make format        clang-format over all C files"
	@echo "make check         formatting, clang-tidy, rooms and tests"
	@echo "make hooks         have git check what is staged before each commit"
	@echo "make clean         remove build/ and build-*/ (never $(DATA)/)"

setup:
	@scripts/setup.sh build test

build:
	@scripts/setup.sh build
	@scripts/build.sh build

run: build
	@exec build/outtrayd --data $(DATA) --listen $(LISTEN)

test:
	@scripts/setup.sh build test
	@$(PYTHON) scripts/run_tests.py

test-fast:
	@scripts/setup.sh build test
	@$(PYTHON) scripts/test_fast.py

test-bare:
	@scripts/setup.sh test-bare
	@scripts/test_bare.sh

test-threads:
	@scripts/setup.sh build test
	@$(PYTHON) scripts/run_tests.py threads

torture:
	@scripts/setup.sh build test
	@scripts/build.sh build-test $(SANITIZED)
	@OUTTRAY_TORTURE=1 OUTTRAY_TORTURE_ROUNDS=$(ROUNDS) OUTTRAY_BUILD=build-test \
		$(PYTHON) -m pytest test/torture -q -s -p no:cacheprovider

bench: build
	@scripts/setup.sh test
	@$(PYTHON) bench/bench.py

fuzz:
	@scripts/setup.sh build test fuzz
	@scripts/fuzz.sh

golden:
	@scripts/setup.sh build test
	@scripts/build.sh build-test $(SANITIZED)
	@GOLDEN=write OUTTRAY_WRITE_GOLDEN=1 meson test -C build-test --no-rebuild --suite golden
	@git status --short test/golden docs

coverage:
	@scripts/setup.sh build test coverage
	@scripts/build.sh build-coverage -Dtests=true -Db_coverage=true
	@meson test -C build-coverage --no-rebuild --suite unit
	@gcovr -r . --filter src/ build-coverage --print-summary --exclude-unreachable-branches

format:
	@scripts/setup.sh check
	@git ls-files -co --exclude-standard '*.c' '*.h' | xargs clang-format -i

check:
	@scripts/setup.sh build test check
	@git ls-files -co --exclude-standard '*.c' '*.h' | xargs clang-format --dry-run -Werror
	@scripts/check_rooms.py
	@scripts/check_tests.py
	@scripts/build.sh build-test $(SANITIZED)
	@git ls-files -co --exclude-standard 'src/*.c' | \
		xargs -P 2 -n 4 clang-tidy --quiet -p build-test

hooks:
	@ln -sf "$$(pwd)/scripts/pre_commit.sh" "$$(git rev-parse --git-path hooks)/pre-commit"

clean:
	@rm -rf build build-*
