// Command bare is the floor under the program: it sends the calls of a recording, which it reads from its
// standard input, to the server that its argument names, one after the other by net/http, and does nothing else.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
)

type call struct {
	Method, Path, Body string
	Header             http.Header
}

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(server string) error {
	var calls []call
	if err := json.NewDecoder(os.Stdin).Decode(&calls); err != nil {
		return err
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, c := range calls {
		request, err := http.NewRequest(c.Method, server+c.Path, strings.NewReader(c.Body))
		if err != nil {
			return err
		}
		request.Header = c.Header
		answer, err := client.Do(request)
		if err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, answer.Body); err != nil {
			return err
		}
		if err := answer.Body.Close(); err != nil {
			return err
		}
	}
	return nil
}
