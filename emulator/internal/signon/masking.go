package signon

import (
	"strings"
	"unicode"
)

// maskPhone keeps the last two digits: *******01.
//
// https://developer.pingidentity.com/pingone-api/workflow-library/multi-factor-authentication/configure-an-mfa-only-flow-using-a-login-hint-token.html
func maskPhone(phone string) string {
	var digits []rune
	for _, c := range phone {
		if unicode.IsDigit(c) {
			digits = append(digits, c)
		}
	}
	return "*******" + string(digits[max(0, len(digits)-2):])
}

// maskEmail keeps the first two characters and the domain: te****@example.com.
// Of a local part that is no longer than that, one character less is kept.
func maskEmail(email string) string {
	at := strings.LastIndex(email, "@")
	if at < 0 {
		return "****"
	}
	local := []rune(email[:at])
	kept := min(2, max(0, len(local)-1))
	return string(local[:kept]) + "****" + email[at:]
}
