// SPDX-License-Identifier: BSD-2-Clause
// As told.c, by Go's runtime, from four threads at once. Go tells no monotonic clock but spans.
package main

import (
	"os"
	"runtime"
	"strconv"
	"time"
)

func main() {
	told := make(chan int64)
	start := time.Now()
	for i := 0; i < 4; i++ {
		go func() {
			runtime.LockOSThread()
			last := start
			for left := 1000; left != 0; left-- {
				now := time.Now()
				if now.Before(last) {
					os.Exit(98)
				}
				last = now
			}
			told <- last.UnixNano()
		}()
	}
	for i := 0; i < 4; i++ {
		text := strconv.FormatInt(<-told, 10)
		point := len(text) - 9
		os.Stdout.WriteString("realtime " + text[:point] + "." + text[point:] + "\n")
	}
	status, _ := strconv.Atoi(os.Args[1])
	os.Exit(status)
}
