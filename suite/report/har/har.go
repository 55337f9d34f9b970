// Package har writes exchanges as HTTP Archives, version 1.2, which browser tools and HAR
// viewers open.
//
// http://www.softwareishard.com/blog/har-12-spec
package har

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"
)

// File is one archive, as it is read. Pack writes one.
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
