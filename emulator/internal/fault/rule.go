package fault

import (
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"
)

// Rule says which calls are struck by which fault. First, Every and Chance are
// counted for each operation by itself, and at most one of them is set; with
// none, every call is struck.
type Rule struct {
	// Kind is one of Kinds.
	Kind string
	// Operation is the name of an operation, such as application.create, or a
	// pattern such as application.* or *.create; "" and "*" mean all.
	Operation string
	// First strikes the first so many calls.
	First int
	// Every strikes each so-manieth call: 3 strikes the third, the sixth, ...
	Every int
	// Chance strikes a call with this probability; the same Seed strikes the
	// same calls.
	Chance float64
	Seed   uint64
	// For is the fault's duration; what it means depends on the kind, 0 is the
	// kind's usual one.
	For time.Duration
}

// All matches every operation.
const All = "*"

// Parse reads "kind[:operation[:calls[:duration]]]". Calls is "3" for the first
// three of each operation, "/3" for every third, "10%" or "10%42" for a chance
// of a tenth (with seed 42); without it every call is struck. A duration alone
// may follow the kind of a skew: "skew:-5m".
func Parse(text string) (Rule, error) {
	parts := strings.Split(text, ":")
	rule := Rule{Kind: parts[0]}
	if len(parts) > 4 {
		return rule, fmt.Errorf("fault %q has more parts than kind:operation:calls:duration", text)
	}
	if _, known := kindOf(rule.Kind); !known {
		return rule, unknownKind(rule.Kind)
	}
	parts = parts[1:]
	if rule.Kind == kindSkew && len(parts) == 1 {
		parts = []string{"", "", parts[0]}
	}
	var err error
	if len(parts) > 0 {
		rule.Operation = parts[0]
	}
	if len(parts) > 1 {
		err = rule.parseCalls(parts[1])
	}
	if len(parts) > 2 && parts[2] != "" && err == nil {
		rule.For, err = time.ParseDuration(parts[2])
	}
	if err == nil {
		err = rule.check(nil)
	}
	if err != nil {
		return rule, fmt.Errorf("fault %q: %w", text, err)
	}
	return rule, nil
}

func (r *Rule) parseCalls(text string) (err error) {
	percent, seed, chance := strings.Cut(text, "%")
	switch {
	case text == "":
	case chance:
		if r.Chance, err = strconv.ParseFloat(percent, 64); err == nil && seed != "" {
			r.Seed, err = strconv.ParseUint(seed, 10, 64)
		}
		r.Chance /= 100
	case strings.HasPrefix(text, "/"):
		r.Every, err = strconv.Atoi(text[1:])
	default:
		r.First, err = strconv.Atoi(text)
	}
	if err != nil || text != "" && r.First == 0 && r.Every == 0 && r.Chance == 0 {
		return fmt.Errorf("calls %q is none of 3 (the first three), /3 (every third), 10%% (a tenth of them)", text)
	}
	return nil
}

func unknownKind(name string) error {
	var names []string
	for _, kind := range Kinds() {
		names = append(names, kind.Name)
	}
	return fmt.Errorf("there is no fault %q; there are %s", name, strings.Join(names, ", "))
}

// check refuses a rule that cannot strike or cannot be meant. Operations are
// those that exist; nil leaves the pattern's aim unchecked.
func (r Rule) check(operations []string) error {
	kind, known := kindOf(r.Kind)
	if !known {
		return unknownKind(r.Kind)
	}
	chosen := 0
	for _, set := range []bool{r.First != 0, r.Every != 0, r.Chance != 0} {
		if set {
			chosen++
		}
	}
	switch {
	case r.First < 0 || r.Every < 0:
		return errors.New("first and every count calls and cannot be negative")
	case r.Chance < 0 || r.Chance > 1:
		return fmt.Errorf("a chance of %g is not between 0 and 1", r.Chance)
	case chosen > 1:
		return errors.New("only one of first, every and chance can be said")
	case r.Kind == kindSkew && (chosen > 0 || !r.all()):
		return errors.New("there is one clock: skew takes neither operation nor calls")
	}
	if err := r.checkDuration(kind); err != nil {
		return err
	}
	return r.aims(operations)
}

func (r Rule) checkDuration(kind Kind) error {
	switch {
	case r.For != 0 && kind.For == "":
		return fmt.Errorf("%s has no duration", r.Kind)
	case r.For < 0 && r.Kind != kindSkew:
		return fmt.Errorf("%s cannot last %s", r.Kind, r.For)
	case (r.Kind == kindLatency || r.Kind == kindSlow) && r.For > longestWait:
		return fmt.Errorf("%s can last %s at most, not %s", r.Kind, longestWait, r.For)
	}
	return nil
}

// aims refuses a pattern that is none, or that no operation matches.
func (r Rule) aims(operations []string) error {
	if _, err := path.Match(r.Operation, ""); err != nil {
		return fmt.Errorf("operation %q is no pattern: %w", r.Operation, err)
	}
	if r.all() || operations == nil {
		return nil
	}
	for _, operation := range operations {
		if r.matches(operation) {
			return nil
		}
	}
	return fmt.Errorf("no operation is called %q; such are application.create, user.*, token, flow.otp.check", r.Operation)
}

func (r Rule) all() bool { return r.Operation == "" || r.Operation == All }

func (r Rule) matches(operation string) bool {
	if r.all() {
		return true
	}
	matched, err := path.Match(r.Operation, operation)
	return err == nil && matched
}

// duration is For, or what is usual for the kind.
func (r Rule) duration() time.Duration {
	if r.For != 0 {
		return r.For
	}
	kind, _ := kindOf(r.Kind)
	return kind.Usual
}

// ruleJSON is a rule as the emulator's page takes and shows it.
type ruleJSON struct {
	Kind      string  `json:"kind"`
	Operation string  `json:"operation,omitempty"`
	First     int     `json:"first,omitempty"`
	Every     int     `json:"every,omitempty"`
	Chance    float64 `json:"chance,omitempty"`
	Seed      uint64  `json:"seed,omitempty"`
	For       string  `json:"for,omitempty"`
}

// MarshalJSON writes the duration as "1.5s".
func (r Rule) MarshalJSON() ([]byte, error) {
	out := ruleJSON{r.Kind, r.Operation, r.First, r.Every, r.Chance, r.Seed, ""}
	if r.For != 0 {
		out.For = r.For.String()
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON writes and refuses members it does not know.
func (r *Rule) UnmarshalJSON(data []byte) error {
	var in ruleJSON
	decoder := json.NewDecoder(strings.NewReader(string(data)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&in); err != nil {
		return err
	}
	*r = Rule{in.Kind, in.Operation, in.First, in.Every, in.Chance, in.Seed, 0}
	if in.For == "" {
		return nil
	}
	var err error
	r.For, err = time.ParseDuration(in.For)
	return err
}
