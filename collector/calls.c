#include "collector/calls.h"

#include "collector/housekeeper.h"

#include <errno.h>

enum { OWN_FRAMES = 8 }; /* at most between the hook and the walk */

/* The stack is this thread's own, so its part above us is there to be read. */
static struct unwind_bounds own_bounds(const struct thread *t, uintptr_t sp)
{
    struct unwind_bounds b = {.low = atomic_load(&t->stack_low),
                              .high = atomic_load(&t->stack_high)};
    if (sp < b.low || sp >= b.high)
        b = (struct unwind_bounds){0};
    return b;
}

/* *STRANGE: something was met that the housekeeper should look at. */
static size_t walk(struct thread *t, const void *caller, uintptr_t *pcs, bool *strange)
{
    struct arch_registers here = {0};
    uintptr_t all[CALLS_DEPTH + OWN_FRAMES];
    size_t own = 0;
    ARCH_CAPTURE(here);
    const struct modules *m = modules_pin(&t->call_pin);
    struct unwind_bounds bounds = own_bounds(t, here.sp);
    size_t count =
        unwind_walk(m, &t->call_cache, here, bounds, false, all, sizeof all / sizeof *all, strange);
    modules_unpin(&t->call_pin);
    if (!bounds.high)
        atomic_store(&t->stack_asked, here.sp);
    *strange |= !bounds.high;
    while (own < count && all[own] != (uintptr_t)caller)
        own++;
    if (own == count) { /* the way out of our own code is not known */
        pcs[0] = (uintptr_t)caller;
        return 1;
    }
    count = count - own < CALLS_DEPTH ? count - own : CALLS_DEPTH;
    memcpy(pcs, all + own, count * sizeof *pcs);
    return count;
}

size_t calls_walk(struct thread *t, void *caller, uintptr_t *pcs)
{
    bool strange;
    size_t count = walk(t, caller, pcs, &strange);
    if (strange)
        housekeeper_wake();
    return count;
}

size_t calls_walk_fresh(const void *caller, uintptr_t *pcs)
{
    int saved = errno;
    bool strange;
    struct thread *t = threads_self();
    if (!t)
        return 0;
    size_t count = walk(t, caller, pcs, &strange);
    uintptr_t asked = atomic_load(&t->stack_high) ? 0 : atomic_exchange(&t->stack_asked, 0);
    if (asked)
        threads_find_bounds(t, asked);
    if (strange && modules_refresh(threads_read_modules) == 0)
        count = walk(t, caller, pcs, &strange);
    errno = saved;
    return count;
}
