package config

import "os"

// Colour tells whether output may be coloured; terminal says whether it goes to one.
// NO_COLOR and CLICOLOR=0 take colour away, CLICOLOR_FORCE gives it everywhere.
//
// https://no-color.org, https://bixense.com/clicolors
func Colour(terminal bool) bool { return colour(terminal, os.Getenv) }

// Dumb tells whether the terminal cannot move its cursor.
func Dumb() bool { return os.Getenv("TERM") == "dumb" }

func colour(terminal bool, get func(string) string) bool {
	force := get("CLICOLOR_FORCE")
	switch {
	case get("NO_COLOR") != "":
		return false
	case force != "" && force != "0":
		return true
	}
	return terminal && get("CLICOLOR") != "0" && get("TERM") != "dumb"
}
