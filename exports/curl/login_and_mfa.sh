#!/bin/sh
# Ben signs on with his password and a passcode
#
# The published list: https://developer.pingidentity.com/pingone-api/workflow-library/authorization-and-authentication/use-login-and-mfa-actions-to-authenticate-users.html
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
deviceEmail=${deviceEmail:-stand-in@example.com} # where the passcode goes
outboxURL=${outboxURL:-} # where the emulator's passcodes are read; empty with PingOne
otp=${otp:-} # the passcode that has arrived; read from outboxURL where there is one

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
	if [ -n "${userID:-}" ]; then
		delete "${apiPath}/environments/${envID}/users/${userID}"
	fi
	# Delete the population
	if [ -n "${popID:-}" ]; then
		delete "${apiPath}/environments/${envID}/populations/${popID}"
	fi
	# Take the sign-on policy from the application
	if [ -n "${assignmentID:-}" ]; then
		delete "${apiPath}/environments/${envID}/applications/${appID}/signOnPolicyAssignments/${assignmentID}"
	fi
	# Delete the sign-on policy
	if [ -n "${signOnPolicyID:-}" ]; then
		delete "${apiPath}/environments/${envID}/signOnPolicies/${signOnPolicyID}"
	fi
	# Delete the application
	if [ -n "${appID:-}" ]; then
		delete "${apiPath}/environments/${envID}/applications/${appID}"
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
  \"name\": \"pingone-conformance ${runID} Example Bank\",
  \"protocol\": \"OPENID_CONNECT\",
  \"redirectUris\": [
    \"https://example-bank.example.com/callback\"
  ],
  \"responseTypes\": [
    \"CODE\"
  ],
  \"tokenEndpointAuthMethod\": \"CLIENT_SECRET_BASIC\",
  \"type\": \"WEB_APP\"
}"
status 201
appID=$(value '.id')
present appID "$appID"
equals "environment.id is right" "$(value '.environment.id')" "${envID}"
contains "it links itself" "$(value '._links.self.href')" "${appID}"
equals "enabled comes back" "$(json '.enabled')" "true"
equals "grantTypes.0 comes back" "$(value '.grantTypes[0]')" "AUTHORIZATION_CODE"
equals "name comes back" "$(value '.name')" "pingone-conformance ${runID} Example Bank"
equals "protocol comes back" "$(value '.protocol')" "OPENID_CONNECT"
equals "redirectUris.0 comes back" "$(value '.redirectUris[0]')" "https://example-bank.example.com/callback"
equals "responseTypes.0 comes back" "$(value '.responseTypes[0]')" "CODE"
equals "tokenEndpointAuthMethod comes back" "$(value '.tokenEndpointAuthMethod')" "CLIENT_SECRET_BASIC"
equals "type comes back" "$(value '.type')" "WEB_APP"
absent "the secret is not in the answer" "$(value '.secret')"
absent "nor under another name" "$(value '.clientSecret')"

step "Step 2: Get all resources"
call -X GET "${apiPath}/environments/${envID}/resources" \
	-H "Authorization: Bearer $accessToken" \
	-H "Accept: application/json"
status 200
openidResourceID=$(value '[._embedded.resources[] | select(.name == "openid")][0].id')
present openidResourceID "$openidResourceID"

step "Step 3: Get all scopes"
call -X GET "${apiPath}/environments/${envID}/resources/${openidResourceID}/scopes" \
	-H "Authorization: Bearer $accessToken" \
	-H "Accept: application/json"
status 200
openidScopeID=$(value '[._embedded.scopes[] | select(.name == "openid")][0].id')
present openidScopeID "$openidScopeID"
profileScopeID=$(value '[._embedded.scopes[] | select(.name == "profile")][0].id')
present profileScopeID "$profileScopeID"

