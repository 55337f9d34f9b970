package har

import (
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Exchange is one call and its answer as texts that may be shown.
type Exchange struct {
	Operation, Step   string
	Method, URL, Sent string
	RequestHeaders    []Pair
	Status            int
	ResponseHeaders   []Pair
	Body              string
	Started           time.Time
	Elapsed           time.Duration
}

// Exchange is what an entry says.
func (e *Entry) Exchange() Exchange {
	x := Exchange{
		Operation: e.Operation, Step: e.Step, Method: e.Request.Method, URL: e.Request.URL, RequestHeaders: e.Request.Headers,
		Status: e.Response.Status, ResponseHeaders: e.Response.Headers, Body: e.Response.Content.Text,
		Started: e.Started, Elapsed: time.Duration(e.Time * float64(time.Millisecond)),
	}
	if e.Request.PostData != nil {
		x.Sent = e.Request.PostData.Text
	}
	return x
}

func value(headers []Pair, name string) string {
	for _, h := range headers {
		if h.Name == name {
			return h.Value
		}
	}
	return ""
}

// query writes the parameters of an address.
func (w *writer) query(address string) {
	w.Raw("[")
	_, text, more := strings.Cut(address, "?")
	text, _, _ = strings.Cut(text, "#")
	for i := 0; more; i++ {
		var part string
		part, text, more = strings.Cut(text, "&")
		name, value, _ := strings.Cut(part, "=")
		w.Comma(i).Raw(`{"name":"`).Line(unescaped(name)).Raw(`","value":"`).Line(unescaped(value)).Raw(`"}`)
	}
	w.Raw("]")
}

func unescaped(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

// sentCookies writes what a header Cookie holds.
func (w *writer) sentCookies(header string) {
	w.Raw("[")
	for i, more := 0, header != ""; more; i++ {
		var part string
		part, header, more = strings.Cut(header, ";")
		name, text, _ := strings.Cut(strings.TrimSpace(part), "=")
		w.Comma(i)
		w.cookie(&http.Cookie{Name: name, Value: text})
	}
	w.Raw("]")
}

// setCookies writes what the headers Set-Cookie hold.
func (w *writer) setCookies(headers []Pair) {
	w.Raw("[")
	i := 0
	for _, h := range headers {
		if h.Name != "Set-Cookie" {
			continue
		}
		if c, err := http.ParseSetCookie(h.Value); err == nil {
			w.Comma(i)
			w.cookie(c)
			i++
		}
	}
	w.Raw("]")
}

func (w *writer) cookie(c *http.Cookie) {
	w.Raw(`{"name":"`).Line(c.Name).Raw(`","value":"`).Line(c.Value)
	if c.Path != "" {
		w.Raw(`","path":"`).Line(c.Path)
	}
	if c.Domain != "" {
		w.Raw(`","domain":"`).Line(c.Domain)
	}
	if !c.Expires.IsZero() {
		w.Raw(`","expires":"`)
		w.time(c.Expires)
	}
	w.Raw(`","httpOnly":`).Bool(c.HttpOnly).Raw(`,"secure":`).Bool(c.Secure).Raw("}")
}
