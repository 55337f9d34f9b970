package wire

import (
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
)

func serve(t *testing.T, routes []Route, request *http.Request, wrap ...Middleware) *httptest.ResponseRecorder {
	t.Helper()
	router, err := NewRouter(routes, RouterOptions{
		Lock: &sync.Mutex{}, NewID: func() string { return "the-id" }, Now: func() time.Time { return time.Unix(0, 0) }, Wrap: wrap,
	})
	require.NoError(t, err)
	recorder := httptest.NewRecorder()
	router.ServeHTTP(recorder, request)
	return recorder
}

func named(operation, method, pattern, media string) Route {
	return Route{Operation: operation, Method: method, Pattern: pattern, MediaType: media, Handler: func(c *Call) *Answer {
		return HAL(200, map[string]any{"operation": c.Operation, "path": c.Path, "origin": c.Origin, "body": string(c.Body)})
	}}
}

func TestRouting(t *testing.T) {
	routes := []Route{
		named("thing.list", "GET", "/things", ""),
		named("thing.read", "GET", "/things/{id}", ""),
		named("thing.special", "GET", "/things/special", ""),
		named("thing.create", "POST", "/things", "application/json"),
		named("thing.import", "POST", "/things", "application/vnd.example+json"),
		named("flow.check", "POST", "/{env}/flows/{id}", "application/vnd.check+json"),
		named("flow.other", "POST", "/{env}/flows/{id}", ""),
		named("page", "GET", "/{env}/page/", ""),
	}
	for _, row := range []struct {
		method, path, media string
		status              int
		operation           string
	}{
		{"GET", "/things", "", 200, "thing.list"},
		{"GET", "/things", "application/json", 200, "thing.list"},
		{"GET", "/things/7", "", 200, "thing.read"},
		{"GET", "/things/special", "", 200, "thing.special"},
		{"POST", "/things", "application/json", 200, "thing.create"},
		{"POST", "/things", "Application/JSON; charset=UTF-8", 200, "thing.create"},
		{"POST", "/things", "application/vnd.example+json", 200, "thing.import"},
		{"POST", "/things", "text/plain", 415, ""},
		{"POST", "/things", "", 415, ""},
		{"POST", "/e/flows/1", "application/vnd.check+json", 200, "flow.check"},
		{"POST", "/e/flows/1", "text/plain", 200, "flow.other"},
		{"PUT", "/things", "", 405, ""},
		{"GET", "/things/", "", 404, ""},
		{"GET", "/e/page/", "", 200, "page"},
		{"GET", "/e/page", "", 404, ""},
		{"GET", "/nothing", "", 404, ""},
	} {
		t.Run(row.method+" "+row.path+" "+row.media, func(t *testing.T) {
			request := httptest.NewRequest(row.method, row.path, strings.NewReader("{}"))
			request.Header.Set("Content-Type", row.media)
			answer := serve(t, routes, request)
			require.Equal(t, row.status, answer.Code)
			require.Equal(t, row.operation, gjson.Get(answer.Body.String(), "operation").String())
			if row.status >= 400 {
				require.Equal(t, "the-id", gjson.Get(answer.Body.String(), "id").String())
			}
		})
	}
	put := serve(t, routes, httptest.NewRequest("PUT", "/things", nil))
	require.Equal(t, "GET, HEAD, POST", put.Header().Get("Allow"))
	require.Equal(t, "POST", serve(t, routes, httptest.NewRequest("GET", "/e/flows/1", nil)).Header().Get("Allow"))
	backwards := []Route{named("b", "POST", "/a", ""), named("a", "GET", "/a", "")}
	require.Equal(t, "GET, HEAD, POST", serve(t, backwards, httptest.NewRequest("PUT", "/a", nil)).Header().Get("Allow"))
	read := serve(t, routes, httptest.NewRequest("GET", "http://127.0.0.1:9030/things/7", nil)).Body.String()
	require.Equal(t, "7", gjson.Get(read, "path.id").String())
	require.Equal(t, "http://127.0.0.1:9030", gjson.Get(read, "origin").String())
}

