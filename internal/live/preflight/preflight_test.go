package preflight_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
	"pingone-conformance/config"
	"pingone-conformance/internal/live/preflight"
)

var (
	everything = preflight.NeedsOf(config.TestDevice)
	nothing    = preflight.Needs{}
)

// printed runs a check and returns its list, without the lines that say what to do.
func printed(t *testing.T, s *tenant, cfg config.Config, needs preflight.Needs) []string {
	t.Helper()
	findings, err := preflight.Check(t.Context(), s.client(t), cfg, needs)
	require.NoError(t, err)
	for _, f := range findings {
		require.NotEmpty(t, f.Do, "what to do about it: %s", f.What)
	}
	var out bytes.Buffer
	require.NoError(t, preflight.Print(&out, findings))
	lines := []string{}
	for _, line := range strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n") {
		if line != "" && !strings.HasPrefix(line, "        ") {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return lines
}

func TestWhatAnEnvironmentLacks(t *testing.T) {
	rows := []struct {
		name    string
		changes map[string]string
		needs   preflight.Needs
		want    []string
	}{
		{"nothing", nil, everything, []string{}},

		{"the worker's credentials", map[string]string{"token": `401 {"error":"invalid_client"}`}, everything,
			[]string{"STOP  worker application: gets no token: answered 401 invalid_client"}},
		{"a word about the worker's credentials", map[string]string{"token": `401 {"error":"","code":5}`}, everything,
			[]string{"STOP  worker application: gets no token: answered 401"}},
		{"a token that was given", map[string]string{"token": `400 {"access_token":"worker-token"}`}, everything,
			[]string{"STOP  worker application: gets no token: answered 400"}},
		{"a token in the answer", map[string]string{"token": `200 {}`}, everything,
			[]string{"STOP  worker application: gets no token: answered 200"}},

		{"a type that can be read", map[string]string{envID: refused}, everything,
			[]string{"STOP  environment type: could not look: answered 403 ACCESS_FAILED; it might be PRODUCTION"}},
		{"a type at all", map[string]string{envID: `200 {"id":"` + envID + `"}`}, everything,
			[]string{"STOP  environment type: could not look: answered 200; it might be PRODUCTION"}},
		{"the right environment's type", map[string]string{envID: `200 {"id":"` + otherID + `","type":"SANDBOX"}`}, everything,
			[]string{"STOP  environment type: could not look: answered 200; it might be PRODUCTION"}},
		{"an answer that counts", map[string]string{envID: `500 {"id":"` + envID + `","type":"SANDBOX","status":"ACTIVE"}`}, everything,
			[]string{"STOP  environment type: could not look: answered 500; it might be PRODUCTION"}},
		{"a type that can be read, before anything else", map[string]string{envID: refused, "billOfMaterials": refused, "users": refused}, everything,
			[]string{"STOP  environment type: could not look: answered 403 ACCESS_FAILED; it might be PRODUCTION"}},
		{"harmlessness", map[string]string{envID: `200 {"id":"` + envID + `","type":"PRODUCTION","status":"ACTIVE"}`}, everything,
			[]string{"STOP  environment type: it is PRODUCTION, which may hold real people"}},
		{"a type that we know", map[string]string{envID: `200 {"id":"` + envID + `","type":"STAGING"}`}, everything,
			[]string{"STOP  environment type: it is STAGING, which may hold real people"}},
		{"life", map[string]string{envID: `200 {"id":"` + envID + `","type":"SANDBOX","status":"DELETE_PENDING"}`}, everything,
			[]string{"STOP  environment status: it is DELETE_PENDING"}},

		{"MFA", map[string]string{"billOfMaterials": `200 {"products":[{"type":"PING_ONE_BASE"}]}`}, everything,
			[]string{"STOP  bill of materials: PING_ONE_MFA is not in it"}},
		{"MFA that nobody needs", map[string]string{"billOfMaterials": `200 {"products":[]}`}, nothing,
			[]string{"note  bill of materials: PING_ONE_MFA is not in it"}},
		{"a readable bill of materials", map[string]string{"billOfMaterials": refused}, everything,
			[]string{"note  bill of materials: could not look: answered 403 ACCESS_FAILED"}},
		{"a bill of materials that counts", map[string]string{"billOfMaterials": `500 {"products":[{"type":"PING_ONE_MFA"}]}`}, everything,
			[]string{"note  bill of materials: could not look: answered 500"}},
		{"products in the bill of materials", map[string]string{"billOfMaterials": `200 {"products":"PING_ONE_MFA"}`}, everything,
			[]string{"note  bill of materials: could not look: answered 200"}},
		{"a licence for text messages", map[string]string{envID: `200 {"id":"` + envID + `","type":"SANDBOX","environmentCapabilities":{"canUseMfa":true,"canUseSmsOtp":false,"canUseTotp":false}}`}, everything,
			[]string{"STOP  licence: does not allow passcodes by text message"}},
		{"a licence for passcodes", map[string]string{envID: `200 {"id":"` + envID + `","type":"SANDBOX","environmentCapabilities":{"canUseMfa":false,"canUseEmailOtp":false}}`}, everything,
			[]string{"STOP  licence: does not allow MFA", "STOP  licence: does not allow passcodes by e-mail"}},
		{"a licence for authenticators", map[string]string{envID: `200 {"id":"` + envID + `","type":"SANDBOX","environmentCapabilities":{"canUseEmailOtp":false,"canUseTotp":false}}`}, preflight.NeedsOf(config.TOTP),
			[]string{"STOP  licence: does not allow authenticator applications"}},

		{"a role for applications", map[string]string{"applications": refused, "resources": refused}, nothing,
			[]string{"STOP  role Client Application Developer: the worker application may not read the environment's applications and resources"}},
		{"a role for resources", map[string]string{"resources": refused}, nothing,
			[]string{"STOP  role Client Application Developer: the worker application may not read the environment's resources"}},
		{"a role for populations", map[string]string{"populations": refused}, nothing,
			[]string{"STOP  role Identity Data Admin: the worker application may not read the environment's populations"}},
		{"a role for people", map[string]string{"users": refused}, nothing,
			[]string{"STOP  role Identity Data Admin: the worker application may not read the environment's users"}},
		{"a role for policies", map[string]string{"signOnPolicies": refused, "deviceAuthenticationPolicies": refused}, everything,
			[]string{"STOP  role Environment Admin: the worker application may not read the environment's sign-on policies and MFA policies"}},
		{"a role for policies of which some are needed", map[string]string{"signOnPolicies": refused, "deviceAuthenticationPolicies": refused}, nothing,
			[]string{"STOP  role Environment Admin: the worker application may not read the environment's sign-on policies and MFA policies"}},
		{"MFA policies that nobody needs", map[string]string{"deviceAuthenticationPolicies": refused}, nothing,
			[]string{"note  role Environment Admin: the worker application may not read the environment's MFA policies"}},
		{"a list that works", map[string]string{"populations": `503 {}`}, everything,
			[]string{"note  populations: could not look: answered 503"}},

		{"text messages", map[string]string{"deviceAuthenticationPolicies": policies(true, false, false)}, everything,
			[]string{"STOP  default MFA policy: text messages are off"}},
		{"text messages that nobody needs", map[string]string{"deviceAuthenticationPolicies": policies(true, false, true)}, preflight.NeedsOf(config.TestDevice, "login_and_mfa"),
			[]string{"note  default MFA policy: text messages are off"}},
		{"e-mail", map[string]string{"deviceAuthenticationPolicies": policies(false, true, false)}, everything,
			[]string{"STOP  default MFA policy: e-mail is off"}},
		{"authenticators", map[string]string{"deviceAuthenticationPolicies": policies(false, false, false)}, preflight.NeedsOf(config.TOTP),
			[]string{"STOP  default MFA policy: authenticator applications are off"}},
		{"what authenticators do without", map[string]string{"deviceAuthenticationPolicies": policies(false, false, true)}, preflight.NeedsOf(config.TOTP), []string{}},
		{"a default policy", map[string]string{"deviceAuthenticationPolicies": `200 {"_embedded":{"deviceAuthenticationPolicies":[{"name":"Other"}]}}`}, everything,
			[]string{"note  default MFA policy: could not look: no MFA policy is marked as the default one"}},

		{"nearly everything, told in one order", map[string]string{
			envID:             `200 {"id":"` + envID + `","type":"SANDBOX","status":"DELETE_PENDING"}`,
			"billOfMaterials": `200 {"products":[]}`, "users": refused, "populations": refused, "applications": refused, "signOnPolicies": refused,
			"deviceAuthenticationPolicies": policies(false, false, false),
		}, everything, []string{
			"STOP  environment status: it is DELETE_PENDING",
			"STOP  bill of materials: PING_ONE_MFA is not in it",
			"STOP  role Client Application Developer: the worker application may not read the environment's applications",
			"STOP  role Environment Admin: the worker application may not read the environment's sign-on policies",
			"STOP  role Identity Data Admin: the worker application may not read the environment's populations and users",
			"STOP  default MFA policy: e-mail is off",
			"STOP  default MFA policy: text messages are off",
		}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			s := newTenant(t, row.changes)
			require.Equal(t, row.want, printed(t, s, s.config(), row.needs))
			calls, _ := s.asked()
			for _, call := range calls[1:] {
				require.True(t, strings.HasPrefix(call, "GET "), "only reads: %s", call)
			}
		})
	}
}

