// Package export turns the journeys into files for other tools: Postman collections, curl
// scripts, k6 scripts. What is sent comes from the journey's recording, its order and its
// numbers from the published list.
//
// A tool's file looks at less than the specification does: statuses, what comes back of
// what was sent, and what the journey's own lines look at. Signatures are not verified.
// No call enters here: features, recordings and lists are arguments.
package export
