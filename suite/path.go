package suite

import "pingone-conformance/internal/hidepath"

// godog has been initialised by now.
func init() { hidepath.Restore() } //nolint:gochecknoinits // it is about the order of inits
