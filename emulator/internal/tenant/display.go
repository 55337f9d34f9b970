package tenant

import (
	"strings"
	"unicode"
)

// Masked is the device's number or address as it is shown to whoever signs on, ""
// for a device that has none.
func (d *Device) Masked() string {
	switch {
	case d.Phone != "":
		return MaskPhone(d.Phone)
	case d.Email != "":
		return MaskEmail(d.Email)
	}
	return ""
}

// MaskPhone keeps the last two digits: *******01.
//
// https://developer.pingidentity.com/pingone-api/workflow-library/multi-factor-authentication/configure-an-mfa-only-flow-using-a-login-hint-token.html
func MaskPhone(phone string) string {
	var digits []rune
	for _, c := range phone {
		if unicode.IsDigit(c) {
			digits = append(digits, c)
		}
	}
	return "*******" + string(digits[max(0, len(digits)-2):])
}

// MaskEmail keeps the first two characters and the domain: te****@example.com.
// Of a local part that is no longer than that, one character less is kept.
func MaskEmail(email string) string {
	at := strings.LastIndex(email, "@")
	if at < 0 {
		return "****"
	}
	local := []rune(email[:at])
	kept := min(2, max(0, len(local)-1))
	return string(local[:kept]) + "****" + email[at:]
}

// DisplayName makes words of the path: mobilePhone becomes "Mobile Phone",
// name.given "Given Name".
func (a ProfileAttribute) DisplayName() string {
	path := a.Name
	if part, ok := strings.CutPrefix(path, "name."); ok {
		path = part + "Name"
	}
	var words strings.Builder
	for i, c := range path[strings.LastIndex(path, ".")+1:] {
		switch {
		case i == 0:
			c = unicode.ToUpper(c)
		case unicode.IsUpper(c):
			words.WriteRune(' ')
		}
		words.WriteRune(c)
	}
	return words.String()
}
