package main

import (
	"net/http"
	"net/url"
	"sync"

	"github.com/mattn/go-ieproxy"
)

// systemProxy asks Windows' own setting, its script included.
func systemProxy() func(*url.URL) (*url.URL, error) {
	find := sync.OnceValue(ieproxy.GetProxyFunc)
	return func(u *url.URL) (*url.URL, error) { return find()(&http.Request{URL: u}) }
}
