package deviation

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"pingone-conformance/emulator/internal/tenant"
)

// nearly take what is nearly right, or miss nothing where something is missing.
func nearly() []Deviation {
	return append(secretsNearly(),
		insecure("code-redirect-uri-missing-taken", "the token endpoint does without the redirect URI", "it is the one of the authorization request", rfcExchange).
			by(sameRedirect(func(_, sent string) bool { return sent == "" })),
		insecure("code-redirect-uri-by-its-beginning", "the token endpoint compares the beginning of the redirect URI", "it is the one of the authorization request", rfcExchange).
			by(sameRedirect(func(requested, sent string) bool { return strings.HasPrefix(sent, requested) })),
		insecure("pkce-verifier-missing-taken", "the code verifier is compared with the challenge when there is one", "the verifier has to match the challenge", pagePKCE).by(func(d *Decisions) {
			documented := d.OAuth.Proves
			d.OAuth.Proves = func(verifier, challenge, method string) bool {
				return verifier == "" || documented(verifier, challenge, method)
			}
		}),
		insecure("redirect-uri-by-its-beginning", "authorize compares the beginning of the redirect URI", "the redirect URI is one of the application's", rfcRedirect).by(func(d *Decisions) {
			d.OAuth.Registered = func(app *tenant.Application, uri string) bool {
				for _, own := range app.RedirectURIs {
					if strings.HasPrefix(uri, own) {
						return true
					}
				}
				return false
			}
		}),
		insecure("redirect-uri-by-a-part-of-its-host", "authorize compares the beginning of the redirect URI's host", "the redirect URI is one of the application's", rfcRedirect).by(func(d *Decisions) {
			documented := d.OAuth.Registered
			d.OAuth.Registered = func(app *tenant.Application, uri string) bool {
				for _, own := range app.RedirectURIs {
					if host, path, found := strings.Cut(strings.TrimPrefix(own, "https://"), "/"); found && strings.HasPrefix(uri, "https://"+host+".") && strings.HasSuffix(uri, "/"+path) {
						return true
					}
				}
				return documented(app, uri)
			}
		}),
		shape("application-listed-under-two-ids", "the list of applications has each twice, under two ids", "each item stands in a list once", pageConventions,
			inList(func(items []any) []any {
				for _, item := range slices.Clone(items) {
					text, _ := json.Marshal(item) // what was decoded from JSON encodes
					application, _ := item.(object)
					id, _ := application["id"].(string)
					var other object
					if id != "" && json.Unmarshal(bytes.ReplaceAll(text, []byte(id), []byte("dead"+id[4:])), &other) == nil {
						items = append(items, other)
					}
				}
				return items
			}, "application.list")),
		Deviation{Name: "mfa-enabled-shown-false", Group: Semantics, Breaks: "switching MFA on is answered, done, and not shown in the user", Rule: "MFA is on from then on", Page: pageMFAEnabled}.
			answering(set("mfaEnabled", false, "user.read")),
	)
}

// secretsNearly are secrets and passwords of which a part is right.
func secretsNearly() []Deviation {
	secret := func(name, breaks string, takes func(sent, secret string) bool) Deviation {
		return insecure(name, breaks, "wrong credentials are invalid_client", rfcError).by(func(d *Decisions) { d.OAuth.SecretMatches = takes })
	}
	password := func(name, breaks string, others func(clear string) []string) Deviation {
		return insecure(name, breaks, "a wrong password is refused", pagePassword).by(func(d *Decisions) {
			documented := d.Tenant.PasswordMatches
			d.Tenant.PasswordMatches = func(p tenant.Password, clear string) bool {
				for _, other := range append(others(clear), clear) {
					if documented(p, other) {
						return true
					}
				}
				return false
			}
		})
	}
	const part = 8
	return []Deviation{
		secret("client-secret-case-ignored", "the token endpoint takes a client secret in other letters", func(sent, secret string) bool { return sent != "" && strings.EqualFold(sent, secret) }),
		secret("client-secret-by-its-beginning", "the token endpoint compares the beginning of a client secret", func(sent, secret string) bool {
			return len(sent) >= part && len(secret) >= part && sent[:part] == secret[:part]
		}),
		secret("client-secret-by-its-end", "the token endpoint compares the end of a client secret", func(sent, secret string) bool {
			return len(sent) >= part && strings.HasSuffix(secret, sent[len(sent)-part:])
		}),
		insecure("client-secret-missing-taken", "the token endpoint does without a client secret", "wrong credentials are invalid_client", rfcError).by(func(d *Decisions) {
			documented := d.OAuth.Method
			d.OAuth.Method = func(app *tenant.Application, method string) bool { return method == "NONE" || documented(app, method) }
		}),
		password("password-longer-taken", "a password is taken with a letter more", func(clear string) []string {
			if clear == "" {
				return nil
			}
			return []string{clear[:len(clear)-1]}
		}),
		password("password-shorter-taken", "a password is taken without its last letter", func(clear string) []string {
			var longer []string
			for letter := '!'; letter <= '~'; letter++ {
				longer = append(longer, clear+string(letter))
			}
			return longer
		}),
	}
}

// sameRedirect takes more redirect URIs at the token endpoint than the right one.
func sameRedirect(also func(requested, sent string) bool) func(*Decisions) {
	return func(d *Decisions) {
		documented := d.OAuth.SameRedirect
		d.OAuth.SameRedirect = func(app *tenant.Application, requested, sent string) bool {
			return documented(app, requested, sent) || also(requested, sent)
		}
	}
}
