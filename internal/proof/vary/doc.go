// Package vary proves that the specification raises no false alarm: it runs the
// features against emulators that answer otherwise within what the pages allow,
// one named variation each, and all of them at once. A variation that fails a
// scenario is a false alarm; one that changes no call proves nothing.
//
// It knows no rule of PingOne's: the pages decide what a variation may be.
package vary
