// Package difference tells what somebody who stands between callers and the
// emulator makes of the calls and answers of one sign-on, and of what leads to it.
// The tests of packages variation and deviation keep what they read here in tables.
//
// What may not enter: anything that one of them does, and any behaviour of the
// emulator.
package difference
