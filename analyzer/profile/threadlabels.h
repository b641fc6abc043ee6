/* The labels that say which thread a sample is of.
 *
 * perf's words, which the readers of foreign formats use as well: a thread has a name (comm) and a
 * number (tid), and so has its process.
 */
#ifndef CPPROF_PROFILE_THREADLABELS_H
#define CPPROF_PROFILE_THREADLABELS_H

#include "analyzer/profile/profile.h"

enum thread_label {
    THREAD_LABEL_COMM,
    THREAD_LABEL_TID,
    THREAD_LABEL_PROCESS,
    THREAD_LABEL_PID,
    THREAD_LABEL_COUNT,
};

#define THREAD_LABELS_LIST "comm, tid, process and pid"

extern const char *const thread_label_keys[THREAD_LABEL_COUNT];

/* Which of them L is; THREAD_LABEL_COUNT if it is none. */
enum thread_label thread_label_of(const struct profile *p, const struct label *l);

#endif
