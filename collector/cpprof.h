/* libcpprof: profiles of the program it is linked to, in pprof's profile.proto format.
 *
 *     #include <cpprof.h>                      cc prog.c $(pkg-config --cflags --libs cpprof)
 *
 *     cpprof_cpu_start("cpu.pb.gz", 0);
 *     work();
 *     cpprof_cpu_stop();                       // then: cpprof top cpu.pb.gz
 *
 * Functions that can fail return 0, or an errno value that says why (strerror knows the sentence);
 * none of them prints or ends the program. Strings are copied. Unless a function says otherwise it
 * may be called from any thread at any time, but not from a signal handler, and it keeps errno.
 * NULL for a path, a name or an address is EINVAL, a descriptor below 0 EBADF. What the library
 * itself allocates and waits for is in no profile.
 *
 * A program built with ThreadSanitizer links the shared library, and tells it not to judge that
 * from outside: the line "called_from_lib:libcpprof" in its file of suppressions.
 *
 * After fork the parent's profiles go on. The child has copies of the custom profiles and of
 * threadcreate; what else is being made ends there, nothing of it is written, and it can be started
 * anew.
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

/* The same, for a profile that goes to the open descriptor FD, which stays open and the caller's.
 */
CPPROF_API int cpprof_cpu_start_fd(int fd, int hz);

/* Ends the CPU profile and writes it. No timer and no thread of ours is left afterwards. ENOENT if
 * none was being made; else what kept the file from being written. */
CPPROF_API int cpprof_cpu_stop(void);

/* --- Heap ------------------------------------------------------------------------------------ */

/* Begins to sample allocations, about one in RATE bytes (0: 512 KiB; 1: every one). What was
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

/* --- Profiles of how things stand ------------------------------------------------------------- */

/* Found by name:
 *
 *     threads        the stack of every thread, with its labels; also called "goroutine", for tools
 *                    that ask for that
 *     threadcreate   the stacks that created threads, since cpprof_threadcreate_start
 *     heap, allocs   memory, since cpprof_heap_start
 *     block, mutex   waiting, since cpprof_block_start and cpprof_mutex_start
 *     and the custom profiles, below
 *
 * DEBUG 0 is the gzipped profile.proto that cpprof and pprof read; 1 is text, one paragraph for
 * each distinct stack; 2 is, for threads, one paragraph for each thread, and else the same as 1.
 *
 * Blocked threads do not notice that their stacks are taken: no system call of theirs ends with
 * EINTR. Running ones are interrupted by SIGPROF once (see cpprof_cpu_start about that signal). */
struct cpprof_profile;

/* Writes the profile NAME to PATH (whole or not at all) or to an open descriptor, which stays open.
 * ENOENT if there is none of that name (or it is NULL) or it has not been started, ENOMEM, or what
 * kept the file from being written. */
CPPROF_API int cpprof_write(const char *name, const char *path, int debug);
CPPROF_API int cpprof_write_fd(const char *name, int fd, int debug);

/* The profile NAME, NULL if there is none. It lives as long as the process. */
CPPROF_API struct cpprof_profile *cpprof_lookup(const char *name);

/* Its name, which lives as long; NULL for NULL. */
CPPROF_API const char *cpprof_profile_name(const struct cpprof_profile *profile);

/* How many things it counts now: threads, keys. 0 if it cannot be taken, or is NULL. */
CPPROF_API int64_t cpprof_profile_count(const struct cpprof_profile *profile);

/* As cpprof_write; a PROFILE that is NULL is ENOENT. */
CPPROF_API int cpprof_profile_write(const struct cpprof_profile *profile, const char *path,
                                    int debug);
CPPROF_API int cpprof_profile_write_fd(const struct cpprof_profile *profile, int fd, int debug);

/* Begins to note the stack of each pthread_create, until the process ends; that makes one about a
 * microsecond longer. It is not on by itself, since a program that links this library and never
 * asks for a profile should not pay for one. ENOMEM. */
