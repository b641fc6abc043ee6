// Shop is a little web shop without the web: workers answer a number of search, cart and checkout
// requests while their profiles are taken. It is here to be profiled, so it does some things badly on
// purpose:
//
//   - one mutex guards the whole stock, and checkout holds it while it computes (mutex, block);
//   - requests wait in a short channel (block);
//   - every page ever rendered and every cart is kept (heap);
//   - with -slow, search compiles its regular expression for every request (cpu: before and after).
//
// Requests carry pprof labels: endpoint, customer and, for checkout, a number of items.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"hash/crc32"
	"log"
	"math/rand"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/pprof"
	"sort"
	"strings"
	"sync"
	"time"
)

type product struct {
	ID    int      `json:"id"`
	Name  string   `json:"name"`
	Price int      `json:"price"`
	Tags  []string `json:"tags"`
}

type request struct {
	endpoint, customer string
}

type shop struct {
	slow     bool
	products []product

	stockLock sync.Mutex
	stock     map[int]int

	pageLock sync.RWMutex
	pages    map[string][]byte
	carts    map[string][][]product

	patterns sync.Map
}

func newShop(slow bool) *shop {
	s := &shop{slow: slow, stock: map[int]int{}, pages: map[string][]byte{}, carts: map[string][][]product{}}
	colors := []string{"red", "green", "blue", "black", "white", "yellow"}
	things := []string{"teapot", "lamp", "chair", "bicycle", "kettle", "pencil", "umbrella"}
	for i := 0; i < 400; i++ {
		p := product{
			ID:    i,
			Name:  fmt.Sprintf("%s %s no. %d", colors[i%len(colors)], things[i%len(things)], i),
			Price: 100 + i*7%900,
			Tags:  []string{colors[i%len(colors)], things[i%len(things)]},
		}
		s.products = append(s.products, p)
		s.stock[i] = 1000
	}
	return s
}

// pattern returns the compiled search expression; only the slow shop compiles it every time.
func (s *shop) pattern(expr string) *regexp.Regexp {
	if s.slow {
		return regexp.MustCompile(expr)
	}
	if re, ok := s.patterns.Load(expr); ok {
		return re.(*regexp.Regexp)
	}
	re := regexp.MustCompile(expr)
	s.patterns.Store(expr, re)
	return re
}

func (s *shop) search(r *rand.Rand) {
	words := []string{"tea", "lam", "bi", "um", "ket"}
	expr := fmt.Sprintf(`(?i)\b(%s|%s)\w{2,6}\s+no\.\s+\d{0,3}%d$`,
		words[r.Intn(len(words))], words[r.Intn(len(words))], r.Intn(10))
	re := s.pattern(expr)
	var found []product
	for i := range s.products[:12] {
		if re.MatchString(s.products[i].Name) {
			found = append(found, s.products[i])
		}
	}
	s.render(fmt.Sprint(expr, r.Intn(20)), rank(found))
}

// rank puts the cheapest first.
func rank(found []product) []product {
	sort.Slice(found, func(i, j int) bool {
		if found[i].Price != found[j].Price {
			return found[i].Price < found[j].Price
		}
		return strings.Compare(found[i].Name, found[j].Name) < 0
	})
	return found
}

// render makes a page and keeps it for good.
func (s *shop) render(key string, products []product) {
	page, err := json.Marshal(products)
	if err != nil {
		log.Fatal(err)
	}
	s.pageLock.Lock()
	s.pages[key] = page
	s.pageLock.Unlock()
}

func (s *shop) cart(r *rand.Rand, customer string) {
	var items []product
	for i := 0; i < 20; i++ {
		items = append(items, s.products[r.Intn(len(s.products))])
	}
	page, err := json.Marshal(items)
	if err != nil {
		log.Fatal(err)
	}
	var back []product
	if err := json.Unmarshal(page, &back); err != nil {
		log.Fatal(err)
	}
	rank(back)
	if r.Intn(20) == 0 {
		s.pageLock.Lock()
		s.carts[customer] = append(s.carts[customer], back)
		s.pageLock.Unlock()
	}
}

