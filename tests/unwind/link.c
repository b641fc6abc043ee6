#include "tests/unwind/links.h"

#include <alloca.h>
#include <stdlib.h>

#define JOIN_(a, b) a##_##b
#define JOIN(a, b) JOIN_(a, b)
#define NAME(what) JOIN(KIND, what)

static volatile int sink;
static const char *volatile digits = "12";

NOINLINE int NAME(leaf)(void)
{
#ifdef LEAF_HAS_FRAME
    sink = __builtin_frame_address(0) == NULL;
#endif
#if defined(__aarch64__)
    __asm__ volatile("brk #0");
#else
    __asm__ volatile("int3");
#endif
    return 1;
}

NOINLINE int NAME(library)(int times)
{
    int sum = 0;
    for (int i = 0; i < times; i++)
        sum += atoi(digits) - i;
    return sum;
}

NOINLINE int NAME(small)(int levels, reach_fn reach)
{
    int n = NAME(deep)(levels - 1, reach);
    sink = n;
    return n + levels;
}

/* Registers to save, and a block, so that the frame is a large one. */
NOINLINE int NAME(deep)(int levels, reach_fn reach)
{
    volatile int block[37];
    int a = levels * 3, b = levels * 5, c = levels * 7, d = levels * 11, e = levels ^ 13;
    block[levels % 37] = levels;
    int n = levels == 0  ? reach()
            : levels % 2 ? NAME(small)(levels, reach)
                         : NAME(deep)(levels - 1, reach);
    sink = n;
    return n + a + b * c + d * e + block[levels % 37];
}

NOINLINE int NAME(wide)(int levels, reach_fn reach)
{
    size_t size = 16 + (size_t)(levels * 97 % 1500);
    volatile char *room = alloca(size);
    room[0] = room[size - 1] = (char)levels;
    int n = levels == 0 ? reach() : NAME(wide)(levels - 1, reach);
    sink = n;
    return n + room[0];
}