func TestRoutesThatClash(t *testing.T) {
	for name, routes := range map[string][]Route{
		"same operation": {named("a", "GET", "/a", ""), named("a", "GET", "/b", "")},
		"no operation":   {named("", "GET", "/a", "")},
		"same call":      {named("a", "GET", "/a", ""), named("b", "GET", "/a", "")},
	} {
		_, err := NewRouter(routes, RouterOptions{})
		require.Error(t, err, name)
	}
}

func TestEveryAnswerHasPingOnesHeaders(t *testing.T) {
	for _, path := range []string{"/things", "/nothing"} {
		answer := serve(t, []Route{named("a", "GET", "/things", "")}, httptest.NewRequest("GET", path, nil))
		for _, name := range []string{
			"Cache-Control", "Content-Type", "Correlation-Id", "Date", "Expires", "Pragma", "Strict-Transport-Security", "Vary", "Via",
			"Server", "Content-Length", "X-Content-Type-Options", "X-Frame-Options", "X-XSS-Protection", "Access-Control-Expose-Headers",
		} {
			require.NotEmpty(t, answer.Header().Get(name), name)
		}
		require.Equal(t, "the-id", answer.Header().Get("Correlation-Id"))
		require.Equal(t, "Thu, 01 Jan 1970 00:00:00 GMT", answer.Header().Get("Date"))
	}
	gone := serve(t, []Route{{Operation: "a", Method: "DELETE", Pattern: "/a", Handler: func(*Call) *Answer { return Empty(204) }}}, httptest.NewRequest("DELETE", "/a", nil))
	require.Empty(t, gone.Header().Get("Content-Length"))
}

func TestMediaTypeOfAnswers(t *testing.T) {
	for accept, want := range map[string]string{
		"":                                  "application/hal+json;charset=UTF-8",
		"*/*":                               "application/hal+json;charset=UTF-8",
		"text/html, application/*":          "application/hal+json;charset=UTF-8",
		"application/json":                  "application/json;charset=UTF-8",
		"application/json, text/plain, */*": "application/json;charset=UTF-8",
		"application/json;q=0, */*":         "application/hal+json;charset=UTF-8",
		"application/hal+json":              "application/hal+json;charset=UTF-8",
		"application/hal+json, application/json;q=0.9": "application/hal+json;charset=UTF-8",
		"application/hal+json, application/json":       "application/json;charset=UTF-8",
		"application/json;q=0.9, application/json;q=0": "application/json;charset=UTF-8",
		"application/json;q=much":                      "application/json;charset=UTF-8",
	} {
		request := httptest.NewRequest("GET", "/things", nil)
		request.Header.Set("Accept", accept)
		require.Equal(t, want, serve(t, []Route{named("a", "GET", "/things", "")}, request).Header().Get("Content-Type"), accept)
	}
}

// TestHeadIsGetWithoutABody: over a real connection, as net/http leaves the body out.
func TestHeadIsGetWithoutABody(t *testing.T) {
	router, err := NewRouter([]Route{named("a", "GET", "/things", ""), named("b", "POST", "/posts", "")},
		RouterOptions{Lock: &sync.Mutex{}, NewID: func() string { return "id" }, Now: time.Now})
	require.NoError(t, err)
	server := httptest.NewServer(router)
	defer server.Close()
	for path, status := range map[string]int{"/things": 200, "/posts": 405, "/nothing": 404} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodHead, server.URL+path, nil)
		require.NoError(t, err)
		answer, err := server.Client().Do(request)
		require.NoError(t, err)
		body, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		require.Equal(t, status, answer.StatusCode, path)
		require.Empty(t, body)
		require.NotZero(t, answer.ContentLength, "what GET would have sent")
		require.NotEmpty(t, answer.Header.Get("Content-Type"))
	}
}