// A proxy, or a network that wants somebody to sign on first, answers with a page of its
// own: nothing is wrong with the credentials.
func TestAPageOfSomebodyElsesIsCalledThat(t *testing.T) {
	const html = "<!DOCTYPE html><html><title>Blocked</title>"
	for name, row := range map[string]struct {
		changes map[string]string
		want    string
	}{
		"for the token":           {map[string]string{"token": "200 " + html}, "  STOP  worker application: gets no token: answered 200 with an HTML page and no JSON, which is not PingOne's API\n"},
		"refusing the token":      {map[string]string{"token": "407 " + html}, "  STOP  worker application: gets no token: answered 407 with an HTML page and no JSON, which is not PingOne's API\n"},
		"for the environment":     {map[string]string{envID: "403 " + html}, "  STOP  environment type: could not look: answered 403 with an HTML page and no JSON, which is not PingOne's API; it might be PRODUCTION\n"},
		"for a list":              {map[string]string{"users": "403 " + html}, "  note  users: could not look: answered 403 with an HTML page and no JSON, which is not PingOne's API\n"},
		"for a bill of materials": {map[string]string{"billOfMaterials": "403 " + html}, "  note  bill of materials: could not look: answered 403 with an HTML page and no JSON, which is not PingOne's API\n"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newTenant(t, row.changes)
			findings, err := preflight.Check(t.Context(), s.client(t), s.config(), everything)
			require.NoError(t, err)
			var out bytes.Buffer
			require.NoError(t, preflight.Print(&out, findings))
			require.Equal(t, row.want+"        look at what stands between here and PingOne: a proxy (HTTPS_PROXY), a network that wants somebody to sign on first, "+
				"or a wrong PINGONE_API_URL or PINGONE_AUTH_URL\n", out.String())
		})
	}
}

