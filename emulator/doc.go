// Package emulator is a local stand-in for PingOne: the management API, the
// authorization server and the flows of the three use cases, over real HTTP.
//
// It is no identity provider. People, passwords and passcodes in it are
// invented, live in memory and end with the process; anyone who reaches its
// port may do everything.
//
// Nothing in it knows the suite: it imports neither the client nor the steps,
// so that it cannot agree with them by sharing their code.
//
//	server, err := emulator.Start(ctx, emulator.Options{})
//	...
//	defer server.Close()
//	api, auth := server.URL()+"/v1", server.URL()
//
// Passcodes that it would have sent lie in its outbox (Server.OutboxURL).
//
// It can behave as a busy platform and a bad line do (Options.Faults,
// Server.FaultsURL): late answers, 429, 503, 500 and 504, connections reset before or
// after a call had its effect, half answers, slow ones, lag after a creation, a
// clock that is wrong.
package emulator
