package main

import (
	"net/http"
	"net/url"
	"runtime"
	"testing"
)

func TestProxyFor(t *testing.T) {
	system := func(*url.URL) (*url.URL, error) { return url.Parse("http://system:3128") }
	for name, c := range map[string]struct {
		env     map[string]string
		address string
		want    string
	}{
		"the system's where no variable is set": {nil, "https://acme.my.salesforce.com/x", "system:3128"},
		"a variable goes before it":             {map[string]string{"HTTPS_PROXY": "http://env:1"}, "https://acme.my.salesforce.com", "env:1"},
		"in small letters too":                  {map[string]string{"https_proxy": "http://env:1"}, "https://acme.my.salesforce.com", "env:1"},
		"a variable for the other scheme":       {map[string]string{"HTTP_PROXY": "http://env:1"}, "https://acme.my.salesforce.com", ""},
		"NO_PROXY holds for the system's":       {map[string]string{"NO_PROXY": ".salesforce.com"}, "https://acme.my.salesforce.com", ""},
		"never for localhost":                   {nil, "http://localhost:1717/", ""},
		"never for 127.0.0.1":                   {nil, "http://127.0.0.1:1717/", ""},
		"never for ::1":                         {nil, "http://[::1]:1717/", ""},
	} {
		t.Run(name, func(t *testing.T) {
			u, err := url.Parse(c.address)
			if err != nil {
				t.Fatal(err)
			}
			got, err := proxyFor(func(name string) string { return c.env[name] }, system)(&http.Request{URL: u})
			if err != nil {
				t.Fatal(err)
			}
			host := ""
			if got != nil {
				host = got.Host
			}
			if host != c.want {
				t.Errorf("the proxy for %s is %q, want %q", c.address, host, c.want)
			}
		})
	}
}

// The form is that of macOS 14, written down by hand: not run on a Mac.
func TestScutilProxy(t *testing.T) {
	config, script := scutilProxy(`<dictionary> {
  ExceptionsList : <array> {
    0 : *.local
    1 : 169.254/16
    2 : intranet.acme.com
  }
  FTPPassive : 1
  HTTPEnable : 1
  HTTPPort : 8080
  HTTPProxy : proxy.acme.com
  HTTPSEnable : 1
  HTTPSPort : 8443
  HTTPSProxy : secure.acme.com
  ProxyAutoConfigEnable : 1
  ProxyAutoConfigURLString : http://wpad/proxy.pac
}
`)
	if config.HTTPProxy != "http://proxy.acme.com:8080" || config.HTTPSProxy != "http://secure.acme.com:8443" {
		t.Errorf("proxies %q and %q", config.HTTPProxy, config.HTTPSProxy)
	}
	if config.NoProxy != ".local,169.254.0.0/16,intranet.acme.com" || script != "http://wpad/proxy.pac" {
		t.Errorf("exceptions %q, script %q", config.NoProxy, script)
	}
	for address, want := range map[string]bool{
		"https://acme.my.salesforce.com": true, "https://a.local": false, "https://169.254.3.4": false, "https://intranet.acme.com": false,
	} {
		u, _ := url.Parse(address)
		if got, err := config.ProxyFunc()(u); err != nil || (got != nil) != want {
			t.Errorf("%s goes through %v, want a proxy: %v", address, got, want)
		}
	}
	if config, _ := scutilProxy("<dictionary> {\n  HTTPEnable : 0\n  HTTPProxy : left.over\n  HTTPSEnable : 0\n}\n"); config.HTTPProxy != "" || config.HTTPSProxy != "" {
		t.Errorf("a setting that is off gives %+v", config)
	}
	if config, _ := scutilProxy(""); config.HTTPSProxy != "" {
		t.Errorf("nothing gives %+v", config)
	}
}

// The system's setting can be asked for everywhere; where variables are the setting, it
// has none.
func TestSystemProxySetting(t *testing.T) {
	proxy, err := systemProxy()(&url.URL{Scheme: "https", Host: "login.salesforce.com"})
	if err != nil || proxy != nil && runtime.GOOS != "windows" && runtime.GOOS != "darwin" {
		t.Errorf("got %v, %v", proxy, err)
	}
}
