#!/bin/sh
# Anna gives her mobile phone number while she signs on
#
# The published list: https://developer.pingidentity.com/pingone-api/workflow-library/authorization-and-authentication/configure-a-progressive-profiling-sign-on-action.html
#
# Made by pingone-conformance export curl; change nothing here. It needs curl and jq,
# and openssl where a token is signed. Everything it makes it deletes at the end.
set -eu

# What you give, as variables of the environment.
apiPath=${apiPath:-https://api.pingone.com/v1} # the management API, with its version
authPath=${authPath:-https://auth.pingone.com} # the authorization server
: "${envID:?the environment in which things are created; a sandbox, never one with real people}"
: "${adminEnvID:?the environment of the worker application; often the same}"
: "${adminAppID:?the client id of the worker application}"
: "${adminAppSecret:?its secret}"

work=$(mktemp -d)
failed=0
code=none

say() { printf '%s\n' "$*"; }
step() { say "$1"; }
fail() {
	say "  FAILED: $*"
	failed=1
}

# chance prints eight hexadecimal digits.
chance() { od -An -N4 -tx4 /dev/urandom | tr -d ' '; }

# call sends a request; no redirect is followed. The answer's status, headers and body
# are looked at below.
call() {
	code=$(curl -sS -o "$work/body" -D "$work/headers" -w '%{http_code}' "$@") || {
		fail "nothing answered"
		exit 1
	}
}

# status holds the answer's against these; a refusal ends the script.
status() {
	for one in "$@"; do
		if [ "$code" = "$one" ]; then
			return
		fi
	done
	fail "status $code, not $*"
	case $code in
	[23]*) ;; # what it has made has to be known, or it stays
	*)
		cat "$work/body"
		exit 1
		;;
	esac
}

# value prints what a jq filter finds in the body: texts as they are, null as nothing; json
# prints texts with their quotes.
value() { json "$1" | jq -r 'if . == null then empty elif type == "string" then . else tojson end'; }
json() {
	jq -c 'def claims: split(".")[1] | gsub("-"; "+") | gsub("_"; "/") | . + "==="[:(4 - length % 4) % 4] | @base64d | fromjson; '"$1" "$work/body"
}

# location prints where a redirect leads; parameter one of its query.
location() { sed -n 's/^[Ll]ocation: *//p' "$work/headers" | tr -d '\r'; }
parameter() { location | sed -n "s/.*[?&]$1=\([^&#]*\).*/\1/p"; }

# What an answer has to show: name of the check, value, and what is wanted.
equals() { [ "$2" = "$3" ] || fail "$1: $2, not $3"; }
contains() { case $2 in *"$3"*) ;; *) fail "$1: $2 without $3" ;; esac; }
excludes() { case $2 in '' | *"$3"*) fail "$1: $2 with $3" ;; esac; }
begins() { case $2 in "$3"*) ;; *) fail "$1: $2, not $3…" ;; esac; }
present() {
	if [ -z "$2" ]; then
		fail "$1 is not there"
		exit 1
	fi
}
absent() { [ -z "$2" ] || fail "$1: it is there"; }
same_word() { equals "$1" "$(say "$2" | tr '[:upper:]' '[:lower:]')" "$(say "$3" | tr '[:upper:]' '[:lower:]')"; }
later() { seconds=${2%%.*} && [ "${seconds:-0}" -gt "$(date +%s)" ] || fail "$1: $2"; }

# passcode reads it where the emulator shows it, or asks for it.
passcode() {
	if [ -n "$outboxURL" ]; then
		otp=$(curl -sS "$outboxURL?flow=$flowID" | jq -r '.[-1].otp')
	elif [ -z "$otp" ]; then
		printf '  the passcode that has arrived: '
		read -r otp
	fi
}

# hint signs a login hint token with HS256: application, person, issuer, secret.
hint() {
	encode() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
	now=$(date +%s)
	head=$(printf '{"alg":"HS256","typ":"JWT"}' | encode)
	claims=$(printf '{"iss":"%s","sub":"%s","aud":"%s","iat":%d,"exp":%d,"jti":"%s"}' "$1" "$2" "$3" "$now" "$((now + 300))" "$(chance)$(chance)" | encode)
	signature=$(printf '%s.%s' "$head" "$claims" | openssl dgst -sha256 -hmac "$4" -binary | encode)
	say "$head.$claims.$signature"
}

# delete says what is left when it cannot.
delete() {
	left=$(curl -sS -o /dev/null -w '%{http_code}' -X DELETE -H "Authorization: Bearer $accessToken" "$1") || left=none
	[ "$left" = 204 ] || fail "$1 is left: status $left"
}

