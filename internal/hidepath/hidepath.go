// Package hidepath spares every start of the program a child process: in its init, godog
// runs `go env GOTOOLDIR`, and throws the answer away (its internal/builder, v0.16.0).
// While PATH is not set it finds no go command, and goes on.
//
// It works by order: Go initialises, of the packages whose imports are ready, the one whose
// path sorts first. This one imports os alone, so it comes before godog's builder, which
// waits for text/template, as long as the module's path sorts before "text/template". The package that
// imports godog gives PATH back in its own init, which comes after godog's.
//
// Nothing that imports more than os may enter: it would come too late.
package hidepath

import "os"

var path, was = take()

func take() (string, bool) {
	path, was := os.LookupEnv("PATH")
	_ = os.Unsetenv("PATH") // where that fails, godog's child runs, as it would without us
	return path, was
}

// Restore sets PATH as it was found.
func Restore() {
	if was {
		_ = os.Setenv("PATH", path) // the value was one before
	}
}
