package deviation

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/oauth"
	"pingone-conformance/emulator/internal/tenant"
)

// aboutRequests are the rulings of authorization requests and hints.
func aboutRequests() [][]ruling {
	const issuer, own = "https://auth.example.com/as", "https://shop.example.com/callback"
	return [][]ruling{
		of("OAuth.TakesForm", func(d *Decisions, _ *world, _ string) any { return d.OAuth.TakesForm() }, "a form", ""),
		of("OAuth.Application", func(d *Decisions, w *world, sent []string) any {
			id := sent[0]
			if id == "own" {
				id = w.shop.ID
			}
			if app := d.OAuth.Application(w.env, id, sent[1]); app != nil {
				return app.Name
			}
			return "none"
		}, "its id", []string{"own", own}, "its id and another redirect URI", []string{"own", "https://thief.example.com"}, "an unknown id and a known redirect URI", []string{"none", own}, "an unknown id and another redirect URI", []string{"none", "https://thief.example.com"}),
		of("OAuth.Registered", func(d *Decisions, w *world, uri string) any { return d.OAuth.Registered(w.shop, uri) },
			"its own", own, "one that goes on", own+"/more", "one whose host goes on", "https://shop.example.com.thief.example.net/callback", "another's", "https://thief.example.com/callback",
			"another path of a host that goes on", "https://shop.example.com.thief.example.net/other", "a host that goes on otherwise", "https://shop.example.community/callback"),
		of("OAuth.Trusts", func(d *Decisions, _ *world, uri string) any { return d.OAuth.Trusts(uri) }, "a redirect URI", "https://thief.example.com", "none", ""),
		of("OAuth.Assigned", func(d *Decisions, w *world, _ string) any { return w.policies(d.OAuth.Assigned(w.env, w.shop)) }, "the shop", ""),
		of("OAuth.Assigned", func(d *Decisions, w *world, _ string) any {
			first := &tenant.SignOnPolicy{Meta: tenant.Meta{ID: "first"}, Name: "First"}
			w.env.Policies.Add(first)
			w.shop.Assignments.Add(&tenant.Assignment{Meta: tenant.Meta{ID: "a"}, PolicyID: first.ID, Priority: 0})
			return w.policies(d.OAuth.Assigned(w.env, w.shop))
		}, "the shop with two policies", ""),
		of("OAuth.Assigned", func(d *Decisions, w *world, _ string) any { return w.policies(d.OAuth.Assigned(w.env, w.worker)) }, "an application without a policy", ""),
		of("OAuth.Application", func(d *Decisions, w *world, _ string) any {
			w.shop.Enabled, w.shop.PKCEEnforcement, w.shop.ResponseTypes = false, "REQUIRED", []string{"CODE"}
			app := d.OAuth.Application(w.env, w.shop.ID, own)
			return map[string]any{"enabled": app.Enabled, "pkce": app.PKCEEnforcement, "responses": app.ResponseTypes, "grants": app.GrantTypes}
		}, "one that is switched off, requires PKCE and takes codes", ""),
		of("OAuth.Grants", func(d *Decisions, w *world, _ string) any { return w.scopes(d.OAuth.Grants(w.env, w.shop)) }, "the shop", ""),
		of("OAuth.Answers", func(d *Decisions, w *world, who []string) any {
			return nameOf(d.OAuth.Answers(w.env.UserByUsername(who[0]), w.env.UserByUsername(who[1])))
		}, "Anna's session without a hint", []string{"anna", "none"}, "Anna's session and a hint for her", []string{"anna", "anna"}, "Anna's session and a hint for Ben", []string{"anna", "ben"}, "no session and a hint", []string{"none", "ben"}),
		of("OAuth.Returned", func(d *Decisions, _ *world, name string) any { return d.OAuth.Returned(name, "Aé/=") }, "the state Aé/=", "state", "the nonce Aé/=", "nonce"),
		of("OAuth.Returned", func(d *Decisions, _ *world, name string) any { return d.OAuth.Returned(name, "a+b") }, "the state a+b", "state"),
		of("OAuth.Returned", func(d *Decisions, _ *world, name string) any { return d.OAuth.Returned(name, "") }, "no state", "state", "no nonce", "nonce"),
		of("OAuth.ShowsFlow", func(d *Decisions, _ *world, mode string) any { return d.OAuth.ShowsFlow(mode) }, "pi.flow", "pi.flow", "query", "query"),

		of("OAuth.Hints", func(d *Decisions, _ *world, n int) any { return d.OAuth.Hints(n) }, "one", 1, "two", 2),
		of("OAuth.HintClaims", func(d *Decisions, _ *world, token string) any {
			claims, err := d.OAuth.HintClaims(func(string) (oauth.Claims, error) { return nil, errors.New("not signed") }, token)
			if err != nil {
				return err.Error()
			}
			return claims
		}, "an unsigned token", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm5hIn0.", "another", "e30.e30.e30"),
		of("OAuth.HintClaims", func(d *Decisions, _ *world, token string) any {
			_, err := d.OAuth.HintClaims(func(string) (oauth.Claims, error) { return nil, errors.New("not signed") }, token)
			return err == nil
		}, "one with alg nOnE", "eyJhbGciOiJuT25FIn0.eyJzdWIiOiJhbm5hIn0."),
		of("OAuth.Signer", func(d *Decisions, w *world, issuer string) any {
			app := d.OAuth.Signer(w.env, issuer, w.shop.ID)
			if app == nil {
				return "nobody"
			}
			return app.Name + " " + fmt.Sprint(app.Previous != nil)
		}, "a hint of nobody", "none"),
		of("OAuth.Signer", func(d *Decisions, w *world, _ string) any {
			return d.OAuth.Signer(w.env, w.worker.ID, w.shop.ID).Previous != nil
		}, "a hint of another application", ""),
		of("OAuth.Unsigned", func(d *Decisions, _ *world, supports bool) any {
			taken, believed := d.OAuth.Unsigned(&tenant.Application{SupportUnsignedRequestObject: supports})
			return map[string]any{"taken": taken, "believed": believed}
		}, "an application that does not support it", false, "one that does", true),
		of("OAuth.ForbiddenHeaders", func(d *Decisions, _ *world, _ string) any { return d.OAuth.ForbiddenHeaders() }, "any token", ""),
		of("OAuth.Verify", func(d *Decisions, w *world, with string) any {
			signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: []byte(strings.Repeat(with, 2))}, nil)
			w.must(err)
			signed, err := signer.Sign([]byte(`{"sub":"anna"}`))
			w.must(err)
			// What is signed with the secret that is shown instead of the own one is looked at with the own one.
			secrets := []string{strings.Repeat(secret, 2), secret}
			payload, err := d.OAuth.Verify(signed, secrets)
			if err != nil {
				return "refused"
			}
			return string(payload)
		}, "a token of its secret", secret, "a token of another", strings.ToUpper(secret)),
		of("OAuth.Verify", func(d *Decisions, w *world, with string) any {
			signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: []byte(with)}, nil)
			w.must(err)
			signed, err := signer.Sign([]byte(`{"sub":"anna"}`))
			w.must(err)
			payload, err := d.OAuth.Verify(signed, []string{secret})
			if err != nil {
				return "refused"
			}
			return string(payload)
		}, "a token of the secret that is shown", "Shown~too.early_shop-1234-5678-9012"),
		of("OAuth.Vouches", func(d *Decisions, _ *world, issuer string) any { return d.OAuth.Vouches(issuer, "shop") }, "the application itself", "shop", "another application", "partner"),
		of("OAuth.Addressed", func(d *Decisions, _ *world, aud string) any {
			return d.OAuth.Addressed(oauth.Claims{"aud": aud}, issuer)
		}, "the issuer", issuer, "another one", "https://elsewhere.example.com"),
		of("OAuth.Alive", func(d *Decisions, w *world, after time.Duration) any {
			return d.OAuth.Alive(oauth.Claims{"exp": float64(w.now.Unix())}, w.now.Add(after))
		}, "a token in its time", -time.Minute, "a token after it", time.Minute),
		of("OAuth.Named", func(d *Decisions, w *world, name string) any {
			if name == "id" {
				name = w.ben.ID
			}
			return nameOf(d.OAuth.Named(w.env, name))
		}, "an id", "id", "a username", "ben", "an unknown name", "nobody at all"),
	}
}