func TestProductionHasToBeNamed(t *testing.T) {
	production := map[string]string{envID: `200 {"id":"` + envID + `","type":"PRODUCTION","status":"ACTIVE"}`}
	unreadable := map[string]string{envID: refused}
	rows := []struct {
		name    string
		changes map[string]string
		allow   string
		goesOn  bool
		line    string
	}{
		{"named", production, envID, true, "note  environment type: IT IS PRODUCTION, AND PINGONE_ALLOW_PRODUCTION NAMES IT"},
		{"another is named", production, otherID, false, "STOP  environment type: it is PRODUCTION, which may hold real people"},
		{"none is named", production, "", false, "STOP  environment type: it is PRODUCTION, which may hold real people"},
		{"unreadable and named", unreadable, envID, true, "note  environment type: could not look: answered 403 ACCESS_FAILED"},
		{"unreadable, another is named", unreadable, otherID, false, "STOP  environment type: could not look: answered 403 ACCESS_FAILED; it might be PRODUCTION"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			s := newTenant(t, row.changes)
			cfg := s.config()
			cfg.AllowProduction = row.allow
			require.Equal(t, []string{row.line}, printed(t, s, cfg, everything))
			_, queries := s.asked()
			for _, query := range queries {
				if strings.Contains(query, "/users ") || strings.Contains(query, "/populations ") {
					require.Contains(t, query, "limit=1", "no more is read than has to be")
				}
				if strings.Contains(query, "/users ") {
					require.Contains(t, query, "filter=username+eq+%22pingone-conformance%22", "no person is read: the answer comes beside the type's")
				}
			}

			findings, err := preflight.Guard(t.Context(), s.client(t), cfg)
			require.NoError(t, err)
			require.Equal(t, row.goesOn, !preflight.Stops(findings))
			if !row.goesOn && row.changes[envID] != refused {
				require.Contains(t, findings[0].Do, "set PINGONE_ALLOW_PRODUCTION="+envID)
			}
		})
	}
}

func TestTheClockIsHeldAgainstPingOnes(t *testing.T) {
	for ahead, want := range map[time.Duration]string{
		0:                "",
		5 * time.Second:  "",
		-5 * time.Second: "",
		5 * time.Minute:  "note  clock: this machine's is (5m0s|4m59s|5m1s) behind PingOne's",
		-2 * time.Hour:   "note  clock: this machine's is (2h0m0s|1h59m59s|2h0m1s) ahead of PingOne's",
	} {
		s := newTenant(t, nil)
		s.ahead = ahead
		found := printed(t, s, s.config(), everything)
		if want == "" {
			require.Empty(t, found, ahead)
			continue
		}
		require.Len(t, found, 1, ahead)
		require.Regexp(t, want, found[0])
	}
}

