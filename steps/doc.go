// Package steps turns the sentences of the features into calls of the client.
//
// One World lives for one scenario. A file holds one topic: its sentences, what is
// allowed and what is refused. Each sentence is one literal call on the Registry, as a
// statement of its own: in that form Cucumber's editors find it.
//
// A function that carries out a Then returns the answers that it looked at, and of whom
// they speak. No function reads "the last answer": it asks a person, an application, a list
// or an attempt for theirs, and each of them says which earlier sentence is missing.
//
// No HTTP verb, URL or recording belongs in a sentence, and no rule of PingOne's that no
// document promises in a check.
package steps
