package messages

import (
	"unicode/utf16"

	messages "github.com/cucumber/messages/go/v34"

	"pingone-conformance/internal/lazy"
)

// arguments are the groups of a sentence with what they read of a step; one that read
// nothing has no value. Places are counted as JavaScript does, in units of UTF-16.
func arguments(sentence, step string) []*messages.StepMatchArgument {
	all := []*messages.StepMatchArgument{}
	expression := lazy.Compiled(sentence)
	if expression == nil { // a folder that is not ours may say anything
		return all
	}
	at := expression.FindStringSubmatchIndex(step)
	for i := 2; i < len(at); i += 2 {
		group := &messages.Group{Children: []*messages.Group{}}
		if from, to := at[i], at[i+1]; from >= 0 {
			group.Start, group.Value = int64(len(utf16.Encode([]rune(step[:from])))), step[from:to]
		}
		all = append(all, &messages.StepMatchArgument{Group: group})
	}
	return all
}
