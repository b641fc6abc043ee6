/* Walks a stack by the modules' unwind rules, from inside a signal handler if need be.
 *
 * Nothing here takes a lock, allocates or calls the loader. Words on the thread's own stack are
 * read directly; whatever lies elsewhere (coroutines, alternate stacks, damage) is read through the
 * kernel, which answers instead of faulting.
 */
#ifndef CPPROF_COLLECTOR_UNWIND_H
#define CPPROF_COLLECTOR_UNWIND_H

#include "collector/arch/arch.h"
#include "collector/modules.h"

enum { UNWIND_CACHE = 256 }; /* a power of two */

/* Rules found lately, by program counter. One per thread; zero at first. */
struct unwind_cache {
    uint64_t generation; /* of the modules it is of */
    struct {
        uintptr_t pc;
        struct cfi_row row;
    } entry[UNWIND_CACHE];
};

/* The memory a thread's stack is known to occupy; both 0 if not known. The words of a copy are
 * SHIFT bytes above where the stack has them. */
struct unwind_bounds {
    uintptr_t low, high;
    uintptr_t shift;
};

/* Where a walk ended. */
struct unwind_end {
    struct arch_registers at; /* in the outermost frame that was found */
    bool strange;             /* code was met that is in no module of the list */
    bool wants_fp;            /* the next step needs the frame pointer, which is 0: not known */
};

/* Fills PCS, innermost first, with at most CAP addresses, and returns their number. EXACT: the
 * first register set is an interrupted one; otherwise the innermost is a return address. All
 * addresses are return addresses, behind the call; an interrupted one is stored plus one, so that
 * whoever subtracts one from each gets an address inside the right instruction. *STRANGE is set if
 * code was met that is in no module of M. Async-signal-safe. */
size_t unwind_walk(const struct modules *m, struct unwind_cache *cache,
                   struct arch_registers registers, struct unwind_bounds bounds, bool exact,
                   uintptr_t *pcs, size_t cap, bool *strange);

/* The same, and says how it ended. */
size_t unwind_walk_to(const struct modules *m, struct unwind_cache *cache,
                      struct arch_registers registers, struct unwind_bounds bounds, bool exact,
                      uintptr_t *pcs, size_t cap, struct unwind_end *end);

/* Reads LEN bytes of this process; false where nothing can be read. errno may change.
 * Async-signal-safe. */
bool unwind_read(uintptr_t address, void *to, size_t len);

#endif
