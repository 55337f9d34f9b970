// Package passcode is where a one-time passcode comes from: the emulator's
// outbox, a test device's answer, a program, a person at the terminal, or an
// authenticator's secret.
//
// One small interface, Source, stands before all of them, so that a scenario
// reads the same whichever PINGONE_PASSCODE names. What may not enter: calls to
// PingOne's API, Gherkin, fixtures, and the emulator's own code; the outbox is
// read over HTTP as one reads a mail catcher.
package passcode
