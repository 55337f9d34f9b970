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