# Deletes what was made, newest first; what is left is said and fails.
cleanup() {
	trap - EXIT
	# Delete the user
	if [ -n "${progressiveProfileUserID:-}" ]; then
		delete "${apiPath}/environments/${envID}/users/${progressiveProfileUserID}"
	fi
	# Delete the population
	if [ -n "${progressiveProfilePopID:-}" ]; then
		delete "${apiPath}/environments/${envID}/populations/${progressiveProfilePopID}"
	fi
	# Take the sign-on policy from the application
	if [ -n "${assignmentID:-}" ]; then
		delete "${apiPath}/environments/${envID}/applications/${AppWithPPID}/signOnPolicyAssignments/${assignmentID}"
	fi
	# Delete the sign-on policy
	if [ -n "${ProgressiveProfilingPolicyID:-}" ]; then
		delete "${apiPath}/environments/${envID}/signOnPolicies/${ProgressiveProfilingPolicyID}"
	fi
	# Delete the application
	if [ -n "${AppWithPPID:-}" ]; then
		delete "${apiPath}/environments/${envID}/applications/${AppWithPPID}"
	fi
	rm -rf "$work"
	exit "$failed"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

step "Get a worker application access token"
# Names that pingone-conformance sweep finds: eight digits of time, eight of chance.
runID=$(printf '%08x' "$(date +%s)")$(chance)
# The default password policy takes no three like characters in a row.
userPassword="Aa1!$(chance | sed 's/./&-/g')"
call -X POST "${authPath}/${adminEnvID}/as/token" \
	-u "${adminAppID}:${adminAppSecret}" \
	--data-urlencode "grant_type=client_credentials"
status 200
accessToken=$(value '.access_token')
present accessToken "$accessToken"
same_word "the token is a bearer" "$(value '.token_type')" "Bearer"

step "Step 1: Create an application"
call -X POST "${apiPath}/environments/${envID}/applications" \
	-H "Authorization: Bearer $accessToken" \
	-H "Accept: application/json" \
	-H "Content-Type: application/json" \
	--data "{
  \"enabled\": true,
  \"grantTypes\": [
    \"AUTHORIZATION_CODE\"
  ],
  \"name\": \"pingone-conformance ${runID} Example Shop\",
  \"protocol\": \"OPENID_CONNECT\",
  \"redirectUris\": [
    \"https://example-shop.example.com/callback\"
  ],
  \"responseTypes\": [
    \"CODE\"
  ],
  \"tokenEndpointAuthMethod\": \"CLIENT_SECRET_BASIC\",
  \"type\": \"WEB_APP\"
}"
status 201
AppWithPPID=$(value '.id')
present AppWithPPID "$AppWithPPID"
equals "environment.id is right" "$(value '.environment.id')" "${envID}"
contains "it links itself" "$(value '._links.self.href')" "${AppWithPPID}"
equals "enabled comes back" "$(json '.enabled')" "true"
equals "grantTypes.0 comes back" "$(value '.grantTypes[0]')" "AUTHORIZATION_CODE"
equals "name comes back" "$(value '.name')" "pingone-conformance ${runID} Example Shop"
equals "protocol comes back" "$(value '.protocol')" "OPENID_CONNECT"
equals "redirectUris.0 comes back" "$(value '.redirectUris[0]')" "https://example-shop.example.com/callback"
equals "responseTypes.0 comes back" "$(value '.responseTypes[0]')" "CODE"
equals "tokenEndpointAuthMethod comes back" "$(value '.tokenEndpointAuthMethod')" "CLIENT_SECRET_BASIC"
equals "type comes back" "$(value '.type')" "WEB_APP"
absent "the secret is not in the answer" "$(value '.secret')"
absent "nor under another name" "$(value '.clientSecret')"

step "Step 2: Get the application secret"
call -X GET "${apiPath}/environments/${envID}/applications/${AppWithPPID}/secret" \
	-H "Authorization: Bearer $accessToken" \
	-H "Accept: application/json"
status 200
AppWithPPSecret=$(value '.secret')
present AppWithPPSecret "$AppWithPPSecret"
equals "environment.id is right" "$(value '.environment.id')" "${envID}"

step "Step 3: Get all resources"
call -X GET "${apiPath}/environments/${envID}/resources" \
	-H "Authorization: Bearer $accessToken" \
	-H "Accept: application/json"
status 200
p1ResID=$(value '[._embedded.resources[] | select(.name == "PingOne API")][0].id')
present p1ResID "$p1ResID"

