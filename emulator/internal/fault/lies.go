package fault

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"pingone-conformance/emulator/internal/wire"
)

// hugeBody is larger than any answer of PingOne's.
const hugeBody = 11 << 20

// deepBody is how deep an answer is nested that takes the stack of whoever reads it by recursion, and is no larger than others.
const deepBody = 9 << 20

// Elsewhere is where links lead that lead elsewhere.
const Elsewhere = "https://elsewhere.example.com/v1/environments/one/applications/another"

// useless are the bodies that tell a caller nothing of what was done.
func useless(kind string, body []byte) []byte {
	switch kind {
	case kindBodyNull:
		return []byte("null")
	case kindBodyList:
		return []byte("[]")
	case kindBodyCut:
		return body[:len(body)/2]
	case kindBodyTwice:
		return slices.Concat(bytes.TrimSuffix(body, []byte("}")), []byte(`,"id":"00000000-0000-4000-8000-000000000000"}`))
	case kindBodyHuge:
		return []byte(`{"id":"` + strings.Repeat("0", hugeBody) + `"}`)
	case kindBodyDeep:
		return bytes.Repeat([]byte("["), deepBody)
	}
	return []byte("<html><head><title>Welcome</title></head><body><h1>Sign on to the network</h1></body></html>\n")
}

// lie changes the answer of a call that was processed so that it cannot be relied on.
// A refusal stays as it is.
func lie(kind string) after {
	return func(_ *wire.Call, answer *wire.Answer) *wire.Answer {
		if answer.Status >= http.StatusBadRequest || len(answer.Body) == 0 {
			return answer
		}
		if kind == kindElsewhere {
			answer.Body = elsewhere(answer.Body)
			return answer
		}
		answer.Body = useless(kind, answer.Body)
		if kind == kindBodyHTML {
			return answer.With("Content-Type", "text/html;charset=UTF-8")
		}
		return answer
	}
}

// elsewhere lets the link self lead to another host.
func elsewhere(body []byte) []byte {
	var shown struct {
		Links struct{ Self struct{ Href string } } `json:"_links"`
	}
	_ = json.Unmarshal(body, &shown)               // where there is no such link, nothing is replaced
	href, _ := json.Marshal(shown.Links.Self.Href) // a text always encodes
	return bytes.Replace(body, slices.Concat([]byte(`"self":{"href":`), href), []byte(`"self":{"href":`+strconv.Quote(Elsewhere)), 1)
}

// ignored answers as if the call had been carried out: 204.
func ignored(*wire.Call) *wire.Answer { return wire.Empty(http.StatusNoContent) }
