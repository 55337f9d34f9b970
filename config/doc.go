// Package config reads everything that is set from outside: the PINGONE_*
// variables of the process environment and of a .env file. It is the only place
// that looks at the process environment.
//
// All faults are reported at once, one line each, in the user's own names,
// before anything is called. Secrets are held, and never printed.
//
// What may not enter: anything that acts on the configuration, any call over
// the network, and knowledge of a use case.
package config
