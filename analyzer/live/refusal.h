/* Why the kernel does not let us look at a process, and what to do about it. */
#ifndef CPPROF_LIVE_REFUSAL_H
#define CPPROF_LIVE_REFUSAL_H

#include "analyzer/base/error.h"

#include <sys/types.h>

/* Fills ERR for perf events of PID that were refused with REASON, an errno; other reasons leave it
 * as it is. Returns -1. */
int refusal_explain(pid_t pid, int reason, struct error *err);

/* The same for stopping its threads (ptrace). */
int refusal_explain_ptrace(pid_t pid, struct error *err);

/* What has to be done to be allowed more: half a sentence. */
const char *refusal_advice(void);

#endif
