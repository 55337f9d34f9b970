package replay

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"pingone-conformance/internal/jsontext"
	"pingone-conformance/internal/replay/jsontree"
)

const (
	protocol = "HTTP/1.1"
	hostKey  = "Host"
	// encodingKey is no header of the message: it says that the body is written
	// in base64, since it is no text.
	encodingKey = "X-Fixture-Body"
)

// format writes the request as an HTTP message, JSON indented.
func (r *Request) format() string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s %s %s\n%s: %s\n", r.Method, r.URL.RequestURI(), protocol, hostKey, r.URL.Host)
	formatRest(&out, r.Header, r.Body)
	return out.String()
}

// format writes the response as an HTTP message, JSON indented.
func (r *Response) format() string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s\n", strings.TrimRight(fmt.Sprintf("%s %d %s", protocol, r.Status, http.StatusText(r.Status)), " "))
	formatRest(&out, r.Header, r.Body)
	return out.String()
}

// formatRest writes the headers by name and, after an empty line, the body.
func formatRest(out *strings.Builder, header http.Header, body []byte) {
	text, encoded := formatBody(body)
	for _, name := range slices.Sorted(maps.Keys(header)) {
		for _, value := range header[name] {
			fmt.Fprintf(out, "%s: %s\n", name, value)
		}
	}
	if encoded {
		fmt.Fprintf(out, "%s: base64\n", encodingKey)
	}
	if len(body) > 0 {
		out.WriteString("\n" + text + "\n")
	}
}

// formatBody returns the body as it stands in the file, without its last line
// end, and whether it is in base64.
func formatBody(body []byte) (text string, encoded bool) {
	switch {
	case jsontree.IsContainer(body):
		var pretty bytes.Buffer
		if json.Indent(&pretty, bytes.TrimSpace(body), "", "  ") == nil {
			return pretty.String(), false
		}
	case !utf8.Valid(body) || bytes.ContainsAny(body, "\r\x00"):
		return base64.StdEncoding.EncodeToString(body), true
	}
	lines := strings.Split(string(body), "\n")
	for i, line := range lines {
		// A line that would be taken for the archive's own.
		if strings.HasPrefix(line, "-- ") || strings.HasPrefix(line, `\`) {
			lines[i] = `\` + line
		}
	}
	return strings.Join(lines, "\n"), false
}

func parseBody(text []byte, encoded bool) ([]byte, error) {
	text = bytes.TrimSuffix(text, []byte("\n"))
	if encoded {
		body, err := base64.StdEncoding.DecodeString(string(text))
		if err != nil {
			return nil, fmt.Errorf("the body is not in base64, as %s says: %w", encodingKey, err)
		}
		return body, nil
	}
	if trimmed := bytes.TrimLeft(text, " \t\r\n"); len(trimmed) > 0 && (trimmed[0] == '{' || trimmed[0] == '[') {
		if compact, ok := jsontext.Compact(trimmed); ok { // else it only begins as JSON
			return compact, nil
		}
	}
	lines := strings.Split(string(text), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimPrefix(line, `\`)
	}
	return []byte(strings.Join(lines, "\n")), nil
}

// parse reads one message. With an error comes the line after the archive's own
// marker at which it is.
func (p *played) parse(kind string, text []byte) (int, error) {
	above, body, _ := bytes.Cut(text, []byte("\n\n"))
	head := string(above)
	start, fields, _ := strings.Cut(strings.TrimSuffix(head, "\n"), "\n")
	header, host, offset, err := parseFields(fields)
	if err != nil {
		return offset, err
	}
	encoded := header.Get(encodingKey) == "base64"
	header.Del(encodingKey)
	content, err := parseBody(body, encoded)
	if err != nil {
		return 2 + strings.Count(head, "\n"), err
	}
	if kind == "response" {
		if host != "" {
			return 1, errors.New("a response has no Host")
		}
		p.Response = Response{Header: header, Body: content}
		p.Response.Status, err = parseStatus(start)
		return 1, err
	}
	p.Request = Request{Header: header, Body: content}
	p.Request.Method, p.Request.URL, err = parseStart(start, host)
	return 1, err
}

func parseStart(line, host string) (string, *url.URL, error) {
	method, rest, _ := strings.Cut(line, " ")
	target, last, _ := strings.Cut(rest, " ")
	if method == "" || !strings.HasPrefix(target, "/") || last != protocol {
		return "", nil, fmt.Errorf("a request begins with a line such as \"GET /path %s\", not %q", protocol, line)
	}
	if host == "" || strings.ContainsAny(host, "/?#@ ") {
		return "", nil, fmt.Errorf("the request has no Host, or %q is none", host)
	}
	address, err := url.Parse("https://" + host + target)
	if err != nil {
		return "", nil, fmt.Errorf("the request's URL cannot be read: %w", err)
	}
	if address.RequestURI() != target || address.Host != host {
		return "", nil, fmt.Errorf("the request's URL is not in its usual form, %q", address.RequestURI())
	}
	return method, address, nil
}

func parseStatus(line string) (int, error) {
	code, found := strings.CutPrefix(line, protocol+" ")
	number, _, _ := strings.Cut(code, " ")
	status, err := strconv.Atoi(number)
	if !found || err != nil || status < 100 || status > 999 {
		return 0, fmt.Errorf("a response begins with a line such as \"%s 200 OK\", not %q", protocol, line)
	}
	return status, nil
}

func parseFields(text string) (header http.Header, host string, offset int, err error) {
	lines := 1 + strings.Count(text, "\n")
	header, values := make(http.Header, lines), make([]string, 0, lines) // one piece of memory for all values
	i := -1
	for line := range strings.SplitSeq(text, "\n") {
		i++
		if line == "" {
			continue
		}
		name, value, cut := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch {
		case !cut || name == "" || strings.ContainsAny(name, " \t") || name != textproto.CanonicalMIMEHeaderKey(name):
			return nil, "", i + 2, fmt.Errorf("a header has the form \"Name: value\", not %q", line)
		case name == hostKey && host == "":
			host = value
		default:
			if before, more := header[name]; more {
				header[name] = append(before, value)
				continue
			}
			values = append(values, value)
			header[name] = values[len(values)-1 : len(values) : len(values)]
		}
	}
	return header, host, 0, nil
}
