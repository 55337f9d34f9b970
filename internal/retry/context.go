package retry

import "context"

// wish is what a call's scenario wants of the retries.
type wish int

const (
	usual wish = iota
	never
	trying
	settling
	vanishing
)

type wishKey struct{}

// Never marks the calls made with the context as ones that expect a refusal:
// they are sent once, and what comes is passed on, whatever it is.
func Never(ctx context.Context) context.Context { return context.WithValue(ctx, wishKey{}, never) }

// Trying marks the calls made with the context as ones that may be refused: what comes is
// passed on, as with Never, but for what says nothing of the call. Of the management API that is a 403, which may come because
// the rights to something new have not spread yet, and not for what was tried: it is
// asked again as with Settling, for at most Options.RightsLimit. Of everyone it is a connection that broke before the
// request was sent, and 429 or 503 with Retry-After: the call is repeated like any other.
//
// developer.pingidentity.com/pingone-api/before-you-begin/retry-best-practices.html
func Trying(ctx context.Context) context.Context { return context.WithValue(ctx, wishKey{}, trying) }

// Settling marks the calls made with the context as following a creation closely:
// 404 and 403, which PingOne gives until the new thing is known everywhere, and 415 to
// what is done with a new user, are asked again every Options.LagInterval for at most Options.LagLimit and while the
// context's deadline allows. A 403 that no waiting changes, such as that of a full licence, ends it at once. At the end the last answer is returned as it is, and
// Note tells how long it was waited for.
//
// developer.pingidentity.com/pingone-api/foundations/best-practices.html
func Settling(ctx context.Context) context.Context {
	return context.WithValue(ctx, wishKey{}, settling)
}

// Vanishing marks the calls made with the context as following a deletion closely: an
// answer of 200, which PingOne gives until the deletion is known everywhere, is asked for
// again like Settling does, until it is another. The deletion itself is not repeated.
//
// developer.pingidentity.com/pingone-api/foundations/best-practices.html
func Vanishing(ctx context.Context) context.Context {
	return context.WithValue(ctx, wishKey{}, vanishing)
}

func wishOf(ctx context.Context) wish {
	w, _ := ctx.Value(wishKey{}).(wish)
	return w
}
