package suite_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
	"pingone-conformance/config"
	"pingone-conformance/emulator"
	"pingone-conformance/internal/proof/faults"
	"pingone-conformance/steps"
	"pingone-conformance/suite"
)

// ofOthers is what people have written who have nothing to do with the run. None of it may be
// found in a recording.
var ofOthers = []string{
	"Payroll of Kontoso", "kontoso", "Erika.Mustermann@kontoso-bank.de", "mustermann", "212 555 7743", "2125557743", "Ring Erika",
	"intranet", "PAYROLL_KONTOSO", "Kontoso HR", "kontoso:salary", "Salaries of everyone",
}

// inhabit fills a tenant with the things of others.
func inhabit(t *testing.T, e *tenant) {
	t.Helper()
	type object = map[string]any
	c, err := client.New(client.Options{APIURL: e.URL(), AuthURL: e.URL()})
	require.NoError(t, err)
	ctx, env := context.Background(), e.Credentials().EnvironmentID
	made := func(ex *client.Exchange, err error) *client.Exchange {
		t.Helper()
		require.NoError(t, err)
		require.Contains(t, []int{200, 201}, ex.Status, string(ex.Body))
		return ex
	}
	token := made(c.WorkerToken(ctx, env, e.Credentials().ClientID, e.Credentials().ClientSecret, client.ClientSecretBasic))
	c.SetToken(token.Get("access_token").String())
	application := func(name string) {
		made(c.CreateApplication(ctx, env, object{
			"name": name, "description": "Ring Erika.Mustermann@kontoso-bank.de, +1 212 555 7743", "enabled": true, "type": "WEB_APP",
			"protocol": "OPENID_CONNECT", "grantTypes": []string{"AUTHORIZATION_CODE"}, "responseTypes": []string{"CODE"},
			"tokenEndpointAuthMethod": client.ClientSecretBasic, "redirectUris": []string{"https://intranet.kontoso-bank.de/callback?for=mustermann"},
			"loginPageUrl": "https://login.kontoso-bank.de/",
		}))
	}
	application("Payroll of Kontoso")
	application("PAYROLL_KONTOSO")
	resource := made(c.Do(ctx, "Create Resource", "POST", "/environments/"+env+"/resources", "", object{
		"name": "Kontoso HR", "description": "Ring Erika.Mustermann@kontoso-bank.de", "audience": "https://intranet.kontoso-bank.de",
	}))
	made(c.Do(ctx, "Create Scope", "POST", "/environments/"+env+"/resources/"+resource.Get("id").String()+"/scopes", "", object{
		"name": "kontoso:salary", "description": "Salaries of everyone",
	}))
}

// A live recording in a tenant of others holds nothing of theirs, passes and can be replayed.
func TestALiveRecordingHoldsNothingOfOthers(t *testing.T) {
	e := newTenant(t, emulator.Options{})
	inhabit(t, e)
	before := e.Counts()
	folder := t.TempDir()
	cfg, err := e.Config(e.URL())
	require.NoError(t, err)
	cfg.Record, cfg.MaxRPS = true, 0
	cfg.Phone, cfg.Email = "+1.2125550188", "someone@kontoso-bank.de"
	o := suite.Options{
		Config: cfg, Features: features(), Sentences: steps.All, UseCases: steps.UseCases(), RecordTo: folder,
		Paths: []string{"administration.feature", "login_and_mfa.feature"}, Concurrency: 4, Retry: faults.Quick,
		Tags: "~" + suite.TimeTravel + " && ~" + suite.TwoEnvironments, // which no live run has
	}
	results, err := suite.Run(context.Background(), o)
	for _, r := range results {
		require.NoError(t, r.Err, r.Scenario.Name)
	}
	require.NoError(t, err)
	require.Equal(t, before, e.Counts())

	lists, standIns := 0, 0
	require.NoError(t, fs.WalkDir(os.DirFS(folder), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(folder, path))
		require.NoError(t, err)
		for _, others := range append(ofOthers, cfg.Phone, cfg.Email, cfg.EnvironmentID, cfg.ClientID, cfg.ClientSecret) {
			require.NotContains(t, strings.ToLower(string(text)), strings.ToLower(others), path)
		}
		if strings.Contains(string(text), `"applications": [`) {
			lists++
		}
		standIns += strings.Count(string(text), `"https://stand-in.example.com/`)
		return nil
	}))
	require.Positive(t, lists, "a list of applications was recorded")
	require.Greater(t, standIns, 1, "with stand-ins for those of others")

	o.Config, o.Fixtures = config.Config{Mode: config.Replay}, os.DirFS(folder)
	replayed, err := suite.Run(context.Background(), o)
	require.Len(t, replayed, len(results))
	for _, r := range replayed {
		require.NoError(t, r.Err, "replayed: "+r.Scenario.Name)
	}
	require.NoError(t, err)
}

// A transcript is for the eyes of whoever runs the suite, and lies on disk all the same.
func TestATranscriptHoldsNothingPersonal(t *testing.T) {
	fault, err := emulator.ParseFault("failed:flow.otp.check")
	require.NoError(t, err)
	e := newTenant(t, emulator.Options{Faults: []emulator.Fault{fault}})
	inhabit(t, e)
	cfg, err := e.Config(e.URL())
	require.NoError(t, err)
	cfg.Phone, cfg.Email = "+1.2125550188", "Someone@kontoso-bank.de"
	folder := t.TempDir()
	results, err := suite.Run(context.Background(), suite.Options{
		Config: cfg, Features: features(), Sentences: steps.All, UseCases: steps.UseCases(), Transcripts: folder,
		Paths: []string{"login_and_mfa.feature", "mfa_only_login_hint_token.feature"}, Tags: "@journey", Concurrency: 2, Retry: faults.Quick,
	})
	require.Error(t, err)
	require.Len(t, results, 2)
	for _, r := range results {
		require.ErrorContains(t, r.Err, "answered 500")
		text, err := os.ReadFile(filepath.Join(folder, r.Scenario.Feature, r.Scenario.Slug()+".txt"))
		require.NoError(t, err)
		for _, personal := range []string{
			cfg.Phone, "2125550188", cfg.Email, "Erika.Mustermann@kontoso-bank.de", "+1 212 555 7743",
			cfg.EnvironmentID, cfg.ClientID, cfg.ClientSecret,
		} {
			require.NotContains(t, strings.ToLower(string(text)+r.Err.Error()), strings.ToLower(personal))
		}
		require.Contains(t, string(text), "/v1/environments/00000000-0000-4000-9000-000000000001/users", "it can be read all the same")
		require.Contains(t, string(text), "Create User")
	}
}
