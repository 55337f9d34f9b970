package config

import (
	"errors"
	"fmt"
	"math"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"time"

	"pingone-conformance/client"
	"pingone-conformance/internal/lazy"
)

// Faults is every fault of a configuration, one line each, beginning with the
// variable's name.
type Faults []string

// Error gives all faults, one a line.
func (f Faults) Error() string { return strings.Join(f, "\n") }

func (f Faults) err() error {
	if len(f) == 0 {
		return nil
	}
	return f
}

// reader reads variables and gathers what is wrong with them.
type reader struct {
	lookup func(string) (string, bool)
	faults Faults
}

func (r *reader) fault(name, format string, args ...any) {
	r.faults = append(r.faults, name+": "+fmt.Sprintf(format, args...))
}

// text reads a variable; "" means not set.
func (r *reader) text(name string) string {
	value, _ := r.lookup(name)
	if value != strings.TrimSpace(value) {
		r.fault(name, "begins or ends with white space")
		return ""
	}
	return value
}

// demand makes a variable obligatory in live mode.
func (r *reader) demand(name, what string) { r.demandFor(name, "PINGONE_MODE=live", what) }

func (r *reader) demandFor(name, why, what string) {
	if value, _ := r.lookup(name); value == "" {
		r.fault(name, "is missing; %s needs it: %s", why, what)
	}
}

// longestShown is how many letters of a value a message repeats.
const longestShown = 40

// cut shortens what a message repeats.
func cut(text string) string { return cutTo(text, longestShown) }

func cutTo(text string, most int) string {
	if letters := []rune(text); len(letters) > most {
		return string(letters[:most]) + "…"
	}
	return text
}

// quoted is a value as a message repeats it: short, and on one line.
func quoted(value string) string { return strconv.Quote(cut(value)) }

// oneOf reads a variable that has a few allowed values.
func (r *reader) oneOf(name, what, usual string, allowed ...string) string {
	value := r.text(name)
	switch {
	case value == "":
		return usual
	case !slices.Contains(allowed, value):
		last := len(allowed) - 1
		r.fault(name, "%s is not a %s; use %s or %s", quoted(value), what, strings.Join(allowed[:last], ", "), allowed[last])
	}
	return value
}

func (r *reader) boolean(name string) bool {
	value := r.text(name)
	if value != "" && value != "true" && value != "false" {
		r.fault(name, "%s is neither true nor false", quoted(value))
	}
	return value == "true"
}

// Calls a second: with fewer than the least a run would take days.
const (
	leastRPS = 0.1
	mostRPS  = 1000
)

// rate reads a number of calls a second; not set means 0, no limit.
func (r *reader) rate(name string) float64 {
	value := r.text(name)
	if value == "" {
		return 0
	}
	number, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsNaN(number) || number < leastRPS || number > mostRPS {
		r.fault(name, "%s is not a number of calls a second from %v to %v, such as 5 or 0.5", quoted(value), leastRPS, mostRPS)
		return 0
	}
	return number
}

// duration reads a time such as 90s or 2m.
func (r *reader) duration(name string, usual time.Duration) time.Duration {
	value := r.text(name)
	if value == "" {
		return usual
	}
	duration, err := time.ParseDuration(value)
	if err != nil || duration < shortest || duration > longest {
		r.fault(name, "%s is not a time from %s to %s, such as 90s or 2m", quoted(value), shortest, longest)
		return usual
	}
	return duration
}

// checked reads a variable that a check may find fault with. The checks do not repeat
// the value: what stands there by mistake may be a secret.
func (r *reader) checked(name string, check func(string) error) string {
	value := r.text(name)
	if value != "" {
		if err := check(value); err != nil {
			r.fault(name, "%s", cutTo(err.Error(), 3*longestShown))
		}
	}
	return value
}

var uuid = lazy.Regexp(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

func checkEnvironmentID(value string) error {
	if !uuid.Get().MatchString(value) {
		return errors.New("is not an environment's id, which is a UUID such as 00000000-0000-4000-8000-000000000000")
	}
	return nil
}

func (r *reader) environmentID(name string) string {
	return strings.ToLower(r.checked(name, checkEnvironmentID))
}

// hosts reads where PingOne is: two URLs, or a region's.
func (r *reader) hosts() (region, apiURL, authURL string) {
	region = r.oneOf("PINGONE_REGION_CODE", "region of PingOne", client.DefaultRegion, client.Regions()...)
	apiURL = r.checked("PINGONE_API_URL", client.CheckAPIURL)
	authURL = r.checked("PINGONE_AUTH_URL", client.CheckAuthURL)
	switch {
	case apiURL == "" && authURL == "":
		apiURL, authURL, _ = client.Region(region) // an unknown region is reported already
		return region, apiURL, authURL
	case apiURL == "":
		r.fault("PINGONE_API_URL", "is missing; PINGONE_AUTH_URL is given, and the two go together")
	case authURL == "":
		r.fault("PINGONE_AUTH_URL", "is missing; PINGONE_API_URL is given, and the two go together")
	}
	return region, apiURL, authURL
}

// A phone number as PingOne takes it: a plus sign, then 7 to 15 digits that may
// be grouped, as in +1.5125550111 or +1 (512) 555-0111.
var (
	phone  = lazy.Regexp(`^\+[0-9][0-9 .()-]*[0-9]$`)
	digits = lazy.Regexp(`[0-9]`)
)

func checkPhone(value string) error {
	if count := len(digits.Get().FindAllString(value, -1)); !phone.Get().MatchString(value) || count < 7 || count > 15 {
		return errors.New("is not an international phone number such as +1.5125550111")
	}
	return nil
}

func checkEmail(value string) error {
	if address, err := mail.ParseAddress(value); err != nil || address.Address != value {
		return errors.New("is not an e-mail address such as anna@example.com")
	}
	return nil
}
