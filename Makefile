# Everything goes through the Go toolchain; `make test` is the gate.
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.version=$(VERSION)
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
ACTIONLINT := github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
TARGETS := linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64
PACKAGES := ./... ./testdata/fuzzall ./testdata/gendocs ./testdata/licenses ./testdata/pictures ./testdata/soak
# The race detector needs a C compiler.
RACE := $(shell command -v gcc >/dev/null 2>&1 || command -v clang >/dev/null 2>&1 && echo -race)

.PHONY: build practice test gate check unit stress soak wine lint licenses cross bench fuzz fuzz-short reference man pictures golden cover clean

# Without cgo the program is one static file, and starts without loading a C library.
build: bin/.gitignore
	CGO_ENABLED=0 go build -trimpath -ldflags "$(LDFLAGS)" -o bin/ ./cmd/sfconnect

# What is built is nothing for git; the folder says so itself.
bin/.gitignore:
	@mkdir -p bin && echo '*' > bin/.gitignore

practice: build
	bin/sfconnect init --practice

test: gate fuzz-short

gate: lint cross unit stress

# The gate, with a longer look for what nobody thought of.
check: gate
	go run ./testdata/fuzzall 30s

# Not from the cache: the tests of cmd build the program by themselves, which go test cannot see.
unit:
	@test -n "$(RACE)" || echo "no C compiler here: the race detector is left out"
	go test $(RACE) -count=1 -timeout 15m ./...

# Every script of the commands with the Windows build, in Wine; the gate runs some of them.
wine:
	SFCONNECT_TEST_SCRIPTS=. SFCONNECT_TEST_STRICT=1 go test -count=1 -run WindowsScripts -v ./cmd/sfconnect

# That nothing is lost to kill -9 and to many processes at a time: the small size, and the full one.
stress: build
	go run ./testdata/soak
	go run ./testdata/soak -store file

soak: build
	go run ./testdata/soak -processes 100 -rounds 500
	go run ./testdata/soak -processes 100 -rounds 500 -store file

lint:
	@unformatted=$$(gofmt -l cmd internal testdata); test -z "$$unformatted" || { echo "gofmt would change:"; echo "$$unformatted"; exit 1; }
	@names=$$(git ls-files 2>/dev/null | grep -iE '(^|/)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.[^/]*)?(/|$$)|[<>:"|?*\]|[ .]$$'); \
		test -z "$$names" || { echo "Windows cannot have files of these names:"; echo "$$names"; exit 1; }
	go mod tidy -diff
	go vet $(PACKAGES)
	go run $(STATICCHECK) $(PACKAGES)
	cd testdata/bench && go vet .
	go run ./testdata/licenses
	go run $(ACTIONLINT)
	@unpinned=$$(grep -nE 'uses: [^.]' .github/workflows/*.yml | grep -vE '@[0-9a-f]{40} # v'); \
		test -z "$$unpinned" || { echo "pin these to a commit:"; echo "$$unpinned"; exit 1; }

# The licences of what is built in, and their texts for the packages.
licenses: bin/.gitignore
	go run ./testdata/licenses -v -output bin/THIRD-PARTY-LICENSES.txt

# One build for each system and processor that the program is meant for.
cross: bin/.gitignore
	@set -e; for t in $(TARGETS); do echo "build for $$t"; \
		GOOS=$${t%/*} GOARCH=$${t#*/} CGO_ENABLED=0 go build -trimpath -ldflags "$(LDFLAGS)" -o bin/cross/$${t%/*}-$${t#*/}/ ./cmd/sfconnect; done

bench: build
	cd testdata/bench && go run .

# What is found is kept in the package's testdata/fuzz, and tried by every go test from then on.
FUZZTIME ?= 10m
fuzz:
	go run ./testdata/fuzzall $(FUZZTIME)

fuzz-short:
	go run ./testdata/fuzzall 10s

# The reference is part of the repository; a test tells when it is stale.
reference:
	go run ./testdata/gendocs -reference docs/reference.md

# Dated by the last commit, so that the same sources give the same pages.
DATE ?= $(shell git log -1 --format=%cs 2>/dev/null || echo 1970-01-01)
man: bin/.gitignore
	rm -rf bin/man && go run ./testdata/gendocs -man bin/man -date $(DATE) -version $(VERSION)

# The pictures of the README: the real program, recorded and drawn. It needs npx (node), and shows
# no container's advice when it is run outside of one.
pictures: build
	go build -o bin/ ./testdata/pictures && bin/pictures

golden:
	go test ./internal/cli ./internal/docs ./internal/guide ./internal/term ./internal/wizard -update

cover: bin/.gitignore
	go test -coverprofile bin/cover.out ./... && go tool cover -func bin/cover.out | tail -1

clean:
	rm -rf bin
