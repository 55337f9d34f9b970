package browser

import (
	_ "embed"
	"encoding/json"
	"html/template"
	"strings"

	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

//go:embed page.html
var pageSource string

var pageTemplate = template.Must(template.New("page").Parse(pageSource))

// pagePolicy lets the page run its own script, talk to its own flow, and nothing else.
const pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

// Page is what the page shows: a message, or a flow with its one form.
type Page struct {
	Message             string
	Application, Status string
	FlowURL, ResumeURL  string
	Prompt              string
	Action, MediaType   string
	Fields              []Field
	Devices             []Device
}

// Field is one field of the form.
type Field struct {
	Name, Label, Type string
	Required          bool
}

// Device is one device to choose from.
type Device struct{ ID, Text string }

// Show renders the page.
func (p Page) Show(status int) *wire.Answer {
	var text strings.Builder
	if err := pageTemplate.Execute(&text, p); err != nil {
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

// forms are the action and the fields of the states that ask for texts.
func forms(status string) (action string, fields []Field) {
	username := Field{"username", "Username", "text", true}
	newPassword := Field{"newPassword", "New password", "password", true}
	switch status {
	case flow.PasswordRequired:
		return flow.CheckPassword, []Field{username, {"password", "Password", "password", true}}
	case flow.SignOnRequired:
		return flow.LookUpUser, []Field{username}
	case flow.MustChangePassword:
		return flow.ResetPassword, []Field{{"currentPassword", "Current password", "password", true}, newPassword}
	case flow.RecoveryCodeRequired:
		return flow.RecoverPassword, []Field{{"recoveryCode", "Recovery code", "text", true}, newPassword}
	case flow.PasscodeRequired:
		return flow.CheckPasscode, []Field{{"otp", "Passcode", "text", true}}
	}
	return "", nil
}

// Ask adds what the flow asks for where it stands. Devices are those to choose from.
func (p Page) Ask(f *flow.Flow, devices []*tenant.Device) Page {
	p.Status = f.Status
	p.Action, p.Fields = forms(f.Status)
	switch f.Status {
	case flow.DeviceSelectionRequired:
		p.Action = flow.SelectDevice
		for _, d := range devices {
			p.Devices = append(p.Devices, Device{d.ID, strings.TrimSpace(d.Type + " " + d.Masked())})
		}
	case flow.ProfileRequired:
		p.Action, p.Prompt = flow.UpdateUser, f.Action().PromptText
		for _, attribute := range f.Asked {
			p.Fields = append(p.Fields, Field{attribute.Name, attribute.DisplayName(), "text", attribute.Required})
		}
	}
	return p
}
