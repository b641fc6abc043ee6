/* Between agree.c, which compares stacks, and what it interrupts: agree_work.c and
 * agree_throwing.cc. */
#ifndef CPPROF_TESTS_UNWIND_AGREE_H
#define CPPROF_TESTS_UNWIND_AGREE_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Once; LIBRARY is the path of the one to load. False if it cannot be loaded. */
bool agree_begin(const char *library);

/* Each does some work of its kind, milliseconds of it at most. */
void agree_c(void);
void agree_bare(void);
void agree_framed(void);
void agree_realigned(void);
void agree_libraries(void);
void agree_throwing(void);
void agree_library_calls(void);
void agree_handlers(void);
void agree_vdso(void);
void agree_loading(void);
void agree_threads(void);

/* From here on stacks are compared; for those who begin anew, handlers and threads. */
void agree_go_on(void);

/* Up to here; before what blocks all signals, the steps' too. */
void agree_stop(void);

/* This thread's stack begins here: all others of it must do the same. */
void agree_find_root(void);

/* Code has been loaded. */
void agree_loaded(const void *low, const void *high);

#ifdef __cplusplus
}
#endif

#endif