CPPROF_API int cpprof_threadcreate_start(void);

/* --- Custom profiles -------------------------------------------------------------------------- */

/* Which stacks opened what is open now: files, connections, transactions, whatever has a beginning,
 * an end and an address in between.
 *
 *     cpprof_profile_new(&open_files, "example.com/files");
 *     cpprof_profile_add(open_files, file, 0);         // where it is opened
 *     cpprof_profile_remove(open_files, file);            // where it is closed
 *     cpprof_write("example.com/files", "files.pb.gz", 0);
 *
 * A profile is never removed. *PROFILE is set unless an error is returned: EEXIST if there is a
 * profile of that name, EINVAL if the name is empty, ENOMEM. */
CPPROF_API int cpprof_profile_new(struct cpprof_profile **profile, const char *name);

/* Adds KEY, with the stack of this call but for its SKIP innermost frames (0: it begins with the
 * function that calls this one). EEXIST if KEY is in already, EINVAL if the profile is not a custom
 * one or SKIP is negative, ENOMEM. */
CPPROF_API int cpprof_profile_add(struct cpprof_profile *profile, const void *key, int skip);

/* Takes KEY out. ENOENT if it is not in, EINVAL if the profile is not a custom one. */
CPPROF_API int cpprof_profile_remove(struct cpprof_profile *profile, const void *key);

/* --- Execution traces ------------------------------------------------------------------------- */

/* What each thread did when: the tasks, regions and logs the program tells of, when its threads ran
 * and on which processor, where they waited for locks. Where a profile adds up, a trace shows one
 * request, one frame, one stall.
 *
 *     cpprof_trace_start("trace.json.gz");
 *     uint64_t task = cpprof_task_begin("request", 0);
 *     cpprof_region_begin("parse", task);
 *     cpprof_log(task, "bytes", "1500");
 *     cpprof_region_end();
 *     cpprof_task_end(task);
 *     cpprof_trace_stop();             // then: open it in ui.perfetto.dev or chrome://tracing
 *
 * A file is of Chrome's trace event format, which is JSON. The words are those of Go's
 * runtime/trace: a task is a piece of work that may move from thread to thread; a region is a part
 * of one thread's doing, inside of other regions; a log is a moment. */

/* Begins a trace, which goes to PATH when it is stopped: whole or not at all; gzipped if PATH ends
 * with ".gz". Or, plain and at once, to the open descriptor FD, which stays open. EBUSY if one is
 * being made already, ENOMEM, EAGAIN when the system has no thread or descriptor left, or what kept
 * the file from being made.
 *
 * When threads run is read from the kernel's perf events, which needs no privilege where
 * /proc/sys/kernel/perf_event_paranoid is 2 or less; "otherData" in the file says whether it was
 * so, and of how many threads it is known (256 at most; each takes a descriptor while it is
 * traced). It says as well how many events were lost: each thread has room for some 5000 until a
 * thread of ours, which the trace does not show, has fetched them. A file grows to 1 GiB of JSON at
 * most. */
CPPROF_API int cpprof_trace_start(const char *path);
CPPROF_API int cpprof_trace_start_fd(int fd);

/* Ends the trace and finishes its file. Regions and tasks that are open end with it. ENOENT if none
 * was being made, else what kept the file from being written. */
CPPROF_API int cpprof_trace_stop(void);

/* Not 0 while a trace is made: for what would be a waste otherwise, such as making a message. A
 * signal handler may call it. */
CPPROF_API int cpprof_trace_is_on(void);

/* These do nothing, after one load, while no trace is made. Then they take no lock, and the first
 * one of a thread maps 256 KiB. Signal handlers may call them; what interrupts another of these
 * calls on its thread is counted as lost. Texts are cut at 480 bytes. */

/* Begins a task, as a part of the task PARENT (0: of none). Returns its number, 0 while no trace is
 * made; any thread may use it and end it. */
