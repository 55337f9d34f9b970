// Package variation names what a tenant may answer otherwise than the emulator
// does, each with the page that allows it or that says nothing of it, so that it
// can be proven that the suite raises no false alarm.
//
// A variation changes a call on its way in or its answer on the way out, perhaps with
// a decision that the answer tells of, and what it changes is counted: one that changes nothing proves nothing. All of
// them may be switched on at once; where two exclude each other, the first in
// the list decides.
//
// What may not enter: anything that knows the suite, anything that a page
// forbids (see package deviation), and any behaviour that the emulator shows
// when it is not asked to.
package variation