step "Step 4: Create the resource access grant"
call -X POST "${apiPath}/environments/${envID}/applications/${appID}/grants" \
	-H "Authorization: Bearer $accessToken" \
	-H "Accept: application/json" \
	-H "Content-Type: application/json" \
	--data "{
  \"resource\": {
    \"id\": \"${openidResourceID}\"
  },
  \"scopes\": [
    {
      \"id\": \"${openidScopeID}\"
    },
    {
      \"id\": \"${profileScopeID}\"
    }
  ]
}"
status 201
grantID=$(value '.id')
present grantID "$grantID"
equals "environment.id is right" "$(value '.environment.id')" "${envID}"
contains "it links itself" "$(value '._links.self.href')" "${grantID}"
equals "resource.id comes back" "$(value '.resource.id')" "${openidResourceID}"
equals "scopes has 2 items" "$(json '.scopes | length')" "2"

step "Step 5: Create the new sign-on policy"
call -X POST "${apiPath}/environments/${envID}/signOnPolicies" \
	-H "Authorization: Bearer $accessToken" \
	-H "Accept: application/json" \
	-H "Content-Type: application/json" \
	--data "{
  \"default\": false,
  \"description\": \"Password and passcode, made by pingone-conformance\",
  \"name\": \"pingone-conformance-${runID}-Password-and-passcode\"
}"
status 201
signOnPolicyID=$(value '.id')
present signOnPolicyID "$signOnPolicyID"
equals "environment.id is right" "$(value '.environment.id')" "${envID}"
contains "it links itself" "$(value '._links.self.href')" "${signOnPolicyID}"
equals "description comes back" "$(value '.description')" "Password and passcode, made by pingone-conformance"
equals "name comes back" "$(value '.name')" "pingone-conformance-${runID}-Password-and-passcode"

step "Step 6: Create the login sign-on policy action"
call -X POST "${apiPath}/environments/${envID}/signOnPolicies/${signOnPolicyID}/actions" \
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

step "Step 7: Create the MFA sign-on policy action"
call -X POST "${apiPath}/environments/${envID}/signOnPolicies/${signOnPolicyID}/actions" \
	-H "Authorization: Bearer $accessToken" \
	-H "Accept: application/json" \
	-H "Content-Type: application/json" \
	--data "{
  \"email\": {
    \"enabled\": true
  },
  \"priority\": 10,
  \"sms\": {
    \"enabled\": true
  },
  \"type\": \"MULTI_FACTOR_AUTHENTICATION\"
}"
status 201
mfaActionID=$(value '.id')
present mfaActionID "$mfaActionID"
equals "environment.id is right" "$(value '.environment.id')" "${envID}"
contains "it links itself" "$(value '._links.self.href')" "${mfaActionID}"
equals "priority comes back" "$(json '.priority')" "10"
equals "type comes back" "$(value '.type')" "MULTI_FACTOR_AUTHENTICATION"

step "Step 8: Assign the sign-on policy to an application"
call -X POST "${apiPath}/environments/${envID}/applications/${appID}/signOnPolicyAssignments" \
	-H "Authorization: Bearer $accessToken" \
	-H "Accept: application/json" \
	-H "Content-Type: application/json" \
	--data "{
  \"priority\": 10,
  \"signOnPolicy\": {
    \"id\": \"${signOnPolicyID}\"
  }
}"
status 201
assignmentID=$(value '.id')
present assignmentID "$assignmentID"
equals "environment.id is right" "$(value '.environment.id')" "${envID}"
contains "it links itself" "$(value '._links.self.href')" "${assignmentID}"
equals "priority comes back" "$(json '.priority')" "10"
equals "signOnPolicy.id comes back" "$(value '.signOnPolicy.id')" "${signOnPolicyID}"

step "Step 9: Create a population"
call -X POST "${apiPath}/environments/${envID}/populations" \
	-H "Authorization: Bearer $accessToken" \
	-H "Accept: application/json" \
	-H "Content-Type: application/json" \
	--data "{
  \"description\": \"Account holders, made by pingone-conformance\",
  \"name\": \"pingone-conformance ${runID} Account holders\"
}"
status 201
popID=$(value '.id')
present popID "$popID"
equals "environment.id is right" "$(value '.environment.id')" "${envID}"
contains "it links itself" "$(value '._links.self.href')" "${popID}"
equals "description comes back" "$(value '.description')" "Account holders, made by pingone-conformance"
equals "name comes back" "$(value '.name')" "pingone-conformance ${runID} Account holders"

