// Package replay replays the recorded exchanges of a scenario, and records them: one
// readable text file each, <use case>/<scenario>.txtar.
//
// A Session is one scenario's transport, clock and randomness. It replays a
// file (no socket is opened), passes calls through (Direct), or passes them
// through and writes them down (Record). Replay is strict: calls come in the
// recorded order, each once, and agree in method, URL with query, every header
// that the file shows, and body.
//
// Nothing that belongs to a tenant or to one run reaches a file. Secrets become
// stand-ins (the same one wherever the secret occurs, also inside Basic
// credentials, forms, queries, nested JSON and JWTs), ids are numbered in the
// order of their first appearance, times are moved so that every recording
// begins at one moment, hosts become those of the NA region, and JWTs are signed
// again so that they still verify. Two recordings of the same story are the
// same bytes.
//
// What may not enter: Gherkin, assertions about PingOne, and any knowledge of
// a single use case. No other package imports httpmock.
package replay
