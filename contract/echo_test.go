package contract

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What was sent comes back as it was sent, but for what no page promises and for how a number is spelled.
func TestWhatComesBackIsWhatWasSent(t *testing.T) {
	for _, row := range []struct{ what, schema, sent, got, broken, observed string }{
		{"the same", "", `{"a":{"b":[1,"x",true]}}`, `{"a":{"b":[1,"x",true],"c":1},"d":1}`, "", ""},
		{"a number in other digits", "", `{"a":1}`, `{"a":1.0}`, "", ""},
		{"another number", "", `{"a":1}`, `{"a":2}`, "/a", ""},
		{"a number as a text", "", `{"a":1}`, `{"a":"1"}`, "/a", ""},
		{"a text as a number", "", `{"a":"1"}`, `{"a":1}`, "/a", ""},
		{"zero for a text", "", `{"a":"x"}`, `{"a":0}`, "/a", ""},
		{"a text for zero", "", `{"a":0}`, `{"a":"x"}`, "/a", ""},
		{"another truth", "", `{"a":true}`, `{"a":false}`, "/a", ""},
		{"null", "", `{"a":null}`, `{"a":1}`, "", ""},
		{"nothing of a member", "", `{"a":{"b":1}}`, `{}`, "/a", ""},
		{"nothing of an inner member", "", `{"a":{"b":1,"c":1}}`, `{"a":{"b":1}}`, "/a/c", ""},
		{"a list for an object", "", `{"a":{"b":1}}`, `{"a":[]}`, "/a", ""},
		{"no object at all", "", `{"a":1}`, `[]`, "", ""},
		{"a list that is longer", "", `{"a":[1]}`, `{"a":[1,2]}`, "/a", ""},
		{"a list that is shorter", "", `{"a":[1,2]}`, `{"a":[1]}`, "/a", ""},
		{"an empty list", "", `{"a":[]}`, `{"a":[]}`, "", ""},
		{"nothing for an empty list", "", `{"a":[]}`, `{}`, "/a", ""},
		{"numbers in another order", "", `{"a":[1,2]}`, `{"a":[2,1]}`, "/a/0 /a/1", ""},
		{"texts in another order", "", `{"a":["x","y"]}`, `{"a":["y","x"]}`, "", ""},
		{"another text in a list", "", `{"a":["x","y"]}`, `{"a":["y","z"]}`, "/a", ""},
		{"ids in another order", "", `{"a":[{"id":"1","v":1},{"id":"2","v":2}]}`, `{"a":[{"id":"2","v":2},{"id":"1","v":3}]}`, "/a/1/v", ""},
		{"an id that is another", "", `{"a":[{"id":"1"}]}`, `{"a":[{"id":"2"}]}`, "/a", ""},
		{"an id that is another, of the same name", "", `{"a":[{"id":"1","name":"n"}]}`, `{"a":[{"id":"2","name":"n"}]}`, "/a", ""},
		{"a name that has got an id", "", `{"a":[{"name":"n"},{"name":"m"}]}`, `{"a":[{"id":"2","name":"m"},{"id":"1","name":"n"}]}`, "", ""},
		{"a name that is another", "", `{"a":[{"name":"n"}]}`, `{"a":[{"name":"m"}]}`, "/a", ""},

		{"a policy that does not come back", "device", `{"policy":{"id":"1"}}`, `{}`, "", "/policy"},
		{"a policy that is another", "device", `{"policy":{"id":"1"}}`, `{"policy":{"id":"2"}}`, "/policy/id", ""},
		{"a policy of something else that does not come back", "application", `{"policy":{"id":"1"}}`, `{}`, "/policy", ""},
		{"a password", "user", `{"password":{"value":"x"}}`, `{}`, "", "/password"},
		{"a list that does not come back", "sign-on-policy-action", `{"applications":[{"id":"1"}]}`, `{}`, "", "/applications"},
		{"a list that comes back in part", "sign-on-policy-action", `{"applications":[{"id":"1"},{"id":"2"}]}`, `{"applications":[{"id":"1"}]}`, "", "/applications"},
		{"a list that promises to come back", "sign-on-policy-action", `{"attributes":["a","b"]}`, `{"attributes":["a"]}`, "/attributes", ""},
		{"a flag that came back otherwise", "sign-on-policy-action", `{"sms":{"enabled":true}}`, `{"sms":{"enabled":false}}`, "/sms/enabled", ""},
		{"a default as a text", "sign-on-policy", `{"default":"false"}`, `{"default":false}`, "", "/default"},
		{"another default", "sign-on-policy", `{"default":"false"}`, `{"default":true}`, "/default", ""},
		{"no default", "sign-on-policy", `{"default":"false"}`, `{}`, "/default", ""},
		{"another member as a text", "sign-on-policy", `{"name":"7"}`, `{"name":7}`, "/name", ""},
		{"a default of a device policy as a text", "device-authentication-policy", `{"default":"false"}`, `{"default":false}`, "/default", ""},

		{"a number in another spelling", "device", `{"phone":"+1.5125550155"}`, `{"phone":"+15125550155"}`, "", "/phone"},
		{"a person's number in another spelling", "user", `{"mobilePhone":"+1.5125550155","primaryPhone":"+1 512 555 0166"}`, `{"mobilePhone":"+15125550155","primaryPhone":"+1-5125550166"}`, "", "/mobilePhone /primaryPhone"},
		{"another number", "device", `{"phone":"+15125550155"}`, `{"phone":"+15125550156"}`, "/phone", ""},
		{"no number", "device", `{"phone":"+15125550155"}`, `{}`, "/phone", ""},
		{"a name in another spelling", "user", `{"nickname":"a-1"}`, `{"nickname":"a 1"}`, "/nickname", ""},
	} {
		t.Run(row.what, func(t *testing.T) {
			wanted, err := decode([]byte(row.sent))
			require.NoError(t, err)
			got, err := decode([]byte(row.got))
			require.NoError(t, err)
			c := &call{op: &operation{answer: row.schema}}
			c.compare(wanted, got, nil, nil, ruleEcho)
			c.report.sort()
			require.Equal(t, row.broken, strings.Join(where(c.report.Violations), " "))
			require.Equal(t, row.observed, strings.Join(where(c.report.Observations), " "))
		})
	}
}

