package suite

import (
	"net/http"
	"slices"
	"strings"
	"sync"

	"pingone-conformance/internal/replay/jsontree"
	"pingone-conformance/suite/report/har"
)

// workspace is where the texts of one scenario's exchanges lie until they are packed. The next
// scenario uses it again: to bring fresh memory takes the system longer than us to fill it.
type workspace struct {
	exchanges []har.Exchange
	pairs     []har.Pair
}

var workspaces = sync.Pool{New: func() any { return &workspace{} }}

// done gives it back, without what it held.
func (w *workspace) done() {
	w.forget()
	workspaces.Put(w)
}

func (w *workspace) forget() {
	clear(w.exchanges)
	clear(w.pairs)
}

// exchangesOf are the calls as texts, of which nothing is hidden yet; escapes in JSON are gone, that nothing hides behind one. They last until done.
func (w *workspace) exchangesOf(calls []callRecord) []har.Exchange {
	w.exchanges, w.pairs = w.exchanges[:0], w.pairs[:0]
	for _, c := range calls {
		ex := c.exchange
		w.exchanges = append(w.exchanges, har.Exchange{
			Operation: ex.Operation, Method: ex.Request.Method, URL: ex.Request.URL.String(), Sent: string(jsontree.Plain(ex.Request.Body)),
			RequestHeaders: w.headers(ex.Request.Header),
			Status:         ex.Status, ResponseHeaders: w.headers(ex.Header), Body: string(jsontree.Plain(ex.Body)), Started: ex.At, Elapsed: ex.Elapsed,
		})
	}
	return w.exchanges
}

// headers are headers in the order of their names. Each is put in its place at once: there are
// a hundred thousand of them in a run.
func (w *workspace) headers(h http.Header) []har.Pair {
	first := len(w.pairs)
	for name, values := range h {
		at, _ := slices.BinarySearchFunc(w.pairs[first:], name, func(p har.Pair, name string) int { return strings.Compare(p.Name, name) })
		for i, value := range values {
			w.pairs = slices.Insert(w.pairs, first+at+i, har.Pair{Name: name, Value: plainCredentials(name, value)})
		}
	}
	return w.pairs[first:len(w.pairs):len(w.pairs)]
}
