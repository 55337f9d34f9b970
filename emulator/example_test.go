package emulator_test

import (
	"context"
	"fmt"

	"pingone-conformance/emulator"
)

func ExampleStart() {
	server, err := emulator.Start(context.Background(), emulator.Options{Fixed: true, Seed: []byte(`
seed: 1
environments:
- name: Shop
  users:
  - {username: anna, email: anna@example.com, password: Quiet-Harbour-52}
`)})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = server.Close() }()
	fmt.Println(server.Counts()["users"], "user; sign on at", server.URL()[:len("http://localhost")])
	// Output: 1 user; sign on at http://localhost
}
