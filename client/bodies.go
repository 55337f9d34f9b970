package client

// The bodies below hold what the suite sends. Every method takes any other
// body too, so that a broken one can be sent.

// Ref names another resource by its id.
type Ref struct {
	ID string `json:"id"`
}

// Application is an OpenID Connect application.
//
// developer.pingidentity.com/pingone-api/platform/applications
type Application struct {
	Name                    string   `json:"name"`
	Description             string   `json:"description,omitempty"`
	Enabled                 bool     `json:"enabled"`
	Type                    string   `json:"type"`
	Protocol                string   `json:"protocol"`
	GrantTypes              []string `json:"grantTypes,omitempty"`
	ResponseTypes           []string `json:"responseTypes,omitempty"`
	TokenEndpointAuthMethod string   `json:"tokenEndpointAuthMethod"`
	PKCEEnforcement         string   `json:"pkceEnforcement,omitempty"`
	RedirectURIs            []string `json:"redirectUris,omitempty"`
	PostLogoutRedirectURIs  []string `json:"postLogoutRedirectUris,omitempty"`
}

// Grant lets an application ask for scopes of one resource.
type Grant struct {
	Resource Ref   `json:"resource"`
	Scopes   []Ref `json:"scopes"`
}

// SignOnPolicy is a sign-on policy's own properties.
type SignOnPolicy struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	Default     bool   `json:"default"`
}

// LoginAction asks for user name and password.
type LoginAction struct {
	Priority int    `json:"priority"`
	Type     string `json:"type"` // LOGIN
}

// ProfilingAction asks for attributes the user has no value for, at most once
// in PromptIntervalSeconds.
type ProfilingAction struct {
	Priority                      int                `json:"priority"`
	Type                          string             `json:"type"` // PROGRESSIVE_PROFILING
	Attributes                    []ProfileAttribute `json:"attributes"`
	PreventMultiplePromptsPerFlow bool               `json:"preventMultiplePromptsPerFlow"`
	PromptIntervalSeconds         int                `json:"promptIntervalSeconds"`
	PromptText                    string             `json:"promptText"`
}

// ProfileAttribute is one attribute that is asked for.
type ProfileAttribute struct {
	Name     string `json:"name"`
	Required bool   `json:"required"`
}

// MFAAction asks for a second factor. Without a device authentication policy
// the environment's default one decides which devices count.
type MFAAction struct {
	Priority                   int      `json:"priority"`
	Type                       string   `json:"type"` // MULTI_FACTOR_AUTHENTICATION
	SMS                        *Enabled `json:"sms,omitempty"`
	Email                      *Enabled `json:"email,omitempty"`
	Voice                      *Enabled `json:"voice,omitempty"`
	Authenticator              *Enabled `json:"authenticator,omitempty"`
	DeviceAuthenticationPolicy *Ref     `json:"deviceAuthenticationPolicy,omitempty"`
	NoDevicesMode              string   `json:"noDevicesMode,omitempty"`
}

// Enabled switches a method of an MFAAction on or off.
type Enabled struct {
	Enabled bool `json:"enabled"`
}

// Assignment assigns a sign-on policy to an application; priority 1 runs first.
type Assignment struct {
	Priority     int `json:"priority"`
	SignOnPolicy Ref `json:"signOnPolicy"`
}

// Population is a group of users.
type Population struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
}

// User is a person as the suite creates one.
type User struct {
	Username    string `json:"username"`
	Email       string `json:"email"`
	Name        *Name  `json:"name,omitempty"`
	Population  *Ref   `json:"population,omitempty"`
	MobilePhone string `json:"mobilePhone,omitempty"`
}

// Name is a person's name.
type Name struct {
	Given  string `json:"given,omitempty"`
	Family string `json:"family,omitempty"`
}

// Password is a new password in clear text.
type Password struct {
	Value       string `json:"value"`
	ForceChange bool   `json:"forceChange"`
}

// MFAEnabled says whether a user uses MFA.
type MFAEnabled struct {
	MFAEnabled bool `json:"mfaEnabled"`
}

// Device is an MFA device: EMAIL with an address, SMS or VOICE with a phone
// number, or TOTP. A device in test mode sends nothing; PingOne's answers carry
// its passcode instead.
type Device struct {
	Type     string `json:"type"`
	Email    string `json:"email,omitempty"`
	Phone    string `json:"phone,omitempty"`
	Nickname string `json:"nickname,omitempty"`
	Status   string `json:"status,omitempty"`
	TestMode bool   `json:"testMode,omitempty"`
	Policy   *Ref   `json:"policy,omitempty"`
}

// OTP is a one-time passcode.
type OTP struct {
	OTP string `json:"otp"`
}
