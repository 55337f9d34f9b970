// Package detect proves that the specification bites: it runs the features
// against emulators that break PingOne's contract, one named deviation each, and
// says which scenario noticed.
//
// It knows no rule of PingOne's: the features decide what is wrong.
package detect
