package tenant

import (
	"crypto/sha1" //nolint:gosec // SSHA is one of the encodings a caller may bring along
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"hash"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"pingone-conformance/internal/lazy"
)

// PingOne's default password policy.
//
// https://developer.pingidentity.com/pingone-api/platform/password-policies.html
const passwordMinimum = 8
const passwordMaximum = 255
const passwordUnique = 5
const passwordRepeats = 2
const passwordHistory = 6
const passwordFailures = 5
const passwordLock = 900 * time.Second

// Decisions are what is decided about passwords, each by its name. Documented are
// those of PingOne.
type Decisions struct {
	PasswordMatches func(Password, string) bool
	// Locks says whether so many failures one after the other lock the password: the
	// fifth does.
	Locks func(failures int) bool
	// MustChange says whether a password has to be changed before sign-on goes on.
	MustChange func(Password) bool
	// PasswordFaults lists the rules of the default password policy that a new
	// password breaks, such as "length" or "history"; none when it is acceptable.
	PasswordFaults func(u *User, clear string) []string
	StorePassword  func(*User, Password)
}

// Documented are the decisions as PingOne's pages have them.
//
// https://developer.pingidentity.com/pingone-api/platform/password-policies.html
func Documented() Decisions {
	return Decisions{
		PasswordMatches: Password.matches,
		Locks:           func(failures int) bool { return failures >= passwordFailures },
		MustChange:      func(p Password) bool { return p.ForceChange },
		PasswordFaults:  passwordFaults,
		StorePassword:   func(u *User, p Password) { u.Password = p },
	}
}

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
	digest := digest(u.Password.Salt, clear)
	history := append([][]byte{digest}, u.Password.History...)
	if len(history) > passwordHistory {
		history = history[:passwordHistory]
	}
	// Times are shown in milliseconds: of two changes the later one is told by its time.
	changed := t.Now()
	if earliest := u.Password.ChangedAt.Add(time.Millisecond); changed.Before(earliest) {
		changed = earliest
	}
	t.StorePassword(u, Password{Set: true, Hash: digest, Salt: u.Password.Salt, History: history, ForceChange: force, ChangedAt: changed})
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
	if t.PasswordMatches(u.Password, clear) {
		u.Password.Failures = 0
		u.Password.LockedUntil = time.Time{}
		return PasswordCheck{OK: true, FailuresRemaining: passwordFailures, MustChange: t.MustChange(u.Password)}
	}
	u.Password.Failures++
	if t.Locks(u.Password.Failures) {
		u.Password.Failures = 0
		u.Password.LockedUntil = now.Add(passwordLock)
		return PasswordCheck{Locked: true, SecondsUntilUnlock: u.SecondsUntilUnlock(now)}
	}
	return PasswordCheck{FailuresRemaining: max(0, passwordFailures-u.Password.Failures)}
}

// Locked says whether an administrator or too many wrong passwords have locked the
// person out.
func (u *User) Locked(now time.Time) bool {
	return !u.LockedAt.IsZero() || u.Password.LockedUntil.After(now)
}

// SecondsUntilUnlock is how long somebody has to wait whom wrong passwords locked
// out, rounded up; 0 for whom an administrator locked out.
func (u *User) SecondsUntilUnlock(now time.Time) int {
	if !u.Password.LockedUntil.After(now) {
		return 0
	}
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

func passwordFaults(u *User, clear string) []string {
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
	for _, former := range u.Password.History {
		if subtle.ConstantTimeCompare(former, digest(u.Password.Salt, clear)) == 1 {
			check("history", false)
			break
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
	last := rune(-1)
	var run int
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

var encodedPassword = lazy.Regexp(`^\{([A-Za-z0-9_-]+)\}(.+)$`)

// Encoded says whether a password value is a pre-encoded one, such as {SSHA512}....
func Encoded(value string) bool { return encodedPassword.Get().MatchString(value) }

// SetEncodedPassword takes over a pre-encoded password: SSHA, SSHA256, SSHA384
// or SSHA512 over base64 of digest and salt, as directories write it. It
// returns false for any other encoding.
func (t *Tenant) SetEncodedPassword(u *User, value string, force bool) bool {
	parts := encodedPassword.Get().FindStringSubmatch(value)
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
