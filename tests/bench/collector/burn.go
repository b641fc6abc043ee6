// Burn is tests/collector/burn.c under Go's own profiler.
//
// usage: burn FILE HZ THREADS MILLISECONDS
//
// Prints the CPU time of the process while the profile was made, in nanoseconds.
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"strconv"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

const threadClock = 3 // CLOCK_THREAD_CPUTIME_ID

var (
	budget int64 // of CPU time, per thread
	result uint32
)

func threadTime() int64 {
	var t syscall.Timespec
	syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, threadClock, uintptr(unsafe.Pointer(&t)), 0)
	return t.Nano()
}

func spin(x uint32) uint32 {
	for i := 0; i < 20000; i++ {
		x = x*1664525 + 1013904223
	}
	return x
}

//go:noinline
func burnMost(until int64, x uint32) uint32 {
	for threadTime() < until {
		x = spin(x)
	}
	return x + 1
}

//go:noinline
func burnRest(until int64, x uint32) uint32 {
	for threadTime() < until {
		x = spin(x)
	}
	return x + 2
}

func work(began int64) uint32 {
	x, random := uint32(1), uint32(1)
	for used := int64(0); used < budget; {
		step := 2000000 + int64(random>>8)%4000000
		random = random*1664525 + 1013904223
		x = burnMost(began+used+step*3/4, x)
		used += step
		x = burnRest(began+used, x)
	}
	return x
}

//go:noinline
func workerEven(began int64) { result += work(began) }

//go:noinline
func workerOdd(began int64) { result += work(began) }

func cpuUsed() int64 {
	var r syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	return r.Utime.Nano() + r.Stime.Nano()
}

func main() {
	file, err := os.Create(os.Args[1])
	if err != nil {
		panic(err)
	}
	hz, _ := strconv.Atoi(os.Args[2])
	threads, _ := strconv.Atoi(os.Args[3])
	budget, _ = strconv.ParseInt(os.Args[4], 10, 64)
	budget *= int64(time.Millisecond)
	runtime.GOMAXPROCS(threads)
	began := cpuUsed()
	if hz != 100 {
		runtime.SetCPUProfileRate(hz) // the way Go's documentation leaves; says so on standard error
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		panic(err)
	}
	var all sync.WaitGroup
	for i := 0; i < threads; i++ {
		worker := workerEven
		if i%2 == 1 {
			worker = workerOdd
		}
		all.Add(1)
		go func() {
			runtime.LockOSThread()
			worker(threadTime())
			all.Done()
		}()
	}
	all.Wait()
	used := cpuUsed() - began
	pprof.StopCPUProfile()
	fmt.Println(used)
}
