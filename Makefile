# make run   install what is missing, build, start the demonstration
# make test  install what is missing, run all tests
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

SWIFT ?= swift
PYTHON := .venv/bin/python
export TRIAGED_PYTHON := $(abspath $(PYTHON))
# Debian's packages: to build, and to test with.
BUILD_PACKAGES := libcurl4-openssl-dev libsqlite3-dev libproj-dev proj-data libzip-dev \
  libexpat1-dev zlib1g-dev pkg-config
BENCH_PACKAGES := libgeos-dev
SLOW_PACKAGES := slowhttptest systemd-journal-remote strace prometheus
# Only its data, the shifts of OSTN15, are used.
DATA_PACKAGES := libgeo-coordinates-osgb-perl
PACKAGE_PACKAGES := debhelper dpkg-dev scdoc mandoc man-db systemd lintian zsh fish caddy
SYSTEM_PACKAGES := debootstrap systemd-container openssl
TEST_PACKAGES := python3-venv chromium fonts-dejavu-core openssl openssh-server openssh-client \
  gdal-bin librsvg2-bin openjdk-17-jre-headless age gnupg curl sqlite3

# The version is the program's own.
VERSION = $(shell sed -n 's/^let programVersion = "\(.*\)"$$/\1/p' Sources/triaged/version.swift)
DEB = artifacts/triaged_$(VERSION)_amd64.deb

# Every target is an action, none a file.
.PHONY: $(shell sed -n 's/^\([a-z][a-z-]*\):.*/\1/p' $(MAKEFILE_LIST))

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

deps: ## install the Debian packages that building needs, and make the shifts of OSTN15
	@scripts/install-packages $(BUILD_PACKAGES) $(DATA_PACKAGES)
	@[ -s share/triaged/ostn15.shifts ] || scripts/make_ostn15.py share/triaged/ostn15.shifts

deps-test: deps ## and what the tests need (a browser, a mail server, an oracle)
	@scripts/install-packages $(TEST_PACKAGES)
	@scripts/make-venv Tests/requirements.txt

deps-slow: deps ## and what some of the slow proofs need
	@scripts/install-packages $(SLOW_PACKAGES)

deps-bench: deps ## and what the benchmarks measure against
	@scripts/install-packages $(BENCH_PACKAGES) python3-venv
	@scripts/make-venv Tests/requirements.txt bench/requirements.txt

deps-postfix: deps-test ## and a real mail relay
	@scripts/install-packages postfix

deps-package: deps ## and what makes and checks the Debian package
	@scripts/install-packages $(PACKAGE_PACKAGES)

build: deps ## build for debugging
	$(SWIFT) build

release: deps ## build for use
	$(SWIFT) build -c release --product triaged

# In a folder of its own, so that neither build has to be made anew for the other.
STATIC := -c release --static-swift-stdlib --disable-local-rpath -Xlinker -z -Xlinker now --scratch-path .build/static
deb: deps-package ## make artifacts/triaged_VERSION_amd64.deb, with the Swift libraries linked in, and its symbols apart
	$(SWIFT) build $(STATIC) --product triaged
	packaging/build-deb --triaged .build/static/release/triaged --checkouts .build/static/checkouts --out artifacts
	lintian --fail-on error,warning $(DEB)

# The same program under a lower version, for the test of upgrades.
BEFORE = artifacts/before/triaged_$(VERSION)~before_amd64.deb
test-system: deb deps-test ## the slow proof: the package in a booted Debian 12, from its installation to its purge; wants root
	@scripts/install-packages $(SYSTEM_PACKAGES)
	packaging/build-deb --triaged .build/static/release/triaged --checkouts .build/static/checkouts \
	  --out artifacts/before --version '$(VERSION)~before'
	$(PYTHON) Tests/system/package.py --before '$(BEFORE)' --package $(DEB) --base artifacts/debian-12

run: build ## start the demonstration: an invented list on a real map, with mail and a link to claim
	$(SWIFT) run --skip-build triaged demo --config config

# All tests at once would take turns on two threads, so that each step of a daemon waits for a thousand others.
test: export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH ?= 12
test: deps-test ## run all tests
	$(SWIFT) build --build-tests
	scripts/run-tests
	FUZZ_SHORT=1 scripts/fuzz

