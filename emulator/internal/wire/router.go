package wire

import (
	"cmp"
	"fmt"
	"io"
	"net"
	"net/http"
	"sort"
	"strings"
	"sync"
	"time"
)

// maxHeader is PingOne's limit for all request headers together.
//
// https://developer.pingidentity.com/pingone-api/platform/rate-limiting.html
const maxHeader = 6 << 10

// maxBody is ours: no request of the use cases comes near it.
const maxBody = 1 << 20

// maxDrain is how much of a refused body is still read, so that the caller
// gets to see the answer instead of a broken connection.
const maxDrain = 16 << 20

// Middleware wraps the handling of every call, known path or not. It runs
// outside the lock, so it may wait.
type Middleware func(next Handler) Handler

// RouterOptions is what a Router needs from outside.
type RouterOptions struct {
	// Lock is held while a route's handler runs, Reading instead while that of a route
	// runs which only reads; nil: Lock.
	Lock, Reading sync.Locker
	// NewID makes correlation ids; it is called without the lock.
	NewID func() string
	// Now dates the answers.
	Now func() time.Time
	// Wrap is applied to every call, the first outermost.
	Wrap []Middleware
	// Answered hears of every call with its answer, also of those that reach no route,
	// before the caller has it. nil hears nothing.
	Answered func(*Call, *Answer, time.Duration)
	// Origin is the scheme and authority of links, whatever address was called; ""
	// is the address that was called.
	Origin string
	// Allows says whether a page of that origin may read the answer to a call; it is
	// asked under the lock. nil allows every origin but "null".
	Allows func(call *Call, origin string) bool
}

// Router finds the route for a request, lets its handler answer under the lock,
// and writes the answer with the headers that every answer of PingOne has.
type Router struct {
	options RouterOptions
	places  map[int][]*place // by number of path segments
	handle  Handler
}

// place is one path pattern with all its routes.
type place struct {
	segments []string
	routes   []Route
}

// NewRouter checks the routes (unique operations, no two alike) and indexes them.
func NewRouter(routes []Route, options RouterOptions) (*Router, error) {
	if options.Reading == nil {
		options.Reading = options.Lock
	}
	r := &Router{options: options, places: map[int][]*place{}}
	operations := map[string]bool{}
	for _, route := range routes {
		if route.Operation == "" || operations[route.Operation] {
			return nil, fmt.Errorf("operation %q of %s %s is missing or not unique", route.Operation, route.Method, route.Pattern)
		}
		operations[route.Operation] = true
		if err := r.add(route); err != nil {
			return nil, err
		}
	}
	for _, places := range r.places {
		sort.SliceStable(places, func(i, j int) bool { return moreSpecific(places[i].segments, places[j].segments) })
	}
	r.handle = r.dispatch
	for i := len(options.Wrap) - 1; i >= 0; i-- {
		r.handle = options.Wrap[i](r.handle)
	}
	return r, nil
}

func (r *Router) add(route Route) error {
	segments := strings.Split(strings.TrimPrefix(route.Pattern, "/"), "/")
	for _, p := range r.places[len(segments)] {
		if strings.Join(p.segments, "/") != strings.Join(segments, "/") {
			continue
		}
		for _, other := range p.routes {
			if other.Method == route.Method && other.MediaType == route.MediaType {
				return fmt.Errorf("%s and %s share %s %s %s", other.Operation, route.Operation, route.Method, route.Pattern, route.MediaType)
			}
		}
		p.routes = append(p.routes, route)
		return nil
	}
	r.places[len(segments)] = append(r.places[len(segments)], &place{segments, []Route{route}})
	return nil
}

// moreSpecific puts a fixed segment before a {variable} one.
func moreSpecific(a, b []string) bool {
	for i := range a {
		if variable(a[i]) != variable(b[i]) {
			return variable(b[i])
		}
	}
	return false
}

func variable(segment string) bool { return strings.HasPrefix(segment, "{") }

