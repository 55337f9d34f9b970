package emulator_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator"
)

var storm = flag.Duration("storm", 2*time.Second, "how long the storm of many clients lasts")

// Many clients at once, each with applications, people and sign-ons of its own, leave an
// emulator as it was: no goroutine, no thing, no memory. With -race nothing is raced for.
func TestAStormOfClientsLeavesNothingBehind(t *testing.T) {
	const clients = 64
	const kept = 40 * clients // a day has eleven flows of each: none is forgotten while its person signs on
	goroutines := runtime.NumGoroutine()
	server, err := emulator.Start(context.Background(), emulator.Small(emulator.Options{}, 1000, kept))
	require.NoError(t, err)
	before := withoutZeros(server.Counts())
	blow(t, server, clients, *storm/2)
	require.Equal(t, before, withoutZeros(server.Counts()))
	early := resident(t)
	days := blow(t, server, clients, *storm)
	late := resident(t)
	t.Logf("%d days of %d clients in %s: %d MiB resident before, %d MiB after", days, clients, *storm, early>>20, late>>20)
	require.Positive(t, days)
	require.Equal(t, before, withoutZeros(server.Counts()), "things are left")
	require.Less(t, late, early+early/2+(32<<20), "the memory grows")
	require.NoError(t, server.Close())
	require.True(t, settlesAt(goroutines), "goroutines are left:\n%s", stacks())
}

// blow lets the clients live for a while, and returns how many days they had in all.
func blow(t *testing.T, server *emulator.Server, clients int, lasting time.Duration) (days int) {
	t.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: clients}
	defer transport.CloseIdleConnections()
	end := time.Now().Add(lasting)
	var group sync.WaitGroup
	lives := make([]*life, clients)
	for i := range clients {
		group.Go(func() {
			c := &caller{t: gentle{t}, http: &http.Client{Transport: transport}, url: server.URL(), env: server.Credentials().EnvironmentID}
			c.token = c.workerToken(c.env, server.Credentials().ClientID, server.Credentials().ClientSecret)
			l := liveAs(c, fmt.Sprintf("corner shop %d", i))
			lives[i], l.day = l, i*1_000_000
			for first := true; first || time.Now().Before(end); first = false {
				l.days(1)
				c.clear(c.set(shopName(i)))
				l.get(server.OutboxURL())
			}
			c.remove(c.url + "/v1/environments/" + c.env + "/applications/" + l.app)
		})
	}
	group.Wait()
	for i, l := range lives {
		if l != nil {
			days += l.day - i*1_000_000
		}
	}
	return days
}

// resident is how many bytes of the process are in memory, or of its heap where the
// system does not say.
func resident(t *testing.T) uint64 {
	t.Helper()
	debug.FreeOSMemory()
	var total, pages uint64
	if text, err := os.ReadFile("/proc/self/statm"); err == nil {
		_, err := fmt.Sscan(string(text), &total, &pages)
		require.NoError(t, err)
		return pages * uint64(os.Getpagesize())
	}
	return heap()
}

// atOnce runs the same thing a hundred times at once.
func atOnce(do func()) {
	var group sync.WaitGroup
	begin := make(chan struct{})
	for range 100 {
		group.Go(func() {
			<-begin
			do()
		})
	}
	close(begin)
	group.Wait()
}

func TestACodeThatIsSentAHundredTimesAtOnceHasOneWinner(t *testing.T) {
	l := newLife(t, start(t, emulator.Options{}))
	code, redeem := l.code("anna")
	var mu sync.Mutex
	answers := map[int]int{}
	atOnce(func() {
		status := redeem(code)
		mu.Lock()
		defer mu.Unlock()
		answers[status]++
	})
	require.Equal(t, map[int]int{200: 1, 400: 99}, answers)
}

// code signs somebody new on and returns the authorization code, and how the shop redeems one.
func (l *life) code(name string) (code string, redeem func(code string) int) {
	user := l.create("/users", object{"username": name, "email": name + "@example.com"})
	status, answer := l.call(http.MethodPut, user.Get(`_links.password\.set.href`).String(), "application/vnd.pingidentity.password.set+json", object{"value": "2Fish&Chips"})
	require.Equal(l.t, 200, status, answer.Raw)
	jar, err := cookiejar.New(nil)
	require.NoError(l.t, err)
	browser := &http.Client{Transport: l.http.Transport, Jar: jar}
	flow := l.authorize(browser)
	l.page(browser, http.MethodPost, flow.Get(`_links.usernamePassword\.check.href`).String(),
		"application/vnd.pingidentity.usernamePassword.check+json", object{"username": name, "password": "2Fish&Chips"})
	code = l.page(browser, http.MethodGet, flow.Get("resumeUrl").String(), "", nil).Get("authorizeResponse.code").String()
	require.NotEmpty(l.t, code)
	return code, func(code string) int {
		form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {"https://shop.example.com/back"}}
		request, err := http.NewRequest(http.MethodPost, l.url+"/"+l.env+"/as/token", strings.NewReader(form.Encode()))
		require.NoError(l.t, err)
		request.Header.Set("Content-Type", formType)
		request.SetBasicAuth(l.app, url.QueryEscape(l.secret))
		status, _ := l.do(request)
		return status
	}
}

