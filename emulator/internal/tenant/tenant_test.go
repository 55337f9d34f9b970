package tenant

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/require"
)

func at(moment *time.Time) *Tenant {
	return New(Options{Now: func() time.Time { return *moment }, Random: rand.NewChaCha8([32]byte{1})})
}

func newTenant() (*Tenant, *time.Time) {
	moment := time.Date(2026, 1, 15, 9, 0, 0, 123456789, time.FixedZone("CET", 3600))
	return at(&moment), &moment
}

func TestClockIsUTCInMilliseconds(t *testing.T) {
	tenant, _ := newTenant()
	require.Equal(t, "2026-01-15T08:00:00.123Z", tenant.Now().Format(time.RFC3339Nano))
	require.WithinDuration(t, time.Now(), New(Options{}).Now(), time.Minute)
}

func TestChanceIsRepeatable(t *testing.T) {
	a, _ := newTenant()
	b, _ := newTenant()
	for range 3 {
		id := a.NewID()
		require.Equal(t, id, b.NewID())
		require.Regexp(t, `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`, id)
		secret := a.NewSecret(64)
		require.Equal(t, secret, b.NewSecret(64))
		require.Regexp(t, `^[A-Za-z0-9._~-]{64}$`, secret)
		require.Regexp(t, `^\d{8}$`, a.NewOTP(8))
		b.NewOTP(8)
	}
	require.NotEqual(t, a.NewID(), a.NewID())
}

func TestChanceThatRunsDryGoesOnWithGoodOne(t *testing.T) {
	tenant := New(Options{Random: bytes.NewReader(make([]byte, 20))})
	require.NotEqual(t, tenant.NewID(), tenant.NewID())
	require.NotEqual(t, tenant.NewID(), tenant.NewID())
}

func TestEveryDigitIsDrawn(t *testing.T) {
	tenant, _ := newTenant()
	digits := tenant.NewOTP(2000)
	for _, digit := range "0123456789" {
		require.InDelta(t, 200, strings.Count(digits, string(digit)), 60)
	}
}

func TestDataIsPlain(t *testing.T) {
	tenant, _ := newTenant()
	e := tenant.AddEnvironment(EnvironmentSpec{Name: "Test", Type: "SANDBOX", Region: "NA", Methods: []string{"email", "totp"}})
	u := &User{
		Meta: tenant.NewMeta(tenant.Now()), Enabled: true, Profile: map[string]any{"username": "anna", "name": map[string]any{"given": "Anna"}},
		Prompted: map[string]time.Time{"mobilePhone": tenant.Now()}, Devices: Table[*Device]{},
	}
	tenant.SetPassword(u, "2Fish&Chips", true)
	u.Devices.Add(&Device{Meta: tenant.NewMeta(tenant.Now()), Type: "TOTP", Secret: "JBSWY3DPEHPK3PXP", LastStep: 7, OTP: OTP{Code: "123456"}})
	e.Users.Add(u)
	meta := tenant.NewMeta(tenant.Now())
	meta.Sent = map[string]any{"idpSignoff": true, "mobile": map[string]any{"bundleId": "com.example.shop"}}
	app := &Application{
		Meta: meta, Name: "Example Shop", Secret: tenant.NewSecret(64), Previous: &PreviousSecret{Secret: "former"},
		Grants: Table[*Grant]{}, Assignments: Table[*Assignment]{},
	}
	app.Assignments.Add(&Assignment{Meta: tenant.NewMeta(tenant.Now()), PolicyID: e.DefaultPolicy().ID, Priority: 1})
	e.Applications.Add(app)
	tenant.Send(Message{UserID: u.ID, OTP: "123456"})

	written, err := json.Marshal(tenant.data)
	require.NoError(t, err)
	var read Data
	require.NoError(t, json.Unmarshal(written, &read))
	require.Equal(t, tenant.data, read)
}

func TestOutboxIsBounded(t *testing.T) {
	tenant, moment := newTenant()
	for i := range MaxMessages + 5 {
		*moment = moment.Add(time.Second)
		tenant.Send(Message{OTP: string(rune('a' + i%26))})
	}
	messages := tenant.Outbox()
	require.Len(t, messages, MaxMessages)
	require.Equal(t, MaxMessages+5, tenant.Data().Sent)
	require.Equal(t, tenant.Now(), messages[MaxMessages-1].SentAt, "newest last")
	require.True(t, messages[0].SentAt.Before(messages[1].SentAt))
	tenant.EmptyOutbox()
	require.Empty(t, tenant.Outbox())
}