step "Step 4: Get all scopes"
call -X GET "${apiPath}/environments/${envID}/resources/${p1ResID}/scopes" \
	-H "Authorization: Bearer $accessToken" \
	-H "Accept: application/json"
status 200
p1ReadUserScopeID=$(value '[._embedded.scopes[] | select(.name == "p1:read:user")][0].id')
present p1ReadUserScopeID "$p1ReadUserScopeID"

step "Step 5: Create the resource access grant"
call -X POST "${apiPath}/environments/${envID}/applications/${AppWithPPID}/grants" \
	-H "Authorization: Bearer $accessToken" \
	-H "Accept: application/json" \
	-H "Content-Type: application/json" \
	--data "{
  \"resource\": {
    \"id\": \"${p1ResID}\"
  },
  \"scopes\": [
    {
      \"id\": \"${p1ReadUserScopeID}\"
    }
  ]
}"
status 201
grantID=$(value '.id')
present grantID "$grantID"
equals "environment.id is right" "$(value '.environment.id')" "${envID}"
contains "it links itself" "$(value '._links.self.href')" "${grantID}"
equals "resource.id comes back" "$(value '.resource.id')" "${p1ResID}"
equals "scopes.0.id comes back" "$(value '.scopes[0].id')" "${p1ReadUserScopeID}"

step "Step 6: Create the new sign-on policy"
call -X POST "${apiPath}/environments/${envID}/signOnPolicies" \
	-H "Authorization: Bearer $accessToken" \
	-H "Accept: application/json" \
	-H "Content-Type: application/json" \
	--data "{
  \"default\": false,
  \"description\": \"Ask for a phone number, made by pingone-conformance\",
  \"name\": \"pingone-conformance-${runID}-Ask-for-a-phone-number\"
}"
status 201
ProgressiveProfilingPolicyID=$(value '.id')
present ProgressiveProfilingPolicyID "$ProgressiveProfilingPolicyID"
equals "environment.id is right" "$(value '.environment.id')" "${envID}"
contains "it links itself" "$(value '._links.self.href')" "${ProgressiveProfilingPolicyID}"
equals "description comes back" "$(value '.description')" "Ask for a phone number, made by pingone-conformance"
equals "name comes back" "$(value '.name')" "pingone-conformance-${runID}-Ask-for-a-phone-number"

step "Step 7: Create the login sign-on policy action"
call -X POST "${apiPath}/environments/${envID}/signOnPolicies/${ProgressiveProfilingPolicyID}/actions" \
	-H "Authorization: Bearer $accessToken" \
	-H "Accept: application/json" \
	-H "Content-Type: application/json" \
	--data "{
  \"priority\": 1,
  \"type\": \"LOGIN\"
}"
status 201
loginActionID=$(value '.id')
present loginActionID "$loginActionID"
equals "environment.id is right" "$(value '.environment.id')" "${envID}"
contains "it links itself" "$(value '._links.self.href')" "${loginActionID}"
equals "priority comes back" "$(json '.priority')" "1"
equals "type comes back" "$(value '.type')" "LOGIN"

step "Step 8: Create the progressive profiling sign-on policy action"
call -X POST "${apiPath}/environments/${envID}/signOnPolicies/${ProgressiveProfilingPolicyID}/actions" \
	-H "Authorization: Bearer $accessToken" \
	-H "Accept: application/json" \
	-H "Content-Type: application/json" \
	--data "{
  \"attributes\": [
    {
      \"name\": \"mobilePhone\",
      \"required\": false
    }
  ],
  \"preventMultiplePromptsPerFlow\": false,
  \"priority\": 50,
  \"promptIntervalSeconds\": 3600,
  \"promptText\": \"Please provide the following information.\",
  \"type\": \"PROGRESSIVE_PROFILING\"
}"
status 201
progressiveProfilingActionID=$(value '.id')
present progressiveProfilingActionID "$progressiveProfilingActionID"
equals "environment.id is right" "$(value '.environment.id')" "${envID}"
contains "it links itself" "$(value '._links.self.href')" "${progressiveProfilingActionID}"
equals "attributes.0.name comes back" "$(value '.attributes[0].name')" "mobilePhone"
equals "attributes.0.required comes back" "$(json '.attributes[0].required')" "false"
equals "preventMultiplePromptsPerFlow comes back" "$(json '.preventMultiplePromptsPerFlow')" "false"
equals "priority comes back" "$(json '.priority')" "50"
equals "promptIntervalSeconds comes back" "$(json '.promptIntervalSeconds')" "3600"
equals "promptText comes back" "$(value '.promptText')" "Please provide the following information."
equals "type comes back" "$(value '.type')" "PROGRESSIVE_PROFILING"

