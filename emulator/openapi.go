package emulator

import (
	_ "embed"
	"net/http"

	"pingone-conformance/emulator/internal/console"
)

// openAPIDocument is made from the operations and schemas of the contract, by a test
// that also keeps it fresh: this package must not import what judges it.
//
//go:embed openapi.json
var openAPIDocument []byte

// openAPIPath lies outside PingOne's path space.
const openAPIPath = "/emulator/openapi.json"

func (s *Server) openAPI(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(openAPIDocument) // a reader that hung up has nobody to tell
}

// openAPIPage shows the document to people.
func (s *Server) openAPIPage(w http.ResponseWriter, _ *http.Request) {
	page, err := console.OpenAPI(openAPIDocument)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'")
	_, _ = w.Write(page) // as above
}
