package tenant

import "time"

// Meta is what everything has that can be created.
type Meta struct {
	ID                   string
	Seq                  int // order of creation
	CreatedAt, UpdatedAt time.Time
	// Sent is what the caller sent at the latest creation or replacement. The members
	// of it that have no field of their own are answered as they were sent.
	Sent map[string]any
}

// GetMeta is the Meta of whatever embeds one.
func (m *Meta) GetMeta() *Meta { return m }

// Environment is one PingOne environment and all that is in it.
type Environment struct {
	Meta
	Description    string
	Status         string // ACTIVE or DELETE_PENDING
	SoftDeletedAt  time.Time
	OrganizationID string
	LicenseID      string
	Name           string
	Type           string // SANDBOX or PRODUCTION
	Region         string // NA EU AP CA AU SG
	Products       []string
	// BillOfMaterials is as it was sent; nil when it was made of Products.
	BillOfMaterials map[string]any

	Applications   Table[*Application]
	Resources      Table[*Resource]
	Policies       Table[*SignOnPolicy]
	Populations    Table[*Population]
	Users          Table[*User]
	DevicePolicies Table[*DevicePolicy]
	// Records are what management keeps and sign-on hardly looks at, by the path of
	// their list below the environment.
	Records map[string]Table[*Record]
	// PasswordPolicyID is the one default password policy.
	PasswordPolicyID string

	people people // of Users
}

// Record is a thing that is nothing but what was sent: its members are in Meta.Sent.
type Record struct {
	Meta
	// Fixed are members that cannot change; what has some cannot be deleted.
	Fixed   map[string]any
	Default bool
}

// Application is an OIDC application; its ID is its client_id.
type Application struct {
	Meta
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
	// Roles is for WORKER applications: with none, no token is issued.
	Roles []string
	// RoleEnvironments are the environments in which the roles hold.
	RoleEnvironments []string
	// Previous is the secret before the last rotation, while it is kept.
	Previous    *PreviousSecret
	Grants      Table[*Grant]
	Assignments Table[*Assignment]
}

// PreviousSecret is a rotated secret that is still valid until ExpiresAt.
type PreviousSecret struct {
	Secret    string
	ExpiresAt time.Time
	LastUsed  time.Time
}

// Grant is the scopes of one resource that an application may ask for.
type Grant struct {
	Meta
	ResourceID string
	ScopeIDs   []string
}

// Assignment binds a sign-on policy to an application; the lowest Priority runs first.
type Assignment struct {
	Meta
	PolicyID string
	Priority int
}

// Resource is an OAuth resource with its scopes.
type Resource struct {
	Meta
	Name                       string
	Description                string
	Type                       string // OPENID_CONNECT, PINGONE_API, CUSTOM
	Audience                   string
	AccessTokenValiditySeconds int
	IntrospectAuthMethod       string
	Secret                     string // of a custom one
	Scopes                     Table[*Scope]
}

// Scope is one scope of a resource.
type Scope struct {
	Meta
	Name             string
	Description      string
	SchemaAttributes []string
	MappedClaims     []string
}

// SignOnPolicy is a list of actions.
type SignOnPolicy struct {
	Meta
	Name        string
	Description string
	Default     bool
	Actions     Table[*Action]
}

// The types of sign-on policy actions whose sign-on the emulator can play.
const (
	ActionLogin = "LOGIN"

	ActionMFA = "MULTI_FACTOR_AUTHENTICATION"

	ActionProfiling = "PROGRESSIVE_PROFILING"
)

// Action is one sign-on policy action; the lowest Priority runs first.
type Action struct {
	Meta
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
}

// ProfileAttribute is one attribute that progressive profiling asks for;
// Name is a path in the user schema, such as mobilePhone or name.given.
type ProfileAttribute struct {
	Name     string
	Required bool
}

// Population groups users.
type Population struct {
	Meta
	Name        string
	Description string
	Default     bool
}

// User is a person of the environment. Profile holds what the API shows under
// the person's own attributes (email, username, name{given,family}, mobilePhone,
// address{...}, ...) as decoded JSON.
type User struct {
	Meta
	PopulationID string
	Enabled      bool
	MFAEnabled   bool
	Profile      map[string]any
	Password     Password
	Devices      Table[*Device]
	// Prompted is when progressive profiling last asked for (and the person answered or skipped) each attribute.
	Prompted map[string]time.Time
	// Groups are the ids of the groups that the person was made a member of.
	Groups []string
	// Lifecycle and VerifyStatus are what was sent at creation, nil and "" for the defaults.
	Lifecycle    map[string]any
	VerifyStatus string
	// EmailVerified says that the e-mail address is the person's; Verification and
	// Recovery are codes that were sent there.
	EmailVerified          bool
	Verification, Recovery MailedCode
	// IdentityProviderID is "" for people of PingOne itself.
	IdentityProviderID string
	// LockedAt is when an administrator locked the account, zero when none did.
	LockedAt     time.Time
	LastSignOnAt time.Time
	LastSignOnIP string

	known keys // under which the environment finds the person
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
	Meta
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
	LastStep int64
	OTP      OTP // activation passcode, when one is pending
	// Passcode is the one that is sent each time; "" means a new one each time.
	Passcode string
}

// OTP is one passcode that was sent.
type OTP struct {
	Code      string
	ExpiresAt time.Time
}

// DevicePolicy is a device authentication (MFA) policy.
type DevicePolicy struct {
	Meta
	Name            string
	Default         bool
	DeviceSelection string // DEFAULT_TO_FIRST PROMPT_TO_SELECT ALWAYS_DISPLAY_DEVICES
	Methods         map[string]DeviceMethod
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