step "Step 9: Assign the sign-on policy to an application"
call -X POST "${apiPath}/environments/${envID}/applications/${AppWithPPID}/signOnPolicyAssignments" \
	-H "Authorization: Bearer $accessToken" \
	-H "Accept: application/json" \
	-H "Content-Type: application/json" \
	--data "{
  \"priority\": 10,
  \"signOnPolicy\": {
    \"id\": \"${ProgressiveProfilingPolicyID}\"
  }
}"
status 201
assignmentID=$(value '.id')
present assignmentID "$assignmentID"
equals "environment.id is right" "$(value '.environment.id')" "${envID}"
contains "it links itself" "$(value '._links.self.href')" "${assignmentID}"
equals "priority comes back" "$(json '.priority')" "10"
equals "signOnPolicy.id comes back" "$(value '.signOnPolicy.id')" "${ProgressiveProfilingPolicyID}"

step "Step 10: Create a population for profile users"
call -X POST "${apiPath}/environments/${envID}/populations" \
	-H "Authorization: Bearer $accessToken" \
	-H "Accept: application/json" \
	-H "Content-Type: application/json" \
	--data "{
  \"description\": \"Shoppers, made by pingone-conformance\",
  \"name\": \"pingone-conformance ${runID} Shoppers\"
}"
status 201
progressiveProfilePopID=$(value '.id')
present progressiveProfilePopID "$progressiveProfilePopID"
equals "environment.id is right" "$(value '.environment.id')" "${envID}"
contains "it links itself" "$(value '._links.self.href')" "${progressiveProfilePopID}"
equals "description comes back" "$(value '.description')" "Shoppers, made by pingone-conformance"
equals "name comes back" "$(value '.name')" "pingone-conformance ${runID} Shoppers"

step "Step 11: Create a user"
call -X POST "${apiPath}/environments/${envID}/users" \
	-H "Authorization: Bearer $accessToken" \
	-H "Accept: application/json" \
	-H "Content-Type: application/json" \
	--data "{
  \"email\": \"anna.${runID}@example.com\",
  \"name\": {
    \"family\": \"Example\",
    \"given\": \"Anna\"
  },
  \"population\": {
    \"id\": \"${progressiveProfilePopID}\"
  },
  \"username\": \"pingone-conformance-${runID}-anna\"
}"
status 201
progressiveProfileUserID=$(value '.id')
present progressiveProfileUserID "$progressiveProfileUserID"
equals "environment.id is right" "$(value '.environment.id')" "${envID}"
contains "it links itself" "$(value '._links.self.href')" "${progressiveProfileUserID}"
equals "email comes back" "$(value '.email')" "anna.${runID}@example.com"
equals "name.family comes back" "$(value '.name.family')" "Example"
equals "name.given comes back" "$(value '.name.given')" "Anna"
equals "population.id comes back" "$(value '.population.id')" "${progressiveProfilePopID}"
equals "username comes back" "$(value '.username')" "pingone-conformance-${runID}-anna"
absent "there is no mobile phone number yet" "$(value '.mobilePhone')"

step "Step 12: Set user password"
call -X PUT "${apiPath}/environments/${envID}/users/${progressiveProfileUserID}/password" \
	-H "Authorization: Bearer $accessToken" \
	-H "Accept: application/json" \
	-H "Content-Type: application/vnd.pingidentity.password.set+json" \
	--data "{
  \"forceChange\": false,
  \"value\": \"${userPassword}\"
}"
status 200
equals "the password is in force" "$(value '.status')" "OK"
absent "the password is not in the answer" "$(value '.value')"

step "Step 13: Send an authorization request"
state=$(chance)$(chance)
nonce=$(chance)$(chance)
call -X GET "${authPath}/${envID}/as/authorize?client_id=${AppWithPPID}&redirect_uri=https%3A%2F%2Fexample-shop.example.com%2Fcallback&response_type=code" \
	-b "$work/cookies" \
	-c "$work/cookies"
status 302 303
flowID=$(parameter flowId)
present flowID "$flowID"

step "Step 14: Get the flow"
call -X GET "${authPath}/${envID}/flows/${flowID}" \
	-b "$work/cookies" \
	-c "$work/cookies"
