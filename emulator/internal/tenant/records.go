package tenant

import "strings"

// RecordsAt are the records of the list at a path below the environment, such as
// "/groups" or "/identityProviders/{id}/attributes".
func (e *Environment) RecordsAt(path string) Table[*Record] {
	if e.Records == nil {
		e.Records = map[string]Table[*Record]{}
	}
	if e.Records[path] == nil {
		e.Records[path] = Table[*Record]{}
	}
	return e.Records[path]
}

// AddRecord puts a record into the list at a path; fixed members cannot change later.
func (t *Tenant) AddRecord(e *Environment, path string, members, fixed map[string]any) *Record {
	record := &Record{Meta: t.NewMeta(t.Now()), Fixed: fixed}
	record.Sent = members
	e.RecordsAt(path).Add(record)
	return record
}

// ForgetRecords forgets the lists below a path: those of a thing that was deleted.
func (e *Environment) ForgetRecords(path string) {
	for list := range e.Records {
		if strings.HasPrefix(list, path+"/") {
			delete(e.Records, list)
		}
	}
}

// DefaultRecord is the default one of the list at a path.
func (e *Environment) DefaultRecord(path string) *Record {
	return e.Records[path].First(func(r *Record) bool { return r.Default })
}

// addBuiltInRecords adds what PingOne puts into a new environment beside the things
// that sign-on looks at.
func (t *Tenant) addBuiltInRecords(e *Environment) {
	t.AddRecord(e, "/themes", map[string]any{"template": "split", "configuration": map[string]any{
		"logoType": "NONE", "backgroundType": "COLOR", "backgroundColor": "#ededed", "bodyTextColor": "#4a4a4a", "cardColor": "#fcfcfc",
		"headingTextColor": "#686f77", "linkTextColor": "#5f5f5f", "buttonColor": "#2996cc", "buttonTextColor": "#ffffff", "name": "Split",
	}}, nil).Default = true
	t.AddRecord(e, "/notificationsPolicies", map[string]any{"name": "Default Notification Policy", "quotas": []any{}}, nil).Default = true
	t.AddRecord(e, "/languages", map[string]any{"name": "English", "enabled": true}, map[string]any{"locale": "en", "customerAdded": false}).Default = true
	schema := t.AddRecord(e, "/schemas", map[string]any{"description": "The schema of a user"}, map[string]any{"name": "User"})
	schema.Default = true
	for _, attribute := range schemaAttributes() {
		name := attribute["name"]
		t.AddRecord(e, "/schemas/"+schema.ID+"/attributes", attribute, map[string]any{"name": name, "schemaType": attribute["schemaType"], "ldapAttribute": name})
	}
	t.addPasswordPolicies(e)
}

// addPasswordPolicies adds the three policies that a new environment has; the first
// is the default one, and the rules that passwords are held against.
//
// https://developer.pingidentity.com/pingone-api/platform/password-policies.html
func (t *Tenant) addPasswordPolicies(e *Environment) {
	standard := t.AddRecord(e, "/passwordPolicies", map[string]any{
		"name": "Standard", "description": "A standard policy that incorporates industry best practices",
		"excludesProfileData": true, "notSimilarToCurrent": true, "excludesCommonlyUsed": true,
		"length":        map[string]any{"min": float64(passwordMinimum), "max": float64(passwordMaximum)},
		"minCharacters": map[string]any{"ABCDEFGHIJKLMNOPQRSTUVWXYZ": 1.0, "abcdefghijklmnopqrstuvwxyz": 1.0, "0123456789": 1.0, "~!@#$%^&*()-_=+[]{}|;:,.<>/?": 1.0},
		"history":       map[string]any{"count": float64(passwordHistory), "retentionDays": 365.0},
		"lockout":       map[string]any{"failureCount": float64(passwordFailures), "durationSeconds": passwordLock.Seconds()},
		"maxAgeDays":    182.0, "minAgeDays": 1.0, "maxRepeatedCharacters": float64(passwordRepeats), "minUniqueCharacters": float64(passwordUnique),
	}, nil)
	standard.Default = true
	e.PasswordPolicyID = standard.ID
	t.AddRecord(e, "/passwordPolicies", map[string]any{"name": "Basic", "description": "A relaxed policy for the most freedom"}, nil)
	t.AddRecord(e, "/passwordPolicies", map[string]any{"name": "Passphrase", "description": "A policy that encourages passphrases"}, nil)
}
