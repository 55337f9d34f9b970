package main

import (
	"runtime"
	"runtime/debug"
)

// collectLate puts the first garbage collection off until the heap has 16 MiB instead of Go's 4: a
// run of a few scenarios is over before. After it the collector goes on as it was set.
func collectLate() {
	first := debug.SetGCPercent(-1)
	if first < 0 || first > late { // whoever set GOGC knows better
		debug.SetGCPercent(first)
		return
	}
	debug.SetGCPercent(late)
	runtime.AddCleanup(new([64]byte), func(usual int) { debug.SetGCPercent(usual) }, first)
}

const late = 400
