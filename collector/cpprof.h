/* libcpprof: profiles of the program it is linked to, in pprof's profile.proto format.
 *
 *     #include <cpprof.h>                      cc prog.c $(pkg-config --cflags --libs cpprof)
 *
 *     cpprof_cpu_start("cpu.pb.gz", 0);
 *     work();
 *     cpprof_cpu_stop();                       then: cpprof top cpu.pb.gz
 *
 * Functions that can fail return 0, or an errno value that says why (strerror knows the sentence);
 * none of them prints or ends the program. Strings are copied. Unless a function says otherwise it
 * may be called from any thread at any time, but not from a signal handler, and it keeps errno.
 */
#ifndef CPPROF_H
#define CPPROF_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CPPROF_API __attribute__((visibility("default")))

/* --- CPU ------------------------------------------------------------------------------------- */

/* Begins to sample the stacks of all threads, present and future, HZ times per second of CPU time
 * each (0: 100; at most 10000). PATH gets the profile when it is stopped; it appears whole or not
 * at all. EBUSY if a CPU profile is being made already, EINVAL for a bad HZ, ENOMEM, EAGAIN when
 * the system has no timer or thread left.
 *
 * Uses the signal SIGPROF; a handler the program has installed for it is called for every SIGPROF
 * that is not ours. Threads that block the signal are not seen. */
CPPROF_API int cpprof_cpu_start(const char *path, int hz);

/* The same, for a profile that goes to the open descriptor FD, which stays open. */
CPPROF_API int cpprof_cpu_start_fd(int fd, int hz);

/* Ends the CPU profile and writes it. No timer and no thread of ours is left afterwards. ENOENT if
 * none was being made; else what kept the file from being written. */
CPPROF_API int cpprof_cpu_stop(void);

/* --- Heap ------------------------------------------------------------------------------------ */

/* Begins to sample allocations, about one in RATE bytes (0: 512 KiB; 1: all of them). What was
 * allocated before is not known. EBUSY if it has begun already, EINVAL, ENOMEM, EAGAIN.
 *
 * The malloc family and what is built on it (strdup, operator new) is seen, whichever allocator the
 * program uses, if the library is a shared one; memory from mmap is not. */
CPPROF_API int cpprof_heap_start(int64_t rate);

/* Writes which stacks allocated memory since the start, and which of it is in use now, to PATH.
 * ENOENT if it was not started. */
CPPROF_API int cpprof_heap_write(const char *path);

/* Ends the sampling and forgets what was sampled. ENOENT if it was not started. */
CPPROF_API int cpprof_heap_stop(void);

/* --- Waiting --------------------------------------------------------------------------------- */

/* Block: which stacks waited, how often and how long, for mutexes, read-write locks, conditions,
 * semaphores, the end of threads. RATE is in nanoseconds (0: 10000): a wait as long or longer is
 * always counted, a shorter one with a probability that keeps the sums right.
 *
 * Mutex: which stacks made others wait, by unlocking a mutex or read-write lock they wanted. One in
 * RATE of these unlocks is counted, RATE times (0: every one).
 *
 * _start: EBUSY if it has begun already, EINVAL, ENOMEM, EAGAIN. _write: writes to PATH what there
 * is since the start. _stop: ends it and forgets. Both: ENOENT if it was not started. */
CPPROF_API int cpprof_block_start(int64_t rate);
CPPROF_API int cpprof_block_write(const char *path);
CPPROF_API int cpprof_block_stop(void);
CPPROF_API int cpprof_mutex_start(int64_t rate);
CPPROF_API int cpprof_mutex_write(const char *path);
CPPROF_API int cpprof_mutex_stop(void);

/* --- Labels ---------------------------------------------------------------------------------- */

/* Gives the calling thread the label KEY=VALUE, in place of one with the same KEY; VALUE NULL takes
 * it away. Samples of the thread carry its labels, and so do threads it creates from then on.
 * ENOMEM. */
