package tenant

import "time"

// Environment is one PingOne environment and all that is in it.
type Environment struct {
	ID             string
	Seq            int // order of creation
	Description    string
	Status         string // ACTIVE or DELETE_PENDING
	SoftDeletedAt  time.Time
	OrganizationID string
	LicenseID      string
	Name           string
	Type           string // SANDBOX or PRODUCTION
	Region         string // NA EU AP CA AU SG
	Products       []string
	CreatedAt      time.Time
	UpdatedAt      time.Time

	Applications   map[string]*Application
	Resources      map[string]*Resource
	Policies       map[string]*SignOnPolicy
	Populations    map[string]*Population
	Users          map[string]*User
	DevicePolicies map[string]*DevicePolicy
	// PasswordPolicyID is the one default password policy.
	PasswordPolicyID string
}

// Application is an OIDC application; its ID is its client_id.
type Application struct {
	ID                      string
	Name                    string
	Description             string
	Enabled                 bool
	Type                    string // WEB_APP, NATIVE_APP, SINGLE_PAGE_APP, WORKER, ...
	Protocol                string // OPENID_CONNECT
	GrantTypes              []string
	ResponseTypes           []string
	RedirectURIs            []string
	PostLogoutRedirectURIs  []string
	TokenEndpointAuthMethod string // NONE, CLIENT_SECRET_BASIC, CLIENT_SECRET_POST, ...
	PKCEEnforcement         string // OPTIONAL, REQUIRED, S256_REQUIRED
	// SupportUnsignedRequestObject and RequireSignedRequestObject rule the request parameter.
	SupportUnsignedRequestObject bool
	RequireSignedRequestObject   bool
	LoginPageURL                 string
	Secret                       string
	CreatedAt                    time.Time
	UpdatedAt                    time.Time
	// Sent holds every member the caller sent that has no field of its own here, for echoing.
	Sent map[string]any
	// Roles is for WORKER applications: with none, no token is issued.
	Roles []string
	// RoleEnvironments are the environments in which the roles hold.
	RoleEnvironments []string
	// Previous is the secret before the last rotation, while it is kept.
	Previous    *PreviousSecret
	Seq         int
	Grants      map[string]*Grant
	Assignments map[string]*Assignment
}

// PreviousSecret is a rotated secret that is still valid until ExpiresAt.
type PreviousSecret struct {
	Secret    string
	ExpiresAt time.Time
	LastUsed  time.Time
}

