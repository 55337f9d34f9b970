package deviation

// undeleted answer the deletion of one kind of thing with 204 and keep it.
func undeleted() []Deviation {
	var all []Deviation
	for _, kind := range []struct{ name, what, operation, page string }{
		{"application", "an application", "application", pageApplication},
		{"grant", "a grant", "grant", pageGrant},
		{"assignment", "an assignment", "assignment", pageAssignment},
		{"policy", "a sign-on policy", "signOnPolicy", pagePolicy},
		{"action", "an action of a policy", "action", pageAction},
		{"population", "a population", "population", pageConventions},
		{"user", "a user", "user", pageUser},
		{"device", "a device", "device", pageDevice},
		{"device-policy", "a device policy", "devicePolicy", pageDevicePolicy},
	} {
		all = append(all, Deviation{
			Name: kind.name + "-not-deleted", Group: Semantics, Breaks: "the deletion of " + kind.what + " answers 204 and deletes nothing",
			Rule: "what was deleted is gone", Page: kind.page,
		}.by(func(d *Decisions) {
			documented := d.Management.Deletes
			d.Management.Deletes = func(operation string) bool { return operation != kind.operation+".delete" && documented(operation) }
		}))
	}
	return all
}