func TestNewEnvironment(t *testing.T) {
	tenant, _ := newTenant()
	e := tenant.AddEnvironment(EnvironmentSpec{Name: "Example Shop", Type: "SANDBOX", Region: "NA", Products: []string{"PING_ONE_BASE"}, Methods: []string{"email"}})
	require.Same(t, e, tenant.Environment(e.ID))
	require.Nil(t, tenant.Environment("nobody"))
	require.Equal(t, "LOGIN", e.DefaultPolicy().ByPriority()[0].Type)
	require.NotNil(t, e.DefaultPopulation())
	require.True(t, e.DefaultDevicePolicy().Method("EMAIL").Enabled)
	require.False(t, e.DefaultDevicePolicy().Method("SMS").Enabled)
	require.False(t, e.DefaultDevicePolicy().Method("PIGEON").Enabled)
	require.Equal(t, 2*time.Minute, e.DefaultDevicePolicy().Method("TOTP").CoolDown)
	require.Equal(t, PingOneAudience, e.ResourceOfType(ResourcePingOne).Audience)
	require.True(t, e.HasProduct("PING_ONE_BASE"))
	require.False(t, e.HasProduct("PING_ONE_MFA"))
	require.Equal(t, 1, tenant.Counts()["populations"])
	require.Equal(t, 2, tenant.Counts()["resources"])
	tenant.RemoveEnvironment(e.ID)
	require.Empty(t, tenant.Environments())
}

func TestOrderOfActionsAndPolicies(t *testing.T) {
	p := &SignOnPolicy{Meta: Meta{ID: "p"}, Actions: map[string]*Action{
		"a": {Meta: Meta{Seq: 1}, Type: "second", Priority: 10}, "b": {Meta: Meta{Seq: 2}, Type: "first", Priority: 5}, "c": {Meta: Meta{Seq: 3}, Type: "third", Priority: 10},
	}}
	var types []string
	for _, a := range p.ByPriority() {
		types = append(types, a.Type)
	}
	require.Equal(t, []string{"first", "second", "third"}, types)

	e := &Environment{Policies: map[string]*SignOnPolicy{"p": p, "q": {Meta: Meta{ID: "q"}}}}
	app := &Application{Assignments: map[string]*Assignment{"1": {Meta: Meta{Seq: 1}, PolicyID: "p", Priority: 2}, "2": {Meta: Meta{Seq: 2}, PolicyID: "q", Priority: 1}, "3": {Meta: Meta{Seq: 3}, PolicyID: "gone"}}}
	require.Equal(t, []*SignOnPolicy{e.Policies["q"], p}, e.AssignedPolicies(app))
}

func TestPasswords(t *testing.T) {
	tenant, moment := newTenant()
	u := &User{}
	require.True(t, tenant.CheckPassword(u, "x").NoPassword)
	require.Equal(t, "NO_PASSWORD", u.PasswordStatus(tenant.Now()))
	tenant.SetPassword(u, "2Fish&Chips", true)
	require.NotContains(t, string(u.Password.Hash), "Fish")
	require.Equal(t, PasswordCheck{OK: true, FailuresRemaining: 5, MustChange: true}, tenant.CheckPassword(u, "2Fish&Chips"))
	require.Equal(t, PasswordCheck{FailuresRemaining: 4}, tenant.CheckPassword(u, "2fish&chips"))
	require.True(t, tenant.CheckPassword(u, "2Fish&Chips").OK)
	for range 4 {
		require.False(t, tenant.CheckPassword(u, "").Locked, "success forgot the failures before it")
	}
	require.Equal(t, PasswordCheck{Locked: true, SecondsUntilUnlock: 900}, tenant.CheckPassword(u, ""))
	*moment = moment.Add(899 * time.Second)
	require.Equal(t, PasswordCheck{Locked: true, SecondsUntilUnlock: 1}, tenant.CheckPassword(u, "2Fish&Chips"))
	*moment = moment.Add(time.Second)
	require.True(t, tenant.CheckPassword(u, "2Fish&Chips").OK)
}

