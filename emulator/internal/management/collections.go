package management

import (
	"pingone-conformance/emulator/internal/tenant"
)

func named(least int) field { return text("name").must().within(least, 256) }

func described() field { return text("description").within(0, 1024) }

// collections are those that belong to the environment alone.
//
// https://developer.pingidentity.com/pingone-api/platform/
func (s *Server) collections() []collection {
	admin, people := []string{environmentAdmin}, []string{identityDataAdmin}
	return append(looks(admin), []collection{
		passwordPolicies(admin),
		{
			operation: "identityProvider", path: "/identityProviders", plural: "identityProviders", roles: admin, unique: "name",
			fields: []field{named(1), described(), flag("enabled").must(), text("type").must().within(1, 64)},
			added: func(r *request, provider *tenant.Record) {
				r.t.AddCoreAttribute(r.env, "/identityProviders/"+provider.ID+"/attributes", "username", "", "mappingType")
			},
			more: func(_ *request, self string, _ object) links { return links{"attributes": self + "/attributes"} },
		},
		{
			operation: "group", path: "/groups", plural: "groups", roles: people, unique: "name",
			fields: []field{named(1), described(), text("userFilter"), text("externalId").within(0, 1024), group("population", text("id").must()), group("customData")},
			check: func(r *request, f *faults, body map[string]any) {
				if id := textAt(body, "population.id"); id != "" && r.env.Populations[id] == nil {
					f.add("INVALID_VALUE", "population.id", "There is no such population.", nil)
				}
			},
			filters: []string{"name", "population.id", "externalId"}, changed: leaveDeletedGroups,
			more: func(r *request, self string, body object) links {
				id, _ := body["id"].(string)
				body["directMemberCounts"] = object{"users": r.membersOf(id)}
				return links{"memberOfGroups": self + "/memberOfGroups"}
			},
		},
		{
			operation: "schema", path: "/schemas", plural: "schemas", roles: people, builtIn: true,
			more: func(_ *request, self string, _ object) links { return links{"attributes": self + "/attributes"} },
		},
		{
			operation: "agreement", path: "/agreements", plural: "agreements", roles: admin, unique: "name",
			fields: []field{named(1), described(), flag("enabled").must()},
			more:   func(_ *request, self string, _ object) links { return links{"languages": self + "/languages"} },
		},
	}...)
}

// looks are what the hosted pages and messages look like.
func looks(admin []string) []collection {
	return []collection{
		{
			operation: "notificationsPolicy", path: "/notificationsPolicies", plural: "notificationsPolicies", roles: admin, unique: "name",
			fields: []field{named(1), list("quotas", group("")), flag("default")}, onlyDefault: true, defaults: object{"quotas": []any{}},
		},
		{
			operation: "language", path: "/languages", plural: "languages", roles: admin, unique: "locale",
			fields:   []field{text("name").within(1, 256), text("locale").must().within(2, 16), flag("enabled"), flag("default")},
			defaults: object{"customerAdded": true, "enabled": false}, onlyDefault: true, readOnly: []string{"customerAdded"},
		},
		{
			operation: "theme", path: "/themes", plural: "themes", roles: admin, onlyDefault: true,
			fields: []field{text("template").must().within(1, 64), group("configuration").must(), flag("default")},
			more:   func(_ *request, self string, _ object) links { return links{"default": self + "/default"} },
		},
	}
}

// passwordPolicies: the rules of the default one are those that passwords are held
// against, whatever is sent.
func passwordPolicies(admin []string) collection {
	return collection{
		operation: "passwordPolicy", path: "/passwordPolicies", plural: "passwordPolicies", roles: admin, unique: "name",
		fields: []field{
			named(1), described(), flag("default"), flag("excludesProfileData"), flag("notSimilarToCurrent"), flag("excludesCommonlyUsed"), flag("bypassPolicy"),
			group("length", whole("min"), whole("max")), group("history", whole("count"), whole("retentionDays")),
			group("lockout", whole("failureCount"), whole("durationSeconds")), group("minCharacters"),
			whole("maxAgeDays"), whole("minAgeDays"), whole("maxRepeatedCharacters"), whole("minComplexity"), whole("minUniqueCharacters"),
		},
		onlyDefault: true, filters: []string{"name"},
		defaults: object{"bypassPolicy": false},
		more: func(r *request, _ string, body object) links {
			body["populationCount"] = r.populationsWith("passwordPolicy.id", body["id"])
			return nil
		},
	}
}

