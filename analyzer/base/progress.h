/* How far a long piece of work has come, for whoever shows it. */
#ifndef CPPROF_BASE_PROGRESS_H
#define CPPROF_BASE_PROGRESS_H

#include <stdint.h>

struct progress {
    /* DONE of TOTAL bytes (0: not known) of WHAT. Called from the thread that started the work, a
     * few times per megabyte. */
    void (*report)(void *context, const char *what, uint64_t done, uint64_t total);
    void *context;
};

#endif
