package suite

import (
	"errors"
	"fmt"
	"strings"

	"github.com/cucumber/godog"
)

// undefined adds to godog's error for a step that no sentence reads what whoever wrote it may
// have meant. Other errors stay as they are.
func (x *index) undefined(err error, step *godog.Step) error {
	if step != nil && errors.Is(err, godog.ErrUndefined) {
		if meant := x.meant(step.Text); meant != "" {
			return fmt.Errorf("%w; %s", err, meant)
		}
	}
	return err
}

// meant says which sentence is the nearest to a step that none reads: the same in another role,
// or the one with the most words in common; "" when there is nothing like it.
func (x *index) meant(step string) string {
	best, likest := "", 0.6
	for _, s := range x.all {
		if compiled(s.Expression).MatchString(step) {
			return "it is known as a " + s.Role
		}
		text := strings.Replace(strings.TrimSuffix(strings.TrimPrefix(s.Expression, "^"), "$"), `(?: \(step \d+\))?`, "", 1)
		if l := likeness(words(step), words(text)); l > likest {
			best, likest = "the nearest sentence is "+s.Role+" "+text, l
		}
	}
	return best
}

// words are the words of a step or an expression, each quoted text as one.
func words(text string) []string {
	parts := strings.Split(text, `"`)
	for i := 1; i < len(parts); i += 2 {
		parts[i] = ""
	}
	return strings.Fields(strings.Join(parts, `"`))
}

// likeness is how much of a step and an expression is common to both, in the same order: 0 to 1. A group may be any
// word, and words that begin alike are alike in part.
func likeness(step, expression []string) float64 {
	row := make([]float64, len(expression)+1)
	for _, word := range step {
		diagonal := 0.0
		for j, other := range expression {
			common := max(row[j], row[j+1], diagonal+alike(word, other))
			diagonal, row[j+1] = row[j+1], common
		}
	}
	return 2 * row[len(expression)] / float64(len(step)+len(expression))
}

func alike(word, other string) float64 {
	if strings.HasPrefix(other, "(") {
		return 1
	}
	same := 0
	for same < min(len(word), len(other)) && word[same] == other[same] {
		same++
	}
	return 2 * float64(same) / float64(len(word)+len(other))
}
