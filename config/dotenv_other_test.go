//go:build !unix

package config_test

import "errors"

func pipe(string) error { return errors.New("there are no pipes in folders here") }

func unreadable(string) error { return errors.New("a file has no mode here") }
