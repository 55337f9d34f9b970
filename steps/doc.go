// Package steps turns the sentences of the features into calls of the client.
//
// One World lives for one scenario; a file holds one topic of sentences. This is
// the only room that imports godog. No HTTP verb, URL or fixture belongs in a
// sentence, and no rule of PingOne's that the contract does not document belongs
// in a check.
package steps
