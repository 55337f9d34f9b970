package tenant

import (
	"crypto/sha1" //nolint:gosec // SSHA is one of the encodings a caller may bring along
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"hash"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// PingOne's default password policy.
//
// https://developer.pingidentity.com/pingone-api/platform/password-policies.html
const (
	passwordMinimum  = 8
	passwordMaximum  = 255
	passwordUnique   = 5
	passwordRepeats  = 2
	passwordHistory  = 6
	passwordFailures = 5
	passwordLock     = 900 * time.Second
)

// PasswordCheck is the outcome of CheckPassword.
type PasswordCheck struct {
	OK                 bool
	Locked             bool
	FailuresRemaining  int // before the password is locked
	SecondsUntilUnlock int
	MustChange         bool // OK, but has to be changed before sign-on goes on
	NoPassword         bool
}

// SetPassword gives a person a password; with force it has to be changed at the
// next sign-on. It checks no policy: see PasswordFaults.
//
// Passwords are kept as salted SHA-256, which is enough for invented people in
// memory and keeps sign-on as cheap as the rest of the emulator.
func (t *Tenant) SetPassword(u *User, clear string, force bool) {
	if u.Password.Salt == nil {
		u.Password.Salt = t.NewBytes(16)
	}
	if t.Deviates("password-not-stored") {
		return
	}
	digest := digest(u.Password.Salt, clear)
	history := append([][]byte{digest}, u.Password.History...)
	if len(history) > passwordHistory {
		history = history[:passwordHistory]
	}
	u.Password = Password{Set: true, Hash: digest, Salt: u.Password.Salt, History: history, ForceChange: force, ChangedAt: t.Now()}
}

// CheckPassword compares a password, counts failures, and locks the password
// after five of them for fifteen minutes.
func (t *Tenant) CheckPassword(u *User, clear string) PasswordCheck {
	now := t.Now()
	if u.Locked(now) {
		return PasswordCheck{Locked: true, SecondsUntilUnlock: u.SecondsUntilUnlock(now)}
	}
	if !u.Password.Set {
		return PasswordCheck{NoPassword: true}
	}
	if u.Password.matches(clear) || t.Deviates("password-not-checked") {
		u.Password.Failures = 0
		u.Password.LockedUntil = time.Time{}
		return PasswordCheck{OK: true, FailuresRemaining: passwordFailures, MustChange: u.Password.ForceChange && !t.Deviates("password-change-not-forced")}
	}
	if t.Deviates("password-lockout-off") {
		return PasswordCheck{FailuresRemaining: passwordFailures}
	}
	u.Password.Failures++
	if u.Password.Failures >= passwordFailures {
		u.Password.Failures = 0
		u.Password.LockedUntil = now.Add(passwordLock)
		return PasswordCheck{Locked: true, SecondsUntilUnlock: u.SecondsUntilUnlock(now)}
	}
	return PasswordCheck{FailuresRemaining: passwordFailures - u.Password.Failures}
}

// Locked says whether too many wrong passwords have locked the person out.
func (u *User) Locked(now time.Time) bool { return u.Password.LockedUntil.After(now) }

// SecondsUntilUnlock is how long a locked person has to wait, rounded up.
func (u *User) SecondsUntilUnlock(now time.Time) int {
	return int((u.Password.LockedUntil.Sub(now) + time.Second - 1) / time.Second)
}

// PasswordStatus is OK, NO_PASSWORD, MUST_CHANGE_PASSWORD or PASSWORD_LOCKED_OUT.
func (u *User) PasswordStatus(now time.Time) string {
	switch {
	case u.Locked(now):
		return "PASSWORD_LOCKED_OUT"
	case !u.Password.Set:
		return "NO_PASSWORD"
	case u.Password.ForceChange:
		return "MUST_CHANGE_PASSWORD"
	default:
		return "OK"
	}
}

// PasswordFaults lists the rules of the default password policy that a new
// password breaks, such as "length" or "history"; none when it is acceptable.
func (t *Tenant) PasswordFaults(u *User, clear string) []string {
	if t.Deviates("password-policy-off") {
		return nil
	}
	var faults []string
	check := func(rule string, ok bool) {
		if !ok {
			faults = append(faults, rule)
		}
	}
	length := utf8.RuneCountInString(clear)
	check("length", length >= passwordMinimum && length <= passwordMaximum)
	check("minCharacters", everyClass(clear))
	unique, repeats := variety(clear)
	check("minUniqueCharacters", unique >= passwordUnique)
	check("maxRepeatedCharacters", repeats <= passwordRepeats)
	if u.Password.Salt != nil {
		for _, former := range u.Password.History {
			if subtle.ConstantTimeCompare(former, digest(u.Password.Salt, clear)) == 1 {
				check("history", false)
				break
			}
		}
	}
	return faults
}

func everyClass(clear string) bool {
	var lower, upper, digit, other bool
	for _, c := range clear {
		switch {
		case unicode.IsLower(c):
			lower = true
		case unicode.IsUpper(c):
			upper = true
		case unicode.IsDigit(c):
			digit = true
		default:
			other = true
		}
	}
	return lower && upper && digit && other
}

// variety counts different characters, and the longest run of one of them.
func variety(clear string) (unique, repeats int) {
	seen := map[rune]bool{}
	run, last := 0, rune(-1)
	for _, c := range clear {
		seen[c] = true
		if c != last {
			run, last = 0, c
		}
		run++
		repeats = max(repeats, run)
	}
	return len(seen), repeats
}

func digest(salt []byte, clear string) []byte {
	sum := sha256.Sum256(append(append([]byte{}, salt...), clear...))
	return sum[:]
}

var encodedPassword = regexp.MustCompile(`^\{([A-Za-z0-9_-]+)\}(.+)$`)

// Encoded says whether a password value is a pre-encoded one, such as {SSHA512}....
func Encoded(value string) bool { return encodedPassword.MatchString(value) }

// SetEncodedPassword takes over a pre-encoded password: SSHA, SSHA256, SSHA384
// or SSHA512 over base64 of digest and salt, as directories write it. It
// returns false for any other encoding.
func (t *Tenant) SetEncodedPassword(u *User, value string, force bool) bool {
	parts := encodedPassword.FindStringSubmatch(value)
	if parts == nil {
		return false
	}
	scheme := strings.ToUpper(parts[1])
	make, known := encodings()[scheme]
	bytes, err := base64.StdEncoding.DecodeString(parts[2])
	if !known || err != nil || len(bytes) < make().Size() {
		return false
	}
	size := make().Size()
	u.Password = Password{Set: true, Scheme: scheme, Hash: bytes[:size], Salt: bytes[size:], ForceChange: force, ChangedAt: t.Now()}
	return true
}

func encodings() map[string]func() hash.Hash {
	return map[string]func() hash.Hash{"SSHA": sha1.New, "SSHA256": sha256.New, "SSHA384": sha512.New384, "SSHA512": sha512.New}
}

func (p Password) matches(clear string) bool {
	if p.Scheme == "" {
		return subtle.ConstantTimeCompare(p.Hash, digest(p.Salt, clear)) == 1
	}
	h := encodings()[p.Scheme]()
	h.Write([]byte(clear))
	h.Write(p.Salt)
	return subtle.ConstantTimeCompare(p.Hash, h.Sum(nil)) == 1
}
