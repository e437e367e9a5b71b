package main

import (
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"golang.org/x/net/http/httpproxy"
)

// proxyFor chooses the proxy of a request: what HTTPS_PROXY and its like say; where
// none of them is set, the setting of Windows or macOS, which system reads once, when
// the first request is made. NO_PROXY holds for both, and this computer is never
// reached through a proxy.
func proxyFor(getenv func(string) string, system func(*url.URL) (*url.URL, error)) func(*http.Request) (*url.URL, error) {
	fromEnvironment := sync.OnceValue(func() func(*url.URL) (*url.URL, error) {
		config := environment(getenv)
		if config.HTTPProxy != "" || config.HTTPSProxy != "" {
			return config.ProxyFunc()
		}
		return setProxy(getenv, system)
	})
	return func(r *http.Request) (*url.URL, error) { return fromEnvironment()(r.URL) }
}

func environment(getenv func(string) string) *httpproxy.Config {
	first := func(names ...string) string {
		for _, name := range names {
			if v := getenv(name); v != "" {
				return v
			}
		}
		return ""
	}
	return &httpproxy.Config{
		HTTPProxy: first("HTTP_PROXY", "http_proxy"), HTTPSProxy: first("HTTPS_PROXY", "https_proxy"), NoProxy: first("NO_PROXY", "no_proxy"),
	}
}

// setProxy is the system's proxy for an address, with NO_PROXY in mind; nil for none.
func setProxy(getenv func(string) string, system func(*url.URL) (*url.URL, error)) func(*url.URL) (*url.URL, error) {
	return func(u *url.URL) (*url.URL, error) {
		if ip := net.ParseIP(u.Hostname()); u.Hostname() == "localhost" || ip != nil && ip.IsLoopback() {
			return nil, nil
		}
		through := httpproxy.Config{HTTPProxy: "http://any", HTTPSProxy: "http://any", NoProxy: environment(getenv).NoProxy}
		if wanted, err := through.ProxyFunc()(u); err != nil || wanted == nil {
			return nil, err
		}
		return system(u)
	}
}

// scutilProxy reads what `scutil --proxy` of macOS prints. A script (PAC) is not run:
// script tells that one is set.
func scutilProxy(text string) (config httpproxy.Config, script string) {
	values, exceptions := map[string]string{}, []string{}
	inList := false
	for line := range strings.Lines(text) {
		key, value, found := strings.Cut(strings.TrimSpace(line), " : ")
		switch {
		case strings.TrimSpace(line) == "}":
			inList = false
		case !found:
		case key == "ExceptionsList":
			inList = true
		case inList:
			exceptions = append(exceptions, exception(value))
		default:
			values[key] = value
		}
	}
	of := func(kind string) string {
		if values[kind+"Enable"] != "1" || values[kind+"Proxy"] == "" {
			return ""
		}
		if port := values[kind+"Port"]; port != "" {
			return "http://" + net.JoinHostPort(values[kind+"Proxy"], port)
		}
		return "http://" + values[kind+"Proxy"]
	}
	if values["ProxyAutoConfigEnable"] == "1" {
		script = values["ProxyAutoConfigURLString"]
	}
	return httpproxy.Config{HTTPProxy: of("HTTP"), HTTPSProxy: of("HTTPS"), NoProxy: strings.Join(exceptions, ",")}, script
}

// exception turns one of macOS's into the form of NO_PROXY: "*.local" is ".local", and
// "169.254/16" is a network with all its four numbers.
func exception(text string) string {
	text = strings.TrimPrefix(text, "*")
	address, bits, isNetwork := strings.Cut(text, "/")
	if !isNetwork {
		return text
	}
	for strings.Count(address, ".") < 3 {
		address += ".0"
	}
	return address + "/" + bits
}
