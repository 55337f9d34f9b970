package tenant

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRedirectURIsThatCanBeRegistered(t *testing.T) {
	for uri, row := range map[string]struct{ plain, wild bool }{
		"https://shop.example.com/back":          {true, true},
		"http://localhost:3000/back":             {true, true},
		"http://127.0.0.1/back":                  {true, true},
		"http://[::1]:8080/back":                 {true, true},
		"com.example.shop://back":                {true, true},
		"com.example.shop:/back":                 {true, true},
		"http://shop.example.com/back":           {false, false},
		"http://localhost.example.com/back":      {false, false},
		"http://127.0.0.2/back":                  {false, false},
		"javascript:alert(1)":                    {false, false},
		"JavaScript:alert(1)":                    {false, false},
		"data:text/html,hello":                   {false, false},
		"/back":                                  {false, false},
		"https:///back":                          {false, false},
		"https://shop.example.com/back#fragment": {false, false},
		"https://www.example.com/th*/callback":   {false, true},
		"https://www.example.com/back?shop=*":    {false, true},
		"https://*.example.com/back":             {false, false},
		"h*://www.example.com/back":              {false, false},
	} {
		require.Equal(t, row.plain, RedirectFault(uri, false) == "", uri)
		require.Equal(t, row.wild, RedirectFault(uri, true) == "", uri)
	}
	require.Equal(t, NoWildcards, RedirectFault("https://www.example.com/*", false))
}

func TestRedirectURIsThatAreRegistered(t *testing.T) {
	app := &Application{RedirectURIs: []string{
		"https://shop.example.com/back", "http://localhost:3000/back?a=1", "http://[::1]/back", "https://www.example.com/th*/callback", "https://www.example.com/q?shop=*",
		"https://wild.example.com/dir/*", "https://localhost:3000/tls", "http://intra.example.com/back", "http://me@localhost:3000/me", "http://[::1",
	}}
	for uri, row := range map[string]struct{ plain, wild bool }{
		"https://shop.example.com/back":                   {true, true},
		"https://shop.example.com:444/back":               {false, false},
		"https://shop.example.com/back/":                  {false, false},
		"https://shop.example.com/back?":                  {false, false},
		"https://localhost:4000/tls":                      {false, false},
		"http://intra.example.com:81/back":                {false, false},
		"http://me@localhost:4000/me":                     {false, false},
		"https://%zz":                                     {false, false},
		"https://www.example.com/this/callback#part":      {false, false},
		"https://me@www.example.com/this/callback":        {false, false},
		"https://www.example.com/other/callback":          {false, false},
		"https://www.example.com/th":                      {false, false},
		"https://wild.example.com/dir/x":                  {false, true},
		"https://wild.example.com/dir/":                   {false, true},
		"https://wild.example.com/dir/..":                 {false, false},
		"https://shop.example.com/BACK":                   {false, false},
		"http://localhost:4000/back?a=1":                  {true, true},
		"http://localhost/back?a=1":                       {true, true},
		"http://localhost:4000/back":                      {false, false},
		"http://localhost:4000/other?a=1":                 {false, false},
		"http://127.0.0.1:3000/back?a=1":                  {false, false},
		"http://me@localhost:4000/back?a=1":               {false, false},
		"http://[::1]:1234/back":                          {true, true},
		"https://www.example.com/th*/callback":            {true, true},
		"https://www.example.com/this/callback":           {false, true},
		"https://www.example.com/th/callback":             {false, true},
		"https://www.example.com/this/that/callback":      {false, false},
		"https://www.example.com/th/../callback":          {false, false},
		"https://www.example.com/this/callback?a=1":       {false, false},
		"https://www.example.com/q?shop=one&two":          {false, true},
		"https://www.example.com.evil.test/this/callback": {false, false},
		"http://www.example.com/this/callback":            {false, false},
	} {
		app.Sent = nil
		require.Equal(t, row.plain, app.Registered(uri), uri)
		app.Sent = map[string]any{"allowWildcardInRedirectUris": true}
		require.Equal(t, row.wild, app.Registered(uri), "with wildcards: %s", uri)
	}
}