CPPROF_API uint64_t cpprof_task_begin(const char *name, uint64_t parent);

/* Ends TASK, in whichever thread; 0 is none. */
CPPROF_API void cpprof_task_end(uint64_t task);

/* Begins a region of the calling thread, for TASK (0: for none); ends the one begun last. An end
 * without a beginning in the same trace is passed over. Regions may be 64 deep. */
CPPROF_API void cpprof_region_begin(const char *name, uint64_t task);
CPPROF_API void cpprof_region_end(void);

/* A moment: MESSAGE, of a kind that CATEGORY names, for TASK (0: for none). */
CPPROF_API void cpprof_log(uint64_t task, const char *category, const char *message);

/* --- HTTP ------------------------------------------------------------------------------------- */

/* Serves profiles at ADDRESS, in a thread of its own that no profile shows:
 *
 *     cpprof_http_start("127.0.0.1:6060");
 *
 *     $ curl -o cpu.pb.gz 'http://127.0.0.1:6060/debug/pprof/profile?seconds=5'
 *     $ cpprof top cpu.pb.gz
 *
 * Paths and parameters are those of Go's net/http/pprof: /debug/pprof/ lists what there is. ADDRESS
 * is a number and a port; without a number, or with localhost, the loopback address; with port 0 a
 * free one. On a loopback address requests whose Host header names another machine are refused.
 * The pages tell a lot about the program: whoever can reach them can read them. Starts
 * threadcreate, and the heap profile unless it has begun (and ends that in the end); block and
 * mutex are the program's to start, and empty until then.
 *
 * Needs libmicrohttpd.so.12, loaded by this call: ELIBACC if it is not there. EINVAL for an address
 * that is none, EBUSY if there is a server already, EADDRINUSE and others from bind(2), ENOMEM,
 * EAGAIN. A child after fork has no server. */
CPPROF_API int cpprof_http_start(const char *address);

/* The port it listens at, which is what port 0 has become; 0: there is no server. */
CPPROF_API int cpprof_http_port(void);

/* Ends it; requests that wait for a profile get an error. Nothing of it is left when this returns.
 * ENOENT if there was none. */
CPPROF_API int cpprof_http_stop(void);

/* --- Profiles of samples of your own ---------------------------------------------------------- */

/* For interpreters, GPU tracers, game engines, test harnesses: whoever has stacks and values.
 *
 *     struct cpprof_builder *b = cpprof_builder_new();
 *     cpprof_builder_type(b, "time", "nanoseconds");
 *     cpprof_builder_frame(b, "draw", "scene.lua", 12);        // innermost first
 *     cpprof_builder_frame(b, "main", "scene.lua", 3);
 *     cpprof_builder_label(b, "level", "7");
 *     int64_t value[] = {1500000};
 *     cpprof_builder_sample(b, value);
 *     cpprof_builder_write(b, "scene.pb.gz");
 *     cpprof_builder_free(b);
 *
 * Equal stacks with equal labels add up; strings, functions and locations are kept once. A builder
 * is for one thread at a time. What goes wrong, such as running out of memory, is remembered and
 * told by cpprof_builder_write. Strings that are NULL are empty ones. */
struct cpprof_builder;

CPPROF_API struct cpprof_builder *cpprof_builder_new(void);    /* NULL: no memory */
CPPROF_API void cpprof_builder_free(struct cpprof_builder *b); /* NULL is fine */

/* Declares the next value of each sample: what it is and its unit ("count", "bytes", "nanoseconds",
 * ...). All types come before the first sample: one that is late is EINVAL when it is written. */
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

/* Adds a comment, which reports show above their rows; not if it begins with "#". */
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
 * stays as it is. ENOMEM, EINVAL, or what kept the file from being written. */
CPPROF_API int cpprof_builder_write(struct cpprof_builder *b, const char *path);
CPPROF_API int cpprof_builder_write_fd(struct cpprof_builder *b, int fd);

#ifdef __cplusplus
}
#endif

#endif
