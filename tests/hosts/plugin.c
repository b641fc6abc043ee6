/* What loading.c loads. NUMBER, given when it is compiled, makes each one another library. */
#include "work.h"

extern unsigned plugin_work(unsigned seed, unsigned (*back)(unsigned));

static __thread unsigned calls; /* so that the loader has thread-local memory to take away */

unsigned plugin_work(unsigned seed, unsigned (*back)(unsigned))
{
    volatile unsigned char room[64 * NUMBER];
    room[seed % (64 * NUMBER)] = (unsigned char)seed;
    calls++;
    return back(seed) * NUMBER + room[seed % (64 * NUMBER)] + work_some(seed);
}
