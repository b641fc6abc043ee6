/* A piece of work the worker is at, as it sees it itself: is it still wanted, how far is it? */
#ifndef CPPROF_TUI_WORK_H
#define CPPROF_TUI_WORK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct work {
    atomic_bool cancelled;
    atomic_uint_least64_t done, total; /* total 0: not known */
    _Atomic(const char *) what;        /* static text: "reading", or NULL */
};

/* Is the result not wanted any more? Ask between the parts of anything that takes long. */
static inline bool work_cancelled(const struct work *w)
{
    return atomic_load_explicit(&w->cancelled, memory_order_relaxed);
}

/* DONE of TOTAL of WHAT, a static text, is done. */
static inline void work_report(struct work *w, const char *what, uint64_t done, uint64_t total)
{
    atomic_store(&w->what, what);
    atomic_store(&w->done, done);
    atomic_store(&w->total, total);
}

#endif
