package client

import (
	"bytes"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/tidwall/gjson"
)

// Exchange is one call and its answer, as they went over the wire.
//
// A Client method returns an Exchange whenever an answer came, whatever its
// status. It returns an error when none did, and when nothing that is in it may be
// relied on: JSON that is not UTF-8, that breaks off, or with two members of one name.
type Exchange struct {
	// Operation names the call in PingOne's terms, such as "Create Application".
	Operation string
	Request   Request
	// Status is the HTTP status code of the answer, such as 201.
	Status int
	// Header holds the answer's headers.
	Header http.Header
	// Body is the answer's body, unread by anyone; empty for 204.
	Body []byte
	// At is when the call was sent, Elapsed how long the answer took.
	At      time.Time
	Elapsed time.Duration
}

// Request is what was sent.
type Request struct {
	Method string
	URL    *url.URL
	Header http.Header
	Body   []byte
}

// Get reads one member of the answer's JSON body by gjson path; members whose
// name has a dot are written with it escaped: `_links.otp\.check.href`. What is
// not there, in an answer that is nil for instance, is the zero Result.
func (e *Exchange) Get(path string) gjson.Result {
	if e == nil {
		return gjson.Result{}
	}
	return gjson.GetBytes(e.Body, path)
}

// NotFound tells whether the answer says that there is no such thing: by its status or, since that may change within its
// class, by its code.
//
// https://developer.pingidentity.com/pingone-api/platform/reference/error-codes.html
func (e *Exchange) NotFound() bool {
	return e.Status == http.StatusNotFound || e.Status >= 400 && e.Status < 500 && e.Get("code").String() == "NOT_FOUND"
}

// Says tells whether the answer's body has one of some texts in it, however JSON spells it: any character may be written as an escape.
func (e *Exchange) Says(texts ...string) bool {
	within := func(text string) bool { return bytes.Contains(e.Body, []byte(text)) }
	return slices.ContainsFunc(texts, within) || bytes.IndexByte(e.Body, '\\') >= 0 && says(gjson.ParseBytes(e.Body), texts)
}

func says(v gjson.Result, texts []string) bool {
	if !v.IsObject() && !v.IsArray() {
		return slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(v.String(), text) })
	}
	found := false
	v.ForEach(func(name, inner gjson.Result) bool {
		found = says(name, texts) || says(inner, texts)
		return !found
	})
	return found
}

// IsPage tells whether the answer is an HTML page. PingOne's APIs answer JSON; a page
// comes from something on the way, such as a proxy that refuses, or a network that wants
// somebody to sign on first.
func (e *Exchange) IsPage() bool {
	if e == nil || len(e.Body) == 0 {
		return false
	}
	media, _, _ := mime.ParseMediaType(e.Header.Get("Content-Type"))
	return media == "text/html" || media == "application/xhtml+xml" || strings.HasPrefix(http.DetectContentType(e.Body), "text/html")
}

// String is the call and its status in one line, without any secret:
// "POST /v1/environments/…/applications answered 201".
func (e *Exchange) String() string {
	return fmt.Sprintf("%s %s answered %d", e.Request.Method, e.Request.URL.EscapedPath(), e.Status)
}
