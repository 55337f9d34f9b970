package steps

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"pingone-conformance/client"
)

// refused wants ex to be a refusal: a status of 400 to 499. Within the class the
// vendor may change the status, so only the class is wanted unless statuses name
// more. It also marks the refusal as spoken about.
func (w *World) refused(what string, ex *client.Exchange, statuses ...int) error {
	if ex == nil {
		return fmt.Errorf("%s: nothing was sent; an earlier sentence has to try it", what)
	}
	if busy(ex) {
		return fmt.Errorf("%s: PingOne was busy and has refused nothing: %s%s", what, ex, vendorWords(ex))
	}
	w.proof.spoken()
	if ex.Status < 400 || ex.Status > 499 || (len(statuses) > 0 && !slices.Contains(statuses, ex.Status)) {
		want := "a refusal"
		if len(statuses) > 0 {
			want = orList(statuses)
		}
		return fmt.Errorf("%s: wanted %s, but %s%s", what, want, ex, vendorWords(ex))
	}
	return nil
}

// busy tells a server that had no time from one that refuses. Too many wrong
// passcodes are a refusal that comes as 429 in some accounts.
func busy(ex *client.Exchange) bool {
	quota := slices.ContainsFunc(ex.Get("details").Array(), func(d gjson.Result) bool { return d.Get("code").String() == "QUOTA_EXCEEDED" })
	return ex.Status == http.StatusRequestTimeout || (ex.Status == http.StatusTooManyRequests && !quota)
}

// code wants one of PingOne's error codes at the top of a refusal.
func (w *World) code(what string, ex *client.Exchange, codes ...string) error {
	if got := ex.Get("code").String(); !slices.Contains(codes, got) {
		return fmt.Errorf("%s: wanted the code %s, but %s%s", what, strings.Join(codes, " or "), ex, vendorWords(ex))
	}
	return nil
}

// detail wants one of the codes in a refusal's details. Details are optional: their
// absence is put on record.
func (w *World) detail(what string, ex *client.Exchange, codes ...string) error {
	if len(ex.Get("details").Array()) == 0 {
		w.observeOutcome(what, "refused without details")
		return nil
	}
	for _, d := range ex.Get("details").Array() {
		if got := d.Get("code").String(); slices.Contains(codes, got) {
			return nil
		}
	}
	return fmt.Errorf("%s: wanted the detail code %s, but %s%s", what, strings.Join(codes, " or "), ex, vendorWords(ex))
}

// observeOutcome puts on record what an environment did where the vendor's pages are silent or disagree.
func (w *World) observeOutcome(what, got string) {
	if w.seen != nil {
		w.seen.Outcome(what, got)
	}
}

// location is where an answer redirects to, nil when it does not.
func location(ex *client.Exchange) *url.URL {
	if ex == nil || ex.Header.Get("Location") == "" {
		return nil
	}
	to, err := url.Parse(ex.Header.Get("Location"))
	if err != nil {
		return nil
	}
	return to
}

// seenAs describes an answer in a few words for the record: its status, and the error or flow state in it.
func seenAs(ex *client.Exchange) string {
	words := []string{fmt.Sprint(ex.Status)}
	for _, member := range []string{"error", "code", "details.0.code", "details.0.target", "status"} {
		if v := ex.Get(member); v.Type.String() == "String" {
			words = append(words, v.String())
		}
	}
	if to := location(ex); to != nil {
		words = append(words, "redirect to "+to.Path)
		if to.Query().Has("error") {
			words = append(words, "with an error")
		}
		if to.Query().Has("code") {
			words = append(words, "with a code")
		}
	}
	return strings.Join(words, " ")
}

// flowIsNotComplete passes when asking for the flow again shows that it is where it was, has
// failed, or is closed to this browser: anything but complete.
func (w *World) flowIsNotComplete(p *person, ex *client.Exchange) error {
	switch {
	case ex.Status == http.StatusOK:
		if status := ex.Get("status").String(); status == completed {
			return w.unlike("the flow of "+p.label, "not complete", status)
		}
		return nil
	case ex.Status >= 400 && ex.Status < 500:
		w.proof.spoken()
		return nil
	}
	return fmt.Errorf("get the flow again: %s%s", ex, vendorWords(ex))
}

// eachFlowAgain asks for every flow again, each in its person's own browser, wants
// none of them complete, and holds each against more.
func (w *World) eachFlowAgain(ctx context.Context, more func(*person, *client.Exchange) error) error {
	looked := 0
	for _, p := range w.inOrderOfNames() {
		if p.flow == nil {
			continue
		}
		href, err := w.flowHref(p)
		if err != nil {
			return err
		}
		ex, err := p.browser.ReadFlow(ctx, href)
		if err != nil {
			return err
		}
		if err := w.flowIsNotComplete(p, ex); err != nil {
			return err
		}
		if err := more(p, ex); err != nil {
			return err
		}
		looked++
	}
	if looked == 0 {
		return errors.New("no flow has been started: an earlier sentence has to")
	}
	return nil
}
