# Every target says what it does; `make` alone lists them.

GO           ?= go
LINT_VERSION := v2.15.0
LINT         := bin/golangci-lint-$(LINT_VERSION)
PROGRAM      := bin/pingone-conformance
NEWMAN       := newman@6.2.2
BENCHSTAT    := golang.org/x/perf/cmd/benchstat@v0.0.0-20260908200009-22c9c6c9d4da
FUZZTIME     ?= 10s
FUZZ         := ./emulator/internal/management:FuzzCreateBodies ./emulator/internal/management:FuzzFilter ./internal/replay/jsontree:FuzzRewrite ./internal/replay:FuzzParse ./internal/replay:FuzzScrub ./internal/jsontext:FuzzText
# Tests never leave the machine, whatever .env says about a live environment.
OFFLINE      := PINGONE_MODE=replay PINGONE_RECORD=false
# Nothing here needs C but the race detector: without it a program starts sooner, and no compiler has to be there.
export CGO_ENABLED ?= 0

.DEFAULT_GOAL := help
.PHONY: bench bench-compare check detect drift editor emulator exports faults features fuzz help k6 lint mutants newman one preflight program proofs race record release rename-module report static sweep test tidy trace vary

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

program: ## build the program that the targets below call, bin/pingone-conformance
	@GO="$(GO)" bash .ci/program $(PROGRAM) ./cmd/pingone-conformance

features: program ## run the features and print them; PINGONE_MODE=emulator or live for another answerer
	@$(PROGRAM) run $(ARGS)

test: ## run every test, without network
	@$(OFFLINE) $(GO) test ./...

one: program ## run the scenarios whose name contains NAME="..."; lists the names when none does
	@test -n "$$NAME" || { echo 'say which: make one NAME="part of a scenario name"'; exit 2; }
	@$(PROGRAM) run --scenario "$$NAME" $(ARGS)

report: program ## make the page and the other reports again from reports/
	@$(PROGRAM) report reports

emulator: program ## start the emulator by hand and print the variables to export; ARGS=--help for its flags
	@$(PROGRAM) emulator $(ARGS)

