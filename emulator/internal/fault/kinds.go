package fault

import "time"

// The kinds of fault.
const kindLatency = "latency"
const kindLimited = "limited"
const kindLimitedDate = "limited-date"
const kindUnavailable = "unavailable"
const kindFailed = "failed"
const kindTimeout = "timeout"
const kindReset = "reset"
const kindLost = "lost"
const kindHalf = "half"
const kindSlow = "slow"
const kindLag = "lag"
const kindSkew = "skew"
const kindIgnored = "ignored"
const kindElsewhere = "elsewhere"
const kindBodyNull = "body-null"
const kindBodyList = "body-list"
const kindBodyHTML = "body-html"
const kindBodyCut = "body-cut"
const kindBodyTwice = "body-twice"
const kindBodyHuge = "body-huge"
const kindBodyDeep = "body-deep"

// Kind describes one kind of fault for people.
type Kind struct {
	Name string `json:"name"`
	// Does says what a struck call goes through.
	Does string `json:"does"`
	// For says what a rule's duration means, "" when it has no meaning.
	For string `json:"for,omitempty"`
	// Lies says that the answer breaks its word: what it tells is not what was done. Such a
	// fault is of something that stands between the caller and the platform.
	Lies bool `json:"lies,omitempty"`
	// Usual is the duration of a rule that names none.
	Usual time.Duration `json:"-"`
}

// longestWait keeps what a caller has to sit through below the emulator's own
// limit for writing an answer.
const longestWait = 50 * time.Second

// Kinds are all kinds of fault, in the order in which to explain them.
//
// https://developer.pingidentity.com/pingone-api/before-you-begin/retry-best-practices.html
func Kinds() []Kind {
	return []Kind{
		{Name: kindLatency, Does: "waits before the call is processed", For: "how long", Usual: 50 * time.Millisecond},
		{Name: kindLimited, Does: "answers 429 with Retry-After in seconds; nothing is processed", For: "Retry-After, in whole seconds rounded down", Usual: time.Second},
		{Name: kindLimitedDate, Does: "answers 429 with Retry-After as a date; nothing is processed", For: "how far ahead the date is", Usual: time.Second},
		{Name: kindUnavailable, Does: "answers 503 with Retry-After as a date and a body that is no JSON; nothing is processed", For: "how far ahead the date is", Usual: time.Second},
		{Name: kindFailed, Does: "answers 500 UNEXPECTED_ERROR; nothing is processed"},
		{Name: kindTimeout, Does: "processes the call, then answers 504 as a gateway does"},
		{Name: kindReset, Does: "resets the connection before the call is processed"},
		{Name: kindLost, Does: "processes the call, then resets the connection before the answer"},
		{Name: kindHalf, Does: "processes the call, promises the whole answer, sends half of it and cuts the connection"},
		{Name: kindSlow, Does: "processes the call and lets the body of the answer trickle", For: "how long the body takes", Usual: time.Second},
		{Name: kindLag, Does: "answers 404 to reads of what was just created and of what is below it, 403 in an environment just created; with an operation, that operation", For: "how long after the creation", Usual: time.Second},
		{Name: kindSkew, Does: "sets the emulator's clock wrong", For: "how far ahead, negative for behind", Usual: 5 * time.Minute},
		{Name: kindIgnored, Does: "answers 204 and processes nothing", Lies: true},
		{Name: kindElsewhere, Does: "processes the call; the answer's link self leads to another host", Lies: true},
		{Name: kindBodyNull, Does: "processes the call and answers null", Lies: true},
		{Name: kindBodyList, Does: "processes the call and answers an empty list", Lies: true},
		{Name: kindBodyHTML, Does: "processes the call and answers a page of a network's sign-on", Lies: true},
		{Name: kindBodyCut, Does: "processes the call and answers half of the body as if it were all", Lies: true},
		{Name: kindBodyTwice, Does: "processes the call and answers with a second member id", Lies: true},
		{Name: kindBodyHuge, Does: "processes the call and answers with 11 MiB", Lies: true},
		{Name: kindBodyDeep, Does: "processes the call and answers with lists in lists, 9 million of them", Lies: true},
	}
}

func kindOf(name string) (Kind, bool) {
	for _, kind := range Kinds() {
		if kind.Name == name {
			return kind, true
		}
	}
	return Kind{}, false
}
