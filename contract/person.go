package contract

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// learnAudiences keeps the audiences of the resources that a list shows.
func (c *call) learnAudiences() {
	if c.op.items != "resource" {
		return
	}
	for _, r := range list(c.body, "_embedded", "resources") {
		audience := text(r, "audience")
		c.mem.audiences[audience] = true
		c.mem.someUnknown = c.mem.someUnknown || audience == "" && text(r, "type") == "CUSTOM"
	}
}

// personToken holds a token against what was seen of the sign-on, the environment and the person.
func (c *call) personToken(token jwt, flow *signOn) {
	c.issued(token)
	c.organization(token)
	c.policyRan(c.client(), token.claims, token.where, "claims")
	c.signedOnAt(token, flow)
	c.personClaims(text(token.claims, "sub"), token.claims, token.where, "claims")
}

// issued wants a token to have been issued when it was answered.
func (c *call) issued(token jwt) {
	if at, is := number(token.claims, "iat"); is {
		c.justNow(time.Unix(int64(at), 0), moment(at), pageClaims, token.where, "claims", "iat")
	}
}

// inMilliseconds is a time that as a number of seconds lies thousands of years ahead.
const inMilliseconds = 1e11

// moment is a time of a claim, for people.
func moment(seconds float64) string {
	if seconds > inMilliseconds {
		return fmt.Sprintf("%.0f, which are milliseconds", seconds)
	}
	return time.Unix(int64(seconds), 0).UTC().Format(time.RFC3339)
}

// organization wants all tokens of an environment to name one organisation.
func (c *call) organization(token jwt) {
	org := text(token.claims, "org")
	if known := c.mem.organizations[c.environment()]; known != "" && org != "" {
		c.claim(token, "org", known, pageClaims)
	} else if org != "" {
		c.mem.organizations[c.environment()] = org
	}
}

// policyRan wants acr, where it is there, to be a sign-on policy that is assigned to the application, by name or id.
func (c *call) policyRan(client string, claims any, where ...string) {
	acr := text(claims, "acr")
	assigned := c.mem.assigned[client]
	var names []string
	for _, id := range assigned {
		if id == acr {
			return
		}
		if name := c.mem.policies[id]; name != "" {
			names = append(names, name)
		}
	}
	if acr != "" && len(names) > 0 && len(names) == len(assigned) && !slices.Contains(names, acr) {
		c.fail(ruleToken, pointer(join(where, "acr")...), "the sign-on policy that ran, "+strings.Join(names, " or "), show(acr), pageClaims)
	}
}

// signedOnAt wants auth_time of a person who has shown a factor in the flow not to lie before it.
func (c *call) signedOnAt(token jwt, flow *signOn) {
	at, is := number(token.claims, "auth_time")
	if !is || flow == nil || !flow.proven || flow.begun.IsZero() {
		return
	}
	if issued, _ := number(token.claims, "iat"); token.where == "id_token" && int64(at) == int64(issued/1000) {
		c.note(ruleToken, pointer(token.where, "claims", "auth_time"), "seconds", "a thousandth of iat, as in one recorded token", pageIDToken)
		return
	}
	if time.Unix(int64(at), 0).Before(flow.begun.Add(-c.differ())) {
		c.fail(rulePast, pointer(token.where, "claims", "auth_time"), "not before the sign-on began, "+flow.begun.UTC().Format(time.RFC3339), moment(at), pageIDToken)
	}
}

// forWhom wants an access token to be for resources that were listed, or for PingOne's own API.
func (c *call) forWhom(token jwt) {
	if len(c.mem.audiences) == 0 || c.mem.someUnknown {
		return
	}
	for _, audience := range audiences(token.claims["aud"]) {
		if !c.mem.audiences[audience] && !forPlatform(audience) && audience != c.client() {
			c.fail(ruleToken, pointer(token.where, "claims", "aud"), "the audience of a resource that was listed, or PingOne's own API", show(audience), pageClaims)
		}
	}
}

// recorded are the claims of a person, each with where the person's record has the same.
//
// https://developer.pingidentity.com/pingone-api/auth/openid-connect-oauth-2.html
var recorded = map[string][]string{
	"preferred_username": {"username"},
	"given_name":         {"name", "given"},
	"middle_name":        {"name", "middle"},
	"family_name":        {"name", "family"},
	"email":              {"email"},
	"nickname":           {"nickname"},
}

// personClaims wants what is said of a person, at where, to be what the person's record says, as far as it was seen.
func (c *call) personClaims(person string, claims any, where ...string) {
	profile := c.mem.profiles[person]
	if profile == nil {
		return
	}
	for claim, path := range recorded {
		want, got := text(profile, path...), text(claims, claim)
		if got != "" && want != "" && got != want {
			c.fail(ruleToken, pointer(join(where, claim)...), fmt.Sprintf("%q, as the record of the person has it", want), show(got), pageClaims)
		}
	}
	c.nameClaim(profile, claims, where)
	c.phoneClaim(profile, claims, where)
	if at, is := number(claims, "updated_at"); is {
		c.notAhead(time.Unix(int64(at), 0), moment(at), pageClaims, join(where, "updated_at")...)
		if created, tells := momentAt(profile, "createdAt"); tells && time.Unix(int64(at), 0).Before(created.Add(-c.differ())) {
			c.fail(ruleTimes, pointer(join(where, "updated_at")...), "not before the person's record was created, "+text(profile, "createdAt"), moment(at), pageClaims)
		}
	}
}

// nameClaim wants a whole name to be the person's, however it is put together: one of its parts is in it.
func (c *call) nameClaim(profile, claims any, where []string) {
	got, parts := text(claims, "name"), texts(slices.Collect(maps.Values(object(profile, "name"))))
	if got == "" || len(parts) == 0 || slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(got, part) }) {
		return
	}
	c.fail(ruleToken, pointer(join(where, "name")...), "a name of the person's record, "+strings.Join(slices.Sorted(slices.Values(parts)), ", "), show(got), pageClaims)
}

// phoneClaim wants a telephone number to be one of the person's, however it is spelled.
func (c *call) phoneClaim(profile, claims any, where []string) {
	got := digits(text(claims, "phone_number"))
	if got == "" {
		return
	}
	for _, member := range []string{"mobilePhone", "primaryPhone"} {
		if digits(text(profile, member)) == got {
			return
		}
	}
	c.fail(ruleToken, pointer(join(where, "phone_number")...), "a number of the person's record", "another, not shown", pageClaims)
}
