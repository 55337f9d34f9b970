package tenant

import "time"

// Unlock forgets wrong passcodes and the cool-down after them.
func (d *Device) Unlock() {
	d.Failures, d.LockUntil = 0, time.Time{}
}
