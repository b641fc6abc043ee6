/* A trace as text: Chrome's trace event format ("Trace Event Format", the document), which Perfetto
 * and chrome://tracing open.
 *
 *     struct trace_text *t = trace_text_new(fd, gzip, now);
 *     trace_text_event(t, &event);         these two have the shape that the readers of events and
 *     trace_text_slice(t, &slice);         slices ask for
 *     trace_text_settle(t);
 *     error = trace_text_end(t, now, &outcome, lost);
 *
 * The program is one process in it, with its threads: regions are their slices, waits are slices
 * inside, tasks are asynchronous slices, logs are instants. Beside it are two that are none:
 * "CPUs", with a row for each processor that shows who ran, and "not running", with a row for each
 * thread. For one thread at a time.
 */
#ifndef CPPROF_COLLECTOR_TRACE_TEXT_H
#define CPPROF_COLLECTOR_TRACE_TEXT_H

#include "collector/trace_events.h"
#include "collector/trace_sched.h"

struct trace_text;

/* A trace that begins at START (monotonic nanoseconds) and goes to FD, which stays open. NULL: no
 * memory. */
struct trace_text *trace_text_new(int fd, bool gzip, int64_t start);

/* TEXT is a trace_text. */
void trace_text_event(void *text, const struct trace_event *e);
void trace_text_slice(void *text, const struct sched_slice *slice);

/* To be called after each taking of events from all threads. */
void trace_text_settle(struct trace_text *t);

/* Ends what is open, says what was recorded and how many events were LOST, writes all and frees T.
 * 0 or an errno value. */
int trace_text_end(struct trace_text *t, int64_t now, const struct sched_outcome *outcome,
                   int64_t lost);

/* Frees it, unfinished. */
void trace_text_free(struct trace_text *t);

#endif