record: program ## record fixtures, and those of the examples, anew from the emulator, or with PINGONE_MODE=live from PingOne
	@PINGONE_MODE="$${PINGONE_MODE:-emulator}" $(PROGRAM) record $(ARGS)
	@for mod in examples/*/go.mod; do (cd $$(dirname $$mod) && PINGONE_MODE="$${PINGONE_MODE:-emulator}" PINGONE_RECORD=true $(GO) test -count=1 .) || exit; done
	@git status --short fixtures examples

trace: program ## print which line of which feature sends which call of the published lists
	@$(OFFLINE) $(PROGRAM) trace $(ARGS)

exports: program ## write the journeys for other tools into exports/, from the recordings
	@$(PROGRAM) export postman curl k6 --to exports

newman: ## run the exported Postman collections against the emulator; needs newman, or npx of Node.js
	@if command -v newman > /dev/null; then $(OFFLINE) $(GO) test -count=1 -v -run Newman ./internal/export; \
	elif command -v npx > /dev/null; then $(OFFLINE) npx --yes --package $(NEWMAN) -- $(GO) test -count=1 -v -run Newman ./internal/export; \
	else echo "neither newman nor npx is here: install Node.js (https://nodejs.org), which brings npx"; exit 1; fi

k6: ## run the exported k6 scripts against the emulator; needs k6
	@command -v k6 > /dev/null || { echo "k6 is not here: go install go.k6.io/k6@v1.8.1 builds it, in some ten minutes"; exit 1; }
	@$(OFFLINE) $(GO) test -count=1 -v -run K6 ./internal/export

bench: ## measure everything that docs/performance.md has a row for, and the bare calls beside it; COUNT=6 times
	@$(OFFLINE) $(GO) test -run '^$$' -bench . -benchmem -count=$(or $(COUNT),1) ./...

bench-compare: ## say what has become faster or slower since a kept output of make bench: OLD=file, and NEW=file or what is here now
	@test -f "$(OLD)" || { echo 'say with what: make bench-compare OLD=file, a kept output of: make bench COUNT=6 > file'; exit 2; }
	@test -z "$(NEW)" -o -f "$(NEW)" || { echo 'make bench-compare: there is no file $(NEW)'; exit 2; }
	@mkdir -p bin
	@test -n "$(NEW)" || $(MAKE) --no-print-directory bench COUNT=$(or $(COUNT),6) > bin/bench.txt
	@$(GO) run $(BENCHSTAT) "$(OLD)" "$(or $(NEW),bin/bench.txt)"

lint: $(LINT) ## hold style and import directions (builds the linter on first use)
	@$(LINT) run ./...

$(LINT):
	@echo "building golangci-lint $(LINT_VERSION), once; this takes some minutes"
	@mkdir -p bin
	@GOBIN="$(CURDIR)/bin" $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)
	@mv bin/golangci-lint $@

race: ## run every test under the race detector
	@$(OFFLINE) CGO_ENABLED=1 $(GO) test -race ./...

fuzz: ## fuzz the scrubber, the fixture parser and the emulator, FUZZTIME=10s each
	@set -e; for target in $(FUZZ); do \
		echo "$${target#*/}"; $(OFFLINE) $(GO) test "$${target%:*}" -run '^$$' -fuzz "^$${target#*:}$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x; \
	done

detect: program ## break the emulator in every named way and show which scenario notices
	@$(OFFLINE) $(PROGRAM) detect $(ARGS)

vary: program ## answer otherwise in every way that the pages allow and show that nothing fails
	@$(OFFLINE) $(PROGRAM) vary $(ARGS)

mutants: program ## change every member of every recorded answer and show what goes unnoticed
	@$(OFFLINE) $(PROGRAM) mutants $(ARGS)

proofs: ## detect, vary and mutants by go test, which repeats what it knows while nothing has changed
	@$(OFFLINE) $(GO) test -tags proofs -run TestProofs -timeout 1h -v ./cmd/pingone-conformance

faults: program ## run the journeys against every fault of the emulator and print the matrix
	@$(OFFLINE) $(PROGRAM) faults $(ARGS)

drift: program ## compare the answers of PINGONE_MODE=live or emulator with the recorded ones; ARGS=--help
	@$(PROGRAM) drift $(ARGS)

sweep: program ## list what killed runs left in the environment; YES=1 deletes it
	@$(PROGRAM) sweep $(if $(filter 1,$(YES)),--yes) $(ARGS)

preflight: program ## say what the live environment lacks before anything is created
	@$(PROGRAM) preflight

tidy: ## format the code and tidy go.mod, also those of the examples
	@gofmt -w $$(git ls-files -co --exclude-standard '*.go')
	@for mod in go.mod examples/*/go.mod docs/ci/lint/go.mod; do (cd $$(dirname $$mod) && $(GO) mod tidy) || exit; done

static: ## build the program for Linux, macOS and Windows, without cgo, into bin/
	@set -e; for target in linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64; do \
		file=bin/pingone-conformance-$${target%/*}-$${target#*/}; case $$target in windows/*) file=$$file.exe;; esac; \
		CGO_ENABLED=0 GOOS=$${target%/*} GOARCH=$${target#*/} $(GO) build -trimpath -ldflags "-s -w$(if $(VERSION), -X main.version=$(VERSION))" -o $$file ./cmd/pingone-conformance; \
		ls -l $$file | awk '{ print $$5, $$9 }'; \
	done

release: ## write static binaries with checksums into dist/, twice the same bytes: VERSION=v1.2.3
	@GO="$(GO)" bash .ci/release "$(VERSION)"

editor: ## look with the editors' own parser for every sentence; needs node and npm, installs it on first use
	@test -d internal/editor/testdata/node_modules || (cd internal/editor/testdata && npm ci --ignore-scripts --no-audit --no-fund --silent)
	@$(GO) test -count=1 ./internal/editor

rename-module: ## give the module another path, everywhere: MODULE=example.com/x/y
	@bash .ci/rename-module "$(MODULE)"

check: ## what CI runs
	@bash .ci/run
