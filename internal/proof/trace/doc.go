// Package trace shows the published lists beside what the journeys really send. The
// comparison itself is the engine's, in every run.
package trace
