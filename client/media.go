package client

// Media types of request bodies. Flow actions share one URL: the media type
// says which action is meant.
//
// developer.pingidentity.com/pingone-api/auth/flows/flows-1.html
const (
	JSON = "application/json"
	Form = "application/x-www-form-urlencoded"

	// Actions of a flow, posted to the flow's own URL.
	UsernamePasswordCheck    = "application/vnd.pingidentity.usernamePassword.check+json"
	UserUpdate               = "application/vnd.pingidentity.user.update+json"
	UserLookup               = "application/vnd.pingidentity.user.lookup+json"
	OTPCheck                 = "application/vnd.pingidentity.otp.check+json"
	DeviceSelect             = "application/vnd.pingidentity.device.select+json"
	SessionReset             = "application/vnd.pingidentity.session.reset+json"
	PasswordReset            = "application/vnd.pingidentity.password.reset+json"
	PasswordForgot           = "application/vnd.pingidentity.password.forgot+json"
	PasswordRecover          = "application/vnd.pingidentity.password.recover+json"
	PasswordSendRecoveryCode = "application/vnd.pingidentity.password.sendRecoveryCode+json"

	// Actions on a user, and on a user's devices.
	PasswordSet    = "application/vnd.pingidentity.password.set+json"
	PasswordCheck  = "application/vnd.pingidentity.password.check+json"
	UserImport     = "application/vnd.pingidentity.user.import+json"
	DeviceActivate = "application/vnd.pingidentity.device.activate+json"
	DeviceUnlock   = "application/vnd.pingidentity.device.unlock+json"
)
