package connection

import "slices"

// MissingScopes lists what is wanted and not granted. refresh_token and
// offline_access are one scope under two names; full covers all but that one
// (Salesforce Help, "OAuth Tokens and Scopes"). Where Salesforce did not say what it
// granted, nothing is known to be missing.
func MissingScopes(wanted, granted []string) []string {
	var missing []string
	if len(granted) == 0 {
		return nil
	}
	for _, scope := range wanted {
		if !grants(granted, scope) {
			missing = append(missing, scope)
		}
	}
	return missing
}

func grants(granted []string, scope string) bool {
	if scope == "refresh_token" || scope == "offline_access" {
		return wantsRefreshToken(granted)
	}
	return slices.Contains(granted, scope) || slices.Contains(granted, "full")
}

// MayCallAPI reports whether the scopes open the REST API, or may do so, where
// Salesforce did not say what it granted.
func MayCallAPI(granted []string) bool { return len(granted) == 0 || grants(granted, "api") }
