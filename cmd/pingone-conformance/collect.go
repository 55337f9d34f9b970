package main

import (
	"runtime"
	"runtime/debug"
)

// collectSeldom puts the first garbage collection off until the heap has 16 MiB instead of Go's 4: a run of a few
// scenarios is over before. After it the heap may grow to four times what is in use instead of twice.
// Whoever has set GOGC otherwise knows better.
func collectSeldom() {
	if set := debug.SetGCPercent(first); set != usual {
		debug.SetGCPercent(set)
		return
	}
	runtime.AddCleanup(new([64]byte), func(percent int) { debug.SetGCPercent(percent) }, later)
}

// Values of GOGC: Go's own, that until the first collection, and that after it.
const usual, first, later = 100, 400, 300