// aboutTokens are those of flows as they are shown, and of codes and tokens.
func aboutTokens() [][]ruling {
	const own = "https://shop.example.com/callback"
	person := func() oauth.Claims {
		return oauth.Claims{
			"sub": "anna", "iss": "here", "aud": []string{"https://api.pingone.com"}, "client_id": "shop", "org": "org-1", "acr": "Policy", "iat": int64(1768467600), "exp": int64(1768471200), "auth_time": int64(1768467590),
			"amr": []string{"otp"}, "given_name": "Anna", "family_name": "Example", "preferred_username": "anna",
		}
	}
	bare := func() oauth.Claims { return oauth.Claims{"client_id": "worker", "iss": "here"} }
	return [][]ruling{
		of("OAuth.Deadline", func(d *Decisions, w *world, ago time.Duration) any { return d.OAuth.Deadline(w.now.Add(-ago), w.now) }, "a flow begun ten minutes ago", 10*time.Minute),
		of("OAuth.Forgotten", func(d *Decisions, w *world, _ string) any { return d.OAuth.Forgotten(w.now) }, "a flow that ends at nine", ""),
		of("OAuth.Default", func(d *Decisions, _ *world, status string) any { return d.OAuth.Default(&flow.Flow{Status: status}) }, "a flow that waits for a passcode", flow.PasscodeRequired, "a flow that waits for a password", flow.PasswordRequired),
		of("OAuth.Finished", func(d *Decisions, _ *world, status string) any { return d.OAuth.Finished(&flow.Flow{Status: status}) }, "a flow that waits", flow.PasscodeRequired, "one that is complete", flow.Completed),
		of("OAuth.ShowsPasscode", func(d *Decisions, _ *world, device *tenant.Device) any { return d.OAuth.ShowsPasscode(device, true) }, "a test device", &tenant.Device{TestMode: true}, "a device", &tenant.Device{}, "no device", (*tenant.Device)(nil)),
		of("OAuth.Address", func(d *Decisions, _ *world, device *tenant.Device) any {
			phone, email := d.OAuth.Address(device)
			return map[string]any{"phone": phone, "email": email}
		}, "a number", &tenant.Device{Phone: "+1.5125550100"}, "an address", &tenant.Device{Email: "anna@example.com"}, "a short number", &tenant.Device{Phone: "1"}, "a short address", &tenant.Device{Email: "@"}),

		of("OAuth.Method", func(d *Decisions, w *world, method string) any { return d.OAuth.Method(w.shop, method) }, "its own", "CLIENT_SECRET_BASIC", "another", "CLIENT_SECRET_POST", "no secret", "NONE"),
		of("OAuth.SecretMatches", func(d *Decisions, _ *world, sent string) any { return d.OAuth.SecretMatches(sent, secret) },
			"the right one", secret, "another", "another secret", "none", "", "one in other letters", strings.ToUpper(secret), "one that begins like it", secret[:8]+"~", "one that begins nearly like it", secret[:7]+"~~",
			"one that ends like it", "~"+secret[len(secret)-8:], "one that ends nearly like it", "~~"+secret[len(secret)-7:], "its beginning", secret[:7], "its first eight letters", secret[:8], "its end", secret[len(secret)-7:], "its last eight letters", secret[len(secret)-8:],
			"the one that is shown", "Shown~too.early_shop-1234-5678-9012"),
		of("OAuth.SecretMatches", func(d *Decisions, _ *world, own string) any {
			return d.OAuth.SecretMatches("long enough to compare", own)
		}, "one against a short one", "long", "one against none", ""),
		of("OAuth.SecretMatches", func(d *Decisions, _ *world, own string) any { return d.OAuth.SecretMatches("", own) }, "none against one that nobody read", "unread"),
		of("OAuth.UsesUp", func(d *Decisions, _ *world, _ string) any { return d.OAuth.UsesUp() }, "a code", ""),
		of("OAuth.SameClient", func(d *Decisions, _ *world, by string) any { return d.OAuth.SameClient("shop", by) }, "its own code", "shop", "another's code", "partner"),
		of("OAuth.SameRedirect", func(d *Decisions, w *world, sent string) any { return d.OAuth.SameRedirect(w.shop, own, sent) }, "the same", own, "none", "", "one that goes on", own+"/more", "another", "https://thief.example.com/callback"),
		of("OAuth.Proves", func(d *Decisions, _ *world, verifier string) any {
			return d.OAuth.Proves(verifier, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "S256")
		}, "the verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "another", "another", "none", "", "the challenge itself", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),

		of("OAuth.Proves", func(d *Decisions, _ *world, verifier string) any {
			d.OAuth.Proves(verifier, verifier, "plain")
			return d.OAuth.Proves(verifier, "another challenge", "plain")
		}, "the verifier of another sign-on", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "none twice", ""),
		of("OAuth.Home", func(d *Decisions, w *world, _ string) any { return d.OAuth.Home(w.tenant, w.env, w.other.ID) != nil }, "a token of another environment", ""),
		of("OAuth.Expired", func(d *Decisions, w *world, ago time.Duration) any { return d.OAuth.Expired(w.now.Add(-ago), w.now) }, "a token after its time", time.Minute, "a token in its time", -time.Minute),
		of("OAuth.AccessClaims", func(d *Decisions, _ *world, c func() oauth.Claims) any { return d.OAuth.AccessClaims(c()) }, "a person", person, "a worker", bare),
		of("OAuth.IDClaims", func(d *Decisions, _ *world, c func() oauth.Claims) any { return d.OAuth.IDClaims(c()) }, "a person", person, "few claims", bare),
		of("OAuth.SignID", func(d *Decisions, w *world, c oauth.Claims) any {
			token, err := d.OAuth.SignID(c)
			w.must(err)
			documented := oauth.Documented()
			published, err := documented.SignID(c)
			w.must(err)
			got, want := strings.Split(token, "."), strings.Split(published, ".")
			return map[string]any{"sections": len(got), "published header": got[0] == want[0], "header": other(got[0], want[0]), "same claims": got[1] == want[1], "published signature": got[2] == want[2], "signed": got[2] != ""}
		}, "few claims", bare()),
	}
}

// other is a text when it is not the wanted one.
func other(got, want string) string {
	if got == want {
		return ""
	}
	return got
}
