package wire

import (
	"net/http"
	"net/url"
	"time"
)

// Call is one request, read completely before any handler sees it.
type Call struct {
	// ID is the call's correlation id: the Correlation-Id header of its answer
	// and the id of an error body.
	ID string
	// Operation names the route, such as "application.create" or "flow.action".
	Operation string
	Method    string
	// URL is the request's URL as the caller wrote it; Path holds its {variables}.
	URL  *url.URL
	Path map[string]string
	// Origin is scheme and authority under which the caller reached the emulator,
	// without a trailing slash: links in answers start with it.
	Origin string
	Header http.Header
	Body   []byte
	Remote string
	// Done is closed when the caller hangs up; nil when nobody can tell.
	Done <-chan struct{}

	began   time.Time
	route   *Route
	refusal *Answer // instead of a route: no such path, method or media type
}

// Answer is what a handler gives back. Body is sent as it is.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	// Delivery is how the answer goes out; the zero value sends it as it is.
	Delivery Delivery

	// late renders a body that quotes the correlation id, which only the
	// router knows; Body holds the same without it.
	late func(correlationID string) []byte
}

// Handler answers a call. It runs while the tenant is locked, so it must not
// wait for anything.
type Handler func(*Call) *Answer

// Route binds a method and a path pattern such as
// "/v1/environments/{envID}/users/{userID}/password" to a handler. Several
// routes may share method and path and differ by MediaType, the request's
// Content-Type without parameters; an empty MediaType takes any that no
// other route names.
type Route struct {
	Operation string
	Method    string
	Pattern   string
	MediaType string
	// Reads says that the handler changes nothing: it may run beside others of which
	// that is true.
	Reads   bool
	Handler Handler
}

// Reads says that the call changes nothing.
func (c *Call) Reads() bool { return c.route == nil || c.route.Reads }