step "Step 10: Create a user"
call -X POST "${apiPath}/environments/${envID}/users" \
	-H "Authorization: Bearer $accessToken" \
	-H "Accept: application/json" \
	-H "Content-Type: application/json" \
	--data "{
  \"email\": \"ben.${runID}@example.com\",
  \"name\": {
    \"family\": \"Example\",
    \"given\": \"Ben\"
  },
  \"population\": {
    \"id\": \"${popID}\"
  },
  \"username\": \"pingone-conformance-${runID}-ben\"
}"
status 201
userID=$(value '.id')
present userID "$userID"
equals "environment.id is right" "$(value '.environment.id')" "${envID}"
contains "it links itself" "$(value '._links.self.href')" "${userID}"
equals "email comes back" "$(value '.email')" "ben.${runID}@example.com"
equals "name.family comes back" "$(value '.name.family')" "Example"
equals "name.given comes back" "$(value '.name.given')" "Ben"
equals "population.id comes back" "$(value '.population.id')" "${popID}"
equals "username comes back" "$(value '.username')" "pingone-conformance-${runID}-ben"
absent "there is no mobile phone number yet" "$(value '.mobilePhone')"

step "Step 11: Set user password"
call -X PUT "${apiPath}/environments/${envID}/users/${userID}/password" \
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

step "Step 12: Enable user MFA"
call -X PUT "${apiPath}/environments/${envID}/users/${userID}/mfaEnabled" \
	-H "Authorization: Bearer $accessToken" \
	-H "Accept: application/json" \
	-H "Content-Type: application/json" \
	--data "{
  \"mfaEnabled\": true
}"
status 200 204
if [ "$code" != 204 ]; then
	equals "MFA is enabled" "$(json '.mfaEnabled')" "true"
fi

step "Step 13: Create an MFA device"
call -X POST "${apiPath}/environments/${envID}/users/${userID}/devices" \
	-H "Authorization: Bearer $accessToken" \
	-H "Accept: application/json" \
	-H "Content-Type: application/json" \
	--data "{
  \"email\": \"${deviceEmail}\",
  \"type\": \"EMAIL\"
}"
status 201 200
deviceID=$(value '.id')
present deviceID "$deviceID"
equals "environment.id is right" "$(value '.environment.id')" "${envID}"
contains "it links itself" "$(value '._links.self.href')" "${deviceID}"
equals "email comes back" "$(value '.email')" "${deviceEmail}"
equals "type comes back" "$(value '.type')" "EMAIL"
equals "the device is ready for use" "$(value '.status')" "ACTIVE"
equals "user.id is right" "$(value '.user.id')" "${userID}"

step "Step 14: Send an authorization request"
state=$(chance)$(chance)
nonce=$(chance)$(chance)
call -X GET "${authPath}/${envID}/as/authorize?client_id=${appID}&nonce=${nonce}&redirect_uri=https%3A%2F%2Fexample-bank.example.com%2Fcallback&response_type=code&scope=openid%20profile&state=${state}" \
	-b "$work/cookies" \
	-c "$work/cookies"
status 302 303
flowID=$(parameter flowId)
present flowID "$flowID"

step "Step 15: Get the flow"
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

step "Step 16: Submit login credentials"
call -X POST "${authPath}/${envID}/flows/${flowID}" \
	-b "$work/cookies" \
	-c "$work/cookies" \
	-H "Content-Type: application/vnd.pingidentity.usernamePassword.check+json" \
	--data "{
  \"password\": \"${userPassword}\",
  \"username\": \"pingone-conformance-${runID}-ben\"
}"
status 200
equals "id is right" "$(value '.id')" "${flowID}"
equals "the flow is OTP_REQUIRED" "$(value '.status')" "OTP_REQUIRED"
contains "the flow can be resumed" "$(value '.resumeUrl')" "${flowID}"
present "the flow ends some time" "$(value '.expiresAt')"
contains "the flow takes otp.check" "$(value '._links["otp.check"].href')" "${flowID}"
equals "_embedded.user.id is right" "$(value '._embedded.user.id')" "${userID}"
contains "the passcode goes to the person's device" "$(value '._embedded.devices')" "${deviceID}"
excludes "the address of the device is masked" "$(value '._embedded.devices')" "${deviceEmail}"

