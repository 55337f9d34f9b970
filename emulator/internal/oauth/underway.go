package oauth

import (
	"slices"
	"time"
)

// UnderWay is a sign-on that has begun.
type UnderWay struct {
	ID            string    `json:"id"`
	EnvironmentID string    `json:"environmentId"`
	UserID        string    `json:"userId"`
	Application   string    `json:"application"`
	Status        string    `json:"status"`
	Began         time.Time `json:"began"`
	Expires       time.Time `json:"expires"`
}

// shownUnderWay is how many sign-ons are listed.
const shownUnderWay = 50

// UnderWay are the sign-ons that somebody called last, newest first. The tenant is locked.
func (s *Server) UnderWay() []UnderWay {
	var all []UnderWay
	keys, now := s.signOns.Keys(), s.tenant.Now()
	slices.Reverse(keys)
	for _, id := range keys {
		f, expires, known := s.signOns.Kept(id)
		if !known || !expires.After(now) || len(all) == shownUnderWay {
			continue
		}
		all = append(all, UnderWay{f.ID, f.envID, f.UserID, f.params.app.Name, f.Status, f.createdAt, expires})
	}
	return all
}