// A patch lays what it says over what was there.
func TestWhatIsLeftAfterAPatch(t *testing.T) {
	for _, row := range []struct{ base, change, want string }{
		{`{"a":1,"b":{"c":1,"d":1}}`, `{"b":{"c":2},"e":3}`, `{"a":1,"b":{"c":2,"d":1},"e":3}`},
		{`{"a":1,"b":2}`, `{"a":null}`, `{"b":2}`},
		{`{"a":{"b":1}}`, `{"a":[1]}`, `{"a":[1]}`},
		{`{"a":1}`, `{"a":{"b":1}}`, `{"a":{"b":1}}`},
		{`null`, `{"a":{"b":1}}`, `{"a":{"b":1}}`},
		{`{"a":1}`, `7`, `7`},
	} {
		base, err := decode([]byte(row.base))
		require.NoError(t, err)
		change, err := decode([]byte(row.change))
		require.NoError(t, err)
		want, err := decode([]byte(row.want))
		require.NoError(t, err)
		require.Equal(t, want, merged(base, change))
		unchanged, err := decode([]byte(row.base))
		require.NoError(t, err)
		require.Equal(t, unchanged, base, "what was there is left alone")
	}
	v := claims{"a": 1, "b": 2, "c": 3}
	require.Equal(t, claims{"b": 2}, without(v, "a", "c", "d"))
	require.Len(t, v, 3)
	require.Equal(t, 7, without(7, "a"))
}
