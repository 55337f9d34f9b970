// Package faults runs the journeys against every kind of fault of the emulator, as a live
// run would meet them, and says of each whether the run does what it should: pass, or
// fail with the right words, and leave nothing behind either way.
//
// Sentences and features are an argument. What a fault does is the emulator's concern.
package faults
