package config

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// notShown stands for a value that is set and stays hidden.
const notShown = "(set, not shown)"

// shown is one line of what may be printed.
type shown struct{ name, value string }

// printable lists what may be printed, without what is not set. It is the
// only source of every printed form.
func (c Config) printable() []shown {
	all := []shown{
		{"mode", c.Mode},
		{"record", strconv.FormatBool(c.Record)},
		{"region", c.Region},
		{"api", c.APIURL},
		{"auth", c.AuthURL},
		{"environment", c.EnvironmentID},
		{"target environment", c.TargetEnvironmentID},
		{"client", c.ClientID},
		{"client secret", hidden(c.ClientSecret)},
		{"phone", hidden(c.Phone)},
		{"e-mail", hidden(c.Email)},
		{"production allowed", c.AllowProduction},
	}
	if c.MaxRPS > 0 {
		all = append(all, shown{"calls a second", strconv.FormatFloat(c.MaxRPS, 'g', -1, 64)})
	}
	return onlySet(append(all, c.Passcode.printable()...))
}

func (p PasscodeConfig) printable() []shown {
	all := []shown{{"passcode", p.Source}, {"passcode command line", hidden(p.Command)}, {"outbox", p.OutboxURL}}
	if p.Timeout > 0 {
		all = append(all, shown{"passcode timeout", p.Timeout.String()})
	}
	return onlySet(all)
}

func hidden(value string) string {
	if value == "" {
		return ""
	}
	return notShown
}

func onlySet(all []shown) []shown {
	set := make([]shown, 0, len(all))
	for _, one := range all {
		if one.value != "" {
			set = append(set, one)
		}
	}
	return set
}

func sentence(all []shown) string {
	parts := make([]string, 0, len(all))
	for _, one := range all {
		parts = append(parts, one.name+" "+one.value)
	}
	return strings.Join(parts, ", ")
}

func object(all []shown) ([]byte, error) {
	members := make(map[string]string, len(all))
	for _, one := range all {
		members[one.name] = one.value
	}
	return json.Marshal(members)
}

// format answers every verb with the same redacted sentence, quoted for %q.
func format(state fmt.State, verb rune, text string) {
	if verb == 'q' {
		text = strconv.Quote(text)
	}
	_, _ = fmt.Fprint(state, text) // the state keeps its own errors
}

// String tells the configuration in one line, without secrets.
func (c Config) String() string { return sentence(c.printable()) }

// Format prints String for every verb: there is no form that shows secrets.
func (c Config) Format(state fmt.State, verb rune) { format(state, verb, c.String()) }

// MarshalJSON writes what String tells.
func (c Config) MarshalJSON() ([]byte, error) { return object(c.printable()) }

// String tells where passcodes come from, without the command line.
func (p PasscodeConfig) String() string { return sentence(p.printable()) }

// Format prints String for every verb: there is no form that shows secrets.
func (p PasscodeConfig) Format(state fmt.State, verb rune) { format(state, verb, p.String()) }

// MarshalJSON writes what String tells.
func (p PasscodeConfig) MarshalJSON() ([]byte, error) { return object(p.printable()) }
