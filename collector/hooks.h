/* Functions of the C library that pass through us on their way.
 *
 * The shared library stands before the C library in the order of symbols, so a call to
 * pthread_create gets here first: the new thread is known, has its labels and its timer before its
 * first instruction. In a static program the hook may not take; threads_scan finds threads then.
 */
#ifndef CPPROF_COLLECTOR_HOOKS_H
#define CPPROF_COLLECTOR_HOOKS_H

#include <pthread.h>

/* The C library's own. */
int hooks_real_pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*run)(void *),
                              void *arg);

#endif
