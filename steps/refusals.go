package steps

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"pingone-conformance/client"
	"pingone-conformance/suite"
)

// refused wants ex to be a refusal: a status of 400 to 499. Within the class the vendor may change the status, so which
// it is decides nothing, anywhere: the code of the error does, and the contract puts a status that is not listed for its code on record.
func refused(what string, ex *client.Exchange) error {
	if busy(ex) {
		return fmt.Errorf("%s: PingOne was busy and has refused nothing: %s%s", what, ex, suite.VendorWords(ex))
	}
	if ex.Status < 400 || ex.Status > 499 {
		return fmt.Errorf("%s: wanted a refusal, but %s%s", what, ex, suite.VendorWords(ex))
	}
	return nil
}

// given tells whether a member is there: null says what one that is missing says.
func given(v gjson.Result) bool { return v.Exists() && v.Type != gjson.Null }

// busy tells a server that had no time from one that refuses. Too many wrong
// passcodes are a refusal that comes as 429 in some accounts.
func busy(ex *client.Exchange) bool {
	quota := slices.ContainsFunc(ex.Get("details").Array(), func(d gjson.Result) bool { return d.Get("code").String() == "QUOTA_EXCEEDED" })
	return ex.Status == http.StatusRequestTimeout || (ex.Status == http.StatusTooManyRequests && !quota)
}

// errorCode wants one of PingOne's error codes at the top of a refusal.
func errorCode(what string, ex *client.Exchange, codes ...string) error {
	if got := ex.Get("code").String(); !slices.Contains(codes, got) {
		return fmt.Errorf("%s: wanted the code %s, but %s%s", what, strings.Join(codes, " or "), ex, suite.VendorWords(ex))
	}
	return nil
}

// detail wants one of the codes in a refusal's details. Details are optional: their
// absence is put on record.
func (w *World) detail(what string, ex *client.Exchange, codes ...string) error {
	if len(ex.Get("details").Array()) == 0 {
		w.Outcome(what, "refused without details")
		return nil
	}
	for _, d := range ex.Get("details").Array() {
		if slices.Contains(codes, d.Get("code").String()) {
			return nil
		}
	}
	return fmt.Errorf("%s: wanted the detail code %s, but %s%s", what, strings.Join(codes, " or "), ex, suite.VendorWords(ex))
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

// summary describes an answer in a few words for the record: its status, and the error or flow state in it.
func summary(ex *client.Exchange) string {
	words := []string{fmt.Sprint(ex.Status)}
	for _, member := range []string{"error", "code", "details.0.code", "details.0.target", "status"} {
		if v := ex.Get(member); v.Type == gjson.String {
			words = append(words, v.String())
		}
	}
	if to := location(ex); to != nil {
		words = append(words, "redirect to "+to.Path)
		if hasError(to) {
			words = append(words, "with an error")
		}
		if to.Query().Has("code") {
			words = append(words, "with a code")
		}
	}
	return strings.Join(words, " ")
}

// oneOf wants a value to be one of several.
func oneOf(answer *client.Exchange, what, got string, wanted ...string) error {
	if slices.Contains(wanted, got) {
		return nil
	}
	return suite.Unlike(answer, what, strings.Join(wanted, " or "), fmt.Sprintf("%q", got))
}

var errNothingStarted = errors.New("no flow has been started: an earlier sentence has to")