status 200
equals "id is right" "$(value '.id')" "${flowID}"
equals "the flow is USERNAME_PASSWORD_REQUIRED" "$(value '.status')" "USERNAME_PASSWORD_REQUIRED"
contains "the flow can be resumed" "$(value '.resumeUrl')" "${flowID}"
present "the flow ends some time" "$(value '.expiresAt')"
contains "the flow takes usernamePassword.check" "$(value '._links["usernamePassword.check"].href')" "${flowID}"
equals "environment.id is right" "$(value '.environment.id')" "${envID}"

step "Step 15: Submit login credentials"
call -X POST "${authPath}/${envID}/flows/${flowID}" \
	-b "$work/cookies" \
	-c "$work/cookies" \
	-H "Content-Type: application/vnd.pingidentity.usernamePassword.check+json" \
	--data "{
  \"password\": \"${userPassword}\",
  \"username\": \"pingone-conformance-${runID}-anna\"
}"
status 200
equals "id is right" "$(value '.id')" "${flowID}"
equals "the flow is PROFILE_DATA_REQUIRED" "$(value '.status')" "PROFILE_DATA_REQUIRED"
contains "the flow can be resumed" "$(value '.resumeUrl')" "${flowID}"
present "the flow ends some time" "$(value '.expiresAt')"
contains "the flow takes user.update" "$(value '._links["user.update"].href')" "${flowID}"
equals "_embedded.user.id is right" "$(value '._embedded.user.id')" "${progressiveProfileUserID}"
contains "the person is asked for what the action names" "$(value '._embedded.attributes')" "mobilePhone"
equals "_embedded.promptText is right" "$(value '._embedded.promptText')" "Please provide the following information."

step "Step 16: Update user profile"
call -X POST "${authPath}/${envID}/flows/${flowID}" \
	-b "$work/cookies" \
	-c "$work/cookies" \
	-H "Content-Type: application/vnd.pingidentity.user.update+json" \
	--data "{
  \"mobilePhone\": \"+1.5125551111\"
}"
status 200
equals "id is right" "$(value '.id')" "${flowID}"
equals "the flow is COMPLETED" "$(value '.status')" "COMPLETED"
contains "the flow can be resumed" "$(value '.resumeUrl')" "${flowID}"
present "the flow ends some time" "$(value '.expiresAt')"
equals "_embedded.user.id is right" "$(value '._embedded.user.id')" "${progressiveProfileUserID}"

step "Step 17: Call the resume endpoint"
call -X GET "${authPath}/${envID}/as/resume?flowId=${flowID}" \
	-b "$work/cookies" \
	-c "$work/cookies"
status 302 303
authCode=$(parameter code)
present authCode "$authCode"
begins "the way leads back to the application" "$(location)" "https://example-shop.example.com/callback?"

step "Step 18: Get the access token"
call -X POST "${authPath}/${envID}/as/token" \
	-u "${AppWithPPID}:${AppWithPPSecret}" \
	--data-urlencode "code=${authCode}" \
	--data-urlencode "grant_type=authorization_code" \
	--data-urlencode "redirect_uri=https://example-shop.example.com/callback"
status 200
userAccessToken=$(value '.access_token')
present userAccessToken "$userAccessToken"
same_word "the token is a bearer" "$(value '.token_type')" "Bearer"
present "it lives for a while" "$(value '.expires_in')"
equals "the access token is for the person" "$(value '.access_token | claims | .sub')" "${progressiveProfileUserID}"
equals "the access token is for the application" "$(value '.access_token | claims | .client_id')" "${AppWithPPID}"
equals "the access token is from here" "$(value '.access_token | claims | .iss')" "${authPath}/${envID}/as"
contains "the scope p1:read:user is granted" "$(value '.scope')" "p1:read:user"

step "Step 19: Verify updated user information"
call -X GET "${apiPath}/environments/${envID}/users/${progressiveProfileUserID}" \
	-H "Authorization: Bearer $accessToken" \
	-H "Accept: application/json"
status 200
equals "id is right" "$(value '.id')" "${progressiveProfileUserID}"
equals "environment.id is right" "$(value '.environment.id')" "${envID}"
equals "username is right" "$(value '.username')" "pingone-conformance-${runID}-anna"
equals "email is right" "$(value '.email')" "anna.${runID}@example.com"
equals "name.given is right" "$(value '.name.given')" "Anna"
equals "name.family is right" "$(value '.name.family')" "Example"
equals "population.id is right" "$(value '.population.id')" "${progressiveProfilePopID}"
contains "the mobile phone number is the one that was given" "$(value '.mobilePhone')" "5125551111"

cleanup
