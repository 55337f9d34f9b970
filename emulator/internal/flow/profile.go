package flow

import (
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"pingone-conformance/emulator/internal/tenant"
)

// beginProfiling asks for the attributes that the person has no value for.
// Optional ones are left in peace for the interval after the last time they were
// asked for, answered or not. An action that does not want to be the second in
// a flow is passed over when another has asked.
//
// https://docs.pingidentity.com/pingone/authentication/p1_add_progressive_profiling.html
func (e *Engine) beginProfiling(at Visit, f *Flow, action *tenant.Action) step {
	u := f.person(at)
	if u == nil || !f.Authenticated() {
		return f.fail(&Failure{Code: "REQUEST_FAILED", Message: "Profile data can be asked only of a person who has signed on."})
	}
	if !e.Profiles(f.profiled, action) {
		return stepDone
	}
	f.Asked = nil
	interval := time.Duration(action.PromptIntervalSeconds) * time.Second
	for _, attribute := range action.Attributes {
		spared := e.Spares(u.Prompted[attribute.Name], interval, at.Now)
		if !e.Known(u.Profile, attribute.Name) && e.Asks(attribute, spared) {
			f.Asked = append(f.Asked, attribute)
		}
	}
	if len(f.Asked) == 0 {
		return stepDone
	}
	f.profiled = true
	return f.wait(ProfileRequired)
}

// updateUser takes the attributes that were asked for, shaped like the user
// resource: address.postalCode comes as {"address":{"postalCode":…}}. Optional
// ones may be left out; leaving out all of them skips the prompt. What was not
// asked for may not be set: nobody has given this browser the right to.
//
// https://developer.pingidentity.com/pingone-api/auth/flows/registration-and-verification/user-profile-update.html
func (e *Engine) updateUser(at Visit, f *Flow, input map[string]any) *Refusal {
	u := f.person(at)
	if u == nil {
		return unusable()
	}
	given, faults := attributesOf(input, f.Asked)
	for _, attribute := range f.Asked {
		value, there := given[attribute.Name]
		switch {
		case there:
			faults = append(faults, e.Faults(attribute.Name, value)...)
		case e.Insists(attribute):
			faults = append(faults, Detail{Code: "REQUIRED_VALUE", Target: attribute.Name, Message: "A required value is missing."})
		}
	}
	if len(faults) > 0 {
		return &Refusal{Invalid, faults}
	}
	if u.Prompted == nil {
		u.Prompted = map[string]time.Time{}
	}
	for _, attribute := range f.Asked {
		u.Prompted[attribute.Name] = at.Now
	}
	e.Store(u, given, at.Now)
	at.Env.PutUser(u)
	f.Asked = nil
	return e.done(at, f)
}

func store(u *tenant.User, given map[string]any, now time.Time) {
	for _, path := range slices.Sorted(maps.Keys(given)) {
		u.Profile = withValue(u.Profile, path, given[path])
		u.UpdatedAt = now
	}
}

// attributesOf flattens the input to the paths that were asked for; null counts
// as left out. Every other member is a fault.
func attributesOf(input map[string]any, asked []tenant.ProfileAttribute) (map[string]any, []Detail) {
	given := map[string]any{}
	var faults []Detail
	var walk func(prefix string, members map[string]any)
	walk = func(prefix string, members map[string]any) {
		for _, name := range slices.Sorted(maps.Keys(members)) {
			path, value := prefix+name, members[name]
			isAsked := slices.ContainsFunc(asked, func(a tenant.ProfileAttribute) bool { return a.Name == path })
			leads := slices.ContainsFunc(asked, func(a tenant.ProfileAttribute) bool { return strings.HasPrefix(a.Name, path+".") })
			nested, isObject := value.(map[string]any)
			switch {
			case isAsked && value == nil:
			case isAsked:
				given[path] = value
			case leads && isObject:
				walk(path+".", nested)
			default:
				faults = append(faults, Detail{Code: "INVALID_VALUE", Target: path, Message: "The attribute was not asked for."})
			}
		}
	}
	walk("", input)
	return given, faults
}

const maxAttribute = 256

// attributeFaults checks a value. Profiling asks for string attributes only;
// telephone numbers follow the loose rule of the user resource.
func attributeFaults(path string, value any) []Detail {
	word, ok := value.(string)
	last := path[strings.LastIndex(path, ".")+1:]
	switch {
	case !ok:
		return []Detail{{Code: "INVALID_VALUE", Target: path, Message: "The value is not a string."}}
	case strings.TrimSpace(word) == "":
		return []Detail{{Code: "EMPTY_VALUE", Target: path, Message: "The value is empty."}}
	case strings.HasSuffix(strings.ToLower(last), "phone") && !tenant.ValidPhone(word),
		last == "email" && !tenant.ValidEmail(word),
		utf8.RuneCountInString(word) > maxAttribute:
		return []Detail{{Code: "INVALID_VALUE", Target: path, Message: "The value is not valid."}}
	}
	return nil
}

func hasValue(profile map[string]any, path string) bool {
	head, rest, nested := strings.Cut(path, ".")
	value := profile[head]
	if nested {
		members, _ := value.(map[string]any)
		return hasValue(members, rest)
	}
	return value != nil && value != ""
}

// withValue is a profile with a value at a path. Objects on the way are copied,
// since an answer may still hold the old ones.
func withValue(members map[string]any, path string, value any) map[string]any {
	copied := make(map[string]any, len(members)+1)
	for name, member := range members {
		copied[name] = member
	}
	head, rest, nested := strings.Cut(path, ".")
	if nested {
		inner, _ := copied[head].(map[string]any)
		value = withValue(inner, rest, value)
	}
	copied[head] = value
	return copied
}
