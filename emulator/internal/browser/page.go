package browser

import (
	_ "embed"
	"encoding/json"
	"html/template"
	"slices"
	"strings"

	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
	"pingone-conformance/internal/lazy"
)

//go:embed page.html
var pageSource string

var pageTemplate = lazy.Value[*template.Template]{Make: func() *template.Template { return template.Must(template.New("page").Parse(pageSource)) }}

// pagePolicy lets the page run its own script, talk to its own flow, and nothing else.
const pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

// Page is what the page shows: a message, or a flow with its one form.
type Page struct {
	Message             string
	Application, Status string
	Title               string // Status in words
	FlowURL, ResumeURL  string
	Prompt              string
	Action, MediaType   string
	Fields              []Field
	Devices             []Device
	Others              []Other
}

// Other is another thing that a person may do where the flow stands: a button, with the
// action and the body that it sends. Field is that field of the form which it sends
// instead of a body.
type Other struct {
	Label, Action, MediaType, Body, Field string
}

// Field is one field of the form. Autocomplete is what a browser or a password
// manager fills in, Mode the keyboard of a telephone.
type Field struct {
	Name, Label, Type  string
	Required           bool
	Autocomplete, Mode string
}

// Device is one device to choose from.
type Device struct{ ID, Text, Kind string }

// kindOf is a type of device in words.
func kindOf(deviceType string) string {
	return map[string]string{"SMS": "Text message", "EMAIL": "E-mail", "VOICE": "Telephone call", "TOTP": "Authenticator app"}[deviceType]
}

// Show renders the page.
func (p Page) Show(status int) *wire.Answer {
	var text strings.Builder
	if err := pageTemplate.Get().Execute(&text, p); err != nil {
		return wire.UnexpectedError().Answer("")
	}
	return wire.Text(status, "text/html;charset=UTF-8", text.String()).With("Content-Security-Policy", pagePolicy)
}

// ErrorText is the message of an error body, with what its details name.
func ErrorText(body string) string {
	var problem wire.Problem
	var text strings.Builder
	if json.Unmarshal([]byte(body), &problem) != nil || problem.Message == "" {
		return "The sign-on request is not valid."
	}
	text.WriteString(problem.Message)
	for _, detail := range problem.Details {
		text.WriteString(" " + detail.Target + ": " + detail.Message)
	}
	return text.String()
}

// Words says where a sign-on stands to the person who signs on.
func Words(status string) string {
	words, known := map[string]string{
		flow.PasswordRequired:         "Sign on",
		flow.SignOnRequired:           "Who signs on?",
		flow.MustChangePassword:       "Choose a new password",
		flow.RecoveryCodeRequired:     "Enter the recovery code that was sent to you",
		flow.VerificationCodeRequired: "Enter the verification code that was sent to you",
		flow.PasscodeRequired:         "Enter your passcode",
		flow.DeviceSelectionRequired:  "Where should the passcode go?",
		flow.ProfileRequired:          "One more thing",
		flow.Completed:                "You are signed on",
		flow.Failed:                   "You could not be signed on",
	}[status]
	if !known {
		return status
	}
	return words
}

func textField(name, label, autocomplete string) Field {
	return Field{Name: name, Label: label, Type: "text", Required: true, Autocomplete: autocomplete}
}

func passwordField(name, label, autocomplete string) Field {
	return Field{Name: name, Label: label, Type: "password", Required: true, Autocomplete: autocomplete}
}

// forms are the action and the fields of the states that ask for texts.
func forms(status string) (action string, fields []Field) {
	newPassword := passwordField("newPassword", "New password", "new-password")
	code := func(name, label string) Field {
		return textField(name, label, "one-time-code")
	}
	passcode := code("otp", "Passcode")
	passcode.Mode = "numeric"
	switch status {
	case flow.PasswordRequired:
		return flow.CheckPassword, []Field{textField("username", "Username", "username"), passwordField("password", "Password", "current-password")}
	case flow.SignOnRequired:
		return flow.LookUpUser, []Field{textField("username", "Username", "username")}
	case flow.MustChangePassword:
		return flow.ResetPassword, []Field{passwordField("currentPassword", "Current password", "current-password"), newPassword}
	case flow.RecoveryCodeRequired:
		return flow.RecoverPassword, []Field{code("recoveryCode", "Recovery code"), newPassword}
	case flow.PasscodeRequired:
		return flow.CheckPasscode, []Field{passcode}
	case flow.VerificationCodeRequired:
		return flow.VerifyUser, []Field{code("verificationCode", "Verification code")}
	}
	return "", nil
}

// autocompleteOf is what browsers know of a person's attributes.
func autocompleteOf(name string) string {
	known, ok := map[string]string{
		"mobilePhone": "tel", "primaryPhone": "tel", "email": "email", "name.given": "given-name", "name.family": "family-name",
		"address.streetAddress": "street-address", "address.postalCode": "postal-code", "address.locality": "address-level2",
	}[name]
	if !ok {
		return "on"
	}
	return known
}

// others are what else a person may do where the flow stands.
func others(f *flow.Flow, devices []*tenant.Device) (all []Other) {
	add := func(action, label string, other Other) {
		if f.Takes(action) {
			other.Action, other.Label = action, label
			all = append(all, other)
		}
	}
	switch f.Status {
	case flow.PasswordRequired:
		add(flow.ForgotPassword, "Forgot your password?", Other{Field: "username"})
	case flow.RecoveryCodeRequired:
		add(flow.SendRecoveryCode, "Send another code", Other{})
	case flow.VerificationCodeRequired:
		add(flow.SendVerificationCode, "Send another code", Other{})
	case flow.PasscodeRequired:
		for _, d := range devices {
			selected := Other{Body: `{"device":{"id":"` + d.ID + `"}}`}
			switch {
			case d.ID != f.Challenge.DeviceID:
				add(flow.SelectDevice, strings.TrimSpace("Use another device: "+kindOf(d.Type)+" "+d.Masked()), selected)
			case d.Type != "TOTP":
				add(flow.SelectDevice, "Send another passcode", selected)
			}
		}
	case flow.ProfileRequired:
		if !slices.ContainsFunc(f.Asked, func(a tenant.ProfileAttribute) bool { return a.Required }) {
			add(flow.UpdateUser, "Skip", Other{Body: "{}"})
		}
	}
	if f.Status != flow.PasswordRequired {
		add(flow.ResetSession, "Sign on as somebody else", Other{})
	}
	return all
}

// Ask adds what the flow asks for where it stands. Devices are those that the person can use.
func (p Page) Ask(f *flow.Flow, devices []*tenant.Device) Page {
	p.Status, p.Title = f.Status, Words(f.Status)
	p.Action, p.Fields = forms(f.Status)
	p.Others = others(f, devices)
	switch f.Status {
	case flow.DeviceSelectionRequired:
		p.Action = flow.SelectDevice
		for _, d := range devices {
			p.Devices = append(p.Devices, Device{d.ID, strings.TrimSpace(d.Type + " " + d.Masked()), kindOf(d.Type)})
		}
	case flow.ProfileRequired:
		p.Action, p.Prompt = flow.UpdateUser, f.Action().PromptText
		for _, attribute := range f.Asked {
			field := textField(attribute.Name, attribute.DisplayName(), autocompleteOf(attribute.Name))
			field.Required = attribute.Required
			if field.Autocomplete == "tel" {
				field.Type = "tel"
			}
			p.Fields = append(p.Fields, field)
		}
	}
	return p
}