// Grant is the scopes of one resource that an application may ask for.
type Grant struct {
	Seq        int // order of creation
	ID         string
	ResourceID string
	ScopeIDs   []string
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// Assignment binds a sign-on policy to an application; the lowest Priority runs first.
type Assignment struct {
	Seq      int // order of creation
	ID       string
	PolicyID string
	Priority int
}

// Resource is an OAuth resource with its scopes.
type Resource struct {
	Seq                        int // order of creation
	ID                         string
	Name                       string
	Description                string
	Type                       string // OPENID_CONNECT, PINGONE_API, CUSTOM
	Audience                   string
	AccessTokenValiditySeconds int
	IntrospectAuthMethod       string
	CreatedAt                  time.Time
	UpdatedAt                  time.Time
	Scopes                     map[string]*Scope
}

// Scope is one scope of a resource.
type Scope struct {
	Seq              int // order of creation
	ID               string
	Name             string
	Description      string
	SchemaAttributes []string
	MappedClaims     []string
	CreatedAt        time.Time
	UpdatedAt        time.Time
}

// SignOnPolicy is a list of actions.
type SignOnPolicy struct {
	Seq         int // order of creation
	ID          string
	Name        string
	Description string
	Default     bool
	CreatedAt   time.Time
	UpdatedAt   time.Time
	Actions     map[string]*Action
}

// Action is one sign-on policy action; the lowest Priority runs first.
type Action struct {
	Seq      int // order of creation
	ID       string
	Type     string // LOGIN, MULTI_FACTOR_AUTHENTICATION, PROGRESSIVE_PROFILING
	Priority int

	// LOGIN
	RecoveryEnabled     bool
	RegistrationEnabled bool

	// PROGRESSIVE_PROFILING
	Attributes                    []ProfileAttribute
	PromptText                    string
	PromptIntervalSeconds         int
	PreventMultiplePromptsPerFlow bool

	// MULTI_FACTOR_AUTHENTICATION: Methods holds the enabled flags that were sent,
	// by name (sms, email, voice, authenticator); nil when none was.
	Methods        map[string]bool
	DevicePolicyID string
	NoDevicesMode  string // BLOCK or BYPASS, "" when not sent

	// Sent is the request's body, for echoing members that have no field here.
	Sent map[string]any
}

// ProfileAttribute is one attribute that progressive profiling asks for;
// Name is a path in the user schema, such as mobilePhone or name.given.
type ProfileAttribute struct {
	Name     string
	Required bool
}

// Population groups users.
type Population struct {
	Seq         int // order of creation
	ID          string
	Name        string
	Description string
	Default     bool
	CreatedAt   time.Time
	UpdatedAt   time.Time
	Sent        map[string]any
}

// User is a person of the environment. Profile holds what the API shows under
// the person's own attributes (email, username, name{given,family}, mobilePhone,
// address{...}, ...) as decoded JSON.
type User struct {
	Seq          int // order of creation
	ID           string
	PopulationID string
	Enabled      bool
	MFAEnabled   bool
	Profile      map[string]any
	CreatedAt    time.Time
	UpdatedAt    time.Time
	Password     Password
	Devices      map[string]*Device
	// Prompted is when progressive profiling last asked for (and the person answered or skipped) each attribute.
	Prompted     map[string]time.Time
	LastSignOnAt time.Time
	LastSignOnIP string
}

// Password is a person's password state.
type Password struct {
	Set         bool
	Hash        []byte
	Salt        []byte
	History     [][]byte // former hashes, newest first, same salt
	ForceChange bool
	Failures    int
	LockedUntil time.Time
	ChangedAt   time.Time
	// Scheme names the digest of a password that came already encoded, such
	// as SSHA512; "" is the emulator's own.
	Scheme string
}

// Device is one MFA device.
type Device struct {
	Seq       int // order of creation
	ID        string
	Type      string // SMS EMAIL VOICE TOTP
	Status    string // ACTIVE ACTIVATION_REQUIRED
	Phone     string
	Email     string
	Nickname  string
	TestMode  bool
	Blocked   bool // an administrator blocked it: it takes no part in sign-on
	PolicyID  string
	Secret    string // TOTP, base32
	SecretAt  time.Time
	KeyURI    string
	Failures  int
	LockUntil time.Time
	// LastStep is the newest TOTP time step that was accepted: it is not accepted twice.
	LastStep  int64
	OTP       OTP // activation passcode, when one is pending
	CreatedAt time.Time
	UpdatedAt time.Time
}

// OTP is one passcode that was sent.
type OTP struct {
	Code      string
	ExpiresAt time.Time
}

// DevicePolicy is a device authentication (MFA) policy.
type DevicePolicy struct {
	Seq             int // order of creation
	ID              string
	Name            string
	Default         bool
	DeviceSelection string // DEFAULT_TO_FIRST PROMPT_TO_SELECT ALWAYS_DISPLAY_DEVICES
	Methods         map[string]DeviceMethod
	UpdatedAt       time.Time
	Sent            map[string]any
}

// DeviceMethod is one method of a device policy, by name: sms email voice totp mobile.
type DeviceMethod struct {
	Enabled      bool
	OTPLength    int           // default 6
	LifeTime     time.Duration // default 30 min
	FailureCount int           // default 3
	CoolDown     time.Duration // default 0; totp 2 min
}

// Message is one passcode that the emulator would have sent.
type Message struct {
	EnvironmentID string    `json:"environmentId"`
	UserID        string    `json:"userId"`
	DeviceID      string    `json:"deviceId"`
	FlowID        string    `json:"flowId,omitempty"`
	Channel       string    `json:"channel"` // SMS EMAIL VOICE
	To            string    `json:"to"`
	OTP           string    `json:"otp"`
	SentAt        time.Time `json:"sentAt"`
}
