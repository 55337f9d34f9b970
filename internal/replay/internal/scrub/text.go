package scrub

import (
	"encoding/base64"
	"net/url"
	"strings"
	"unicode/utf8"

	"pingone-conformance/internal/lazy"
	"pingone-conformance/internal/replay/jsontree"
)

var (
	urlPattern     = lazy.Regexp(`^[a-zA-Z][a-zA-Z0-9+.-]*://\S+$`)
	percentPattern = lazy.Regexp(`[^\s"'<>&=?;,/]*%[0-9A-Fa-f]{2}[^\s"'<>&=?;,/]*`)
	base64Pattern  = lazy.Regexp(`[A-Za-z0-9+/_-]{8,}={0,2}`)
)

// text rewrites a value by what it is: a secret, a JSON text, a URL, or words
// with tokens among them.
func (w *Rewriter) text(value string) string {
	if isUUID(value) {
		return w.ids.of(value)
	}
	if standIn := w.vault.standIn(value); standIn != "" {
		return standIn
	}
	if w.depth >= maxDepth {
		return w.vault.Replace(value)
	}
	w.depth++
	defer func() { w.depth-- }()
	switch {
	case jsontree.IsContainer(value):
		return w.json(value)
	case urlPattern.Get().MatchString(value):
		return w.url(value)
	}
	return w.mixed(value)
}

// mixed rewrites the tokens in a text, and the words between them.
func (w *Rewriter) mixed(value string) string {
	value = w.vault.Replace(value) // an announced secret may look like a token
	token := func(found, _ string) string { return w.token(found) }
	return eachRun(value, tokenPattern.Get().FindAllStringIndex(value, -1), token, w.words)
}

// eachRun rewrites the runs of a text that stand at places, each with what follows
// it, and what is between them.
func eachRun(text string, places [][]int, run func(found, rest string) string, between func(string) string) string {
	var out strings.Builder
	copied := 0
	for _, at := range places {
		out.WriteString(between(text[copied:at[0]]) + run(text[at[0]:at[1]], text[at[1]:]))
		copied = at[1]
	}
	return out.String() + between(text[copied:])
}

func same(text string) string { return text }

// words rewrites text without tokens, and without what the vault knows: what is
// encoded in it first, then what belongs to the tenant or the run.
func (w *Rewriter) words(value string) string {
	value = percentPattern.Get().ReplaceAllStringFunc(value, w.percent)
	value = base64Pattern.Get().ReplaceAllStringFunc(value, w.base64)
	value = w.hosts.rewrite(value)
	value = uuidPattern.Get().ReplaceAllStringFunc(value, w.ids.of)
	value = w.ids.correlated(value)
	value = w.clock.rewrite(value, w.ids.request)
	return w.people.rewrite(value, w.ids.request)
}

func (w *Rewriter) percent(run string) string {
	plain, _ := url.PathUnescape(run) // "" for what is not encoded well
	if now := w.text(plain); now != plain {
		return url.QueryEscape(now)
	}
	return run
}

// mostParts is how many parts of a run are looked at, each with all that follow: slashes are letters of base64, and of paths.
const mostParts = 64

// base64 rewrites a run that is readable once it is decoded, or the first part of it, up to a slash, that is.
func (w *Rewriter) base64(run string) string {
	done := ""
	for range mostParts {
		if now := w.decoded(run); now != run {
			return done + now
		}
		part, rest, cut := strings.Cut(run, "/")
		if !cut {
			break
		}
		done, run = done+w.decoded(part)+"/", rest
	}
	return done + run
}

// decoded rewrites what is readable once it is decoded; only where that changes
// something is the run taken for base64 at all.
func (w *Rewriter) decoded(run string) string {
	encoding := encodingOf(run)
	plain, err := encoding.DecodeString(run)
	if err != nil || !readable(plain) {
		return run
	}
	if now := w.text(string(plain)); now != string(plain) {
		return encoding.EncodeToString([]byte(now))
	}
	return run
}

// encodingOf is the one encoding that a run may be in.
func encodingOf(run string) *base64.Encoding {
	encoding := base64.StdEncoding
	if strings.ContainsAny(run, "-_") {
		encoding = base64.URLEncoding
	}
	if len(run)%4 != 0 {
		encoding = encoding.WithPadding(base64.NoPadding)
	}
	return encoding
}

func readable(text []byte) bool {
	if !utf8.Valid(text) {
		return false
	}
	for _, c := range text {
		if c < ' ' && c != '\n' && c != '\t' && c != '\r' {
			return false
		}
	}
	return true
}

// url rewrites the path, the query and the fragment of a URL by themselves.
func (w *Rewriter) url(value string) string {
	base, fragment, hasFragment := strings.Cut(value, "#")
	base, query, hasQuery := strings.Cut(base, "?")
	out := w.mixed(base)
	if hasQuery {
		out += "?" + w.pairs(query)
	}
	if hasFragment {
		out += "#" + w.pairs(fragment)
	}
	return out
}

// pairs rewrites the values of a query, a fragment or a form.
func (w *Rewriter) pairs(query string) string {
	pairs := strings.Split(query, "&")
	for i, pair := range pairs {
		name, value, cut := strings.Cut(pair, "=")
		if !cut {
			pairs[i] = w.mixed(pair)
			continue
		}
		pairs[i] = w.escaped(name) + "=" + w.escaped(value)
	}
	return strings.Join(pairs, "&")
}
