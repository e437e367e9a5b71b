// Command visitor is the browser of the tests on Windows: a person who signs in to
// the practice org and allows. Its last argument is the address to open.
package main

import (
	"context"
	"fmt"
	"os"

	"example.com/sfconnect/internal/practice"
)

func main() {
	if err := (practice.Visitor{}).Visit(context.Background(), os.Args[len(os.Args)-1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
