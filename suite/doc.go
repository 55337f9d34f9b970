// Package suite is the engine: it opens the place that the configured mode asks
// for (replay, emulator or live), gives each scenario a Scenario of its own, reads its
// sentences by a Registry, holds every answer against the contract, asks every Then
// for its evidence, and deletes what was created.
//
// Sentences, published lists and features are arguments: no rule of PingOne's and no
// sentence belongs here. It is the only package that imports godog.
package suite
