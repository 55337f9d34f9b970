// Package har writes exchanges as HTTP Archives, version 1.2, which browser tools and HAR
// viewers open.
//
// http://www.softwareishard.com/blog/har-12-spec
package har

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// File is one archive.
type File struct {
	Log Log `json:"log"`
}

// Log is what an archive holds.
type Log struct {
	Version string  `json:"version"`
	Creator Creator `json:"creator"`
	Pages   []Page  `json:"pages"`
	Entries []Entry `json:"entries"`
}

// Creator is the program that wrote it.
type Creator struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Page groups entries: here, one scenario.
type Page struct {
	Started     time.Time `json:"startedDateTime"`
	ID          string    `json:"id"`
	Title       string    `json:"title"`
	PageTimings struct{}  `json:"pageTimings"`
}

// Entry is one exchange. Time is in milliseconds.
type Entry struct {
	Pageref  string    `json:"pageref"`
	Started  time.Time `json:"startedDateTime"`
	Time     float64   `json:"time"`
	Request  Request   `json:"request"`
	Response Response  `json:"response"`
	Cache    struct{}  `json:"cache"`
	Timings  Timings   `json:"timings"`
	// Operation is the call in PingOne's terms.
	Operation string `json:"_operation"`
	// Step is the sentence during which it was sent.
	Step string `json:"_step,omitempty"`
}

// Request is what was sent.
type Request struct {
	Method      string    `json:"method"`
	URL         string    `json:"url"`
	HTTPVersion string    `json:"httpVersion"`
	Cookies     []Cookie  `json:"cookies"`
	Headers     []Pair    `json:"headers"`
	QueryString []Pair    `json:"queryString"`
	PostData    *PostData `json:"postData,omitempty"`
	HeadersSize int       `json:"headersSize"`
	BodySize    int       `json:"bodySize"`
}

// Response is what came.
type Response struct {
	Status      int      `json:"status"`
	StatusText  string   `json:"statusText"`
	HTTPVersion string   `json:"httpVersion"`
	Cookies     []Cookie `json:"cookies"`
	Headers     []Pair   `json:"headers"`
	Content     Content  `json:"content"`
	RedirectURL string   `json:"redirectURL"`
	HeadersSize int      `json:"headersSize"`
	BodySize    int      `json:"bodySize"`
}

// Pair is a header or a parameter.
type Pair struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Cookie is a cookie that was sent or set.
type Cookie struct {
	Name     string     `json:"name"`
	Value    string     `json:"value"`
	Path     string     `json:"path,omitempty"`
	Domain   string     `json:"domain,omitempty"`
	Expires  *time.Time `json:"expires,omitempty"`
	HTTPOnly bool       `json:"httpOnly,omitempty"`
	Secure   bool       `json:"secure,omitempty"`
}

// PostData is a request's body.
type PostData struct {
	MimeType string `json:"mimeType"`
	Text     string `json:"text"`
}

// Content is an answer's body.
type Content struct {
	Size     int    `json:"size"`
	MimeType string `json:"mimeType"`
	Text     string `json:"text,omitempty"`
}

// Timings are in milliseconds; only the whole is known.
type Timings struct {
	Send    float64 `json:"send"`
	Wait    float64 `json:"wait"`
	Receive float64 `json:"receive"`
}

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

const unknown = -1

// New makes an entry.
func New(x Exchange) Entry {
	ms := float64(x.Elapsed.Microseconds()) / 1000
	e := Entry{
		Pageref: pageID, Started: x.Started.UTC().Truncate(time.Millisecond), Time: ms, Timings: Timings{Wait: ms}, Operation: x.Operation, Step: x.Step,
		Request: Request{
			Method: x.Method, URL: x.URL, Cookies: []Cookie{}, Headers: pairs(x.RequestHeaders), QueryString: []Pair{}, HeadersSize: unknown, BodySize: len(x.Sent),
		},
		Response: Response{
			Status: x.Status, StatusText: http.StatusText(x.Status), Cookies: []Cookie{}, Headers: pairs(x.ResponseHeaders),
			Content:     Content{Size: len(x.Body), MimeType: value(x.ResponseHeaders, "Content-Type"), Text: x.Body},
			RedirectURL: value(x.ResponseHeaders, "Location"), HeadersSize: unknown, BodySize: len(x.Body),
		},
	}
	if _, query, found := strings.Cut(x.URL, "?"); found {
		e.Request.QueryString = queryOf(query)
	}
	if x.Sent != "" {
		e.Request.PostData = &PostData{value(x.RequestHeaders, "Content-Type"), x.Sent}
	}
	if sent := value(x.RequestHeaders, "Cookie"); sent != "" {
		e.Request.Cookies = sentCookies(sent)
	}
	for _, h := range x.ResponseHeaders {
		if h.Name == "Set-Cookie" {
			e.Response.Cookies = append(e.Response.Cookies, setCookie(h.Value)...)
		}
	}
	return e
}