step "Step 17: Submit the one-time passcode"
passcode
call -X POST "${authPath}/${envID}/flows/${flowID}" \
	-b "$work/cookies" \
	-c "$work/cookies" \
	-H "Content-Type: application/vnd.pingidentity.otp.check+json" \
	--data "{
  \"otp\": \"${otp}\"
}"
status 200
equals "id is right" "$(value '.id')" "${flowID}"
equals "the flow is COMPLETED" "$(value '.status')" "COMPLETED"
contains "the flow can be resumed" "$(value '.resumeUrl')" "${flowID}"
present "the flow ends some time" "$(value '.expiresAt')"
equals "_embedded.user.id is right" "$(value '._embedded.user.id')" "${userID}"

step "Step 18: Call the resume endpoint"
call -X GET "${authPath}/${envID}/as/resume?flowId=${flowID}" \
	-b "$work/cookies" \
	-c "$work/cookies"
status 302 303
authCode=$(parameter code)
present authCode "$authCode"
begins "the way leads back to the application" "$(location)" "https://example-bank.example.com/callback?"
equals "the state comes back" "$(parameter state)" "${state}"

step "Step 19: Get the application secret"
call -X GET "${apiPath}/environments/${envID}/applications/${appID}/secret" \
	-H "Authorization: Bearer $accessToken" \
	-H "Accept: application/json"
status 200
appSecret=$(value '.secret')
present appSecret "$appSecret"
equals "environment.id is right" "$(value '.environment.id')" "${envID}"

step "Step 20: Get the access token"
call -X POST "${authPath}/${envID}/as/token" \
	-u "${appID}:${appSecret}" \
	--data-urlencode "code=${authCode}" \
	--data-urlencode "grant_type=authorization_code" \
	--data-urlencode "redirect_uri=https://example-bank.example.com/callback"
status 200
userAccessToken=$(value '.access_token')
present userAccessToken "$userAccessToken"
same_word "the token is a bearer" "$(value '.token_type')" "Bearer"
present "it lives for a while" "$(value '.expires_in')"
equals "the access token is for the person" "$(value '.access_token | claims | .sub')" "${userID}"
equals "the access token is for the application" "$(value '.access_token | claims | .client_id')" "${appID}"
equals "the access token is from here" "$(value '.access_token | claims | .iss')" "${authPath}/${envID}/as"
contains "the scope openid is granted" "$(value '.scope')" "openid"
contains "the scope profile is granted" "$(value '.scope')" "profile"
equals "the ID token is about the person" "$(value '.id_token | claims | .sub')" "${userID}"
contains "the ID token is for the application" "$(value '.id_token | claims | .aud')" "${appID}"
equals "the ID token is from here" "$(value '.id_token | claims | .iss')" "${authPath}/${envID}/as"
later "the ID token has not expired" "$(value '.id_token | claims | .exp')"
equals "the nonce comes back" "$(value '.id_token | claims | .nonce')" "${nonce}"
present "the ID token says how the person signed on" "$(value '.id_token | claims | .amr')"

step "Read the discovery document"
call -X GET "${authPath}/${envID}/as/.well-known/openid-configuration" \
	-b "$work/cookies" \
	-c "$work/cookies"
status 200
equals "issuer is right" "$(value '.issuer')" "${authPath}/${envID}/as"
equals "jwks_uri is right" "$(value '.jwks_uri')" "${authPath}/${envID}/as/jwks"
equals "token_endpoint is right" "$(value '.token_endpoint')" "${authPath}/${envID}/as/token"

step "Read the signing keys"
call -X GET "${authPath}/${envID}/as/jwks" \
	-b "$work/cookies" \
	-c "$work/cookies"
status 200
present "there is a key" "$(value '.keys[0].kty')"

cleanup