// Two changes within a millisecond are told by their times, which are shown in milliseconds.
func TestALaterPasswordHasALaterTime(t *testing.T) {
	at := time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)
	tenant, u := New(Options{Now: func() time.Time { return at }}), &User{}
	tenant.SetPassword(u, "1Fish&Chips", false)
	require.Equal(t, at, u.Password.ChangedAt)
	tenant.SetPassword(u, "2Fish&Chips", false)
	require.Equal(t, at.Add(time.Millisecond), u.Password.ChangedAt)
}

func TestPasswordHistory(t *testing.T) {
	tenant, _ := newTenant()
	u := &User{}
	first := "0Fish&Chips"
	for i := range 6 {
		tenant.SetPassword(u, string(rune('0'+i))+"Fish&Chips", false)
	}
	require.Equal(t, []string{"history"}, tenant.PasswordFaults(u, first))
	tenant.SetPassword(u, "9Fish&Chips", false)
	require.Empty(t, tenant.PasswordFaults(u, first), "six are remembered")
	require.Equal(t, []string{"history"}, tenant.PasswordFaults(u, "1Fish&Chips"), "and no fewer")
	tenant.SetPassword(u, "9Fish&Chips", false)
	require.Equal(t, []string{"history"}, tenant.PasswordFaults(u, "9Fish&Chips"), "it is said once")
}

// The default policy: https://developer.pingidentity.com/pingone-api/platform/password-policies.html
func TestPasswordsThatThePolicyRefuses(t *testing.T) {
	tenant, _ := newTenant()
	long := "1!Aa" + strings.Repeat("bcd2?X", 42)
	for clear, faults := range map[string][]string{
		"2Fish&Ch":   nil,
		"2Fish&C":    {"length"},
		long[:255]:   nil,
		long[:256]:   {"length"},
		"2Físh&Çh":   nil,
		"2FISH&CH":   {"minCharacters"},
		"2fish&ch":   {"minCharacters"},
		"xFish&Ch":   {"minCharacters"},
		"2FishxCh":   {"minCharacters"},
		"Aa1!Aa1!":   {"minUniqueCharacters"},
		"Aa1!Aa1!x":  nil,
		"2Fiish&&Ch": nil,
		"2Fiiish&Ch": {"maxRepeatedCharacters"},
		"222Fish&Ch": {"maxRepeatedCharacters"},
		"2Fish&Chhh": {"maxRepeatedCharacters"},
		"":           {"length", "minCharacters", "minUniqueCharacters"},
	} {
		require.Equal(t, faults, tenant.PasswordFaults(&User{}, clear), clear)
	}
}

func TestPhones(t *testing.T) {
	require.True(t, ValidPhone("+1 555-0101"))
	require.False(t, ValidPhone("none"))
	require.False(t, ValidPhone(strings.Repeat("5", 33)))
	for phone, valid := range map[string]bool{
		"+1.5125550101": true, "+15125550101": true, "+1 (512) 555-0101": true, "5125550101": false, "+1512x550101": false, "+1": false, "": false,
	} {
		require.Equal(t, valid, ValidDevicePhone(phone), phone)
	}
	require.True(t, SamePhone("+1.5125550101", "+1 (512) 555-0101"))
	require.True(t, SamePhone("+1.5125550109", "tel: +1 (512) 555-0109"))
	require.False(t, SamePhone("+1.5125550101", "+1.5125550102"))
	require.False(t, SamePhone("+1.5125550101", "+1.512555101"))
	require.False(t, SamePhone("+1.5125550199", "+1.512555010"))
}

func TestAuthenticatorCodesAreGoodOnceAndNearTheirTime(t *testing.T) {
	const secret = "JBSWY3DPEHPK3PXP"
	noon := time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)
	code := func(at time.Time) string {
		code, err := totp.GenerateCode(secret, at)
		require.NoError(t, err)
		return code
	}
	d := &Device{Secret: secret}
	require.False(t, d.AcceptTOTP(code(noon.Add(3*time.Minute)), noon), "six steps early")
	require.False(t, d.AcceptTOTP(code(noon.Add(-3*time.Minute)), noon), "six steps late")
	require.True(t, d.AcceptTOTP(code(noon.Add(-time.Minute)), noon))
	require.True(t, d.AcceptTOTP(code(noon), noon))
	require.False(t, d.AcceptTOTP(code(noon), noon), "a second time")
	require.False(t, d.AcceptTOTP(code(noon.Add(-30*time.Second)), noon), "older than the last accepted")
	require.False(t, d.AcceptTOTP("", noon))
	d.Failures, d.LockUntil = 2, noon
	d.Unlock()
	require.Zero(t, d.Failures)
	require.True(t, d.LockUntil.IsZero())
}

