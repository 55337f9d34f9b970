package flow

import "slices"

// The actions that a flow takes, by the name that their link and their media type
// share.
//
// https://developer.pingidentity.com/pingone-api/auth/flows/flows-1.html
const (
	CheckPassword = "usernamePassword.check"

	LookUpUser = "user.lookup"

	ForgotPassword = "password.forgot"

	RecoverPassword = "password.recover"

	SendRecoveryCode = "password.sendRecoveryCode"

	ResetPassword = "password.reset"

	VerifyUser = "user.verify"

	SendVerificationCode = "user.sendVerificationCode"

	UpdateUser = "user.update"

	SelectDevice = "device.select"

	CheckPasscode = "otp.check"

	ResetSession = "session.reset"
)

// Actions are the names of all actions.
func Actions() []string {
	return []string{
		CheckPassword, LookUpUser, ForgotPassword, RecoverPassword, SendRecoveryCode, ResetPassword, VerifyUser, SendVerificationCode,
		UpdateUser, SelectDevice, CheckPasscode, ResetSession,
	}
}

// Allowed are the actions that the flow takes where it stands.
func (f *Flow) Allowed() []string {
	var actions []string
	switch f.Status {
	case PasswordRequired:
		actions = []string{CheckPassword}
		if f.Action().RecoveryEnabled {
			actions = append(actions, ForgotPassword)
		}
	case RecoveryCodeRequired:
		actions = []string{RecoverPassword, SendRecoveryCode, ForgotPassword}
	case SignOnRequired:
		actions = []string{LookUpUser}
	case VerificationCodeRequired:
		actions = []string{VerifyUser, SendVerificationCode}
	case MustChangePassword:
		actions = []string{ResetPassword}
	case DeviceSelectionRequired:
		actions = []string{SelectDevice}
	case PasscodeRequired:
		actions = []string{CheckPasscode, SelectDevice}
	case ProfileRequired:
		actions = []string{UpdateUser}
	}
	// A person who gave a name may take it back; a hint was somebody else's word.
	if len(actions) > 0 && (f.named == namedByPerson || f.named == namedByNobody && f.UserID != "") {
		actions = append(actions, ResetSession)
	}
	return actions
}

// Takes says whether the flow takes the action where it stands.
func (f *Flow) Takes(action string) bool { return slices.Contains(f.Allowed(), action) }

// Bare says of an action that it takes no body.
func Bare(action string) bool {
	return action == SendRecoveryCode || action == SendVerificationCode || action == ResetSession
}

// Act does an action that the flow takes, with decoded JSON as its input. It
// changes the flow and returns nil, or returns why the action was not done; the
// flow may have got further all the same, as with a factor that was proven before
// the policy failed. The session of a flow that is reset has to be a new one.
func (e *Engine) Act(at Visit, f *Flow, action string, input map[string]any) *Refusal {
	switch action {
	case CheckPassword:
		return e.checkPassword(at, f, input)
	case LookUpUser:
		return e.lookUpUser(at, f, input)
	case ForgotPassword:
		return e.forgotPassword(at, f, input)
	case SendRecoveryCode:
		return e.sendRecoveryCode(at, f)
	case RecoverPassword:
		return e.recoverPassword(at, f, input)
	case ResetPassword:
		return e.resetPassword(at, f, input)
	case VerifyUser:
		return e.verifyUser(at, f, input)
	case SendVerificationCode:
		return e.sendVerificationCode(at, f)
	case UpdateUser:
		return e.updateUser(at, f, input)
	case SelectDevice:
		return e.selectDevice(at, f, input)
	case CheckPasscode:
		return e.checkPasscode(at, f, input)
	default:
		f.reset(f.Request)
		e.Begin(at, f)
		return nil
	}
}

// text reads a member that has to be a string with something in it.
func text(input map[string]any, name string) (string, *Refusal) {
	value, there := input[name]
	if !there || value == nil {
		return "", invalid("REQUIRED_VALUE", name, "A required value is missing.")
	}
	word, ok := value.(string)
	if !ok {
		return "", &Refusal{Malformed, []Detail{{Code: "INVALID_VALUE", Target: name, Message: "The value is not a string."}}}
	}
	if word == "" {
		return "", invalid("EMPTY_VALUE", name, "The value is empty.")
	}
	return word, nil
}

// texts reads two such members.
func texts(input map[string]any, first, second string) (one, two string, refusal *Refusal) {
	if one, refusal = text(input, first); refusal == nil {
		two, refusal = text(input, second)
	}
	return one, two, refusal
}
