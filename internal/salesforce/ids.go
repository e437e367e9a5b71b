package salesforce

// ID18 gives the 18-character form of a 15-character id; anything else comes
// back as it is. The three added characters encode which of the 15 are capitals,
// five bits for each, so that systems that ignore case keep ids apart.
func ID18(id string) string {
	if len(id) != 15 || !alnum(id) {
		return id
	}
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
	out := []byte(id)
	for chunk := 0; chunk < 15; chunk += 5 {
		n := 0
		for j := range 5 {
			if c := id[chunk+j]; c >= 'A' && c <= 'Z' {
				n |= 1 << j
			}
		}
		out = append(out, digits[n])
	}
	return string(out)
}

// SameID reports whether a and b name the same record: their first 15
// characters are equal, capitals told apart. Shorter texts must be equal whole.
func SameID(a, b string) bool {
	if len(a) >= 15 && len(b) >= 15 {
		return a[:15] == b[:15]
	}
	return a != "" && a == b
}

// isID reports whether id has the form of a record id with that key prefix.
func isID(id, prefix string) bool {
	return (len(id) == 15 || len(id) == 18) && id[:3] == prefix && alnum(id)
}

func alnum(s string) bool {
	for _, c := range []byte(s) {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9') {
			return false
		}
	}
	return true
}
