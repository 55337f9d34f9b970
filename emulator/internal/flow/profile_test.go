package flow

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/tenant"
)

// A hint says who somebody claims to be: nobody is asked for, or gives, profile data on its word.
func TestProfileDataIsAskedOfWhoHasSignedOn(t *testing.T) {
	b := newBench(t)
	f := b.begin(Request{Hinted: b.anna}, profiling)
	require.Equal(t, Failed, f.Status)
	require.Contains(t, f.Failure.Message, "only of a person who has signed on")
	require.Empty(t, f.Asked)
	require.Empty(t, b.anna.Prompted)
}

func TestWhichValuesAProfileTakes(t *testing.T) {
	asked := []tenant.ProfileAttribute{{Name: "mobilePhone"}, {Name: "email"}, {Name: "title"}, {Name: "address.postalCode"}}
	for name, row := range map[string]struct {
		given         object
		fault, target string
	}{
		"all of them":           {object{"mobilePhone": "+1.5125550101", "email": "anna@example.com", "title": "Tester", "address": object{"postalCode": "78701"}}, "", ""},
		"one":                   {object{"title": "Tester"}, "", ""},
		"null for one":          {object{"title": nil}, "", ""},
		"as long as may be":     {object{"title": strings.Repeat("ü", 256)}, "", ""},
		"too long":              {object{"title": strings.Repeat("ü", 257)}, "INVALID_VALUE", "title"},
		"a number":              {object{"title": 7.0}, "INVALID_VALUE", "title"},
		"nothing":               {object{"title": ""}, "EMPTY_VALUE", "title"},
		"blanks":                {object{"title": "  "}, "EMPTY_VALUE", "title"},
		"no telephone number":   {object{"mobilePhone": "call me"}, "INVALID_VALUE", "mobilePhone"},
		"no address of e-mail":  {object{"email": "anna at example"}, "INVALID_VALUE", "email"},
		"one not asked for":     {object{"nickname": "Annie"}, "INVALID_VALUE", "nickname"},
		"one not asked for, no": {object{"nickname": nil}, "INVALID_VALUE", "nickname"},
		"one beside one":        {object{"address": object{"postalCode": "78701", "region": "TX"}}, "INVALID_VALUE", "address.region"},
		"a text for many":       {object{"address": "78701"}, "INVALID_VALUE", "address"},
		"many for a text":       {object{"address": object{"postalCode": object{"code": "78701"}}}, "INVALID_VALUE", "address.postalCode"},
		"the password":          {object{"password": "x"}, "INVALID_VALUE", "password"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.anna.Profile["mobilePhone"], b.anna.Profile["address"] = "", object{"countryCode": "US"}
			f := b.begin(Request{}, login, tenant.Action{Type: tenant.ActionProfiling, Attributes: asked})
			b.play(f, move{CheckPassword, right, "", ProfileRequired})
			require.Equal(t, asked, f.Asked, "an empty value is none")
			b.Now = b.Now.Add(1)
			before := b.anna.UpdatedAt
			if row.fault != "" {
				b.play(f, move{UpdateUser, row.given, row.fault, ProfileRequired})
				require.Equal(t, row.target, b.Act(b.Visit, f, UpdateUser, row.given).Details[0].Target)
				require.Equal(t, before, b.anna.UpdatedAt)
				require.Empty(t, b.anna.Prompted)
				return
			}
			b.play(f, move{UpdateUser, row.given, "", Completed})
			require.Len(t, b.anna.Prompted, 4, "whatever was given, all were asked for")
			require.Equal(t, "US", b.anna.Profile["address"].(object)["countryCode"])
			if name == "null for one" {
				require.NotContains(t, b.anna.Profile, "title")
				require.Equal(t, before, b.anna.UpdatedAt)
				return
			}
			require.Equal(t, row.given["title"], b.anna.Profile["title"])
			require.Equal(t, b.Now, b.anna.UpdatedAt)
			if mail, sent := row.given["email"].(string); sent {
				found, _ := b.Env.Found("email", mail)
				require.Equal(t, []*tenant.User{b.anna}, found, "whoever looks for it finds her")
			}
		})
	}
}

// What cannot be done after a proof, or after a prompt, is told by the call that led there.
func TestWhatComesAfterIsTold(t *testing.T) {
	unknown := tenant.Action{Type: "AGREEMENT"}
	b := newBench(t, "anna@example.com")
	f := b.begin(Request{}, login, mfa, unknown)
	b.play(f, move{CheckPassword, right, "", PasscodeRequired}, move{CheckPasscode, object{"otp": "sent"}, "REQUEST_FAILED", Failed})
	require.Contains(t, f.Failure.Message, "AGREEMENT")
	f = b.begin(Request{}, login, profiling, unknown)
	b.play(f, move{CheckPassword, right, "", ProfileRequired}, move{UpdateUser, object{}, "REQUEST_FAILED", Failed})
}

// Whom a flow changes is known before anything is proven, so that a change can be told of.
func TestWhomAFlowIsAbout(t *testing.T) {
	b := newBench(t)
	f := b.begin(Request{}, recovering())
	require.Empty(t, f.About())
	b.play(f, move{ForgotPassword, object{"username": "anna"}, "", RecoveryCodeRequired})
	require.Equal(t, b.anna.ID, f.About())
	require.Empty(t, f.UserID)
	b.play(f, move{ForgotPassword, object{"username": "nobody"}, "", RecoveryCodeRequired})
	require.Empty(t, f.About())
	require.Equal(t, b.anna.ID, b.begin(Request{Hinted: b.anna}, login).About())
}

func TestWhichActionsTakeNoBody(t *testing.T) {
	for action, bare := range map[string]bool{SendRecoveryCode: true, SendVerificationCode: true, ResetSession: true, CheckPassword: false, UpdateUser: false} {
		require.Equal(t, bare, Bare(action), action)
	}
}
