package wire

import (
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Server is what the emulator calls itself in every answer.
const Server = "pingone-conformance-emulator"

// write sends the answer with the headers that the vendor says every operation
// returns.
//
// https://developer.pingidentity.com/pingone-api/foundations/conventions/pingone-api-responses.html
func (r *Router) write(w http.ResponseWriter, call *Call, answer *Answer) {
	if answer.Delivery.Reset {
		reset(w)
		return
	}
	body := answer.Body
	if answer.late != nil {
		body = answer.late(call.ID)
	}
	header := w.Header()
	header.Set("Cache-Control", "no-cache, no-store, max-age=0, must-revalidate")
	header.Set("Correlation-Id", call.ID)
	header.Set("Date", r.options.Now().UTC().Format(http.TimeFormat))
	header.Set("Expires", "0")
	header.Set("Pragma", "no-cache")
	header.Set("Server", Server)
	header.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	header.Set("Vary", "Origin")
	header.Set("Via", "1.1 "+Server)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("X-Frame-Options", "DENY")
	header.Set("X-XSS-Protection", "1; mode=block")
	allowOrigin(header, call)
	for name, values := range answer.Header {
		header[name] = values
	}
	if wantsHAL(call) && header.Get("Content-Type") == typeJSON {
		header.Set("Content-Type", typeHAL)
	}
	if answer.Status != http.StatusNoContent {
		header.Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(answer.Status)
	answer.Delivery.send(w, body, call.Done)
}

// wantsHAL says whether the caller accepts application/hal+json and not
// application/json as well.
func wantsHAL(call *Call) bool {
	accept := strings.ToLower(call.Header.Get("Accept"))
	return strings.Contains(accept, "application/hal+json") &&
		!strings.Contains(accept, "application/json") && !strings.Contains(accept, "*/*") && !strings.Contains(accept, "application/*")
}

// allowOrigin lets a page that was itself served from loopback read answers;
// no other page gets to see what a developer's emulator holds. Only
// Correlation-Id is readable, as the vendor says.
func allowOrigin(header http.Header, call *Call) {
	header.Set("Access-Control-Expose-Headers", "Correlation-Id")
	from := call.Header.Get("Origin")
	page, err := url.Parse(from)
	if err != nil || from == "" {
		return
	}
	host := page.Hostname()
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return
	}
	header.Set("Access-Control-Allow-Origin", from)
	header.Set("Access-Control-Allow-Credentials", "true")
	header.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Accept")
}
