package seed

import (
	"strings"

	"pingone-conformance/internal/lazy"
)

// Lookup is where the variables of a seed are set, as os.LookupEnv.
type Lookup func(name string) (value string, set bool)

// variable is ${NAME} or ${NAME:-default} in a value; $${NAME} is the text ${NAME}. A name
// is of capitals, digits and underscores: expressions of PingOne, such as ${user.email},
// are no variables.
var variable = lazy.Regexp(`\$?\$\{([A-Z][A-Z0-9_]*)(:-([^}]*))?\}`)

// resolve puts the variables' values into the texts of a document. A value is a text,
// whatever it looks like, and never looked through for variables. Member names are left alone.
func (d *Document) resolve(v *value, lookup Lookup, fault report) {
	for _, name := range v.names {
		d.resolve(v.members[name], lookup, fault)
	}
	for _, item := range v.list {
		d.resolve(item, lookup, fault)
	}
	text, is := v.scalar.(string)
	if !is {
		return
	}
	v.scalar = variable.Get().ReplaceAllStringFunc(text, func(match string) string {
		if strings.HasPrefix(match, "$$") {
			return match[1:]
		}
		parts := variable.Get().FindStringSubmatch(match)
		value, set := lookup(parts[1])
		switch {
		case value != "":
			d.secret[value] = "${" + parts[1] + "}"
			return value
		case parts[2] != "":
			return parts[3]
		case !set:
			fault(v, "the variable %s is not set: set it, or give a default, ${%[1]s:-like this}", parts[1])
		}
		return ""
	})
}

// escaped is a text that a seed reads as it is.
func escaped(text string) string {
	return variable.Get().ReplaceAllStringFunc(text, func(match string) string { return "$" + match })
}

// withoutSecrets names the variables in a message, instead of what they hold.
func (d *Document) withoutSecrets(message string) string {
	for value, name := range d.secret {
		message = strings.ReplaceAll(message, value, name)
	}
	return message
}