check: deps ## formatting, the arrows between the targets, the example configurations
	$(SWIFT) format lint --strict -r Package.swift Sources Tests
	$(SWIFT) build --explicit-target-dependency-import-check error
	scripts/check-arrows
	scripts/check-asvs
	$(SWIFT) run --skip-build triaged check --config config
	$(SWIFT) run --skip-build triaged check --config config/examples/boston
	$(MAKE) check-package

check-package: deps-package ## units, man pages, completions and examples of the package against the program
	scripts/check-package .build/debug/triaged

test-kill: release deps-test ## the slow proof: 200 kills at random moments
	$(PYTHON) Tests/system/kill.py --triaged .build/release/triaged --kills 200

FAULTS ?= kill,kill-half,eio,eio-ever,enospc,enospc-ever,eio-read,eio-read-ever
test-points: release deps-test deps-slow ## the slow proof: killed, or failed, at every call by which anything is changed
	$(PYTHON) Tests/system/points.py --triaged .build/release/triaged --strace --how $(FAULTS)

STATES ?= 12000
test-powerloss: release deps-test deps-slow ## the slow proof: 12,000 disks as a loss of power may leave them
	$(PYTHON) Tests/system/powerloss.py --triaged .build/release/triaged --rounds 40 --states $(STATES) --daemon 120

test-fulldisk: release deps-test ## the slow proof: a disk that fills up and is freed again, 20 times; wants root
	$(PYTHON) Tests/system/fulldisk.py --triaged .build/release/triaged

test-damage: release deps-test ## the slow proof: 1,000 damaged databases, none of them started on
	$(PYTHON) Tests/system/damage.py --triaged .build/release/triaged

test-tsan: deps-test ## the whole suite, and 100,000 races for a claim, under ThreadSanitizer
	scripts/sanitized thread

test-asan: deps-test ## the whole suite under AddressSanitizer
	scripts/sanitized address

test-postfix: deps-postfix ## Debian's Postfix as the relay, on loopback; wants root
	$(SWIFT) test --filter PostfixTests

RACES ?= 100000
test-race: release deps-test ## the slow proof: 64 clients race for a claim, 100,000 times, and every answer is explained
	$(PYTHON) Tests/system/race.py --triaged .build/release/triaged --races $(RACES) --clients 64 --mixed 5000

SCANS ?= 1000
test-scanner: release deps-test ## the slow proof: a mail scanner opens, runs and presses everything, 1,000 times
	$(PYTHON) Tests/system/scanner.py --triaged .build/release/triaged --rounds $(SCANS) --browser-rounds $(SCANS)

test-slow: release deps-test deps-slow ## the slow proof: 1,000 slow clients beside a list of a million rows
	$(PYTHON) Tests/system/slow.py --triaged .build/release/triaged

test-hostile: release deps-test deps-slow ## the slow proof: 588 texts that mean harm, in a browser, in mail and in the journal
	$(PYTHON) Tests/system/hostile.py --triaged .build/release/triaged --journal

test-wapiti: release deps-test ## the slow proof: wapiti, a scanner of web sites, attacks every page
	@scripts/make-venv --in .wapiti Tests/system/wapiti-requirements.txt
	$(PYTHON) Tests/system/wapiti.py --triaged .build/release/triaged --wapiti .wapiti/bin/wapiti

test-browser: release deps-test ## the demonstration in Chromium, every page pictured in artifacts/pictures
	$(PYTHON) Tests/system/demo.py --triaged .build/release/triaged --pictures artifacts/pictures

test-digests: deps-test ## the mails in Chromium, light and dark, phone and desk, pictured in artifacts/digests
	$(PYTHON) Tests/browser/digests.py artifacts/digests

JUMPS ?= 200
test-jumps: release deps-test ## the slow proof: the clock is put forward and back 200 times under the daemon
	$(PYTHON) Tests/system/jumps.py --triaged .build/release/triaged --jumps $(JUMPS)

RELOADS ?= 200
MUTATIONS ?= 1000
test-reload: release deps-test ## the slow proof: 200 reloads while mails go out, and 1,000 configurations that were spoilt at random
	$(PYTHON) Tests/system/service.py --triaged .build/release/triaged
	$(PYTHON) Tests/system/refusals.py --triaged .build/release/triaged
	$(PYTHON) Tests/system/reload.py --triaged .build/release/triaged --reloads $(RELOADS) --mutations $(MUTATIONS)

