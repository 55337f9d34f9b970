// Package deviation names the ways in which the emulator can be told to break
// PingOne's contract, so that it can be proven that the suite notices each one.
//
// A deviation of shape changes answers on their way out: it is written here,
// beside its name. Those of security and semantics change what the emulator
// does; they are asked for by name (Tenant.Deviates) where it is done.
//
// What may not enter: anything that knows the suite, and any behaviour that the
// emulator shows without being told to.
package deviation
