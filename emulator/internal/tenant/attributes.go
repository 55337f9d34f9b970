package tenant

// openIDClaims are the attributes of the openid resource, by claim, and where their
// values come from.
func openIDClaims() map[string]string {
	return map[string]string{
		"address.country": "${user.address.countryCode}", "address.formatted": "", "address.locality": "${user.address.locality}",
		"address.postal_code": "${user.address.postalCode}", "address.region": "${user.address.region}",
		"address.street_address": "${user.address.streetAddress}", "email": "${user.email}", "email_verified": "${user.emailVerified}",
		"family_name": "${user.name.family}", "given_name": "${user.name.given}", "locale": "${user.locale}",
		"middle_name": "${user.name.middle}", "name": "${user.name.formatted}", "nickname": "${user.nickname}",
		"phone_number": "${user.primaryPhone}", "picture": "${user.photo.href}", "preferred_username": "${user.username}",
		"updated_at": "${user.updatedAt}", "zoneinfo": "${user.timezone}",
	}
}

// AddCoreAttribute gives a list of attribute mappings the one that it always has;
// kind is the name of the member that says so.
func (t *Tenant) AddCoreAttribute(e *Environment, path, name, value, kind string) {
	t.AddRecord(e, path, map[string]any{"name": name, "value": value}, map[string]any{"name": name, kind: "CORE"})
}
