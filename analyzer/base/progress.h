/* How far a long piece of work has come, for whoever shows it. */
#ifndef CPPROF_BASE_PROGRESS_H
#define CPPROF_BASE_PROGRESS_H

#include <stdint.h>

struct progress {
    /* DONE of TOTAL bytes (0: not known) of WHAT. Called from the thread that started the work, a
     * few times per megabyte. */
    void (*report)(void *context, const char *what, uint64_t done, uint64_t total);
    /* WHAT has taken SECONDS, of LIMIT (0: none) that it may. May be NULL. Called from the thread
     * that waits, ten times a second. */
    void (*wait)(void *context, const char *what, double seconds, double limit);
    void *context;
};

#endif