func TestOAuthAnswersAreAlwaysJSON(t *testing.T) {
	routes := []Route{{Operation: "token", Method: "GET", Pattern: "/token", Handler: func(*Call) *Answer { return JSON(200, "x") }}}
	request := httptest.NewRequest("GET", "/token", nil)
	request.Header.Set("Accept", "application/hal+json")
	require.Equal(t, "application/json;charset=UTF-8", serve(t, routes, request).Header().Get("Content-Type"))
}

func TestAPageStaysOne(t *testing.T) {
	request := httptest.NewRequest("POST", "/a", nil)
	request.Header.Set("Accept", "application/json")
	require.Equal(t, "text/plain", serve(t, delivering("x", Delivery{}), request).Header().Get("Content-Type"))
}

func TestPagesMayReadAnswers(t *testing.T) {
	routes := []Route{named("a", "GET", "/things", ""), named("b", "POST", "/things", "")}
	shopOnly := func(_ *Call, origin string) bool { return origin == "https://shop.example.com" }
	for _, row := range []struct {
		origin  string
		allows  func(*Call, string) bool
		allowed bool
	}{
		{"http://localhost:3000", nil, true},
		{"https://shop.example.com", nil, true},
		{"null", nil, false},
		{"", nil, false},
		{"https://shop.example.com", shopOnly, true},
		{"http://localhost:3000", shopOnly, false},
	} {
		router, err := NewRouter(routes, RouterOptions{Lock: &sync.Mutex{}, NewID: func() string { return "id" }, Now: time.Now, Allows: row.allows})
		require.NoError(t, err)
		for _, path := range []string{"/things", "/nothing"} {
			request := httptest.NewRequest("GET", path, nil)
			request.Header.Set("Origin", row.origin)
			answer := httptest.NewRecorder()
			router.ServeHTTP(answer, request)
			want := map[bool]string{true: row.origin}[row.allowed]
			require.Equal(t, want, answer.Header().Get("Access-Control-Allow-Origin"), "the origin itself, never *")
			require.Equal(t, row.allowed, answer.Header().Get("Access-Control-Allow-Credentials") == "true")
			require.Equal(t, "Correlation-Id", answer.Header().Get("Access-Control-Expose-Headers"))
			require.Equal(t, "Origin", answer.Header().Get("Vary"), "also of refusals")
		}
	}
	asked := httptest.NewRequest("OPTIONS", "/things", nil)
	asked.Header.Set("Origin", "http://localhost:3000")
	preflight := serve(t, routes, asked)
	require.Equal(t, 204, preflight.Code)
	require.Equal(t, "GET, HEAD, POST", preflight.Header().Get("Access-Control-Allow-Methods"))
	require.Contains(t, preflight.Header().Get("Access-Control-Allow-Headers"), "Authorization")
}

func TestLinksUnderOneAddress(t *testing.T) {
	router, err := NewRouter([]Route{named("a", "GET", "/a", "")}, RouterOptions{
		Lock: &sync.Mutex{}, NewID: func() string { return "id" }, Now: time.Now, Origin: "https://auth.example.com",
	})
	require.NoError(t, err)
	answer := httptest.NewRecorder()
	router.ServeHTTP(answer, httptest.NewRequest("GET", "http://127.0.0.1:8080/a", nil))
	require.Equal(t, "https://auth.example.com", gjson.Get(answer.Body.String(), "origin").String())
}

func TestNoBrowserIsMadeToAskLocalhostForHTTPSOnly(t *testing.T) {
	for address, strict := range map[string]bool{
		"http://localhost:9030/a": true, "https://auth.example.com/a": true, "https://localhost:9030/a": false, "https://[::1]:9030/a": false,
	} {
		request := httptest.NewRequest("GET", address, nil)
		require.Equal(t, strict, serve(t, []Route{named("a", "GET", "/a", "")}, request).Header().Get("Strict-Transport-Security") != "", address)
	}
	odd := httptest.NewRequest("GET", "/a", nil)
	odd.Host = "%zz"
	require.Equal(t, 200, serve(t, []Route{named("a", "GET", "/a", "")}, odd).Code)
}

