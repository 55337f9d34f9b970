package fault

import (
	"net/http"
	"strconv"
	"time"

	"pingone-conformance/emulator/internal/wire"
)

type (
	insteadOf func(*wire.Call) *wire.Answer
	after     func(*wire.Call, *wire.Answer) *wire.Answer
)

// effect is what a rule does to a call: answer in its place, or change its answer.
func (i *Injector) effect(rule Rule) (insteadOf, after) {
	switch rule.Kind {
	case kindLimited:
		return func(call *wire.Call) *wire.Answer {
			return limited(call).With("Retry-After", strconv.Itoa(int(rule.duration()/time.Second)))
		}, nil
	case kindLimitedDate:
		return func(call *wire.Call) *wire.Answer { return i.until(limited(call), rule) }, nil
	case kindUnavailable:
		return func(*wire.Call) *wire.Answer { return i.until(gateway(http.StatusServiceUnavailable), rule) }, nil
	case kindFailed:
		return func(call *wire.Call) *wire.Answer { return wire.UnexpectedError().Answer(call.ID) }, nil
	case kindLag:
		return i.notYet, nil
	case kindReset:
		return func(*wire.Call) *wire.Answer {
			return &wire.Answer{Delivery: wire.Delivery{Reset: true}}
		}, nil
	case kindTimeout:
		return nil, func(*wire.Call, *wire.Answer) *wire.Answer { return gateway(http.StatusGatewayTimeout) }
	case kindLost:
		return nil, delivered(wire.Delivery{Reset: true})
	case kindHalf:
		return nil, delivered(wire.Delivery{Half: true})
	case kindSlow:
		return nil, delivered(wire.Delivery{Over: rule.duration(), Stop: i.stop})
	case kindIgnored:
		return ignored, nil
	case kindElsewhere, kindBodyNull, kindBodyList, kindBodyHTML, kindBodyCut, kindBodyTwice, kindBodyHuge, kindBodyDeep:
		return nil, lie(rule.Kind)
	}
	return nil, nil
}

func delivered(m wire.Delivery) after {
	return func(_ *wire.Call, answer *wire.Answer) *wire.Answer {
		answer.Delivery = m
		return answer
	}
}

// limited is the platform's 429.
//
// https://developer.pingidentity.com/pingone-api/platform/rate-limiting.html
func limited(call *wire.Call) *wire.Answer {
	problem := wire.Problem{
		Status: http.StatusTooManyRequests, Code: "REQUEST_LIMITED", Message: "The request could not be completed. Too many requests.",
		Details: []wire.Detail{{Code: "LIMIT_EXCEEDED", Message: "The rate limit of the emulator's fault injection was reached."}},
	}
	return problem.Answer(call.ID)
}

// gateway is an answer of what stands before the platform: its body is no JSON.
func gateway(status int) *wire.Answer {
	text := strconv.Itoa(status) + " " + http.StatusText(status)
	return wire.Text(status, "text/html;charset=UTF-8", "<html><head><title>"+text+"</title></head><body><h1>"+text+"</h1></body></html>\n")
}

// until dates Retry-After by the emulator's clock.
func (i *Injector) until(answer *wire.Answer, rule Rule) *wire.Answer {
	return answer.With("Retry-After", i.Now().Add(rule.duration()).UTC().Format(http.TimeFormat))
}
