# Every target says what it does; `make` alone lists them.

GO           ?= go
LINT_VERSION := v2.15.0
LINT         := bin/golangci-lint-$(LINT_VERSION)
# The run bounds itself and cleans up; go test's own limit would do neither.
FEATURES     := cd features && $(GO) test -run '^TestFeatures$$' -count=1 -timeout 0
FUZZTIME     ?= 10s
FUZZ         := ./emulator/internal/management:FuzzCreateBodies ./emulator/internal/management:FuzzFilter ./internal/replay/jsontree:FuzzRewrite ./internal/replay:FuzzParse ./internal/replay:FuzzScrub
# Tests never leave the machine, whatever .env says about a live environment.
OFFLINE      := PINGONE_MODE=replay PINGONE_RECORD=false

.DEFAULT_GOAL := help
.PHONY: help features test one emulator record trace bench lint race fuzz detect mutants faults drift sweep preflight tidy check

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

features: ## run the features and print them; PINGONE_MODE=emulator or live for another answerer
	@$(FEATURES)

test: ## run every test, without network
	@$(OFFLINE) $(GO) test ./...

one: ## run the scenarios whose name contains NAME="..."; lists the names when none does
	@test -n "$$NAME" || { echo 'say which: make one NAME="part of a scenario name"'; exit 2; }
	@$(FEATURES) -args -scenario "$$NAME"

emulator: ## start the emulator by hand and print the variables to export; ARGS=-h for its flags
	@$(GO) run ./cmd/emulator $(ARGS)

record: ## record fixtures anew from the emulator, or with PINGONE_MODE=live from PingOne
	@export PINGONE_MODE="$${PINGONE_MODE:-emulator}" PINGONE_RECORD=true; $(FEATURES)
	@git status --short fixtures

trace: ## print which line of which feature sends which call of the published lists
	@$(OFFLINE) $(GO) run ./cmd/trace

bench: ## measure the journey in replay, against the emulator, and the bare calls beside them
	@$(OFFLINE) $(GO) test -run '^$$' -bench . -benchmem -count=1 ./...

lint: $(LINT) ## hold style and import directions (builds the linter on first use)
	@$(LINT) run ./...

$(LINT):
	@echo "building golangci-lint $(LINT_VERSION), once; this takes some minutes"
	@mkdir -p bin
	@GOBIN="$(CURDIR)/bin" $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)
	@mv bin/golangci-lint $@

race: ## run every test under the race detector
	@$(OFFLINE) $(GO) test -race ./...

fuzz: ## fuzz the scrubber, the fixture parser and the emulator, FUZZTIME=10s each
	@set -e; for target in $(FUZZ); do \
		echo "$${target#*/}"; $(OFFLINE) $(GO) test "$${target%:*}" -run '^$$' -fuzz "^$${target#*:}$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x; \
	done

detect: ## break the emulator in every named way and show which scenario notices
	@$(OFFLINE) $(GO) run ./cmd/detect

mutants: ## change every member of every recorded answer and show what goes unnoticed
	@$(OFFLINE) $(GO) run ./cmd/mutants

faults: ## run the journeys against every fault of the emulator and print the matrix
	@cd suite && $(OFFLINE) $(GO) test -run '^TestFaultMatrix$$' -count=1 -args -matrix

drift: ## compare the answers of PINGONE_MODE=live or emulator with the recorded ones; ARGS=-h
	@$(GO) run ./cmd/drift $(ARGS)

sweep: ## list what killed runs left in the environment; YES=1 deletes it
	@$(GO) run ./cmd/sweep $(if $(filter 1,$(YES)),-yes) $(ARGS)

preflight: ## say what the live environment lacks before anything is created
	@$(GO) run ./cmd/preflight

tidy: ## format the code and tidy go.mod
	@gofmt -w $$(git ls-files -co --exclude-standard '*.go')
	@$(GO) mod tidy

check: ## what CI runs
	@bash .ci/run
