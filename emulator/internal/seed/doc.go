// Package seed reads and writes what an emulator holds from the start: YAML or JSON,
// whose members are those of PingOne's own calls, and which schema.json describes.
//
// Things are created by the management API itself, so that a seed is held against the
// same rules as a call, and a rule that changes there changes here.
package seed