func TestPanicIsAnAnswerAndFreesTheLock(t *testing.T) {
	routes := []Route{{Operation: "a", Method: "GET", Pattern: "/a", Handler: func(*Call) *Answer { panic("broken") }}, named("b", "GET", "/b", "")}
	router, err := NewRouter(routes, RouterOptions{Lock: &sync.Mutex{}, NewID: func() string { return "id" }, Now: time.Now})
	require.NoError(t, err)
	for path, status := range map[string]int{"/a": 500, "/b": 200} {
		recorder := httptest.NewRecorder()
		router.ServeHTTP(recorder, httptest.NewRequest("GET", path, nil))
		require.Equal(t, status, recorder.Code)
		if status == 500 {
			require.Equal(t, "a broken", gjson.Get(recorder.Body.String(), "details.0.target").String()+" "+gjson.Get(recorder.Body.String(), "details.0.message").String())
		}
	}
}

func TestMiddlewareSeesEveryCallFromOutside(t *testing.T) {
	var order []string
	wrap := func(name string) Middleware {
		return func(next Handler) Handler {
			return func(c *Call) *Answer {
				order = append(order, name)
				answer := next(c)
				order = append(order, name+" after "+c.Operation)
				return answer
			}
		}
	}
	serve(t, []Route{named("a", "GET", "/a", "")}, httptest.NewRequest("GET", "/a", nil), wrap("first"), wrap("second"))
	require.Equal(t, []string{"first", "second", "second after a", "first after a"}, order)
	refuse := func(Handler) Handler { return func(*Call) *Answer { return Empty(503) } }
	require.Equal(t, 503, serve(t, nil, httptest.NewRequest("GET", "/nothing", nil), refuse).Code)
}

// Handlers that only read answer beside each other; one that changes something has the
// place to itself.
func TestReadersDoNotWaitForEachOther(t *testing.T) {
	var lock sync.RWMutex
	var inside, most atomic.Int32
	enter := func() {
		now := inside.Add(1)
		for before := most.Load(); now > before && !most.CompareAndSwap(before, now); before = most.Load() {
		}
	}
	both := make(chan struct{}, 2)
	meet := func(*Call) *Answer {
		enter()
		defer inside.Add(-1)
		both <- struct{}{}
		for range 1000 {
			if len(both) == 2 {
				return Empty(200)
			}
			runtime.Gosched()
			<-time.After(5 * time.Millisecond) // until the other is here
		}
		return Empty(500)
	}
	alone := func(*Call) *Answer {
		enter()
		defer inside.Add(-1)
		runtime.Gosched()
		return Empty(204)
	}
	router, err := NewRouter([]Route{
		{Operation: "read", Method: "GET", Pattern: "/things", Reads: true, Handler: meet},
		{Operation: "write", Method: "POST", Pattern: "/things", Handler: alone},
	}, RouterOptions{Lock: &lock, Reading: lock.RLocker(), NewID: func() string { return "id" }, Now: time.Now})
	require.NoError(t, err)
	together := func(times int, method string, status int) {
		var group sync.WaitGroup
		for range times {
			group.Go(func() {
				answer := httptest.NewRecorder()
				router.ServeHTTP(answer, httptest.NewRequest(method, "/things", nil))
				assert.Equal(t, status, answer.Code)
			})
		}
		group.Wait()
	}
	together(2, "GET", 200)
	require.EqualValues(t, 2, most.Load())
	most.Store(0)
	together(50, "POST", 204)
	require.EqualValues(t, 1, most.Load())
}
