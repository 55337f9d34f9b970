// Package mutants asks how much of PingOne the features would notice if it were
// different: every place of every recorded answer is dropped, retyped or changed,
// one at a time, and the scenario is replayed against the changed recording. A
// scenario that fails has killed the mutant; one that passes has let it survive.
//
// Survivors are accepted by name and reason, in accepted.txt. What the documents
// speak of comes from the contract's own schemas, never from a list of this package.
//
// What may not enter: rules about PingOne's answers. A survivor that should have
// been noticed is a rule for contract/ or a check for steps/.
package mutants
