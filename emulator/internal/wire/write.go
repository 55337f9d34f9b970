package wire

import (
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Server is what the emulator calls itself in every answer.
const Server = "pingone-conformance-emulator"

// write sends the answer with the headers that the vendor says every operation
// returns.
//
// https://developer.pingidentity.com/pingone-api/foundations/conventions/pingone-api-responses.html
func (r *Router) write(w http.ResponseWriter, call *Call, answer *Answer) {
	if r.options.Answered != nil {
		r.options.Answered(call, answer, time.Since(call.began))
	}
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
	strictTransport(header, call)
	header.Set("Vary", "Origin")
	header.Set("Via", "1.1 "+Server)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("X-Frame-Options", "DENY")
	header.Set("X-XSS-Protection", "1; mode=block")
	r.allowOrigin(header, call)
	for name, values := range answer.Header {
		header[name] = values
	}
	if answer.Status != http.StatusNoContent {
		header.Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(answer.Status)
	answer.Delivery.send(w, body, call.Done)
}

// negotiated answers as application/json whoever asks for that.
func negotiated(call *Call, answer *Answer) *Answer {
	if answer.Header.Get("Content-Type") == typeHAL && asksForJSON(call.Header.Values("Accept")) {
		answer.Header.Set("Content-Type", typeJSON)
	}
	return answer
}

// asksForJSON says whether a caller names application/json and likes
// application/hal+json no better. All recorded answers to callers that accept
// anything are application/hal+json.
func asksForJSON(accept []string) bool {
	likes := map[string]float64{}
	for _, one := range strings.Split(strings.Join(accept, ","), ",") {
		mediaType, parameters, _ := mime.ParseMediaType(one) // what cannot be read is nothing that is liked
		quality := 1.0
		if q, err := strconv.ParseFloat(parameters["q"], 64); err == nil {
			quality = q
		}
		likes[mediaType] = max(likes[mediaType], quality)
	}
	return likes["application/json"] > 0 && likes["application/json"] >= likes["application/hal+json"]
}

// allowOrigin lets pages of the origins that are allowed read the answer, with
// their cookies. Only Correlation-Id is readable, as the vendor says.
func (r *Router) allowOrigin(header http.Header, call *Call) {
	header.Set("Access-Control-Expose-Headers", "Correlation-Id")
	from := call.Header.Get("Origin")
	if from == "" || !r.allows(call, from) {
		return
	}
	header.Set("Access-Control-Allow-Origin", from)
	header.Set("Access-Control-Allow-Credentials", "true")
	header.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Accept")
}

func (r *Router) allows(call *Call, from string) bool {
	if r.options.Allows == nil {
		return from != "null"
	}
	r.options.Reading.Lock()
	defer r.options.Reading.Unlock()
	return r.options.Allows(call, from)
}

// Loopback says whether a host name or address means this machine alone.
func Loopback(host string) bool {
	host = strings.ToLower(host)
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
}

// strictTransport is left out on loopback over https, too: a browser would from then on
// ask every port of localhost for https, those of other programs included.
func strictTransport(header http.Header, call *Call) {
	if u, err := url.Parse(call.Origin); err == nil && u.Scheme == "https" && Loopback(u.Hostname()) {
		return
	}
	header.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
}
