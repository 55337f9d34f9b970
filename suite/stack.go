package suite

// deepen gives a goroutine, while it has few frames, the stack that a scenario needs. It would be copied at every
// doubling otherwise, and for that each frame looked up: a twentieth of a replayed journey's memory is that table.
//
//go:noinline
func deepen(at int) byte {
	var room [33 << 10]byte
	room[at]++
	return room[at/2]
}
