// Command generate writes the schemas of a folder as Go: generate FOLDER FILE.
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: generate FOLDER FILE")
		os.Exit(2)
	}
	text, err := source(os.DirFS(os.Args[1]))
	if err == nil {
		err = os.WriteFile(os.Args[2], text, 0o644) //nolint:gosec // source code
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}
