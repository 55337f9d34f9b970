package results

import _ "embed"

// Schema is the JSON Schema of conformance.json.
//
//go:embed conformance.schema.json
var Schema []byte