BACKUPS ?= 100
test-backup: release deps-test ## the slow proof: 100 backups under load, each put back and looked into
	$(PYTHON) Tests/system/backup.py --triaged .build/release/triaged --backups $(BACKUPS)

test-cuts: deps-test ## the slow proof: a list of 64 KB cut at every byte
	TRIAGED_CUTS=all $(SWIFT) test -c release --scratch-path .build/cuts -Xswiftc -enable-testing --filter CutTests

test-ledger: deps-test ## the slow proof: 100,000 lists in and out of their order
	TRIAGED_LISTS=$${TRIAGED_LISTS:-100000} $(SWIFT) test -c release --scratch-path .build/cuts -Xswiftc -enable-testing --filter LedgerPropertyTests

test-triage: deps-test ## the slow proof: 100,000 random towns for each property of the triage, a million registered addresses
	TRIAGED_CASES=$${TRIAGED_CASES:-100000} $(SWIFT) test -c release --scratch-path .build/cuts -Xswiftc -enable-testing --filter 'TriageTests.*(VerdictProperty|RegisterProperty|PacingProperty|Monotony|Moment)Tests'

test-areas: deps-test ## the slow proof: ten million points, the area index against GEOS
	TRIAGED_AREA_POINTS=1e7 $(SWIFT) test -c release --scratch-path .build/cuts -Xswiftc -enable-testing --filter AreasAgainstGeosTests

test-outbox: deps-test ## the slow proof: a relay that is down for five days, with news in every list
	TRIAGED_OUTBOX=full $(SWIFT) test -c release --scratch-path .build/cuts -Xswiftc -enable-testing --filter OutboxDaemonTests

test-minutes: deps-test ## the slow proof: every minute of 2026 to 2030, for every kind of schedule of digests
	TRIAGED_MINUTES=all $(SWIFT) test -c release --scratch-path .build/cuts -Xswiftc -enable-testing --filter ScheduleMinutesTests

test-retention: deps-test ## the slow proof: three years of retention, day by day
	TRIAGED_RETENTION=years $(SWIFT) test -c release --scratch-path .build/cuts -Xswiftc -enable-testing --filter RetentionSimulationTests

MINUTES ?= 10
test-idle: release deps-test ## the slow proof: what a daemon costs to which nothing happens
	$(PYTHON) Tests/system/idle.py --triaged .build/release/triaged --minutes $(MINUTES)

test-year: deps-test ## the slow proof: a year of lists, claims and mails; memory and open files stay
	TRIAGED_YEAR=365 $(SWIFT) test -c release --scratch-path .build/cuts -Xswiftc -enable-testing --filter YearTests

fuzz: deps ## libFuzzer and AddressSanitizer on every reader: FUZZ_SECONDS=60 or FUZZ_RUNS, FUZZ_TARGETS="CSV JSON"
	scripts/fuzz

format: ## settle the layout of the sources
	$(SWIFT) format format -i -r Package.swift Sources Tests

bench: release deps-bench ## measure the import against its alternatives
	$(PYTHON) bench/run.py --triaged .build/release/triaged
	$(PYTHON) bench/formats.py --triaged .build/release/triaged --rows 100000
	$(PYTHON) bench/unchanged.py --triaged .build/release/triaged --rows 1000000
	$(PYTHON) bench/gazetteer.py --triaged .build/release/triaged --rows 5000000 --config config

bench-areas: deps-bench ## measure the area index against GEOS and shapely
	TRIAGED_BENCH=1 $(SWIFT) build -c release --scratch-path .build/bench --product BenchAreas
	.build/bench/release/BenchAreas --samples artifacts/bench/areas
	$(PYTHON) bench/areas/shapely_tree.py artifacts/bench/areas

bench-triage: deps ## measure the triage of 60,000 jobs in area
	TRIAGED_BENCH=1 $(SWIFT) build -c release --scratch-path .build/bench --product BenchTriage
	.build/bench/release/BenchTriage

bench-replay: deps ## measure a replay of 90 days with 1,000 rows a day by two sets of rules
	TRIAGED_BENCH=1 $(SWIFT) build -c release --scratch-path .build/bench --product BenchReplay
	.build/bench/release/BenchReplay

clean: ## remove what was built
	rm -rf .build .venv .wapiti artifacts