// partCollections belong to another thing, which has to exist.
func (s *Server) partCollections() []collection {
	application := has(func(r *request) tenant.Table[*tenant.Application] { return r.env.Applications }, "appID")
	resource := has(func(r *request) tenant.Table[*tenant.Resource] { return r.env.Resources }, "resourceID")
	developer, admin, people := []string{applicationDeveloper}, []string{environmentAdmin}, []string{identityDataAdmin}
	mapping := []field{named(1), text("value")}
	return []collection{
		{
			operation: "applicationAttribute", path: "/applications/{appID}/attributes", plural: "attributes", roles: developer,
			fields: append(mapping, flag("required")), unique: "name", owner: application,
			defaults: object{"required": false, "mappingType": "CUSTOM"},
		},
		{
			operation: "applicationRoleAssignment", path: "/applications/{appID}/roleAssignments", plural: "roleAssignments", roles: developer,
			fields: roleAssignmentFields(), owner: application, defaults: object{"readOnly": false}, check: roleExists,
			changed: (*request).takeRoles,
		},
		{
			operation: "userRoleAssignment", path: "/users/{userID}/roleAssignments", plural: "roleAssignments", roles: people,
			fields: roleAssignmentFields(), owner: has(func(r *request) tenant.Table[*tenant.User] { return r.env.Users }, "userID"),
			defaults: object{"readOnly": false}, check: roleExists,
		},
		{
			operation: "resourceAttribute", path: "/resources/{resourceID}/attributes", plural: "attributes", roles: developer,
			fields: append(mapping, flag("idToken"), flag("userInfo")), unique: "name", owner: resource, defaults: object{"type": "CUSTOM"},
		},
		{
			operation: "identityProviderAttribute", path: "/identityProviders/{providerID}/attributes", plural: "attributes", roles: admin,
			fields: append(mapping, text("update").oneOf("ALWAYS", "EMPTY_ONLY")), unique: "name",
			owner: has(recordsAt("/identityProviders"), "providerID"), defaults: object{"mappingType": "CUSTOM"},
		},
		{
			operation: "schemaAttribute", path: "/schemas/{schemaID}/attributes", plural: "attributes", roles: people, unique: "name",
			fields: []field{named(1).matching(attributePath), text("type").oneOf("STRING", "JSON", "BOOLEAN", "COMPLEX"), flag("enabled"), flag("required"), flag("unique"), flag("multiValued")},
			owner:  has(recordsAt("/schemas"), "schemaID"), filters: []string{"name"}, readOnly: []string{"ldapAttribute"},
			defaults: object{"type": "STRING", "schemaType": "CUSTOM", "enabled": true, "required": false, "unique": false, "multiValued": false},
		},
		{
			operation: "agreementLanguage", path: "/agreements/{agreementID}/languages", plural: "languages", roles: admin, unique: "locale",
			fields: []field{text("locale").must().within(2, 16), text("displayName"), flag("enabled")},
			owner:  has(recordsAt("/agreements"), "agreementID"),
			more:   func(_ *request, self string, _ object) links { return links{"revisions": self + "/revisions"} },
		},
		{
			operation: "agreementRevision", path: "/agreements/{agreementID}/languages/{languageID}/revisions", plural: "revisions", roles: admin,
			fields: []field{text("contentType").must().oneOf("text/html", "text/plain"), flag("requireReconsent"), text("text")},
			owner: func(r *request) error {
				_, err := lookUp(r.env.RecordsAt(r.below("/agreements/{agreementID}/languages")), r.Path["languageID"])
				return err
			},
		},
		{
			operation: "groupNesting", path: "/groups/{groupID}/memberOfGroups", plural: "groupMemberships", roles: people,
			fields: []field{text("id").must()}, owner: has(recordsAt("/groups"), "groupID"),
			check: refersTo("id", "/groups"),
		},
	}
}

// membersOf is how many people are direct members of a group.
func (r *request) membersOf(groupID string) int {
	count := 0
	for _, u := range r.env.Users {
		if u.Member(groupID) {
			count++
		}
	}
	return count
}

// populationsWith is how many populations refer to something.
func (r *request) populationsWith(member string, id any) int {
	count := 0
	for _, p := range r.env.Populations {
		if at(p.Sent, member) == id {
			count++
		}
	}
	return count
}
