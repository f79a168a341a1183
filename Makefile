# Linecheck. `make run` and `make test` do all their own set-up.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# A target imports only what it declares: the floor plan is enforced by the build.
BUILD := --explicit-target-dependency-import-check error
RELEASE := -c release $(BUILD)
PYTHON := .venv/bin/python3

.PHONY: help
help:
	@echo 'make run      a reflector, a collector and an agent on loopback, and one check all the way to the fleet page'
	@echo 'make test     set up, lint, build and run every test'
	@echo 'make simulate SEEDS=5000  as many random paths in virtual time, against known truth; SEED=7 replays one'
	@echo 'make build    the release binaries: .build/release/linecheck and linecheck-collector'
	@echo 'make deb      the Debian packages, into .build-deb'
	@echo 'make test-deb try the packages in bare roots of Debian 12 and 13: install, use, upgrade, remove, purge'
	@echo 'make lint     formatting'
	@echo 'make chaos ROUNDS=1000    kill the push, and an agent that checks, as often: nothing lost, nothing twice'
	@echo 'make chaos-collector ROUNDS=200  kill collectors and their database under load: nothing lost, nothing twice'
	@echo 'make load     what the collector bears, beside a bare insert and with 10,000 sites on its page'
	@echo 'make bench    figures beside those of peers in the same run; make bench-cost: instructions per packet'
	@echo 'make asan     the tests under the address sanitizer'
	@echo 'make tsan     the tests under the thread sanitizer'
	@echo 'make fuzz     every parser against made-up input, for FUZZ_SECONDS (60) each'
	@echo 'make fuzz-one ENTRY=... INPUT=...   one such input again'
	@echo 'make clean    remove everything that was built'

# ---------------------------------------------------------------- set-up

.PHONY: setup
setup:
	@.ci/setup

$(PYTHON): Tests/requirements.txt
	@echo 'Setting up the Python peers of the tests ...'
	@python3 -m venv .venv
	@.venv/bin/pip install --quiet --disable-pip-version-check -r Tests/requirements.txt
	@touch $@

# ---------------------------------------------------------------- build and run

.PHONY: build
build: setup
	swift build $(RELEASE) --product linecheck
	swift build $(RELEASE) --product linecheck-collector

.PHONY: run
run: build
	@.ci/demo .build/release/linecheck .build/release/linecheck-collector

# ---------------------------------------------------------------- package

.PHONY: deb
deb: setup
	@.ci/setup dpkg-dev lintian
	@config/debian/build linecheck
	@config/debian/build linecheck-collector
	@lintian --allow-root --fail-on error,warning .build-deb/*.deb

# The packages in bare roots of Debian 12 and 13. TRY=--boot tries their units too, under systemd in a container.
.PHONY: test-deb
test-deb: deb $(PYTHON)
	@.ci/setup debootstrap $(if $(TRY),systemd-container)
	@PYTHON="$$PWD/$(PYTHON)" Tests/Package/try .build-deb $(TRY)

# ---------------------------------------------------------------- check

.PHONY: lint
lint:
	swift format lint --strict --recursive Sources Tests Package.swift

# The tests of sockets and threads, and the end-to-end tests, keep time: they run by themselves, after the rest.
.PHONY: test
test: setup $(PYTHON) lint
	swift build $(BUILD) --build-tests
	swift test $(BUILD) --skip EndToEndTests --skip LinuxNetTests
	swift test $(BUILD) --filter LinuxNetTests
	swift test $(BUILD) --filter EndToEndTests

# Debug, since the other test targets need what release builds leave out.
.PHONY: simulate
simulate: setup
	SIMULATION_SEED=$(SEED) SIMULATION_FIRST=$(FIRST) SIMULATION_SEEDS=$(or $(SEEDS),1000) \
		swift test $(BUILD) --filter SimulationTests

.PHONY: chaos
chaos: setup $(PYTHON)
	CHAOS_ROUNDS=$(or $(ROUNDS),1000) CHAOS_SEED=$(or $(SEED),1) swift test $(BUILD) --filter EndToEnd/Chaos

# Of collectors, and of PostgreSQL behind two of them, with agents that deliver meanwhile. SEED=7 replays one run's luck.
.PHONY: chaos-collector
chaos-collector: setup $(PYTHON)
	COLLECTOR_ROUNDS=$(or $(ROUNDS),200) COLLECTOR_SEED=$(or $(SEED),1) \
		swift test $(BUILD) --filter EndToEnd/CollectorKills

# The rate beside a bare insert of the same, and the fleet page of 10,000 sites while 1,000 results a second come in.
.PHONY: load
load: build
	.build/release/linecheck-collector load --sites 100 --results 20000
	.build/release/linecheck-collector load --sites 10000 --batch 10 --rate 1000 --results 20000 --pages 50

# ---------------------------------------------------------------- benchmarks

.PHONY: bench
bench: build
	@.ci/setup valgrind binutils gcc libc6-dev irtt sockperf
	swift build --package-path Benchmarks $(RELEASE)
	swift build $(RELEASE) --product impairment-link
	@Benchmarks/run

# Counts instructions: fails when one packet costs over 3 % more than Benchmarks/cost.json says.
.PHONY: bench-cost
bench-cost:
	@.ci/setup valgrind binutils
	swift build --package-path Benchmarks $(RELEASE) --product cost
	@Benchmarks/cost

# ---------------------------------------------------------------- sanitizers and fuzzing

# Sanitizers change how everything is compiled: each has a build of its own. The end-to-end tests are left out: they
# measure time, which a sanitizer takes, and so the tests of sockets and threads run by themselves. What the address
# sanitizer would call leaks are the test library's own. The backtracer can hang on a crash.
export SWIFT_BACKTRACE ?= enable=no

.PHONY: asan
asan: export ASAN_OPTIONS ?= detect_leaks=0
asan: SANITIZED := $(BUILD) --sanitize=address --scratch-path .build-asan

.PHONY: tsan
tsan: export TSAN_OPTIONS ?= halt_on_error=1
tsan: SANITIZED := $(BUILD) --sanitize=thread --scratch-path .build-tsan

asan tsan: setup $(PYTHON)
	swift build $(SANITIZED) --build-tests
	swift test $(SANITIZED) --skip-build --skip EndToEndTests --skip LinuxNetTests
	swift test $(SANITIZED) --skip-build --filter LinuxNetTests

# Of several -sanitize the compiler heeds only the last, which has to name both; the package manager's own options see
# to the linking.
.PHONY: build-fuzz
build-fuzz: setup
	swift build -c release --package-path Tests/Fuzzing --scratch-path .build-fuzz \
		--sanitize=address --sanitize=fuzzer -Xswiftc -sanitize=address,fuzzer

.PHONY: fuzz
fuzz: build-fuzz
	@Tests/Fuzzing/fuzz

.PHONY: fuzz-one
fuzz-one: build-fuzz
	@Tests/Fuzzing/fuzz '$(ENTRY)' '$(INPUT)'

.PHONY: clean
clean:
	rm -rf .build .build-* .venv Benchmarks/.build
