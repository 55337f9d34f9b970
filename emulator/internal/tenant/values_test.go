package tenant

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestEMailAddresses(t *testing.T) {
	for email, valid := range map[string]bool{
		"anna@example.com": true, "anna+shop@example.com": true, strings.Repeat("a", 244) + "@example.com": true,
		"Anna <anna@example.com>": false, "anna": false, "": false, "anna@": false, " anna@example.com": false, strings.Repeat("a", 245) + "@example.com": false,
	} {
		require.Equal(t, valid, ValidEmail(email), email)
	}
}

func TestHowLongNumbersMayBe(t *testing.T) {
	for digits, valid := range map[string]bool{"+123456": false, "+1234567": true, "+123456789012345": true, "+1234567890123456": false} {
		require.Equal(t, valid, ValidDevicePhone(digits), digits)
	}
	const phone = "+1 512 555 0101"
	longest := phone + strings.Repeat("-", 32-len(phone))
	require.True(t, ValidDevicePhone(longest) && ValidPhone(longest))
	require.False(t, ValidDevicePhone(longest+"-") || ValidPhone(longest+"-"))
	require.True(t, ValidDevicePhone("+0123456789") && !ValidDevicePhone("+0123456789/") && !ValidDevicePhone("+0123456789:"))
}

// What an application was sent is read as it came: by the API, from a file, or not at all.
func TestSettingsOfAnApplication(t *testing.T) {
	app := &Application{}
	app.Sent = map[string]any{
		"yes": true, "no": false, "text": "words", "number": json.Number("90"), "kept": 90.0, "half": json.Number("1.5"),
	}
	for _, otherwise := range []bool{true, false} {
		require.True(t, app.Setting("yes", otherwise))
		require.False(t, app.Setting("no", otherwise))
		require.Equal(t, otherwise, app.Setting("text", otherwise))
		require.Equal(t, otherwise, app.Setting("nothing", otherwise))
	}
	require.Equal(t, []string{"words", "", ""}, []string{app.Words("text"), app.Words("yes"), app.Words("nothing")})
	for name, want := range map[string]time.Duration{"number": 90 * time.Second, "kept": 90 * time.Second, "half": time.Hour, "text": time.Hour, "nothing": time.Hour} {
		require.Equal(t, want, app.Seconds(name, time.Hour), name)
	}
}

func TestDecisionsAreTheCallersOrTheDocumentedOnes(t *testing.T) {
	own := Documented()
	own.PasswordMatches = func(Password, string) bool { return true }
	for decisions, ok := range map[*Decisions]bool{&own: true, nil: false} {
		u := &User{}
		tenant := New(Options{Decisions: decisions})
		tenant.SetPassword(u, "2Fish&Chips", false)
		require.Equal(t, ok, tenant.CheckPassword(u, "wrong").OK)
	}
	own = Documented()
	own.Locks = func(int) bool { return false }
	u, tenant := &User{}, New(Options{Decisions: &own})
	tenant.SetPassword(u, "2Fish&Chips", false)
	for _, remaining := range []int{4, 3, 2, 1, 0, 0} {
		require.Equal(t, PasswordCheck{FailuresRemaining: remaining}, tenant.CheckPassword(u, "wrong"))
	}
}

func TestWhatIsDoneOutsideTheLock(t *testing.T) {
	tenant, _ := newTenant()
	tenant.Lock()
	done := false
	tenant.Outside(func() {
		done = tenant.mutex.TryLock()
		tenant.mutex.Unlock()
	})
	require.True(t, done, "others may go on meanwhile")
	require.False(t, tenant.mutex.TryLock(), "the caller has it again")
	tenant.Unlock()
}

func TestChanceOfAnotherSourceForAWhile(t *testing.T) {
	tenant, _ := newTenant()
	other, _ := newTenant()
	source := func() *rand.ChaCha8 { return rand.NewChaCha8([32]byte{9}) }
	var ids []string
	for range 2 {
		tenant.Drawing(source(), func() { ids = append(ids, tenant.NewID(), tenant.NewSecret(8)) })
	}
	require.Equal(t, ids[:2], ids[2:])
	require.Equal(t, other.NewID(), tenant.NewID(), "its own goes on where it was")
	require.Len(t, tenant.NewBytes(20), 20)
	require.NotEqual(t, tenant.NewBytes(20), tenant.NewBytes(20))
	require.Equal(t, "012345", tenant.NewPasscode(&Device{Passcode: "012345"}, 8))
	require.Regexp(t, `^\d{8}$`, tenant.NewPasscode(&Device{}, 8))
}

func TestMaskedDevices(t *testing.T) {
	for want, d := range map[string]*Device{
		"*******01": {Phone: "+1.5125550101"}, "an****@example.com": {Email: "anna@example.com"}, "": {},
	} {
		require.Equal(t, want, d.Masked())
	}
}

func TestWhoIsAMember(t *testing.T) {
	u := &User{Groups: []string{"one"}}
	require.True(t, u.Member("one"))
	require.False(t, u.Member("other"))
}
