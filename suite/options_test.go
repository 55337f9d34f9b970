package suite_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"pingone-conformance/config"
	"pingone-conformance/suite"
)

func TestWhatIsMissingForARunIsSaidAtOnce(t *testing.T) {
	features := fstest.MapFS{"some.feature": {Data: []byte(scenario(asks, holds))}}
	for name, row := range map[string]struct {
		options suite.Options
		says    []string
	}{
		"nothing is given": {
			suite.Options{Config: config.Config{Mode: config.Replay}},
			[]string{"no features were given", "no sentences were given", "no recordings were given to replay"},
		},
		"no features":          {suite.Options{Sentences: onStage(), Places: server(tokens)}, []string{"no features were given: Options.Features is nil"}},
		"no sentences":         {suite.Options{Features: features, Places: server(tokens)}, []string{"no sentences were given: Options.Sentences is nil"}},
		"no recordings":        {suite.Options{Features: features, Sentences: onStage(), Config: config.Config{Mode: config.Replay}}, []string{"no recordings were given to replay: Options.Fixtures is nil"}},
		"no mode":              {suite.Options{Features: features, Sentences: onStage()}, []string{`mode "" is not known`}},
		"a mode that is none":  {suite.Options{Features: features, Sentences: onStage(), Config: config.Config{Mode: "sandbox"}}, []string{`mode "sandbox" is not known`}},
		"an empty features FS": {suite.Options{Features: fstest.MapFS{}, Sentences: onStage(), Places: server(tokens)}, []string{"no scenario was selected"}},
	} {
		t.Run(name, func(t *testing.T) {
			results, err := suite.Run(t.Context(), row.options)
			require.Empty(t, results)
			for _, text := range row.says {
				require.ErrorContains(t, err, text)
			}
		})
	}
}
