//go:build !windows && !darwin

package main

import "net/url"

// systemProxy is none: the variables are the setting here.
func systemProxy() func(*url.URL) (*url.URL, error) {
	return func(*url.URL) (*url.URL, error) { return nil, nil }
}
