package practice

import "net/http"

// metadataFaults make the Metadata API wrong, and introspection. They carry no
// code: what an audit says of them is not one of the errors of a sign-in.
func metadataFaults() []fault {
	whole := func(at place, surface, name, help string, answer func(*Org) reply) fault {
		return fault{FaultInfo: FaultInfo{Name: name, Help: help, Surface: surface}, at: at,
			whole: func(o *Org, _ reply) reply { return answer(o) }}
	}
	soap := func(name, help string, answer func(*Org) reply) fault {
		return whole(metadataAt, "metadata", name, help, answer)
	}
	expired := func(*Org) reply {
		return soapFault("sf:INVALID_SESSION_ID", "INVALID_SESSION_ID: Invalid Session ID found in SessionHeader: Illegal Session")
	}
	once := soap("metadata-session-expired-once", "the first call of the Metadata API finds its session expired", expired)
	once.times = 1
	return []fault{
		soap("metadata-session-expired", "every call of the Metadata API finds its session expired", expired),
		once,
		soap("metadata-insufficient-access", "the user may not use the Metadata API", func(*Org) reply {
			return soapFault("sf:INSUFFICIENT_ACCESS", "INSUFFICIENT_ACCESS: use of the Metadata API requires a user with the ModifyAllData or ModifyMetadata permissions")
		}),
		soap("metadata-type-unavailable", "the Metadata API has no such type in this org", func(*Org) reply {
			return soapFault("sf:INVALID_TYPE", "INVALID_TYPE: This type of metadata is not available for this organization")
		}),
		soap("metadata-unknown-error", "the Metadata API answers with an error of its own", func(*Org) reply {
			return soapFault("sf:UNKNOWN_EXCEPTION", "UNKNOWN_EXCEPTION: An unexpected error occurred. Please include this ErrorId if you contact support: 1234567890-12345 (123456789)")
		}),
		soap("metadata-server-error", "the Metadata API answers 503 with maintenance", (*Org).maintenance),
		soap("metadata-not-found", "the Metadata API answers 404 with a web page", (*Org).urlNoLongerExists),
		soap("metadata-html", "the Metadata API answers 200 with a web page", (*Org).captivePortal),
		soap("metadata-empty", "the Metadata API answers 200 with nothing", func(*Org) reply {
			return reply{status: http.StatusOK, header: header("text/xml;charset=UTF-8")}
		}),
		soap("metadata-cut", "the answer of the Metadata API ends in the middle", func(*Org) reply {
			r := soapBody("readMetadata", "<result><records>")
			r.body = r.body[:len(r.body)/2]
			return r
		}),
		soap("metadata-huge", "the answer of the Metadata API is 16 MiB of spaces", func(*Org) reply {
			r := soapBody("readMetadata", "")
			r.repeat = 16 << 20
			return r
		}),
		whole(introspectAt, "introspect", "introspect-server-error", "introspection answers 503 with maintenance", (*Org).maintenance),
		whole(introspectAt, "introspect", "introspect-inactive", "introspection says of every token that it is dead", func(*Org) reply {
			return jsonReply(http.StatusOK, fields{{"active", false}})
		}),
	}
}
