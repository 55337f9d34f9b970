// Package contract holds every call of PingOne, request and answer, against what
// PingOne documents.
//
// A [Checker] belongs to one scenario. It looks at each exchange in order,
// finds the operation from method, path and media type alone, and reports
// violations of documented rules apart from observations: what an environment did where the
// documents are silent, disagree, or rest on one source.
//
// Shapes are JSON Schemas (2020-12), one readable file for each resource and each
// error, under schemas/. The body of a file is what is documented;
// its $defs/created is documented of a new resource besides; its $defs/inferred is what is only observed.
// The vendor may add members, links and values: none of them is a violation, each is observed. Where
// no value may be added because the values decide what an answer is, an enumeration says "x-closed".
// Rules that no schema can state, such as
// an id that stays the same or an echo of what was sent, are Go, one topic a file.
//
// What may not enter: anything that knows who answers. The package imports client for
// client.Exchange and nothing else of ours, and it never calls PingOne.
package contract
