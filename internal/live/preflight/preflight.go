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
// It takes two rounds: the token, and then every reading beside the others.
//
// developer.pingidentity.com/pingone-api/getting-started/create-a-test-environment
func Check(ctx context.Context, c *client.Client, cfg config.Config, needs Needs) ([]Finding, error) {
	l := &look{client: c, config: cfg, needs: needs}
	if err := l.signOn(ctx); err != nil || l.blind {
		return l.ended(err)
	}
	ctx, cancel := context.WithCancel(ctx)
	probes := l.probes()
	env, services, lists := ask(ctx, l.readEnvironment), ask(ctx, l.readServices), make([]asked, len(probes))
	for i, one := range probes {
		lists[i] = ask(ctx, one.read)
	}
	defer func() { // the readings end with the look that nobody waits for any more
		cancel()
		for _, one := range append(lists, env, services) {
			_, _ = one()
		}
	}()
	return l.ended(l.judge(ctx, env, services, probes, lists))
}

// judge looks at the answers in the order of the findings.
func (l *look) judge(ctx context.Context, env, services asked, probes []probe, lists []asked) error {
	if err := l.environment(env); err != nil || l.blind {
		return err
	}
	if err := l.billOfMaterials(services); err != nil {
		return err
	}
	if err := l.roles(probes, lists); err != nil {
		return err
	}
	return l.methods(ctx)
}

// Guard is the part of Check that says whether the environment may be touched at
// all: credentials, type and status.
func Guard(ctx context.Context, c *client.Client, cfg config.Config) ([]Finding, error) {
	l := &look{client: c, config: cfg}
	if err := l.signOn(ctx); err != nil || l.blind {
		return l.ended(err)
	}
	return l.ended(l.environment(ask(ctx, l.readEnvironment)))
}

// GuardAgain is Guard for a client that has a token: a new one is got only where that is of no use any more.
func GuardAgain(ctx context.Context, c *client.Client, cfg config.Config) ([]Finding, error) {
	l := &look{client: c, config: cfg}
	ex, err := l.readEnvironment(ctx)
	if err == nil && (ex.Status == http.StatusUnauthorized || ex.Status == http.StatusForbidden) {
		return Guard(ctx, c, cfg)
	}
	return l.ended(l.environment(func() (*client.Exchange, error) { return ex, err }))
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

// asked gives the answer to a call that goes on meanwhile, once it is there.
type asked func() (*client.Exchange, error)

// ask makes a call beside what the caller does.
func ask(ctx context.Context, read func(context.Context) (*client.Exchange, error)) asked {
	var (
		ex   *client.Exchange
		err  error
		done = make(chan struct{})
	)
	go func() {
		defer close(done)
		ex, err = read(ctx)
	}()
	return func() (*client.Exchange, error) {
		<-done
		return ex, err
	}
}

// ended is what a walk that has ended returns.
func (l *look) ended(err error) ([]Finding, error) {
	if err != nil {
		return l.findings, fmt.Errorf("preflight: %w", err)
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
