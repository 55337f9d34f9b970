// Package wire is the emulator's HTTP: a call that was read in
// full, an answer that is written in full, the router between them, and
// PingOne's two error bodies.
//
// No rule about a resource, a token or a flow belongs here.
package wire
