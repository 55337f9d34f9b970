// Package drift runs scenarios against an environment and holds every answer
// against the recorded one, call by call: status, media type, headers that mean
// something, members, their types, links, and enumerated values.
//
// Calls are aligned by what they ask for and by the step that asked, so that a
// call more or less is reported as such and shifts nothing. No fixture is written. Of
// what was answered a report holds enumerated values only, no id and no address;
// beside them stands what a scenario that failed says of itself, without secrets.
//
// What may not enter: opinions about what is right. A difference is no fault; the
// contract and the features say what is.
package drift
