package gotest

import (
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// ahead is how far in the future the time of NeverCached's file lies, so that it is too
// new for the cache however long the other tests of the package take.
const ahead = time.Hour

// NeverCached keeps the running tests out of go test's cache. Variables of the
// environment that nobody has looked up by name, and whoever answers over the network,
// are no part of the cache's key, so that a pass would be repeated without them. A file
// of the module that is newer than two seconds keeps a result from being stored: one is
// written to the folder, which has to lie in the module, and looked at.
//
// pkg.go.dev/cmd/go#hdr-Test_packages
func NeverCached(folder string) error {
	file := filepath.Join(folder, "never-cached")
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return fmt.Errorf("a run must not come from go test's cache: %w", err)
	}
	if err := os.WriteFile(file, []byte("Its time keeps go test from caching a run of the features.\n"), 0o600); err != nil {
		return fmt.Errorf("a run must not come from go test's cache: %w", err)
	}
	later := time.Now().Add(ahead)
	if err := os.Chtimes(file, later, later); err != nil {
		return fmt.Errorf("a run must not come from go test's cache: %w", err)
	}
	_, err := os.Stat(file)
	return err
}
