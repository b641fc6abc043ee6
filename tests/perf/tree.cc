// A program whose call tree is known, for tests/run-perf: recursion, inlined functions, a shared
// library (leaf.cc), threads, a signal handler, and a child process that runs another program.
//
// usage: tree MILLISECONDS
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <pthread.h>
#include <string>
#include <sys/time.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

extern "C" uint64_t leaf_work(uint64_t n);
extern "C" uint64_t leaf_call(uint64_t (*back)(uint64_t), uint64_t n);

static volatile uint64_t sink;

static inline __attribute__((always_inline)) uint64_t inlined_inner(uint64_t n)
{
    uint64_t sum = 0;
    for (uint64_t i = 0; i < n; i++)
        sum += i * i ^ sum >> 3;
    return sum;
}

static inline __attribute__((always_inline)) uint64_t inlined_outer(uint64_t n)
{
    return inlined_inner(n) + 1;
}

__attribute__((noinline)) uint64_t hot(uint64_t n)
{
    uint64_t sum = inlined_outer(n);
    sink = sum;
    return sum;
}

__attribute__((noinline)) uint64_t deep(int depth, uint64_t n)
{
    if (depth == 0)
        return hot(n) + leaf_work(n);
    uint64_t sum = deep(depth - 1, n);
    sink = sum; // so that this is no tail call
    return sum + 1;
}

// Its frame is as large as its argument says, so that only the frame pointer finds it.
__attribute__((noinline)) uint64_t large_frame(int size, uint64_t n)
{
    auto *bytes = static_cast<volatile char *>(__builtin_alloca(static_cast<size_t>(size)));
    bytes[0] = 1;
    uint64_t sum = hot(n);
    sink = sum + static_cast<uint64_t>(bytes[0]);
    return sum;
}

static uint64_t called_back(uint64_t n)
{
    uint64_t sum = hot(n);
    sink = sum;
    return sum;
}

template <typename F> __attribute__((noinline)) uint64_t run(const F &f, uint64_t n)
{
    uint64_t sum = f(n);
    sink = sum;
    return sum;
}

static void on_alarm(int)
{
    sink = hot(20000);
}

static void round_of_work()
{
    sink = deep(5, 2000);
    sink = large_frame(300, 2000);
    sink = leaf_call(called_back, 2000);
    sink = run(std::function<uint64_t(uint64_t)>([](uint64_t n) { return hot(n); }), 2000);
}

static void work(int milliseconds)
{
    auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
    while (std::chrono::steady_clock::now() < end)
        round_of_work();
}

static void named(const char *name, int milliseconds)
{
    pthread_setname_np(pthread_self(), name);
    work(milliseconds);
}

int main(int argc, char **argv)
{
    int milliseconds = argc > 1 ? atoi(argv[1]) : 100;
    pid_t child = fork();
    if (child == 0) {
        work(milliseconds);
        execlp("sh", "sh", "-c", "i=0; while [ $i -lt 30000 ]; do i=$((i + 1)); done", nullptr);
        _exit(127);
    }
    signal(SIGALRM, on_alarm);
    itimerval every = {{0, 5000}, {0, 5000}};
    setitimer(ITIMER_REAL, &every, nullptr);
    std::thread first(named, "first", milliseconds), second(named, "second", milliseconds);
    work(milliseconds);
    first.join();
    second.join();
    every = {};
    setitimer(ITIMER_REAL, &every, nullptr);
    while (waitpid(child, nullptr, 0) < 0)
        ;
    return 0;
}