func TestPasswordStatus(t *testing.T) {
	tenant, moment := newTenant()
	u := &User{}
	tenant.SetPassword(u, "2Fish&Chips", true)
	require.Equal(t, "MUST_CHANGE_PASSWORD", u.PasswordStatus(tenant.Now()))
	for range passwordFailures - 1 {
		tenant.CheckPassword(u, "wrong")
	}
	require.Equal(t, "MUST_CHANGE_PASSWORD", u.PasswordStatus(tenant.Now()), "one failure is left")
	tenant.CheckPassword(u, "wrong")
	require.Equal(t, "PASSWORD_LOCKED_OUT", u.PasswordStatus(tenant.Now()))
	*moment = moment.Add(passwordLock - time.Second)
	require.Equal(t, "PASSWORD_LOCKED_OUT", u.PasswordStatus(tenant.Now()))
	*moment = moment.Add(time.Second)
	require.Equal(t, "MUST_CHANGE_PASSWORD", u.PasswordStatus(tenant.Now()))
	tenant.SetPassword(u, "3Fish&Chips", false)
	require.Equal(t, "OK", u.PasswordStatus(tenant.Now()))
	u.LockedAt = tenant.Now()
	require.Equal(t, "PASSWORD_LOCKED_OUT", u.PasswordStatus(tenant.Now()), "an administrator has locked the account")
}

// Five failures in a row lock a password for a quarter of an hour, no more and no fewer.
func TestFailuresAreCountedInARow(t *testing.T) {
	tenant, moment := newTenant()
	u := &User{}
	tenant.SetPassword(u, "2Fish&Chips", false)
	fails := func(times int) (last PasswordCheck) {
		for range times {
			last = tenant.CheckPassword(u, "wrong")
		}
		return last
	}
	require.Equal(t, PasswordCheck{FailuresRemaining: 1}, fails(4))
	require.True(t, tenant.CheckPassword(u, "2Fish&Chips").OK)
	require.Equal(t, PasswordCheck{FailuresRemaining: 1}, fails(4), "the right one begins the count anew")
	require.Equal(t, PasswordCheck{Locked: true, SecondsUntilUnlock: 900}, fails(1))
	*moment = moment.Add(1500 * time.Millisecond)
	require.Equal(t, PasswordCheck{Locked: true, SecondsUntilUnlock: 899}, tenant.CheckPassword(u, "2Fish&Chips"), "a second that has begun counts")
	*moment = moment.Add(passwordLock)
	require.Equal(t, PasswordCheck{FailuresRemaining: 1}, fails(4), "and so does the end of the lock")
	require.True(t, tenant.CheckPassword(u, "2Fish&Chips").OK)
	require.Zero(t, u.SecondsUntilUnlock(*moment))
}

func TestPreEncodedPasswords(t *testing.T) {
	tenant, _ := newTenant()
	for scheme, make := range encodings() {
		h := make()
		h.Write([]byte("2Fish&Chips" + "salt"))
		u := &User{}
		require.True(t, tenant.SetEncodedPassword(u, "{"+scheme+"}"+base64.StdEncoding.EncodeToString(append(h.Sum(nil), "salt"...)), true))
		require.Equal(t, "MUST_CHANGE_PASSWORD", u.PasswordStatus(tenant.Now()))
		require.True(t, tenant.CheckPassword(u, "2Fish&Chips").OK, scheme)
		require.False(t, tenant.CheckPassword(u, "2Fish&Chops").OK, scheme)
		tenant.SetPassword(u, "3Fish&Chips", false)
		require.True(t, tenant.CheckPassword(u, "3Fish&Chips").OK, "a clear one after it")
	}
	require.True(t, Encoded("{SSHA}abcd"))
	require.False(t, Encoded("2Fish&Chips"))
	for _, value := range []string{"2Fish&Chips", "{ROT13}abcd", "{SSHA256}!!", "{SSHA512}c2hvcnQ=", "{SSHA}" + strings.Repeat("AAAA", 8) + "!"} {
		require.False(t, tenant.SetEncodedPassword(&User{}, value, false), value)
	}
}
