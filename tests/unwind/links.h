/* Functions that chains.c calls in orders it knows; link.c is compiled once for each KIND of code.
 *
 * All are visible symbols, so that dladdr knows their names; none is inlined, and no call is the
 * last thing its function does.
 */
#ifndef CPPROF_TESTS_UNWIND_LINKS_H
#define CPPROF_TESTS_UNWIND_LINKS_H

#if defined(__clang__)
#define NOINLINE __attribute__((noinline))
#else
#define NOINLINE __attribute__((noinline, noclone)) /* a clone has another name */
#endif

/* What is at the end of a chain. */
typedef int (*reach_fn)(void);

/* deep      calls itself LEVELS times, through `small` at odd levels, then REACH
 * wide      LEVELS frames of lengths known only as it runs, then REACH
 * leaf      calls nothing and saves nothing; stops at a breakpoint
 * library   calls a function of the C library TIMES times, through the procedure linkage table */
#define DECLARE_LINKS(kind)                                                                        \
    int kind##_deep(int levels, reach_fn reach);                                                   \
    int kind##_small(int levels, reach_fn reach);                                                  \
    int kind##_wide(int levels, reach_fn reach);                                                   \
    int kind##_leaf(void);                                                                         \
    int kind##_library(int times);

DECLARE_LINKS(bare)   /* -fomit-frame-pointer */
DECLARE_LINKS(framed) /* -fno-omit-frame-pointer */
DECLARE_LINKS(sealed) /* return addresses are signed, where the processor can */
DECLARE_LINKS(untold) /* frame pointers, and no unwind rules */
DECLARE_LINKS(loaded) /* -fomit-frame-pointer, in a library */

#endif
