// Package collector says how often a program's garbage is collected. It is for programs: a library leaves that to whom it is part of.
package collector

import (
	"math"
	"runtime"
	"runtime/debug"
)

// Seldom puts the first garbage collection off until the heap has 16 MiB instead of Go's 4: a run of a few
// scenarios is over before. After it the heap may grow to four times what is in use instead of twice.
// Whoever has set GOGC otherwise knows better.
func Seldom() {
	if set := debug.SetGCPercent(first); set != usual {
		debug.SetGCPercent(set)
		return
	}
	runtime.AddCleanup(new([64]byte), func(percent int) { debug.SetGCPercent(percent) }, later)
}

// Values of GOGC: Go's own, that until the first collection, and that after it.
const usual, first, later = 100, 400, 300

// LeaveRoom lets the heap have 64 MiB of garbage, or more, before it is collected. A server that holds little and answers
// much is collected dozens of times a second otherwise, and the calls that meet a collection take many times what others take.
// Whoever has set GOGC or GOMEMLIMIT knows better.
func LeaveRoom() {
	percent := debug.SetGCPercent(usual)
	debug.SetGCPercent(percent)
	if percent == usual && debug.SetMemoryLimit(-1) == math.MaxInt64 {
		room = make([]byte, 64<<20)
	}
}

// room counts as in use, and is never touched: it takes addresses, and no memory.
var room []byte
