// Threads that throw: through deep frames with destructors, rethrown, nested, carried to other
// threads. Prints what came out, which is always the same.
#include "work.h"

#include <cstdio>
#include <exception>
#include <future>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

std::mutex lock;
long caught, destroyed;

struct Guard {
    long *count;
    std::string text;
    explicit Guard(long *c) : count(c), text(40, 'x') {}
    ~Guard() { *count += static_cast<long>(text.size()) / 40; }
};

__attribute__((noinline)) int sink(int depth, unsigned seed, long *ended)
{
    Guard guard(ended);
    if (depth == 0) {
        if (work_some(seed) % 2)
            throw std::runtime_error("odd");
        throw std::string("even");
    }
    return sink(depth - 1, seed, ended) + 1;
}

__attribute__((noinline)) void middle(unsigned seed, long *ended)
{
    try {
        sink(static_cast<int>(seed % 40), seed, ended);
    } catch (const std::string &) {
        throw;
    } catch (...) {
        std::throw_with_nested(std::logic_error("outer"));
    }
}

void run(unsigned first, unsigned count)
{
    long ended = 0, got = 0;
    for (unsigned seed = first; seed < first + count; seed++) {
        try {
            middle(seed, &ended);
        } catch (const std::string &text) {
            got += static_cast<long>(text.size());
        } catch (const std::exception &outer) {
            try {
                std::rethrow_if_nested(outer);
            } catch (const std::runtime_error &inner) {
                got += inner.what()[0];
            }
        }
    }
    std::lock_guard<std::mutex> hold(lock);
    caught += got;
    destroyed += ended;
}

} // namespace

int main()
{
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < 4; i++)
        threads.emplace_back(run, i * 100000, 2500);
    for (auto &t : threads)
        t.join();
    int carried = 0;
    for (unsigned i = 0; i < 200; i++) {
        auto result = std::async(std::launch::async, [i] {
            long ended = 0;
            return sink(10, i, &ended);
        });
        try {
            carried += result.get();
        } catch (const std::string &) {
            carried += 1;
        } catch (const std::exception &) {
            carried += 1000;
        }
    }
    std::printf("%ld %ld %d\n", caught, destroyed, carried);
    return 0;
}
