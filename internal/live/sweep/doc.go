// Package sweep finds what killed runs have left in an environment, and deletes it
// when told to: applications, sign-on policies, MFA policies, populations and
// users. A run that ends in any other way deletes what it made by itself.
//
// A thing is a leftover only if its name is exactly of the form that package names
// gives, and it is older than a given age. Everything else is somebody's.
//
// Users are looked for in the populations of runs, since a run creates them
// nowhere else; so a tenant's other users are not even listed.
//
// What knows a scenario, a step or a fixture may not enter.
package sweep
