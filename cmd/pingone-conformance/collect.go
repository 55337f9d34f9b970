package main

import (
	"os"
	"runtime"
	"runtime/debug"
)

// collectSeldom puts the first garbage collection off until the heap has 16 MiB instead of Go's 4: a run of a few
// scenarios is over before. After it the heap may grow to three times what is in use instead of twice.
// Whoever has set GOGC knows better.
func collectSeldom() {
	if os.Getenv("GOGC") != "" {
		return
	}
	debug.SetGCPercent(first)
	runtime.AddCleanup(new([64]byte), func(percent int) { debug.SetGCPercent(percent) }, later)
}

// The values of GOGC until the first collection and after it.
const first, later = 400, 200
