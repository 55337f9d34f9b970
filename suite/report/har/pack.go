package har

import (
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Packed are the exchanges of one scenario, encoded once for all reports.
type Packed struct {
	// Archive is the text of the HAR file, nil without exchanges.
	Archive []byte
	// Texts are the exchanges in the order of the archive.
	Texts []Text
}

// Text is one exchange as two HTTP messages, a line, headers and a body, each as the inside
// of a JSON string.
type Text struct{ Request, Response []byte }

// Pack encodes the exchanges of one scenario, in the order in which they were sent. Whatever
// their texts hold, package plain shows it.
func Pack(version, title string, all []Exchange) Packed {
	if len(all) == 0 {
		return Packed{}
	}
	w, _ := writers.Get().(*writer)
	defer writers.Put(w)
	w.out, w.texts = w.out[:0], w.texts[:0]
	w.raw(`{"log":{"version":"1.2","creator":{"name":"pingone-conformance","version":"`).text(version)
	w.raw(`"},"pages":[{"startedDateTime":"`).time(all[0].Started).raw(`","id":"` + pageID + `","title":"`).text(title)
	w.raw(`","pageTimings":{}}],"entries":[`)
	ends := make([][2]int, len(all))
	for i := range all {
		if i > 0 {
			w.raw(",")
		}
		ends[i] = w.entry(&all[i])
	}
	p := Packed{Archive: slices.Clone(w.raw("]}}\n").out), Texts: make([]Text, len(all))}
	texts := slices.Clone(w.texts)
	for i, from := 0, 0; i < len(all); i++ {
		p.Texts[i] = Text{texts[from:ends[i][0]], texts[ends[i][0]:ends[i][1]]}
		from = ends[i][1]
	}
	return p
}

const pageID = "scenario"

// entry writes one exchange, and returns where its two messages end. A body is encoded once.
func (w *writer) entry(x *Exchange) (ends [2]int) {
	sentAt := w.message(x.Method+" "+x.URL, x.RequestHeaders, x.Sent)
	ends[0] = len(w.texts)
	gotAt := w.message(strconv.Itoa(x.Status)+" "+http.StatusText(x.Status), x.ResponseHeaders, x.Body)
	ends[1] = len(w.texts)
	ms := float64(x.Elapsed.Microseconds()) / 1000
	w.raw(`{"pageref":"` + pageID + `","startedDateTime":"`).time(x.Started).raw(`","time":`).number(ms)
	w.raw(`,"request":{"method":"`).text(x.Method).raw(`","url":"`).text(x.URL)
	w.raw(`","httpVersion":"","cookies":`).cookies(sentCookies(x.RequestHeaders))
	w.raw(`,"headers":`).pairs(x.RequestHeaders).raw(`,"queryString":`).pairs(query(x.URL))
	if x.Sent != "" {
		w.raw(`,"postData":{"mimeType":"`).text(value(x.RequestHeaders, "Content-Type")).raw(`","text":"`).quoted(w.texts[sentAt:ends[0]]).raw(`"}`)
	}
	w.raw(`,"headersSize":-1,"bodySize":`).number(float64(len(x.Sent)))
	w.raw(`},"response":{"status":`).number(float64(x.Status)).raw(`,"statusText":"`).text(http.StatusText(x.Status))
	w.raw(`","httpVersion":"","cookies":`).cookies(setCookies(x.ResponseHeaders)).raw(`,"headers":`).pairs(x.ResponseHeaders)
	w.raw(`,"content":{"size":`).number(float64(len(x.Body))).raw(`,"mimeType":"`).text(value(x.ResponseHeaders, "Content-Type"))
	w.raw(`","text":"`).quoted(w.texts[gotAt:]).raw(`"},"redirectURL":"`).text(value(x.ResponseHeaders, "Location"))
	w.raw(`","headersSize":-1,"bodySize":`).number(float64(len(x.Body)))
	w.raw(`},"cache":{},"timings":{"send":0,"wait":`).number(ms).raw(`,"receive":0},"_operation":"`).text(x.Operation)
	if x.Step != "" {
		w.raw(`","_step":"`).text(x.Step)
	}
	w.raw(`"}`)
	return ends
}

// message adds an HTTP message to the texts, and returns where its body begins.
func (w *writer) message(first string, headers []Pair, body string) int {
	w.texts = append(line(w.texts, first), `\n`...)
	for _, h := range headers {
		w.texts = append(line(w.texts, h.Name), ": "...)
		w.texts = append(line(w.texts, h.Value), `\n`...)
	}
	w.texts = append(w.texts, `\n`...)
	at := len(w.texts)
	w.texts = quote(w.texts, body)
	return at
}

// writer appends JSON to out, and messages as the insides of JSON strings to texts.
type writer struct{ out, texts []byte }

var writers = sync.Pool{New: func() any { return new(writer) }}

func (w *writer) raw(text string) *writer { w.out = append(w.out, text...); return w }

func (w *writer) quoted(text []byte) *writer { w.out = append(w.out, text...); return w }

func (w *writer) text(text string) *writer { w.out = line(w.out, text); return w }

func (w *writer) time(t time.Time) *writer {
	w.out = t.UTC().AppendFormat(w.out, "2006-01-02T15:04:05.000Z")
	return w
}

func (w *writer) number(n float64) *writer {
	w.out = strconv.AppendFloat(w.out, n, 'f', -1, 64)
	return w
}

func (w *writer) pairs(all []Pair) *writer {
	w.raw("[")
	for i, p := range all {
		if i > 0 {
			w.raw(",")
		}
		w.raw(`{"name":"`).text(p.Name).raw(`","value":"`).text(p.Value).raw(`"}`)
	}
	return w.raw("]")
}

func (w *writer) cookies(all []Cookie) *writer {
	w.raw("[")
	for i, c := range all {
		if i > 0 {
			w.raw(",")
		}
		w.raw(`{"name":"`).text(c.Name).raw(`","value":"`).text(c.Value)
		if c.Path != "" {
			w.raw(`","path":"`).text(c.Path)
		}
		if c.Domain != "" {
			w.raw(`","domain":"`).text(c.Domain)
		}
		if c.Expires != nil {
			w.raw(`","expires":"`).time(*c.Expires)
		}
		w.raw(`","httpOnly":` + strconv.FormatBool(c.HTTPOnly) + `,"secure":` + strconv.FormatBool(c.Secure) + `}`)
	}
	return w.raw("]")
}
