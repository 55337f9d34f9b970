package client_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
)

// A caller that gives up while a creation is under way still learns what was created.
func TestACreationThatWasSentIsWaitedFor(t *testing.T) {
	ctx, giveUp := context.WithCancel(t.Context())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		giveUp()
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write([]byte(`{"id":"1"}`))
	}))
	defer server.Close()
	c, err := client.New(client.Options{APIURL: server.URL, AuthURL: server.URL})
	require.NoError(t, err)
	created, err := c.CreatePopulation(ctx, "some-environment", map[string]any{"name": "People"})
	require.NoError(t, err)
	require.Equal(t, http.StatusCreated, created.Status)

	_, err = c.CreatePopulation(ctx, "some-environment", map[string]any{"name": "People"})
	require.ErrorIs(t, err, context.Canceled, "nothing new is created for a caller that has given up")
}

// What creates nothing ends with its caller.
func TestAReadingEndsWithItsCaller(t *testing.T) {
	ctx, giveUp := context.WithCancel(t.Context())
	c, err := client.New(client.Options{APIURL: naAPI, AuthURL: naAuth, Timeout: time.Minute, Transport: carry(func(r *http.Request) (*http.Response, error) {
		giveUp()
		require.ErrorIs(t, r.Context().Err(), context.Canceled)
		return nil, r.Context().Err()
	})})
	require.NoError(t, err)
	_, err = c.ReadEnvironment(ctx, "env")
	require.ErrorIs(t, err, context.Canceled)
}
