package signon

import (
	_ "embed"
	"encoding/json"
	"html/template"
	"net/http"
	"strings"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

//go:embed page.html
var pageSource string

var page = template.Must(template.New("page").Parse(pageSource))

// pagePolicy lets the page run its own script, talk to its own flow, and nothing else.
const pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; form-action 'none'; base-uri 'none'"

// pageContent is what the page shows: a message, or a flow with its one form.
type pageContent struct {
	Message             string
	Application, Status string
	FlowURL, ResumeURL  string
	Prompt              string
	Action, MediaType   string
	Fields              []pageField
	Devices             []pageDevice
}

type pageField struct {
	Name, Label, Type string
	Required          bool
}

type pageDevice struct{ ID, Text string }

// signOnPage is the hosted sign-on page: plain, and good enough for a person to
// get through a flow of the emulator. It shows what ?error= holds, else where the
// flow of ?flowId= stands, for the browser that started it.
//
// https://developer.pingidentity.com/pingone-api/auth/auth-config-options/browserless-authentication-flow-options.html
func (s *Server) signOnPage(v *visit) *wire.Answer {
	query := v.URL.Query()
	switch {
	case query.Get("error") != "":
		return showPage(http.StatusOK, pageContent{Message: errorText(query.Get("error"))})
	case query.Get("signedOff") != "":
		return showPage(http.StatusOK, pageContent{Message: "You are signed off."})
	}
	f, refusal := s.findFlow(v, query.Get("flowId"))
	if refusal != nil {
		return showPage(refusal.Status, pageContent{Message: "The sign-on request has expired or is not valid."})
	}
	return showPage(http.StatusOK, s.flowContent(v, f))
}

func showPage(status int, content pageContent) *wire.Answer {
	var text strings.Builder
	if err := page.Execute(&text, content); err != nil {
		return wire.UnexpectedError().Answer("")
	}
	return wire.Text(status, "text/html;charset=UTF-8", text.String()).With("Content-Security-Policy", pagePolicy)
}

// errorText is the message of an error body, with what its details name.
func errorText(body string) string {
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

func (s *Server) flowContent(v *visit, f *flow) pageContent {
	content := pageContent{
		Application: f.params.app.Name, Status: f.status,
		FlowURL: v.base() + "/flows/" + f.id, ResumeURL: v.base() + "/as/resume?flowId=" + f.id,
	}
	switch f.status {
	case statusUsernamePassword:
		content.Action = relLogin
		content.Fields = []pageField{{"username", "Username", "text", true}, {"password", "Password", "password", true}}
	case statusSignOn:
		content.Action = relLookup
		content.Fields = []pageField{{"username", "Username", "text", true}}
	case statusMustChange:
		content.Action = relResetPassword
		content.Fields = []pageField{{"currentPassword", "Current password", "password", true}, {"newPassword", "New password", "password", true}}
	case statusRecoveryCode:
		content.Action = relRecover
		content.Fields = []pageField{{"recoveryCode", "Recovery code", "text", true}, {"newPassword", "New password", "password", true}}
	case statusOTP:
		content.Action = relCheckOTP
		content.Fields = []pageField{{"otp", "Passcode", "text", true}}
	case statusDeviceSelection:
		content.Action, content.Devices = relSelectDevice, s.pageDevices(v.env, f)
	case statusProfile:
		content.Action, content.Prompt = relUpdateUser, f.action().PromptText
		for _, attribute := range f.asked {
			content.Fields = append(content.Fields, pageField{attribute.Name, displayName(attribute.Name), "text", attribute.Required})
		}
	}
	content.MediaType = mediaTypeOf(content.Action)
	return content
}

func (s *Server) pageDevices(env *tenant.Environment, f *flow) []pageDevice {
	u := env.Users[f.userID]
	if u == nil {
		return nil
	}
	var devices []pageDevice
	for _, d := range s.usableDevices(env, u, f.action()) {
		text := d.Type
		switch {
		case d.Phone != "":
			text += " " + maskPhone(d.Phone)
		case d.Email != "":
			text += " " + maskEmail(d.Email)
		}
		devices = append(devices, pageDevice{d.ID, text})
	}
	return devices
}
