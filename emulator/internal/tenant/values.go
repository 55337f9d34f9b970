package tenant

import (
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxPhone is how long a telephone number of a person may be.
const maxPhone = 32

// ValidPhone is the loose rule for a person's telephone numbers: at least one
// digit, at most 32 characters.
func ValidPhone(phone string) bool {
	return utf8.RuneCountInString(phone) <= maxPhone && strings.IndexFunc(phone, unicode.IsDigit) >= 0
}

// ValidDevicePhone is the rule for a device: international, with a leading +,
// and nothing but digits, spaces, dots, dashes and parentheses after it.
func ValidDevicePhone(phone string) bool {
	rest, found := strings.CutPrefix(phone, "+")
	if !found || utf8.RuneCountInString(phone) > maxPhone {
		return false
	}
	digits := 0
	for _, c := range rest {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case !strings.ContainsRune(" .-()", c):
			return false
		}
	}
	return digits >= 7 && digits <= 15
}

// SamePhone says whether two spellings name one number.
func SamePhone(a, b string) bool { return digitsOf(a) == digitsOf(b) }

func digitsOf(phone string) string {
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' {
			return c
		}
		return -1
	}, phone)
}

// ValidEmail says whether the text is one bare mail address.
func ValidEmail(email string) bool {
	address, err := mail.ParseAddress(email)
	return err == nil && address.Address == email && len(email) <= 256
}
