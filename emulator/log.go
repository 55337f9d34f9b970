package emulator

import (
	"encoding/json"
	"fmt"
	"time"

	"pingone-conformance/emulator/internal/wire"
	"pingone-conformance/internal/lazy"
)

// The formats of a log.
const (
	LogText = "text"
	LogJSON = "json"
)

// line is one call in the log. It holds nothing that a caller may have put there as a
// secret: no query, no header, no body.
type line struct {
	Time         string  `json:"time"`
	Method       string  `json:"method"`
	Path         string  `json:"path"`
	Status       int     `json:"status"`
	Milliseconds float64 `json:"ms"`
	Operation    string  `json:"operation,omitempty"`
}

// uuid is an id, of which the log shows the first eight characters.
var uuid = lazy.Regexp(`([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// unknownPath is shown of a path that no operation has, which may hold anything.
var unknownPath = lazy.Regexp(`^/[a-z0-9]{0,16}(/environments)?`)

func (s *Server) logged(call *wire.Call, answer *wire.Answer, took time.Duration) {
	if s.options.Log == nil {
		return
	}
	path := uuid.Get().ReplaceAllString(call.URL.Path, "$1…")
	if call.Operation == "" && len(call.Path) == 0 {
		path = unknownPath.Get().FindString(path) + "…"
	}
	l := line{
		Time: time.Now().Format("15:04:05.000"), Method: method(call.Method), Path: path, Status: answer.Status,
		Milliseconds: float64(took.Microseconds()) / 1000, Operation: call.Operation,
	}
	text := fmt.Sprintf("%s %-6s %s %d %.1fms %s\n", l.Time, l.Method, l.Path, l.Status, l.Milliseconds, l.Operation)
	if s.options.LogFormat == LogJSON {
		l.Time = time.Now().UTC().Format(time.RFC3339Nano)
		encoded, _ := json.Marshal(l) // texts and numbers always encode
		text = string(encoded) + "\n"
	}
	s.logging.Lock()
	defer s.logging.Unlock()
	_, _ = s.options.Log.Write([]byte(text)) // a log that cannot be written must stop nobody
}

// method is one that HTTP knows: callers may send any word.
func method(asked string) string {
	switch asked {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS":
		return asked
	}
	return "?"
}