// ServeHTTP implements http.Handler.
func (r *Router) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	call := &Call{
		ID:     r.options.NewID(),
		Method: request.Method,
		URL:    request.URL,
		Path:   map[string]string{},
		Origin: cmp.Or(r.options.Origin, origin(request)),
		Header: request.Header,
		Remote: remote(request),
		Done:   request.Context().Done(),
		began:  time.Now(),
	}
	if headerSize(request) > maxHeader {
		detail := Detail{Code: "SIZE_LIMIT_EXCEEDED", Message: "The request headers are too large.", InnerError: map[string]any{"maximumValue": maxHeader}}
		r.write(w, call, negotiated(call, InvalidRequest(detail).Answer(call.ID)))
		return
	}
	body, err := io.ReadAll(io.LimitReader(request.Body, maxBody+1))
	if err != nil {
		r.write(w, call, negotiated(call, InvalidRequest(Detail{Code: "INVALID_VALUE", Message: "The body could not be read."}).Answer(call.ID)))
		return
	}
	if len(body) > maxBody {
		// What comes of draining does not matter: the answer is the same.
		_, _ = io.CopyN(io.Discard, request.Body, maxDrain)
		r.write(w, call, negotiated(call, TooLarge(maxBody).Answer(call.ID)))
		return
	}
	call.Body = body
	call.route, call.refusal = r.resolve(call)
	if call.route != nil {
		call.Operation = call.route.Operation
	}
	r.write(w, call, r.handle(call))
}

// dispatch runs the handler of the call's route under the lock.
func (r *Router) dispatch(call *Call) *Answer {
	if call.route == nil {
		return negotiated(call, call.refusal)
	}
	return negotiated(call, r.run(call.route, call))
}

// resolve finds the call's route, or the answer to a call that has none.
func (r *Router) resolve(call *Call) (*Route, *Answer) {
	p := r.find(call)
	if p == nil {
		return nil, NotFound().Answer(call.ID)
	}
	if call.Method == http.MethodOptions {
		return nil, Empty(http.StatusNoContent).With("Allow", p.allow()).With("Access-Control-Allow-Methods", p.allow())
	}
	route, known := p.choose(call)
	switch {
	case route != nil:
		return route, nil
	case known:
		return nil, UnsupportedMediaType().Answer(call.ID)
	default:
		return nil, MethodNotAllowed().Answer(call.ID).With("Allow", p.allow())
	}
}

// run turns a panic of a handler into 500, with the lock given back.
func (r *Router) run(route *Route, call *Call) (answer *Answer) {
	lock := r.options.Lock
	if route.Reads {
		lock = r.options.Reading
	}
	lock.Lock()
	defer lock.Unlock()
	defer func() {
		if cause := recover(); cause != nil {
			p := UnexpectedError()
			p.Details = []Detail{{Code: "UNEXPECTED_ERROR", Target: call.Operation, Message: fmt.Sprint(cause)}}
			answer = p.Answer(call.ID)
		}
	}()
	return route.Handler(call)
}

func (r *Router) find(call *Call) *place {
	segments := strings.Split(strings.TrimPrefix(call.URL.Path, "/"), "/")
	for _, p := range r.places[len(segments)] {
		if p.match(segments) {
			for i, name := range p.segments {
				if variable(name) {
					call.Path[strings.Trim(name, "{}")] = segments[i]
				}
			}
			return p
		}
	}
	return nil
}

func (p *place) match(segments []string) bool {
	for i, want := range p.segments {
		if variable(want) && segments[i] == "" || !variable(want) && segments[i] != want {
			return false
		}
	}
	return true
}

// choose returns the route for the call's method and media type; known says
// whether the method exists here at all. HEAD is GET, whose body is not sent.
func (p *place) choose(call *Call) (chosen *Route, known bool) {
	mediaType := call.MediaType()
	for i := range p.routes {
		route := &p.routes[i]
		if route.Method != call.Method && (route.Method != http.MethodGet || call.Method != http.MethodHead) {
			continue
		}
		known = true
		if route.MediaType == mediaType {
			return route, true
		}
		if route.MediaType == "" {
			chosen = route
		}
	}
	return chosen, known
}

func (p *place) allow() string {
	seen := map[string]bool{}
	var methods []string
	for _, route := range p.routes {
		if !seen[route.Method] {
			seen[route.Method] = true
			methods = append(methods, route.Method)
			if route.Method == http.MethodGet {
				methods = append(methods, http.MethodHead)
			}
		}
	}
	sort.Strings(methods)
	return strings.Join(methods, ", ")
}

func origin(request *http.Request) string {
	scheme := "http"
	if request.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + request.Host
}

func remote(request *http.Request) string {
	host, _, err := net.SplitHostPort(request.RemoteAddr)
	if err != nil {
		return request.RemoteAddr
	}
	return host
}

func headerSize(request *http.Request) int {
	size := 0
	for name, values := range request.Header {
		for _, value := range values {
			size += len(name) + len(": \r\n") + len(value)
		}
	}
	return size
}
