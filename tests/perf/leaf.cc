// The shared library of tree.cc.
#include <cstdint>

static volatile uint64_t sink;

extern "C" __attribute__((noinline)) uint64_t leaf_work(uint64_t n)
{
    uint64_t sum = 1;
    for (uint64_t i = 1; i < n; i++)
        sum = sum * i + (sum >> 7);
    sink = sum;
    return sum;
}

extern "C" __attribute__((noinline)) uint64_t leaf_call(uint64_t (*back)(uint64_t), uint64_t n)
{
    uint64_t sum = back(n);
    sink = sum;
    return sum + leaf_work(n);
}