func TestAnAnswerWithoutADateTellsNoTime(t *testing.T) {
	s := newTenant(t, nil)
	s.undated = true
	require.Empty(t, printed(t, s, s.config(), everything))
}

func TestTheDefaultPolicyMayStandOnALaterPage(t *testing.T) {
	s := newTenant(t, map[string]string{
		"deviceAuthenticationPolicies": `200 {"_links":{"next":{"href":"{here}/v1/environments/` + envID + `/page2"}},"_embedded":{"deviceAuthenticationPolicies":[{"name":"Other"}]}}`,
		"page2":                        policies(true, false, false),
	})
	require.Equal(t, []string{"STOP  default MFA policy: text messages are off"}, printed(t, s, s.config(), everything))
}

func TestALaterPageThatCannotBeReadShowsNoDefaultPolicy(t *testing.T) {
	s := newTenant(t, map[string]string{
		"deviceAuthenticationPolicies": `200 {"_links":{"next":{"href":"{here}/v1/environments/` + envID + `/page2"}},"_embedded":{"deviceAuthenticationPolicies":[]}}`,
		"page2":                        strings.Replace(policies(true, true, true), "200", "500", 1),
	})
	require.Equal(t, []string{"note  default MFA policy: could not look: no MFA policy is marked as the default one"}, printed(t, s, s.config(), everything))
	s.drops = "page2"
	_, err := preflight.Check(t.Context(), s.client(t), s.config(), everything)
	require.ErrorContains(t, err, "preflight: ")
	require.ErrorContains(t, err, "/page2")
	s = newTenant(t, map[string]string{
		"deviceAuthenticationPolicies": `200 {"_links":{"next":{"href":"{here}/v1/environments/` + envID + `/deviceAuthenticationPolicies"}},"_embedded":{"deviceAuthenticationPolicies":[]}}`,
	})
	_, err = preflight.Check(t.Context(), s.client(t), s.config(), everything)
	require.ErrorIs(t, err, client.ErrEndless, "a page that leads to itself")
}

func TestTheWorkersTokenComesFromItsOwnEnvironment(t *testing.T) {
	s := newTenant(t, nil)
	printed(t, s, s.config(), everything)
	calls, _ := s.asked()
	require.Equal(t, "POST /"+otherID+"/as/token", calls[0])
	require.Contains(t, calls, "GET /v1/environments/"+envID)
}

func TestEachFindingSaysWhatToDo(t *testing.T) {
	s := newTenant(t, map[string]string{"users": refused, "billOfMaterials": refused, "deviceAuthenticationPolicies": policies(false, false, false)})
	findings, err := preflight.Check(t.Context(), s.client(t), s.config(), everything)
	require.NoError(t, err)
	require.Len(t, findings, 4)
	for _, f := range findings {
		require.NotEmpty(t, f.Do)
	}
	var out bytes.Buffer
	require.NoError(t, preflight.Print(&out, findings))
	require.Contains(t, out.String(), "\n        give the worker application the role Identity Data Admin for environment "+envID+"\n")
	require.Contains(t, out.String(), `switch the method on in the MFA policy "Default MFA Policy", or leave out the scenarios that need it`)

	findings, err = preflight.Check(t.Context(), s.client(t), s.config(), nothing)
	require.NoError(t, err)
	require.Equal(t, `switch the method on in the MFA policy "Default MFA Policy" before running scenarios that need it; the selected ones do not`, findings[len(findings)-1].Do)
}

func TestNeeds(t *testing.T) {
	rows := []struct {
		name, source string
		useCases     []string
		want         preflight.Needs
	}{
		{"all use cases", config.TestDevice, nil, preflight.Needs{MFA: true, Email: true, SMS: true}},
		{"without a passcode", config.TestDevice, []string{"progressive_profiling"}, preflight.Needs{}},
		{"by e-mail", config.Prompt, []string{"login_and_mfa"}, preflight.Needs{MFA: true, Email: true}},
		{"by text message", config.Command, []string{"mfa_only_login_hint_token"}, preflight.Needs{MFA: true, SMS: true}},
		{"from an authenticator", config.TOTP, nil, preflight.Needs{MFA: true, TOTP: true}},
		{"from an authenticator, without a passcode", config.TOTP, []string{"progressive_profiling"}, preflight.Needs{}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			require.Equal(t, row.want, preflight.NeedsOf(row.source, row.useCases...))
		})
	}
}

// full is a place where nothing can be written any more.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestFindingsThatCannotBePrintedAreAnError(t *testing.T) {
	require.EqualError(t, preflight.Print(full{}, []preflight.Finding{{What: "clock"}}), "no space left")
}
