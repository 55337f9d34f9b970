// Package browser is what the emulator knows of people's browsers: their sessions,
// the cookies that carry them, and the hosted sign-on page that they show.
//
// It shows a flow and never moves one: it imports package flow for what the page
// says, and nothing of OAuth.
package browser
