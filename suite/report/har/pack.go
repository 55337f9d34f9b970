package har

import (
	"net/http"
	"strings"
	"time"

	"pingone-conformance/suite/report/encode"
)

// Packed are the exchanges of one scenario, encoded once for all reports.
type Packed struct {
	// Archive is the text of the HAR file, nil without exchanges.
	Archive []byte
	// exchanges are where each of them stands in the archive.
	exchanges []exchangeAt
}

// exchangeAt is where the parts of an exchange stand in an archive, as they stand in a JSON
// string. A part without a text is empty.
type exchangeAt struct{ request, answer messageAt }

// messageAt are the two parts of a message's first line, the headers, of which each is as long
// as is said and stands right after the one before, and the body.
type messageAt struct {
	first   [2]part
	header  uint32 // where the first one begins
	headers []pairLength
	body    part
}

type part struct{ from, to uint32 }

type pairLength struct{ name, value uint32 }

// What stands before a header, between its name and its value, and after it.
const (
	pairBegins = `{"name":"`
	pairHolds  = `","value":"`
	pairEnds   = `"}`
)

// Len is how many exchanges there are.
func (p *Packed) Len() int { return len(p.exchanges) }

// AppendRequest appends the i-th request as an HTTP message, a line, headers and a body, as
// the inside of a JSON string.
func (p *Packed) AppendRequest(out []byte, i int) []byte {
	return p.message(out, &p.exchanges[i].request)
}

// AppendAnswer is AppendRequest for what came.
func (p *Packed) AppendAnswer(out []byte, i int) []byte {
	return p.message(out, &p.exchanges[i].answer)
}

func (p *Packed) message(out []byte, m *messageAt) []byte {
	of := func(at part) []byte { return p.Archive[at.from:at.to] }
	out = append(append(append(out, of(m.first[0])...), ' '), of(m.first[1])...)
	from := int(m.header)
	for _, h := range m.headers {
		name := from + len(pairBegins)
		named := name + int(h.name)
		value := named + len(pairHolds)
		ends := value + int(h.value)
		out = append(append(append(append(out, `\n`...), p.Archive[name:named]...), ": "...), p.Archive[value:ends]...)
		from = ends + len(pairEnds+",")
	}
	return append(append(out, `\n\n`...), of(m.body)...)
}

// Pack encodes the exchanges of one scenario, in the order in which they were sent. Whatever
// their texts hold, package plain shows it.
func Pack(version, title string, all []Exchange) Packed {
	if len(all) == 0 {
		return Packed{}
	}
	bytes, headers := sizes(all)
	w := writer{JSON: make(encode.JSON, 0, bytes), headers: make([]pairLength, 0, headers)}
	w.Raw(`{"log":{"version":"1.2","creator":{"name":"pingone-conformance","version":"`).Line(version)
	w.Raw(`"},"pages":[{"startedDateTime":"`)
	w.time(all[0].Started)
	w.Raw(`","id":"` + pageID + `","title":"`).Line(title).Raw(`","pageTimings":{}}],"entries":[`)
	places := make([]exchangeAt, len(all))
	for i := range all {
		w.Comma(i)
		places[i] = w.entry(&all[i])
	}
	w.Raw("]}}\n")
	return Packed{Archive: w.JSON, exchanges: places}
}

const pageID = "scenario"

// sizes estimates how long the archive becomes, so that it rarely has to grow, and counts the
// headers.
func sizes(all []Exchange) (bytes, headers int) {
	const head, entry, pair = 300, 750, 22
	bytes = head
	for i := range all {
		x := &all[i]
		bytes += entry + 2*len(x.URL) + len(x.Sent) + len(x.Body) + len(x.Step) + strings.Count(x.Sent, `"`) + strings.Count(x.Body, `"`)
		for _, list := range [][]Pair{x.RequestHeaders, x.ResponseHeaders} {
			headers += len(list)
			for _, h := range list {
				bytes += pair + len(h.Name) + len(h.Value)
				if strings.HasSuffix(h.Name, "Cookie") || h.Name == "Location" {
					bytes += pair + len(h.Value)
				}
			}
		}
	}
	return bytes, headers
}

