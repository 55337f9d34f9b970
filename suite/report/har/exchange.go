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

// query are the parameters of an address.
func query(address string) []Pair {
	_, text, found := strings.Cut(address, "?")
	if !found {
		return nil
	}
	var pairs []Pair
	text, _, _ = strings.Cut(text, "#")
	for part := range strings.SplitSeq(text, "&") {
		name, value, _ := strings.Cut(part, "=")
		pairs = append(pairs, Pair{unescaped(name), unescaped(value)})
	}
	return pairs
}

func unescaped(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

func sentCookies(headers []Pair) []Cookie {
	header := value(headers, "Cookie")
	if header == "" {
		return nil
	}
	var cookies []Cookie
	for part := range strings.SplitSeq(header, ";") {
		name, text, _ := strings.Cut(strings.TrimSpace(part), "=")
		cookies = append(cookies, Cookie{Name: name, Value: text})
	}
	return cookies
}

func setCookies(headers []Pair) []Cookie {
	var cookies []Cookie
	for _, h := range headers {
		if h.Name != "Set-Cookie" {
			continue
		}
		c, err := http.ParseSetCookie(h.Value)
		if err != nil {
			continue
		}
		one := Cookie{Name: c.Name, Value: c.Value, Path: c.Path, Domain: c.Domain, HTTPOnly: c.HttpOnly, Secure: c.Secure}
		if !c.Expires.IsZero() {
			one.Expires = &c.Expires
		}
		cookies = append(cookies, one)
	}
	return cookies
}
