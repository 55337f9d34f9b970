package client

import "errors"

// How far a list is followed: 100,000 entries at PingOne's usual hundred a page.
const (
	mostPages = 1000
	mostBytes = 64 << 20
)

// ErrEndless says that a list does not end.
var ErrEndless = errors.New("its pages lead in a circle, or are too many, or too large")

// Pages are the pages of one list, as they are followed by NextPage; the zero value has seen none.
type Pages struct {
	seen  map[string]bool
	bytes int
}

// Lead tells whether a page, the next of its list, leads to one more; it fails with ErrEndless where no end is to be
// expected, since it leads to one that was read before, or nobody has the time or the memory for so many.
func (p *Pages) Lead(page *Exchange) (more bool, err error) {
	next := page.Link("next")
	if next == "" {
		return false, nil
	}
	if p.bytes += len(page.Body); p.seen[next] || len(p.seen) == mostPages || p.bytes > mostBytes {
		return false, ErrEndless
	}
	if p.seen == nil {
		p.seen = map[string]bool{}
	}
	p.seen[next] = true
	return true, nil
}
