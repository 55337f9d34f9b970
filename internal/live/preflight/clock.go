package preflight

import (
	"fmt"
	"net/http"
	"time"

	"pingone-conformance/client"
)

// clockTolerance is by how much this machine's clock may differ from PingOne's
// before it is worth a word: a Date header counts whole seconds, and a call takes
// its time.
const clockTolerance = 10 * time.Second

// clock holds this machine's clock against the Date of an answer. What the suite
// signs or computes itself carries this machine's time.
//
// developer.pingidentity.com/pingone-api/foundations/conventions/pingone-api-responses.html
func (l *look) clock(ex *client.Exchange) {
	theirs, err := http.ParseTime(ex.Header.Get("Date"))
	if err != nil {
		return
	}
	ahead := ex.At.Add(ex.Elapsed / 2).Sub(theirs).Round(time.Second)
	if ahead.Abs() <= clockTolerance {
		return
	}
	way := "ahead of"
	if ahead < 0 {
		way = "behind"
	}
	l.find(false, "clock", fmt.Sprintf("this machine's is %s %s PingOne's", ahead.Abs(), way),
		"set this machine's clock; until then login hint tokens, authenticator passcodes and ID tokens may be refused for their times")
}
