package emulator

import "time"

// limits keep a slow, huge or silent caller from stopping the emulator for the
// others. All callers together can hold no more than these.
type limits struct {
	// header, body, write and idle bound the phases of a connection: until a
	// request's header is there, until its body is, until its answer is taken,
	// and between two requests.
	header, body, write, idle time.Duration
	// closing is how long Close waits for calls that are being answered.
	closing time.Duration
	// headerBytes is above PingOne's 6 KB, so that the router's answer is seen.
	headerBytes int
	// connections is how many may be open; past it, the one goes that has waited
	// longest without a call or, if none has, that has been sending its call longest.
	connections int
	// kept is how many flows, sessions, codes and tokens are remembered, each; 0
	// leaves it to sign-on.
	kept int
}

func usualLimits() limits {
	return limits{
		header: 10 * time.Second, body: 30 * time.Second, write: 60 * time.Second, idle: 2 * time.Minute,
		closing: 2 * time.Second, headerBytes: 64 << 10, connections: 1000,
	}
}
