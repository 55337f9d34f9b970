// Package deviation names the ways in which the emulator breaks PingOne's
// contract on demand, so that it can be proven that the suite notices each one.
//
// A deviation of shape changes answers on their way out. Those of security and
// semantics override a decision of the package that takes it (Decisions): honest
// code decides by names whose documented behaviour is the default, and does not
// know that there are deviations.
//
// What may not enter: anything that knows the suite, and any behaviour that the
// emulator shows when it is not asked to.
package deviation
