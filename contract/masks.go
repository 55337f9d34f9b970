package contract

import (
	"strings"
	"unicode"
)

// masked wants no full telephone number and no full e-mail address in a flow's answer.
func (c *call) masked() {
	for contact := range c.mem.contacts {
		if !c.mem.usernames[contact] && len(contact) >= shortest && c.answer.holds(contact) {
			c.fail(ruleMasked, "/", "telephone numbers and e-mail addresses masked, such as *******01", "one in full, not shown", pageMFAFlow)
		}
	}
	walk(c.body, nil, func(path []string, v any) {
		if plain := digits(text(v)); len(plain) >= shortestNumber && c.mem.contacts[plain] && !c.mem.usernames[text(v)] && !c.mem.contacts[text(v)] {
			c.fail(ruleMasked, pointer(path...), "a telephone number masked, such as *******01", "all its digits, not shown", pageMFAFlow)
		}
	})
}

// visible is how many digits of a number, or letters of a name, a mask leaves at the most.
const visible = 2

// maskedAddress wants of a device's number no more than its last two digits, and of its e-mail address no more than two
// letters of the name, as the pages show them: *******01 and ab****@example.com.
func (c *call) maskedAddress(device any, where ...string) {
	if phone := text(device, "phone"); phone != "" {
		if shown := digits(phone); len(shown) > visible || !strings.HasSuffix(phone, shown) || !strings.Contains(phone, "*") {
			c.fail(ruleMasked, pointer(join(where, "phone")...), "at most the last two digits, such as *******01", "more of the number, not shown", pageMFAFlow)
		}
	}
	if email := text(device, "email"); email != "" {
		name, _, _ := strings.Cut(email, "@")
		if lettersOf(name) > visible || !strings.Contains(name, "*") {
			c.fail(ruleMasked, pointer(join(where, "email")...), "at most two letters of the name, such as ab****@example.com", "more of the address, not shown", pageMFAFlow)
		}
	}
}

// lettersOf counts what a mask leaves of a name.
func lettersOf(name string) int {
	return len([]rune(strings.Map(func(r rune) rune {
		if r == '*' || unicode.IsSpace(r) {
			return -1
		}
		return r
	}, name)))
}
