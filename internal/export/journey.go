package export

// Journey is the journey of one use case, with variables where a run has values of its own.
type Journey struct {
	// Name is the use case's: file name, tag and fixture folder. Title is the scenario's.
	Name, Title string
	// Page is where the vendor publishes the list.
	Page string
	// Settings are the variables that whoever runs it gives; the rest comes from answers.
	Settings []Setting
	// Calls are those of the list, and those beside it, in order; CleanUp are the deletions.
	Calls, CleanUp []Call
}

// Setting is a variable with the value that an export proposes.
type Setting struct {
	Name, Value, About string
	Secret             bool
}

// Auth is how a call shows who sends it.
type Auth int

// The ways of Auth. Browser sends cookies and no credentials.
const (
	Bearer Auth = iota
	Basic
	Browser
)

// Pair is a name and a value with variables.
type Pair struct{ Name, Value string }

// Need is what has to be made or found out before a call is sent.
type Need int

// The values of Need.
const (
	Nothing    Need = iota
	NewRun          // a new runID and userPassword
	NewBrowser      // no cookies, a new state and nonce
	Passcode        // otp, from the outbox or from a person
)

// Call is one request and what its answer has to be. Texts hold {{variables}}.
type Call struct {
	// Step is its number in the published list, 0 beside the list.
	Step int
	// Name is the page's, such as "Step 4: Get all scopes".
	Name        string
	Method, URL string
	Query       []Pair
	Auth        Auth
	// User and Password are those of Basic.
	User, Password string
	// ContentType is empty without a body; the body is Form or Body, which is JSON.
	ContentType, Body string
	Form              []Pair
	Need              Need
	// Hint tells that the query carries a login hint token, the variable loginHintToken.
	Hint     bool
	Statuses []int
	Takes    []Take
	Checks   []Check
	// Made is the variable without which there is nothing to delete; "" for all other calls.
	Made string
}

// JSON tells whether the answer has a body to look at.
func (c Call) JSON() bool {
	for _, t := range c.Takes {
		if t.From.Kind != Location {
			return true
		}
	}
	for _, k := range c.Checks {
		if k.Of.Kind != Location {
			return true
		}
	}
	return false
}

// Kind says which part of an answer a Source is.
type Kind int

// The kinds of Source.
const (
	Member   Kind = iota // a member of the JSON body, by its path
	Item                 // the id of a list's item: path of the list, then the item's name
	Claim                // a claim of a JWT: member of the body, then the claim
	Location             // the header; with a path, that parameter of its query
)

// Source is one value of an answer.
type Source struct {
	Kind Kind
	Path []string
}

// Take keeps a value of the answer in a variable.
type Take struct {
	Variable string
	From     Source
}

// Test is how a value is held against another.
type Test int

// The tests.
const (
	Equals   Test = iota
	Contains      // as text, lists and objects as JSON
	Excludes
	Begins
	Present
	Absent
	SameWord // in any case
	Later    // seconds since 1970, in the future
)

// Check is one thing that the answer has to show.
type Check struct {
	Name string
	Of   Source
	Test Test
	// Want is a text with variables, a bool, or a float64.
	Want any
}
