// SPDX-License-Identifier: BSD-2-Clause
// Prints the year that Go's runtime tells, from several threads at once, and exits with 5. Fails if
// its monotonic clock stands still over a sleep.
package main

import (
	"fmt"
	"os"
	"runtime"
	"time"
)

func main() {
	years := make(chan int)
	for i := 0; i < 4; i++ {
		go func() {
			runtime.LockOSThread()
			years <- time.Now().UTC().Year()
		}()
	}
	for i := 0; i < 4; i++ {
		fmt.Print(<-years, " ")
	}
	start := time.Now()
	time.Sleep(10 * time.Millisecond)
	if time.Since(start) < 10*time.Millisecond {
		os.Exit(1)
	}
	fmt.Println("monotonic")
	os.Exit(5)
}
