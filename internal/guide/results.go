package guide

// gapName is what a gap is called: an input by its id, a result by its usual name.
func gapName(name string) string {
	switch name {
	case "consumer_key":
		return "Consumer Key"
	case "consumer_secret":
		return "Consumer Secret"
	case "refresh_token":
		return "refresh token"
	case "login_url":
		return "login URL"
	case "login_host":
		return "login host"
	case "my_domain":
		return "My Domain host"
	case "subdomain":
		return "My Domain name"
	case "instance_url":
		return "My Domain URL"
	case "private_key":
		return "private key"
	case "private_key_base64":
		return "private key in base64"
	case "username":
		return "Username"
	case "org_id":
		return "Organization ID"
	case "org_name":
		return "org name"
	case "token_url":
		return "token URL"
	case "authorize_url":
		return "authorize URL"
	}
	return name
}

// formOf says what exactly stands for a result in the hand-over.
func formOf(name string) Text {
	switch name {
	case "consumer_key":
		return words("from the app's Settings tab, whole and without spaces")
	case "consumer_secret":
		return words("from the app's Settings tab, whole and without spaces")
	case "refresh_token":
		return words("what the sign-in gave, whole and without spaces")
	case "login_url":
		return words("with ", code("https://"), " and without a slash at the end, such as ", code("https://acme.my.salesforce.com"))
	case "login_host":
		return words("the login URL without ", code("https://"), ", such as ", code("acme.my.salesforce.com"))
	case "my_domain":
		return words("without ", code("https://"), " and without a slash, such as ", code("acme.my.salesforce.com"))
	case "subdomain":
		return words("the first part of your My Domain: ", code("acme"), " of ", code("acme.my.salesforce.com"), ", ",
			code("acme--dev.sandbox"), " of ", code("acme--dev.sandbox.my.salesforce.com"))
	case "instance_url":
		return words("with ", code("https://"), " and without a slash at the end, such as ", code("https://acme.my.salesforce.com"))
	case "token_url":
		return words("the login URL and ", code("/services/oauth2/token"))
	case "authorize_url":
		return words("the login URL and ", code("/services/oauth2/authorize"))
	case "private_key":
		return words("the whole file, its BEGIN and END lines included")
	case "private_key_base64":
		return words("the whole file in base64, on one line")
	case "certificate":
		return words("the whole file, its BEGIN and END lines included")
	case "username":
		return words("the Username as Setup › Users shows it, which is not always the email address")
	case "org_id":
		return words("18 characters; Setup › Company Information shows the first 15")
	case "org_name":
		return words("as Setup › Company Information shows it")
	}
	return nil
}
