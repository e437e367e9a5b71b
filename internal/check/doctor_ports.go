package check

import (
	"context"
	"net/url"
	"strings"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/oauthflow"
)

// ports tries each callback port on both loopback families. A sign-in takes the
// first that is free, so one that is not is a failure only when none is.
func (x *examination) ports(context.Context) []Stage {
	var out []Stage
	free := 0
	ports := oauthflow.Ports{Listen: x.Machine.Listen, Holder: x.Machine.PortHolder}
	for _, line := range connection.DefaultCallbacks() {
		s := Stage{Status: Pass}
		addresses, err := ports.Try(line)
		if err != nil {
			s = failed("", err)
		} else {
			free++
			s.Detail = "free on " + strings.Join(addresses, " and ")
		}
		s.Name = "port:" + portOf(line)
		out = append(out, s)
	}
	if free == 0 {
		return out
	}
	for i := range out {
		if out[i].Status == Fail {
			out[i].Status, out[i].Fault = Warn, nil
			out[i].Hint = "No harm as long as the app knows the callback line of another port that is free."
		}
	}
	return out
}

func portOf(line string) string {
	u, err := url.Parse(line)
	if err != nil {
		return line
	}
	return u.Port()
}
