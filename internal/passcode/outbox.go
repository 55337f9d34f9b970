package passcode

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
)

const (
	outboxLimit   = 4 << 20 // bytes of one answer of the outbox
	outboxRequest = 10 * time.Second
	outboxFirst   = 20 * time.Millisecond // the first pause between two looks
	outboxLast    = time.Second           // the longest pause
)

// Outbox reads the passcodes that an emulator would have sent.
type Outbox struct {
	url     *url.URL
	http    *http.Client
	timeout time.Duration
}

// message is one entry of the outbox, as far as it is looked at.
type message struct {
	DeviceID string `json:"deviceId"`
	FlowID   string `json:"flowId"`
	To       string `json:"to"`
	OTP      string `json:"otp"`
	SentAt   moment `json:"sentAt"`
}

// moment is a time in JSON. A time.Time would refuse one with an escape in it.
type moment struct{ at time.Time }

// UnmarshalText reads a time as RFC 3339 has it.
func (m *moment) UnmarshalText(text []byte) error { return m.at.UnmarshalText(text) }

// errNotYet is the outbox without the message: worth another look.
var errNotYet = errors.New("nothing was sent to the device yet")

// NewOutbox reads the outbox at address, such as
// http://127.0.0.1:8080/emulator/outbox, for at most timeout a passcode. It
// follows no redirects.
func NewOutbox(address string, timeout time.Duration) (*Outbox, error) {
	if address == "" {
		return nil, errors.New("PINGONE_PASSCODE=outbox needs PINGONE_OUTBOX_URL: make emulator prints it")
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, fmt.Errorf("PINGONE_OUTBOX_URL is %q: it must be an http or https address", address)
	}
	client := &http.Client{
		Transport:     &http.Transport{Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: 16, IdleConnTimeout: time.Minute},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &Outbox{url: u, http: client, timeout: timeout}, nil
}

// Passcode implements Source: it looks until a message to the device is there,
// with growing pauses, and takes the newest.
func (o *Outbox) Passcode(ctx context.Context, d Device, _ []byte, since time.Time) (string, error) {
	start := time.Now()
	ctx, cancel := context.WithTimeout(ctx, o.timeout)
	defer cancel()
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.MaxInterval = outboxFirst, outboxLast
	var m message
	var last error // what the latest look came to
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		var err error
		if m, err = o.look(ctx, d, since); last == nil || ctx.Err() == nil {
			last = err // not that our own time was over
		}
		return struct{}{}, err
	}, backoff.WithBackOff(pause), backoff.WithMaxElapsedTime(o.timeout))
	var final *backoff.PermanentError
	switch {
	case err == nil:
	case errors.As(last, &final) && ctx.Err() == nil:
		return "", final.Unwrap()
	default:
		late := ended(ctx, "passcode for the "+d.String()+" in the outbox "+o.url.Redacted(), time.Since(start))
		if errors.Is(last, errNotYet) || errors.Is(last, ctx.Err()) {
			return "", late
		}
		return "", fmt.Errorf("%w; the last look: %w", late, last)
	}
	code, err := digits(m.OTP)
	if err != nil {
		return "", fmt.Errorf("the outbox's passcode for the %s %w", d, err)
	}
	return code, nil
}

// Sent looks once whether anything was sent to the device since then.
func (o *Outbox) Sent(ctx context.Context, d Device, since time.Time) (bool, error) {
	_, err := o.look(ctx, d, since)
	if errors.Is(err, errNotYet) {
		return false, nil
	}
	return err == nil, err
}

// look asks the outbox once.
func (o *Outbox) look(ctx context.Context, d Device, since time.Time) (message, error) {
	ctx, cancel := context.WithTimeout(ctx, outboxRequest)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, o.address(d), nil)
	if err != nil {
		return message{}, backoff.Permanent(fmt.Errorf("PINGONE_OUTBOX_URL: %w", err))
	}
	req.Header.Set("Accept", "application/json")
	res, err := o.http.Do(req)
	if err != nil { // unwrapped it lacks its URL, in which the device's address stands
		return message{}, backoff.Permanent(fmt.Errorf("the outbox %s does not answer: is the emulator running? %w", o.url.Redacted(), errors.Unwrap(err)))
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, outboxLimit+1))
	switch {
	case err != nil:
		return message{}, fmt.Errorf("reading the outbox %s: %w", o.url.Redacted(), err)
	case res.StatusCode >= 500:
		return message{}, fmt.Errorf("the outbox %s answers %s", o.url.Redacted(), res.Status)
	case res.StatusCode != http.StatusOK:
		return message{}, backoff.Permanent(fmt.Errorf("PINGONE_OUTBOX_URL: %s answers %s, so it is no outbox of an emulator", o.url.Redacted(), res.Status))
	case len(body) > outboxLimit:
		return message{}, backoff.Permanent(fmt.Errorf("the outbox %s answers more than %d MiB: empty it", o.url.Redacted(), outboxLimit>>20))
	}
	var all []message
	if err := json.Unmarshal(body, &all); err != nil {
		return message{}, backoff.Permanent(fmt.Errorf("PINGONE_OUTBOX_URL: %s answers no list of messages, so it is no outbox of an emulator", o.url.Redacted()))
	}
	m, ok := newest(all, d, since)
	if !ok {
		return message{}, errNotYet
	}
	return m, nil
}

// address is the outbox's URL with the device's filters.
func (o *Outbox) address(d Device) string {
	u := *o.url
	q := u.Query()
	if d.ID != "" {
		q.Set("device", d.ID)
	}
	if d.Address != "" {
		q.Set("to", d.Address)
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// newest picks the last message to d that is not older than since. The outbox
// counts milliseconds, a clock counts finer: the millisecond since is in counts.
func newest(all []message, d Device, since time.Time) (message, bool) {
	since = since.Truncate(time.Millisecond)
	var found message
	ok := false
	for _, m := range all {
		switch {
		case m.SentAt.at.Before(since), ok && m.SentAt.at.Before(found.SentAt.at):
		case d.ID != "" && m.DeviceID != d.ID, d.FlowID != "" && m.FlowID != d.FlowID:
		case d.Address != "" && !strings.EqualFold(m.To, d.Address):
		default:
			found, ok = m, true
		}
	}
	return found, ok
}
