package tenant

import (
	"encoding/json"
	"time"
)

// What an application was sent that sign-on looks at now and then is read from what
// was sent.

// Setting is a flag of the application, or what holds when it was left out.
func (a *Application) Setting(name string, otherwise bool) bool {
	if flag, sent := a.Sent[name].(bool); sent {
		return flag
	}
	return otherwise
}

// Words is a text of the application, "" when it was left out.
func (a *Application) Words(name string) string {
	words, _ := a.Sent[name].(string)
	return words
}

// Seconds is a number of seconds of the application, or what holds when it was left out.
func (a *Application) Seconds(name string, otherwise time.Duration) time.Duration {
	switch number := a.Sent[name].(type) {
	case json.Number:
		if n, err := number.Int64(); err == nil {
			return time.Duration(n) * time.Second
		}
	case float64:
		return time.Duration(number) * time.Second
	}
	return otherwise
}
