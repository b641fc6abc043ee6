/* Execution traces: what cpprof_trace_start begins (cpprof.h), for the rest of the collector. */
#ifndef CPPROF_COLLECTOR_TRACE_H
#define CPPROF_COLLECTOR_TRACE_H

/* As cpprof_trace_start_fd, but gzipped. */
int trace_start_gzip(int fd);

/* The calling thread begins. */
void trace_thread_began(void);

/* Around fork; in the child no trace is made. */
void trace_lock_changes(void);
void trace_unlock_changes(void);
void trace_lock(void);
void trace_unlock(void);
void trace_in_child(void);

#endif
