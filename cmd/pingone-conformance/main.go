// Command pingone-conformance runs the specification of PingOne sign-on, and what
// belongs to it: the emulator, the recorder, the care of live environments, and the
// proofs that the specification notices what breaks.
//
// Each subcommand has a file of its own. What a subcommand does stands in the packages
// that it calls; here are flags, words for people, and exit statuses.
package main

import (
	"context"
	"os"
	"runtime"
)

func main() {
	runtime.MemProfileRate = 0 // nobody asks for a profile, and each sample walks the stack
	os.Exit(execute(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
}
