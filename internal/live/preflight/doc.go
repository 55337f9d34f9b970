// Package preflight looks, before anything is created, at what a live environment
// lacks for the run: whether it may be used at all, what the worker application
// may do there, and whether it can ask for passcodes. Its looks only read.
//
// Reading proves reading: a worker application with read-only roles passes, and
// fails at the first creation.
//
// Nothing that creates, changes or deletes may enter, and nothing that knows a
// scenario: what the selected ones need comes as Needs.
package preflight