// entry writes one exchange.
func (w *writer) entry(x *Exchange) (at exchangeAt) {
	ms := float64(x.Elapsed.Microseconds()) / 1000
	w.Raw(`{"pageref":"` + pageID + `","startedDateTime":"`)
	w.time(x.Started)
	w.Raw(`","time":`).Float(ms).Raw(`,"request":{"method":"`)
	at.request.first[0] = w.line(x.Method)
	w.Raw(`","url":"`)
	at.request.first[1] = w.line(x.URL)
	w.Raw(`","httpVersion":"","cookies":`)
	w.sentCookies(value(x.RequestHeaders, "Cookie"))
	w.Raw(`,"headers":`)
	at.request.header, at.request.headers = w.headersOf(x.RequestHeaders)
	w.Raw(`,"queryString":`)
	w.query(x.URL)
	if x.Sent != "" {
		w.Raw(`,"postData":{"mimeType":"`).Line(value(x.RequestHeaders, "Content-Type")).Raw(`","text":"`)
		at.request.body = w.text(x.Sent)
		w.Raw(`"}`)
	}
	w.Raw(`,"headersSize":-1,"bodySize":`).Int(int64(len(x.Sent))).Raw(`},"response":{"status":`)
	at.answer.first[0] = w.number(x.Status)
	w.Raw(`,"statusText":"`)
	at.answer.first[1] = w.line(http.StatusText(x.Status))
	w.Raw(`","httpVersion":"","cookies":`)
	w.setCookies(x.ResponseHeaders)
	w.Raw(`,"headers":`)
	at.answer.header, at.answer.headers = w.headersOf(x.ResponseHeaders)
	w.Raw(`,"content":{"size":`).Int(int64(len(x.Body))).Raw(`,"mimeType":"`).Line(value(x.ResponseHeaders, "Content-Type")).Raw(`","text":"`)
	at.answer.body = w.text(x.Body)
	w.Raw(`"},"redirectURL":"`).Line(value(x.ResponseHeaders, "Location")).Raw(`","headersSize":-1,"bodySize":`).Int(int64(len(x.Body)))
	w.Raw(`},"cache":{},"timings":{"send":0,"wait":`).Float(ms).Raw(`,"receive":0},"_operation":"`).Line(x.Operation)
	if x.Step != "" {
		w.Raw(`","_step":"`).Line(x.Step)
	}
	w.Raw(`"}`)
	return at
}

// writer writes an archive, and has the lengths of all headers in one list.
type writer struct {
	encode.JSON
	headers []pairLength
}

func (w *writer) since(from int) part {
	return part{uint32(from), uint32(len(w.JSON))} //nolint:gosec // no archive has 4 GiB
}

func (w *writer) line(text string) part {
	from := len(w.JSON)
	w.Line(text)
	return w.since(from)
}

func (w *writer) text(text string) part {
	from := len(w.JSON)
	w.Text(text)
	return w.since(from)
}

func (w *writer) number(n int) part {
	from := len(w.JSON)
	w.Int(int64(n))
	return w.since(from)
}

func (w *writer) time(t time.Time) {
	w.JSON = t.UTC().AppendFormat(w.JSON, "2006-01-02T15:04:05.000Z")
}

// headersOf writes headers, and returns where the first begins and how long each is.
func (w *writer) headersOf(all []Pair) (from uint32, lengths []pairLength) {
	first := len(w.headers)
	w.Raw("[")
	from = w.since(len(w.JSON)).from
	for i, p := range all {
		w.Comma(i).Raw(pairBegins)
		name := w.line(p.Name)
		w.Raw(pairHolds)
		value := w.line(p.Value)
		w.Raw(pairEnds)
		w.headers = append(w.headers, pairLength{name.to - name.from, value.to - value.from})
	}
	w.Raw("]")
	return from, w.headers[first:len(w.headers):len(w.headers)]
}
