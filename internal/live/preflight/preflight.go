package preflight

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"pingone-conformance/client"
	"pingone-conformance/config"
	"pingone-conformance/internal/plain"
)

// Finding is one thing that the environment lacks, or that could not be seen.
type Finding struct {
	// What was looked at, such as "bill of materials".
	What string
	// Missing says what is wrong with it, Do what to do about it.
	Missing, Do string
	// Fatal: the run would fail, or must not be; otherwise it is a warning.
	Fatal bool
	// Role is one that the worker application lacks, and Collections what it may therefore
	// not read, such as "users"; of other findings both are empty.
	Role        string
	Collections []string
}

// Needs is what the selected scenarios need beside the roles.
type Needs struct {
	// MFA is the service; Email, SMS and TOTP are methods of its default policy.
	MFA, Email, SMS, TOTP bool
}

// NeedsOf tells what use cases need, named as their feature files are; none named
// means all. Source is where passcodes come from: with config.TOTP every device
// is an authenticator.
func NeedsOf(source string, useCases ...string) Needs {
	runs := func(name string) bool { return len(useCases) == 0 || slices.Contains(useCases, name) }
	n := Needs{Email: runs("login_and_mfa"), SMS: runs("mfa_only_login_hint_token")}
	n.MFA = n.Email || n.SMS
	if n.MFA && source == config.TOTP {
		n = Needs{MFA: true, TOTP: true}
	}
	return n
}

// Check looks at the target environment of a live configuration and returns what
// it lacks, always in the same order: clock, credentials, environment, services,
// roles, methods. It gives c the worker's token. What stands in the way of every further
// look ends it. The error is for a call that nothing answered.
//
// developer.pingidentity.com/pingone-api/getting-started/create-a-test-environment
func Check(ctx context.Context, c *client.Client, cfg config.Config, needs Needs) ([]Finding, error) {
	l := &look{client: c, config: cfg, needs: needs}
	return l.through(ctx, l.signOn, l.environment, l.billOfMaterials, l.roles, l.methods)
}

// Guard is the part of Check that says whether the environment may be touched at
// all: credentials, type and status.
func Guard(ctx context.Context, c *client.Client, cfg config.Config) ([]Finding, error) {
	l := &look{client: c, config: cfg}
	return l.through(ctx, l.signOn, l.environment)
}

// look is one walk through an environment.
type look struct {
	client   *client.Client
	config   config.Config
	needs    Needs
	findings []Finding
	blind    bool             // nothing more can be seen
	policies *client.Exchange // device authentication policies, once read
}

// through takes the looks in order until one ends the walk.
func (l *look) through(ctx context.Context, looks ...func(context.Context) error) ([]Finding, error) {
	for _, one := range looks {
		if err := one(ctx); err != nil {
			return l.findings, fmt.Errorf("preflight: %w", err)
		}
		if l.blind {
			break
		}
	}
	return l.findings, nil
}

func (l *look) find(fatal bool, what, missing, do string) {
	l.findings = append(l.findings, Finding{What: what, Missing: missing, Do: do, Fatal: fatal})
}

// couldNotLook warns that an answer was of no use.
func (l *look) couldNotLook(what string, ex *client.Exchange, do string) {
	l.find(false, what, "could not look: "+refusal(ex), advice(ex, do))
}

// page is what to do about an HTML page in the place of JSON.
const page = "look at what stands between here and PingOne: a proxy (HTTPS_PROXY), a network that wants somebody to sign on first, " +
	"or a wrong PINGONE_API_URL or PINGONE_AUTH_URL"

// advice is what to do about an answer that was of no use.
func advice(ex *client.Exchange, usual string) string {
	if ex.IsPage() {
		return page
	}
	return usual
}

// refusal is an answer's status with PingOne's code, such as "403 ACCESS_FAILED".
func refusal(ex *client.Exchange) string {
	if ex.IsPage() {
		return fmt.Sprintf("answered %d with an HTML page and no JSON, which is not PingOne's API", ex.Status)
	}
	for _, member := range []string{"code", "error"} {
		if code := ex.Get(member); code.Type.String() == "String" && code.String() != "" {
			return fmt.Sprintf("answered %d %s", ex.Status, plain.Short(code.String(), 120))
		}
	}
	return fmt.Sprintf("answered %d", ex.Status)
}

// signOn gets the worker application's token.
func (l *look) signOn(ctx context.Context) error {
	ex, err := l.client.WorkerToken(ctx, l.config.EnvironmentID, l.config.ClientID, l.config.ClientSecret, client.ClientSecretBasic)
	if err != nil {
		return err
	}
	l.clock(ex)
	token := ex.Get("access_token").String()
	if ex.Status == http.StatusOK && token != "" {
		l.client.SetToken(token)
		return nil
	}
	l.blind = true
	l.find(true, "worker application", "gets no token: "+refusal(ex),
		advice(ex, "check PINGONE_ENVIRONMENT_ID, PINGONE_CLIENT_ID, PINGONE_CLIENT_SECRET and PINGONE_REGION_CODE; the application has to be "+
			"a Worker, enabled, with token endpoint authentication Client Secret Basic and at least one role"))
	return nil
}

// Stops tells whether one of the findings is fatal.
func Stops(findings []Finding) bool {
	return slices.ContainsFunc(findings, func(f Finding) bool { return f.Fatal })
}

// Print writes the findings as a list to read, each with what to do about it;
// without findings it writes nothing.
func Print(w io.Writer, findings []Finding) error {
	var b strings.Builder
	for _, f := range findings {
		mark := "note"
		if f.Fatal {
			mark = "STOP"
		}
		fmt.Fprintf(&b, "  %s  %s: %s\n        %s\n", mark, plain.Line(f.What), plain.Line(f.Missing), plain.Line(f.Do))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