// No page says that a login hint token is good for one sign-on: each that comes starts a
// flow of its own, and none gets another's.
func TestAHintTokenThatIsSentAHundredTimesAtOnceStartsFlowsOfTheirOwn(t *testing.T) {
	l := newLife(t, start(t, emulator.Options{}))
	user := l.create("/users", object{"username": "chloe", "email": "chloe@example.com"})
	query := url.Values{
		"client_id": {l.app}, "response_type": {"code"}, "response_mode": {"pi.flow"}, "scope": {"openid"}, "redirect_uri": {"https://shop.example.com/back"},
		"login_hint_token": {l.hint(user.Get("id").String())},
	}
	var mu sync.Mutex
	flows := map[string]bool{}
	atOnce(func() {
		flow := l.page(&http.Client{Transport: l.http.Transport}, http.MethodGet, l.url+"/"+l.env+"/as/authorize?"+query.Encode(), "", nil)
		mu.Lock()
		defer mu.Unlock()
		flows[flow.Get("id").String()] = true
	})
	require.Len(t, flows, 100)
}

// hint makes a login hint token of the shop.
func (l *life) hint(user string) string {
	claims, err := json.Marshal(object{
		"iss": l.app, "sub": user, "aud": l.url + "/" + l.env + "/as", "iat": time.Now().Unix(), "exp": time.Now().Add(time.Minute).Unix(), "jti": "1",
	})
	require.NoError(l.t, err)
	signed := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + base64.RawURLEncoding.EncodeToString(claims)
	mac := hmac.New(sha256.New, []byte(l.secret))
	_, _ = mac.Write([]byte(signed))
	return signed + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// What is small on the way and huge when it is unpacked is never unpacked.
func TestAGzipBombIsNotUnpacked(t *testing.T) {
	server := start(t, emulator.Options{})
	c := authorized(t, server)
	var bomb bytes.Buffer
	packer := gzip.NewWriter(&bomb)
	_, err := io.Copy(packer, io.LimitReader(zeros{}, 256<<20))
	require.NoError(t, err)
	require.NoError(t, packer.Close())
	require.Less(t, bomb.Len(), 1<<20, "it passes the limit of a body")
	before := heap()
	request, err := http.NewRequest(http.MethodPost, c.url+"/v1/environments/"+c.env+"/applications", bytes.NewReader(bomb.Bytes()))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Content-Encoding", "gzip")
	request.Header.Set("Authorization", "Bearer "+c.token)
	status, answer := c.do(request)
	require.Equal(t, 400, status, answer.Raw)
	require.Less(t, int64(heap())-int64(before), int64(32<<20))
	requireAnswers(t, server)
}

// A body of a gigabyte is refused by its first megabytes, whether it says its length or not.
func TestABodyOfAGigabyteEndsEarly(t *testing.T) {
	server := start(t, emulator.Options{})
	for name, length := range map[string]int64{"with its length": 1 << 30, "without a length": -1} {
		t.Run(name, func(t *testing.T) {
			body := &counted{Reader: io.LimitReader(zeros{}, 1<<30)}
			request, err := http.NewRequest(http.MethodPost, server.URL()+"/v1/environments", body)
			require.NoError(t, err)
			request.ContentLength = length
			transport := &http.Transport{DisableKeepAlives: true}
			response, err := transport.RoundTrip(request)
			if err == nil { // it may hang up before all is said
				require.Equal(t, 413, response.StatusCode)
				require.NoError(t, response.Body.Close())
			}
			require.Less(t, body.total(), int64(64<<20), "the emulator took it all")
		})
	}
	requireAnswers(t, server)
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// counted counts what is read, by the transport's own goroutine.
type counted struct {
	io.Reader
	mu   sync.Mutex
	read int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.read += int64(n)
	return n, err
}

func (c *counted) total() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.read
}
