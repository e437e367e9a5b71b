package cli

import "flag"

// UpdateGolden is shared with the tests of the outer package.
var UpdateGolden = flag.Bool("update", false, "rewrite the expected output")
