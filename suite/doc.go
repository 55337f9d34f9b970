// Package suite puts the parts together: it opens, for each scenario, the place
// that the configured mode asks for (replay, emulator or live) and runs the
// features there. It holds no check and no rule of PingOne's.
package suite
