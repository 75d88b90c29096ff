// The Go rows: peer_go yield|channel|spawn TURNS does that many turns and
// prints the nanoseconds they took.
package main

import (
	"os"
	"runtime"
	"strconv"
	"sync"
	"time"
)

// Two goroutines take turns on one processor; a turn is two switches.
func yield(turns int) time.Duration {
	var stop bool
	go func() {
		for !stop {
			runtime.Gosched()
		}
	}()
	runtime.Gosched()
	start := time.Now()
	for i := 0; i < turns; i++ {
		runtime.Gosched()
	}
	took := time.Since(start)
	stop = true
	return took
}

func channel(turns int) time.Duration {
	there, back := make(chan int), make(chan int)
	go func() {
		for n := range there {
			back <- n
		}
	}()
	there <- 0
	<-back
	start := time.Now()
	for i := 0; i < turns; i++ {
		there <- i
		<-back
	}
	return time.Since(start)
}

func spawn(turns int) time.Duration {
	var group sync.WaitGroup
	var ran int
	start := time.Now()
	for i := 0; i < turns; i++ {
		group.Add(1)
		go func() {
			ran++
			group.Done()
		}()
		group.Wait()
	}
	took := time.Since(start)
	if ran != turns {
		os.Exit(1)
	}
	return took
}

func main() {
	if len(os.Args) != 3 {
		os.Exit(2)
	}
	turns, err := strconv.Atoi(os.Args[2])
	run := map[string]func(int) time.Duration{
		"yield":   yield,
		"channel": channel,
		"spawn":   spawn,
	}[os.Args[1]]
	if err != nil || run == nil {
		os.Exit(2)
	}
	runtime.GOMAXPROCS(1)
	took := run(turns)
	os.Stdout.WriteString(strconv.FormatInt(took.Nanoseconds(), 10) + "\n")
}
