/* Finds the frame pointer of a function that has called another one, when all that is known is
 * where its code and its stack are.
 *
 * A function that keeps a frame pointer begins by pushing the caller's, and then makes room for its
 * variables: how much is in its first instructions. So the frame pointer is that much above the
 * stack pointer, and the word behind it must be a return address. Where the prologue cannot be
 * read, the stack is searched for a return address behind a call of this very function.
 */
#ifndef CPPROF_COLLECTOR_FRAMEPOINTER_H
#define CPPROF_COLLECTOR_FRAMEPOINTER_H

#include "collector/unwind.h"

/* PC is inside the calling instruction, SP what the stack pointer is there. 0: not found.
 * Async-signal-safe. */
uintptr_t framepointer_find(const struct modules *m, uintptr_t pc, uintptr_t sp,
                            struct unwind_bounds bounds);

#endif
