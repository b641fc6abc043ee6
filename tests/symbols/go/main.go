// A program that profiles itself: closures, generics, methods, inlined calls, the standard library.
package main

import (
	"fmt"
	"os"
	"runtime/pprof"
	"sort"
	"strings"
	"time"
)

type number interface{ ~int | ~float64 }

func sum[T number](all []T) (total T) {
	for _, one := range all {
		total += one
	}
	return total
}

type item struct {
	name  string
	price int
}

func (i *item) cost() int { return i.price*3 + len(i.name) }

type cart struct{ items map[string]*item }

func (c *cart) each(f func(*item)) {
	for _, i := range c.items {
		f(i)
	}
}

func (c *cart) total() int {
	t := 0
	c.each(func(i *item) { t += i.cost() })
	return t
}

func work(round int) string {
	c := cart{map[string]*item{}}
	var prices []int
	for k := 0; k < 200; k++ {
		name := fmt.Sprintf("item-%d", k*round%97)
		c.items[name] = &item{name, k}
		prices = append(prices, k*7919%101)
	}
	sort.Slice(prices, func(a, b int) bool { return prices[a] > prices[b] })
	words := strings.Fields(strings.Repeat("a few words ", 20))
	sort.Strings(words)
	return fmt.Sprint(c.total(), sum(prices), sum([]float64{1, 2}), strings.Join(words, "-"))
}

func main() {
	out, err := os.Create(os.Args[1])
	if err != nil {
		panic(err)
	}
	pprof.StartCPUProfile(out)
	length := 0
	for round, end := 0, time.Now().Add(1500*time.Millisecond); time.Now().Before(end); round++ {
		length += len(work(round))
	}
	pprof.StopCPUProfile()
	out.Close()
	fmt.Println(length > 0)
}
