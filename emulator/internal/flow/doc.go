// Package flow is what a sign-on policy asks of a person: actions in the order of
// their priority, the states that a flow waits in, and the answers that it takes
// there. It is a machine of states over the tenant's data.
//
// It knows neither HTTP nor OAuth: who may call, what a request looks like, and
// where the person goes afterwards is up to whoever begins the flow. It imports
// the tenant and nothing else of the emulator.
//
// Of sign-on policy actions it knows LOGIN, MULTI_FACTOR_AUTHENTICATION and
// PROGRESSIVE_PROFILING. A policy with any other action fails at that action:
// skipping it would let people in that the policy wants to stop.
package flow
