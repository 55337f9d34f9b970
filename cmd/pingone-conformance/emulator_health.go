package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// healthPatience is how long an emulator may take to say that it is up.
const healthPatience = 2 * time.Second

// healthy asks a running emulator whether it is up.
func healthy(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, healthPatience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, strings.TrimSuffix(address, "/")+"/emulator/health", nil)
	if err != nil {
		return misuse("--healthcheck %q is no address of an emulator", address)
	}
	response, err := new(http.Client).Do(request)
	if err != nil {
		return &exit{statusFailed, fmt.Errorf("the emulator is not up: %w", err)}
	}
	if err := response.Body.Close(); err != nil || response.StatusCode != http.StatusOK {
		return &exit{statusFailed, fmt.Errorf("%s answers %s: no emulator is up there", address, response.Status)}
	}
	return nil
}
