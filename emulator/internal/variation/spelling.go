package variation

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"strings"

	"pingone-conformance/emulator/internal/wire"
)

// spellings vary how JSON and its media type are spelled, after all that changes what they say.
func spellings() []Variation {
	return in("answers",
		otherwise("media-type-in-capitals", "media types of JSON are in capital letters, and their parameter is quoted", "case means nothing there", rfcMediaType, func(_ *wire.Call, a *wire.Answer) {
			if media, _, _ := strings.Cut(a.Header.Get("Content-Type"), ";"); strings.Contains(media, "json") {
				a.With("Content-Type", strings.ToUpper(media)+` ; Charset="utf-8"`)
			}
		}),
		otherwise("texts-with-escapes", "some characters of texts and names are written as escapes, others in each answer", "any character may be", rfcStrings, func(call *wire.Call, a *wire.Answer) {
			if decoded(a.Body) != nil {
				a.Body = escaped(a.Body, call.ID)
			}
		}),
	)
}

// escaped writes some characters within the strings of JSON as escapes, by chance that begins with seed.
func escaped(text []byte, seed string) []byte {
	const seldom = 9
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(seed))
	var out bytes.Buffer
	within := false
	for i := 0; i < len(text); i++ {
		c := text[i]
		_, _ = hash.Write([]byte{c})
		switch {
		case c == '"':
			within = !within
		case within && c == '\\': // whatever follows belongs to it
			out.WriteByte(c)
			i++
			if c = text[i]; c == 'u' {
				out.Write(text[i : i+4])
				i += 4
				c = text[i]
			}
		case within && c == '/':
			out.WriteByte('\\')
		case within && c < 0x80 && hash.Sum32()%seldom == 0:
			fmt.Fprintf(&out, `\u%04x`, c)
			continue
		}
		out.WriteByte(c)
	}
	return out.Bytes()
}