// checkout holds the lock of the whole stock while it computes the receipt.
func (s *shop) checkout(r *rand.Rand) {
	s.stockLock.Lock()
	defer s.stockLock.Unlock()
	for i := 0; i < 5; i++ {
		s.stock[r.Intn(len(s.products))]--
	}
	receipt(r.Uint32())
}

func receipt(seed uint32) uint32 {
	var block [512]byte
	sum := seed
	for i := 0; i < 300; i++ {
		block[i%len(block)] = byte(sum)
		sum = crc32.Update(sum, crc32.IEEETable, block[:]) ^ fold(sum, 24)
	}
	return sum
}

// fold calls itself, so that profiles have recursion to show.
func fold(x uint32, depth int) uint32 {
	if depth == 0 {
		return x
	}
	return x*2654435761 + fold(x>>1, depth-1)
}

func (s *shop) answer(q request, r *rand.Rand) {
	labels := pprof.Labels("endpoint", q.endpoint, "customer", q.customer)
	pprof.Do(context.Background(), labels, func(context.Context) {
		switch q.endpoint {
		case "/search":
			s.search(r)
		case "/cart":
			s.cart(r, q.customer)
		case "/checkout":
			s.checkout(r)
		}
	})
}

func (s *shop) worker(seed int64, requests <-chan request, done *sync.WaitGroup) {
	defer done.Done()
	r := rand.New(rand.NewSource(seed))
	for q := range requests {
		s.answer(q, r)
	}
}

// customers sends n requests; the channel is short, so it waits a lot.
func customers(requests chan<- request, n int) {
	endpoints := []string{"/search", "/search", "/cart", "/checkout"}
	names := []string{"alice", "bob", "carol"}
	for i := 0; i < n; i++ {
		requests <- request{endpoints[i%4], names[i/4%3]}
	}
	close(requests)
}

func write(dir, name, file string) {
	f, err := os.Create(filepath.Join(dir, file))
	if err != nil {
		log.Fatal(err)
	}
	if err := pprof.Lookup(name).WriteTo(f, 0); err != nil {
		log.Fatal(err)
	}
	if err := f.Close(); err != nil {
		log.Fatal(err)
	}
}

func main() {
	slow := flag.Bool("slow", false, "compile the search expression for every request")
	n := flag.Int("requests", 100000, "how many requests to answer")
	cpu := flag.String("cpu", "cpu.pb.gz", "name of the cpu profile")
	all := flag.Bool("all", false, "write heap, block, mutex and goroutine profiles as well")
	dir := flag.String("dir", ".", "where the profiles go")
	flag.Parse()

	runtime.GOMAXPROCS(2)
	if *all {
		runtime.SetBlockProfileRate(10000)
		runtime.SetMutexProfileFraction(5)
	}
	runtime.MemProfileRate = 64 * 1024

	f, err := os.Create(filepath.Join(*dir, *cpu))
	if err != nil {
		log.Fatal(err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		log.Fatal(err)
	}

	s := newShop(*slow)
	requests := make(chan request, 4)
	var done sync.WaitGroup
	for i := int64(0); i < 4; i++ {
		done.Add(1)
		go s.worker(i, requests, &done)
	}
	if *all {
		// In the middle of the work, while there are goroutines to see.
		time.AfterFunc(time.Second/2, func() { write(*dir, "goroutine", "goroutine.pb.gz") })
	}
	customers(requests, *n)
	done.Wait()

	pprof.StopCPUProfile()
	if err := f.Close(); err != nil {
		log.Fatal(err)
	}
	if *all {
		runtime.GC()
		write(*dir, "heap", "heap.pb.gz")
		write(*dir, "block", "block.pb.gz")
		write(*dir, "mutex", "mutex.pb.gz")
	}
	runtime.KeepAlive(s)
}
