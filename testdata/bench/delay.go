package main

import (
	"net"
	"time"
)

// relay makes a server as slow to reach as a distant one: what either side sends
// arrives oneWay later, and a client's first bytes one round trip later still,
// because the kernel answers a connect on loopback at once. It ends with l.
func relay(l net.Listener, server string, oneWay time.Duration) {
	for {
		client, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			up, err := net.Dial("tcp", server)
			if err != nil {
				client.Close()
				return
			}
			go pump(up, client, oneWay, 2*oneWay)
			pump(client, up, oneWay, 0)
		}()
	}
}

type packet struct {
	due  time.Time
	data []byte
}

// pump carries bytes with a delay and closes the end that they go to after the last.
func pump(to, from net.Conn, delay, once time.Duration) {
	queue := make(chan packet, 1024)
	go func() {
		defer close(queue)
		var last time.Time
		for {
			buf := make([]byte, 8<<10)
			n, err := from.Read(buf)
			due := time.Now().Add(delay + once)
			if due.Before(last) {
				due = last // nothing overtakes
			}
			last, once = due, 0
			if n > 0 {
				queue <- packet{due, buf[:n]}
			}
			if err != nil {
				return
			}
		}
	}()
	for p := range queue {
		time.Sleep(time.Until(p.due))
		if _, err := to.Write(p.data); err != nil {
			from.Close()
			for range queue { // lets the reader end
			}
		}
	}
	to.Close()
}
