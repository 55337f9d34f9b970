// Package retry holds the round trippers that stand between the recorder and the
// network: one repeats what may be repeated, one keeps to a number of calls a
// second. What PingOne says about repeating is in its retry guidance,
// developer.pingidentity.com/pingone-api/before-you-begin/retry-best-practices.html.
//
// A call is repeated only when repeating it cannot do something twice:
//
//   - 429, and 503 with Retry-After, say that nothing was done; so does a
//     connection that broke before the request was sent. Then every call is
//     repeated.
//   - 408, 500, 502, 503, 504, a connection that broke later, and half an answer
//     leave open whether something was done. Then GET, HEAD, PUT and DELETE are
//     repeated, since the second time changes nothing; of these, setting a
//     password and resuming a flow are not: a password history may refuse the
//     same password again, and a resumed flow has given its code away.
//   - A creation in that doubt is looked up before it is repeated. When it had
//     happened, what is found becomes its answer.
//   - All else in that doubt is not repeated: the actions of a flow, a code's
//     tokens, authorization by POST, PATCH. A worker application's token and the
//     question about a token use nothing up, and are.
//
// A DELETE that is repeated and answered 404 had happened the first time; the 404
// is passed on, and whoever cleans up takes it for done.
//
// Nothing about scenarios, fixtures or configuration may enter: limits come as
// Options, what a call's scenario wants comes with its context.
package retry
