package check

import (
	"strconv"
	"time"
)

// Took writes a duration as a person reads it: "2 ms", "1.4 s".
func Took(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return "<1 ms"
	case d < time.Second:
		return strconv.Itoa(int(d.Round(time.Millisecond)/time.Millisecond)) + " ms"
	}
	tenths := int(d.Round(100*time.Millisecond) / (100 * time.Millisecond))
	return strconv.Itoa(tenths/10) + "." + strconv.Itoa(tenths%10) + " s"
}
