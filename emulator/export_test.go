package emulator

import (
	"time"

	"pingone-conformance/emulator/internal/state"
)

// Impatient gives up on a slow caller after the given time instead of seconds.
func Impatient(o Options, patience time.Duration) Options {
	o.limits = usualLimits()
	o.limits.header, o.limits.body, o.limits.write, o.limits.idle = patience, patience, patience, patience
	return o
}

// Small takes few connections and remembers few flows, sessions and codes.
func Small(o Options, connections, kept int) Options {
	o.limits = usualLimits()
	o.limits.connections, o.limits.kept = connections, kept
	return o
}

// Unwritable closes an emulator's state file beneath it, until it is opened again.
func Unwritable(s *Server) (opened func() error, err error) {
	return func() (err error) { s.keeper.file, err = state.Open(s.options.State); return err }, s.keeper.file.Close()
}

// Addr is where the emulator listens, whatever its public URL says.
func Addr(s *Server) string { return s.listening }
