package signon

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// beginProfiling asks for the attributes that the person has no value for.
// Optional ones are left in peace for the interval after the last time they were
// asked for, answered or not. An action that does not want to be the second in
// a flow is passed over when another has asked.
//
// https://docs.pingidentity.com/pingone/authentication/p1_add_progressive_profiling.html
func (s *Server) beginProfiling(v *visit, f *flow, action *tenant.Action) step {
	u := f.someone(v)
	if u == nil || !f.authenticated() {
		return f.fail(&failure{Code: "REQUEST_FAILED", Message: "Profile data can be asked only of a person who has signed on."})
	}
	if f.profiled && action.PreventMultiplePromptsPerFlow || s.tenant.Deviates("profiling-skipped") {
		return stepDone
	}
	f.asked = nil
	interval := time.Duration(action.PromptIntervalSeconds) * time.Second
	for _, attribute := range action.Attributes {
		last, before := u.Prompted[attribute.Name]
		waiting := s.spared(before, v.now.Before(last.Add(interval)))
		known := hasValue(u.Profile, attribute.Name) && !s.tenant.Deviates("known-attribute-asked")
		if !known && (attribute.Required || !waiting) {
			f.asked = append(f.asked, attribute)
		}
	}
	if len(f.asked) == 0 {
		return stepDone
	}
	f.profiled = true
	return f.wait(statusProfile)
}

// updateUser takes the attributes that were asked for, shaped like the user
// resource: address.postalCode comes as {"address":{"postalCode":…}}. Optional
// ones may be left out; leaving out all of them skips the prompt. What was not
// asked for may not be set: nobody has given this browser the right to.
//
// https://developer.pingidentity.com/pingone-api/auth/flows/registration-and-verification/user-profile-update.html
func (s *Server) updateUser(v *visit, f *flow, body object) *wire.Problem {
	u := f.someone(v)
	if u == nil {
		return cannot("ACCOUNT_NOT_USABLE", "The account cannot be used.", nil)
	}
	given, faults := attributesOf(body, f.asked)
	for _, attribute := range f.asked {
		value, there := given[attribute.Name]
		switch {
		case there:
			faults = append(faults, s.attributeFaults(attribute.Name, value)...)
		case s.insists(attribute):
			faults = append(faults, wire.Detail{Code: "REQUIRED_VALUE", Target: attribute.Name, Message: "A required value is missing."})
		}
	}
	if len(faults) > 0 {
		p := wire.InvalidData(faults...)
		return &p
	}
	s.store(v, u, f.asked, given)
	f.asked = nil
	s.done(v, f)
	return f.failed()
}

func (s *Server) store(v *visit, u *tenant.User, asked []tenant.ProfileAttribute, given map[string]any) {
	if u.Prompted == nil {
		u.Prompted = map[string]time.Time{}
	}
	for _, attribute := range asked {
		u.Prompted[attribute.Name] = v.now
	}
	if s.tenant.Deviates("profile-not-stored") {
		return
	}
	if s.tenant.Deviates("profile-overwrites") {
		setValue(u, "name", map[string]any{"formatted": u.Username()})
	}
	for _, path := range sortedKeys(given) {
		setValue(u, path, given[path])
		u.UpdatedAt = v.now
	}
}

// attributesOf flattens the body to the paths that were asked for; null counts
// as left out. Every other member is a fault.
func attributesOf(body object, asked []tenant.ProfileAttribute) (map[string]any, []wire.Detail) {
	given := map[string]any{}
	var faults []wire.Detail
	var walk func(prefix string, members object)
	walk = func(prefix string, members object) {
		for _, name := range sortedKeys(members) {
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
				faults = append(faults, wire.Detail{Code: "INVALID_VALUE", Target: path, Message: "The attribute was not asked for."})
			}
		}
	}
	walk("", body)
	return given, faults
}

const maxAttribute = 256

// attributeFaults checks a value. Profiling asks for string attributes only;
// telephone numbers follow the loose rule of the user resource.
func (s *Server) attributeFaults(path string, value any) []wire.Detail {
	if s.tenant.Deviates("profile-not-validated") {
		return nil
	}
	word, ok := value.(string)
	last := path[strings.LastIndex(path, ".")+1:]
	switch {
	case !ok:
		return []wire.Detail{{Code: "INVALID_VALUE", Target: path, Message: "The value is not a string."}}
	case strings.TrimSpace(word) == "":
		return []wire.Detail{{Code: "EMPTY_VALUE", Target: path, Message: "The value is empty."}}
	case strings.HasSuffix(strings.ToLower(last), "phone") && !tenant.ValidPhone(word),
		last == "email" && !tenant.ValidEmail(word),
		utf8.RuneCountInString(word) > maxAttribute:
		return []wire.Detail{{Code: "INVALID_VALUE", Target: path, Message: "The value is not valid."}}
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

// setValue writes a path into the person's profile. Objects on the way are
// copied, since an answer may still hold the old ones.
func setValue(u *tenant.User, path string, value any) {
	u.Profile = withValue(u.Profile, path, value)
}

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

// showAttributes lists what is asked for. The vendor's table calls the path
// schemaPropertyName, the vendor's sample client reads name: both are sent.
func showAttributes(asked []tenant.ProfileAttribute) []object {
	shown := []object{}
	for _, attribute := range asked {
		shown = append(shown, object{
			"name": attribute.Name, "schemaPropertyName": attribute.Name,
			"displayName": displayName(attribute.Name), "required": attribute.Required,
		})
	}
	return shown
}

// displayName makes words of a path: mobilePhone becomes "Mobile Phone",
// name.given "Given Name".
func displayName(path string) string {
	if part, ok := strings.CutPrefix(path, "name."); ok {
		path = part + "Name"
	}
	var words strings.Builder
	for i, c := range path[strings.LastIndex(path, ".")+1:] {
		switch {
		case i == 0:
			c = unicode.ToUpper(c)
		case unicode.IsUpper(c):
			words.WriteRune(' ')
		}
		words.WriteRune(c)
	}
	return words.String()
}
