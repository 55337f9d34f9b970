package contract

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestWhatSaysTheSameIsPrintedOnce(t *testing.T) {
	seen := NewObservations()
	seen.Add(Report{Observations: []Finding{
		{Operation: "Any call", Rule: ruleFact, Where: "cookie ST", Want: "Secure", Got: "HttpOnly", Source: "https://a.example.com"},
		{Operation: "Any call", Rule: ruleFact, Where: "cookie ST-NO-SS", Want: "Secure", Got: "HttpOnly", Source: "https://a.example.com"},
		{Operation: "Check", Rule: ruleFact, Where: "status", Want: "400 or 429", Got: "429", Source: "https://a.example.com"},
		{Operation: "Check", Rule: ruleFact, Where: "status", Want: "401, in reports", Got: "401", Source: "https://b.example.com"},
		{Operation: "Check", Rule: ruleFact, Where: "status", Want: "401, in reports", Got: "401", Source: "https://b.example.com"},
		{Operation: "Create", Rule: "user#/required", Where: "/theme", Want: present, Got: nothing, Source: "https://a.example.com"},
		{Operation: "Read", Rule: "keys#/required", Where: "/keys/7/x5c", Want: present, Got: nothing, Source: "https://b.example.com"},
		{Operation: "Read", Rule: ruleUnknown, Where: "/mood", Want: "nothing of that name", Got: "a text", Source: "https://a.example.com"},
		{Operation: "Read", Rule: ruleUnknown, Where: "/shoeSize", Want: "nothing of that name", Got: "a number", Source: "https://a.example.com"},
	}})
	for _, kind := range []string{"has expired", "names nobody"} {
		seen.Outcome("a token that "+kind, "302 redirect to /01234567-89ab-4cde-8f01-23456789abcd/signon/")
	}
	seen.Outcome("a call", "400")
	var text strings.Builder
	seen.Print(&text)
	require.Equal(t, `   2 × Any call, cookie ST | ST-NO-SS: HttpOnly
       contract (inferred): Secure — https://a.example.com
   3 × Check, status: 401 (2); 429 (1)
       contract (inferred): 401, in reports; 400 or 429 — https://b.example.com, https://a.example.com
   2 × members that are not there: Create /theme (1); Read /keys/*/x5c (1)
       contract (inferred): there, by one source or example each — https://a.example.com, https://b.example.com
   2 × Read, members nobody names: /mood, a text (1); /shoeSize, a number (1)
       contract (inferred): nothing of that name — https://a.example.com
   1 × a call: 400
   2 × a token that has expired | names nobody: 302 redirect to /{id}/signon/
`, text.String())
	list := seen.List()
	require.Len(t, list, 6)
	require.Equal(t, Observed{2, "Any call, cookie ST | ST-NO-SS", []string{"HttpOnly"}, []string{"Secure"}, []string{"https://a.example.com"}}, list[0])
	require.Equal(t, Observed{
		3, "Check, status", []string{"401 (2)", "429 (1)"}, []string{"401, in reports", "400 or 429"}, []string{"https://b.example.com", "https://a.example.com"},
	}, list[1])
	require.Equal(t, Observed{Times: 1, What: "a call", Seen: []string{"400"}, Expected: []string{"not documented"}}, list[4], "no page speaks of it")
}

func TestASubjectIsNeverEmpty(t *testing.T) {
	for _, row := range []struct {
		all  []string
		want string
	}{
		{[]string{"one"}, "one"},
		{[]string{"a sign-on", "a sign-on of Anna"}, "a sign-on | sign-on of Anna"},
		{[]string{"Create, status", "Delete, status"}, "Create, status | Delete, status"},
		{[]string{"a sign-on of Anna", "a sign-on of Ben", "a sign-on by hint"}, "a sign-on of Anna | of Ben | by hint"},
	} {
		require.Equal(t, row.want, joined(row.all))
	}
}

func TestALifetimeIsRounded(t *testing.T) {
	for span, want := range map[time.Duration]string{
		15*time.Minute - 8*time.Millisecond: "about 15 minutes", time.Hour + time.Second: "about 60 minutes",
		30 * time.Second: "about 30 seconds", 24*time.Hour - time.Millisecond: "about 24 hours",
		2*time.Minute - time.Second: "about 120 seconds", 2 * time.Minute: "about 2 minutes", 2*time.Hour - time.Minute: "about 119 minutes", 2 * time.Hour: "about 2 hours",
	} {
		require.Equal(t, want, about(span), span)
	}
}