func pairs(p []Pair) []Pair {
	if p == nil {
		return []Pair{}
	}
	return p
}

func value(headers []Pair, name string) string {
	for _, h := range headers {
		if h.Name == name {
			return h.Value
		}
	}
	return ""
}

func queryOf(query string) []Pair {
	found := []Pair{}
	query, _, _ = strings.Cut(query, "#")
	for part := range strings.SplitSeq(query, "&") {
		name, text, _ := strings.Cut(part, "=")
		found = append(found, Pair{unescaped(name), unescaped(text)})
	}
	return found
}

func unescaped(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

func sentCookies(header string) []Cookie {
	cookies := []Cookie{}
	for part := range strings.SplitSeq(header, ";") {
		name, text, _ := strings.Cut(strings.TrimSpace(part), "=")
		cookies = append(cookies, Cookie{Name: name, Value: text})
	}
	return cookies
}

func setCookie(header string) []Cookie {
	c, err := http.ParseSetCookie(header)
	if err != nil {
		return nil
	}
	one := Cookie{Name: c.Name, Value: c.Value, Path: c.Path, Domain: c.Domain, HTTPOnly: c.HttpOnly, Secure: c.Secure}
	if !c.Expires.IsZero() {
		one.Expires = &c.Expires
	}
	return []Cookie{one}
}

const pageID = "scenario"

// Of is the archive of one scenario; its entries are in the order in which they were sent.
func Of(version, title string, entries []Entry) File {
	f := File{Log{Version: "1.2", Creator: Creator{"pingone-conformance", version}, Entries: entries}}
	if len(entries) > 0 {
		f.Log.Pages = []Page{{Started: entries[0].Started, ID: pageID, Title: title}}
	}
	return f
}

// Read reads an archive.
func Read(text []byte) (File, error) {
	var f File
	if err := json.Unmarshal(text, &f); err != nil {
		return f, fmt.Errorf("read the archive: %w", err)
	}
	return f, nil
}

// Check says what a viewer could not read, beyond what a schema can say.
func Check(f File) error {
	var faults []error
	for i, e := range f.Log.Entries {
		wrong := func(format string, args ...any) {
			faults = append(faults, fmt.Errorf("entry %d: %s", i, fmt.Sprintf(format, args...)))
		}
		if t := e.Timings; t.Send < 0 || t.Wait < 0 || t.Receive < 0 || e.Time != t.Send+t.Wait+t.Receive {
			wrong("its time %v is not the sum of %+v", e.Time, t)
		}
		if !slices.ContainsFunc(f.Log.Pages, func(p Page) bool { return p.ID == e.Pageref }) {
			wrong("there is no page %q", e.Pageref)
		}
		if u, err := url.Parse(e.Request.URL); err != nil || !u.IsAbs() {
			wrong("its address is not absolute: %q", e.Request.URL)
		}
		if i > 0 && e.Started.Before(f.Log.Entries[i-1].Started) {
			wrong("it began before the one before it")
		}
	}
	return errors.Join(faults...)
}

// Write is the archive's text.
func Write(f File) []byte {
	if f.Log.Pages == nil {
		f.Log.Pages = []Page{}
	}
	if f.Log.Entries == nil {
		f.Log.Entries = []Entry{}
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(f); err != nil { // nothing in it can fail
		return fmt.Appendf(nil, "{}")
	}
	return text.Bytes()
}
