package check

import (
	"net/url"
	"strings"

	"golang.org/x/net/http/httpproxy"

	"example.com/sfconnect/internal/salesforce"
)

// proxies is what the environment says about proxies, as net/http reads it, and where
// it says nothing the system's setting.
type proxies struct {
	https, http, no string // the variables that hold; empty where none is set
	find            func(*url.URL) (*url.URL, error)
	getenv          func(string) string
}

func readProxies(getenv func(string) string, system func(*url.URL) (*url.URL, error)) proxies {
	p := proxies{getenv: getenv}
	pick := func(names ...string) string {
		for _, name := range names {
			if getenv(name) != "" {
				return name
			}
		}
		return ""
	}
	p.https, p.http, p.no = pick("HTTPS_PROXY", "https_proxy"), pick("HTTP_PROXY", "http_proxy"), pick("NO_PROXY", "no_proxy")
	config := httpproxy.Config{HTTPSProxy: getenv(p.https), HTTPProxy: getenv(p.http), NoProxy: getenv(p.no)}
	p.find = config.ProxyFunc()
	if p.https == "" && p.http == "" && system != nil {
		p.find = system
	}
	return p
}

// of is the proxy on the way to an address, as host and port, and the variable that
// names it; both empty for none.
func (p proxies) of(address string) (proxy, variable string) {
	u, err := url.Parse(address)
	if err != nil {
		return "", ""
	}
	found, err := p.find(u)
	if err != nil || found == nil {
		return "", ""
	}
	variable = p.https
	if u.Scheme == "http" {
		variable = p.http
	}
	if variable == "" {
		variable = "the system's setting"
	}
	return found.Host, variable
}

// broken names the variable whose value is no address, which net/http passes over
// without a word.
func (p proxies) broken() string {
	for _, name := range []string{p.https, p.http} {
		if name != "" && !proxyAddress(p.getenv(name)) {
			return name
		}
	}
	return ""
}

// proxyAddress judges as httpproxy does.
func proxyAddress(value string) bool {
	u, err := url.Parse(value)
	if err != nil || u.Scheme == "" || u.Host == "" {
		u, err = url.Parse("http://" + value)
	}
	return err == nil && u.Host != ""
}

// stage tells which proxy holds; whether it lets a request through is the network's to say.
func (p proxies) stage(hosts []salesforce.LoginURL) Stage {
	s := Stage{Name: "proxy", Status: Pass}
	if name := p.broken(); name != "" {
		s.Status, s.Detail = Warn, "The value of "+name+" is no address, so it is not used."
		s.Hint = "Write it as http://proxy.example.com:8080. Special characters in a password must be percent-encoded."
		return s
	}
	if p.https == "" {
		for _, name := range []string{"ALL_PROXY", "all_proxy"} {
			if p.getenv(name) != "" {
				s.Status, s.Detail = Warn, name+" is set, and sfconnect does not use it."
				s.Hint = "Set HTTPS_PROXY to the same value."
				return s
			}
		}
	}
	var through, direct []string
	which := ""
	for _, login := range hosts {
		if proxy, variable := p.of(login.String()); proxy != "" {
			through = append(through, login.Host())
			which = proxy + " (" + variable + ")"
		} else {
			direct = append(direct, login.Host())
		}
	}
	switch {
	case len(through) == 0 && p.https == "":
		s.Detail = "no proxy variable is set"
	case len(through) == 0 && p.no != "":
		s.Detail = p.no + " or loopback goes before " + p.https + ": no proxy for " + strings.Join(direct, ", ")
	case len(through) == 0:
		s.Detail = "none on the way to " + strings.Join(direct, ", ")
	case len(direct) == 0:
		s.Detail = which
	default:
		s.Detail = which + ", but not for " + strings.Join(direct, ", ")
	}
	return s
}