CPPROF_API int cpprof_label_set(const char *key, const char *value);

/* Takes all labels of the calling thread away. */
CPPROF_API void cpprof_label_clear(void);

/* --- Profiles of samples of your own ---------------------------------------------------------- */

/* For interpreters, GPU tracers, game engines, test harnesses: whoever has stacks and values.
 *
 *     struct cpprof_builder *b = cpprof_builder_new();
 *     cpprof_builder_type(b, "time", "nanoseconds");
 *     cpprof_builder_frame(b, "draw", "scene.lua", 12);        innermost first
 *     cpprof_builder_frame(b, "main", "scene.lua", 3);
 *     cpprof_builder_label(b, "level", "7");
 *     int64_t value[] = {1500000};
 *     cpprof_builder_sample(b, value);
 *     cpprof_builder_write(b, "scene.pb.gz");
 *     cpprof_builder_free(b);
 *
 * Equal stacks with equal labels add up; strings, functions and locations are kept once. A builder
 * is for one thread at a time. Running out of memory is remembered, and told by
 * cpprof_builder_write. */
struct cpprof_builder;

CPPROF_API struct cpprof_builder *cpprof_builder_new(void);    /* NULL: no memory */
CPPROF_API void cpprof_builder_free(struct cpprof_builder *b); /* NULL is fine */

/* Declares the next value of each sample: what it is and its unit ("count", "bytes", "nanoseconds",
 * ...). All types come before the first sample. */
CPPROF_API void cpprof_builder_type(struct cpprof_builder *b, const char *type, const char *unit);

/* What lies between two samples, for instance 10000000 of ("cpu", "nanoseconds"). */
CPPROF_API void cpprof_builder_period(struct cpprof_builder *b, const char *type, const char *unit,
                                      int64_t period);

/* When the profile began, in nanoseconds since 1970, and how long it took; 0: as it was (not known
 * at first). */
CPPROF_API void cpprof_builder_time(struct cpprof_builder *b, int64_t time_nanos,
                                    int64_t duration_nanos);

/* Which sample type a reader should show if not told otherwise. */
CPPROF_API void cpprof_builder_default(struct cpprof_builder *b, const char *type);

CPPROF_API void cpprof_builder_comment(struct cpprof_builder *b, const char *comment);

/* Says that addresses from START to LIMIT show FILE from OFFSET on. BUILD_ID is hexadecimal, or "".
 * The first mapping should be the program's own. */
CPPROF_API void cpprof_builder_mapping(struct cpprof_builder *b, uint64_t start, uint64_t limit,
                                       uint64_t offset, const char *file, const char *build_id);

/* Adds a frame to the stack of the next sample: a function by name, with its file ("": not known)
 * and line (0: not known), or an address, which a reader turns into a name with the help of the
 * mappings. Frames come innermost first. Return addresses are given less one. */
CPPROF_API void cpprof_builder_frame(struct cpprof_builder *b, const char *function,
                                     const char *file, int64_t line);
CPPROF_API void cpprof_builder_address(struct cpprof_builder *b, uint64_t address);

/* Adds a label to the next sample; a number has a unit, or "". */
CPPROF_API void cpprof_builder_label(struct cpprof_builder *b, const char *key, const char *value);
CPPROF_API void cpprof_builder_number(struct cpprof_builder *b, const char *key, int64_t number,
                                      const char *unit);

/* Ends the sample: VALUES holds one value per type. */
CPPROF_API void cpprof_builder_sample(struct cpprof_builder *b, const int64_t *values);

/* Writes the profile, gzipped, to PATH (whole or not at all) or to an open descriptor. The builder
 * stays as it is. ENOMEM, or what kept the file from being written. */
CPPROF_API int cpprof_builder_write(struct cpprof_builder *b, const char *path);
CPPROF_API int cpprof_builder_write_fd(struct cpprof_builder *b, int fd);

#ifdef __cplusplus
}
#endif

#endif
