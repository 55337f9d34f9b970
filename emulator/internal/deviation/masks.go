package deviation

import (
	"strings"

	"pingone-conformance/emulator/internal/tenant"
)

// masks show more of a device than whoever signs on may see, or ask one that is not in use.
func masks() []Deviation {
	const rule = "a mask leaves the last two digits of a number, and the first letters and the domain of an address"
	address := func(show func(device *tenant.Device) (phone, email string)) func(*Decisions) {
		return func(d *Decisions) {
			documented := d.OAuth.Address
			d.OAuth.Address = func(device *tenant.Device) (string, string) {
				phone, email := documented(device)
				otherPhone, otherEmail := show(device)
				if phone != "" && otherPhone != "" {
					phone = otherPhone
				}
				if email != "" && otherEmail != "" {
					email = otherEmail
				}
				return phone, email
			}
		}
	}
	return []Deviation{
		insecure("phone-half-masked", "a flow shows the last seven digits of a number", rule, pageMFAOnly).by(address(func(d *tenant.Device) (string, string) {
			return "*****" + d.Phone[max(0, len(d.Phone)-7):], ""
		})),
		insecure("phone-masked-at-its-end", "a flow shows a number but for its last two digits", rule, pageMFAOnly).by(address(func(d *tenant.Device) (string, string) {
			return d.Phone[:max(0, len(d.Phone)-2)] + "**", ""
		})),
		insecure("email-half-masked", "a flow shows an e-mail address but for one letter", rule, pageMFAOnly).by(address(func(d *tenant.Device) (string, string) {
			at := strings.LastIndex(d.Email, "@")
			return "", d.Email[:max(0, at-1)] + "*" + d.Email[max(0, at):]
		})),
		insecure("email-masked-in-its-domain-only", "a flow shows the whole name of an e-mail address", rule, pageMFAOnly).by(address(func(d *tenant.Device) (string, string) {
			at := strings.LastIndex(d.Email, "@")
			return "", d.Email[:at+1] + "****.com"
		})),
	}
}
