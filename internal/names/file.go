package names

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestFile is how many bytes a file name has at most, so that there is room for an
// ending, for folders within the 260 letters of a path on Windows, and for git.
const longestFile = 120

// File makes a name for a file of a scenario's name: lower-case words joined by hyphens.
// The file can exist on every system and in a module's zip: no separator, no colon, no
// dot, none of the names that Windows keeps for devices, and not too long. A name that
// is cut ends in digits that tell it from others which begin alike.
//
// learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file
func File(text string) string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && (r < '0' || r > '9')
	})
	name := strings.Join(words, "-")
	switch {
	case name == "":
		return "unnamed"
	case slices.Contains(devices, name):
		return name + "-"
	case len(name) > longestFile:
		return shortened(name)
	}
	return name
}

// devices are the names that Windows opens as devices, whatever ending they have.
var devices = func() []string {
	all := []string{"con", "prn", "aux", "nul"}
	for i := range 10 {
		all = append(all, fmt.Sprintf("com%d", i), fmt.Sprintf("lpt%d", i))
	}
	return all
}()

func shortened(name string) string {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(name))
	kept := name[:longestFile-9]
	for !utf8.ValidString(kept) {
		kept = kept[:len(kept)-1]
	}
	return fmt.Sprintf("%s-%08x", strings.TrimRight(kept, "-"), hash.Sum32())
}
