// Allocate is what tests/collector/allocate.c does, under Go's own profiler.
//
// usage: allocate FILE RATE
//
// For each size from 16 B to 16 MB: as many blocks as make 128 MB, kept by keepSIZE.
package main

import (
	"os"
	"runtime"
	"runtime/pprof"
	"strconv"
)

const total = 128 << 20

var live [][]*byte

func keep(blocks []*byte, size int) {
	for i := range blocks {
		blocks[i] = &make([]byte, size)[0]
	}
}

//go:noinline
func keep16(blocks []*byte) { keep(blocks, 16) }

//go:noinline
func keep256(blocks []*byte) { keep(blocks, 256) }

//go:noinline
func keep4096(blocks []*byte) { keep(blocks, 4096) }

//go:noinline
func keep65536(blocks []*byte) { keep(blocks, 65536) }

//go:noinline
func keep1048576(blocks []*byte) { keep(blocks, 1048576) }

//go:noinline
func keep16777216(blocks []*byte) { keep(blocks, 16777216) }

func main() {
	runtime.MemProfileRate, _ = strconv.Atoi(os.Args[2])
	for _, work := range []struct {
		size int
		keep func(blocks []*byte)
	}{
		{16, keep16}, {256, keep256}, {4096, keep4096}, {65536, keep65536},
		{1048576, keep1048576}, {16777216, keep16777216},
	} {
		blocks := make([]*byte, total/work.size)
		live = append(live, blocks)
		work.keep(blocks)
	}
	runtime.GC()
	file, err := os.Create(os.Args[1])
	if err != nil {
		panic(err)
	}
	if err := pprof.WriteHeapProfile(file); err != nil {
		panic(err)
	}
	runtime.KeepAlive(live)
}
