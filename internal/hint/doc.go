// Package hint makes the signed JWTs that a client sends to PingOne's authorize
// endpoint: the login_hint_token that names the person, and the request object
// that holds authorize parameters.
//
// It makes the wrong ones as well (another algorithm, none at all, a header that
// PingOne forbids), since scenarios show that they are refused. What may not
// enter: HTTP, Gherkin, and the checking of tokens; who checks must not share
// code with who makes.
package hint
