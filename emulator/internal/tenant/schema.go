package tenant

import (
	"slices"
	"strings"
)

// An attribute of the user schema: core ones are always there, standard ones can be
// switched off.
//
// https://developer.pingidentity.com/pingone-api/platform/schemas.html
func schemaAttributes() []map[string]any {
	var all []map[string]any
	add := func(schemaType, kind string, names ...string) {
		for _, name := range names {
			all = append(all, map[string]any{
				"name": name, "type": kind, "schemaType": schemaType, "enabled": true, "required": name == "username",
				"unique": name == "username", "multiValued": false,
			})
		}
	}
	add("CORE", "STRING", "username")
	add("CORE", "COMPLEX", "account", "identityProvider", "lastSignOn", "lifecycle", "population", "memberOfGroups", "memberOfGroupIDs")
	add("CORE", "BOOLEAN", "enabled", "mfaEnabled", "emailVerified")
	add("CORE", "STRING", "id", "environment", "createdAt", "updatedAt", "verifyStatus")
	add("STANDARD", "STRING", "email", "mobilePhone", "primaryPhone", "nickname", "title", "preferredLanguage",
		"locale", "timezone", "type", "externalId", "accountId")
	add("STANDARD", "COMPLEX", "name", "address", "photo")
	return all
}

// SubAttributes are the parts of the complex standard attributes.
func SubAttributes(name string) []string {
	return map[string][]string{
		"name":    {"given", "family", "middle", "formatted", "honorificPrefix", "honorificSuffix"},
		"address": {"streetAddress", "locality", "region", "postalCode", "countryCode"},
		"photo":   {"href"},
	}[name]
}

// HasAttribute says whether the user schema has an attribute at a path.
func (e *Environment) HasAttribute(path string) bool {
	head, rest, nested := strings.Cut(path, ".")
	attribute := e.SchemaAttribute(head)
	if attribute == nil || !nested {
		return attribute != nil
	}
	switch parts := SubAttributes(head); {
	case parts != nil:
		return slices.Contains(parts, rest)
	default:
		return attribute.Sent["type"] == "COMPLEX" || attribute.Sent["type"] == "JSON"
	}
}

// SchemaAttribute is the attribute of the user schema that a name begins with; nil
// when there is none.
func (e *Environment) SchemaAttribute(name string) *Record {
	schema := e.DefaultRecord("/schemas")
	if schema == nil {
		return nil
	}
	return e.Records["/schemas/"+schema.ID+"/attributes"].First(func(r *Record) bool { return r.Sent["name"] == name || r.Fixed["name"] == name })
}
