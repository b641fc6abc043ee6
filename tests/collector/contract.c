/* What cpprof.h promises of its functions beside profiles: which errors there are, that errno is
 * kept, that nothing is left behind, and that the library's own memory is in no profile.
 *
 * usage: contract FOLDER       says what is not so; the status is 1 then
 */
#include "cpprof.h"

#include "tests/collector/checks.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char path[4096];

/* CALL returns WANTED and leaves errno alone. */
#define GIVES(wanted, call)                                                                        \
    do {                                                                                           \
        errno = EDOM;                                                                              \
        int got_ = (call);                                                                         \
        if (got_ != (wanted))                                                                      \
            fprintf(stderr, "%s: %s\n", #call, strerror(got_));                                    \
        expect(got_ == (wanted) && errno == EDOM, #call " gives " #wanted);                        \
    } while (0)

/* --- errors */

static void refuse_cpu(void)
{
    GIVES(EINVAL, cpprof_cpu_start(NULL, 0));
    GIVES(EINVAL, cpprof_cpu_start(path, -1));
    GIVES(EINVAL, cpprof_cpu_start(path, 10001));
    GIVES(ENOENT, cpprof_cpu_start("/nowhere/at/all", 0));
    GIVES(EBADF, cpprof_cpu_start_fd(-1, 0));
    GIVES(ENOENT, cpprof_cpu_stop());
    GIVES(0, cpprof_cpu_start(path, 0));
    GIVES(EBUSY, cpprof_cpu_start(path, 0));
    GIVES(EBUSY, cpprof_cpu_start_fd(1, 0));
    GIVES(0, cpprof_cpu_stop());
    GIVES(0, cpprof_cpu_start("/dev/full", 0));
    GIVES(ENOSPC, cpprof_cpu_stop());
}

static void refuse_counted(void)
{
    static const struct {
        const char *name;
        int (*start)(int64_t rate), (*write)(const char *path), (*stop)(void);
    } kinds[] = {
        {"heap", cpprof_heap_start, cpprof_heap_write, cpprof_heap_stop},
        {"block", cpprof_block_start, cpprof_block_write, cpprof_block_stop},
        {"mutex", cpprof_mutex_start, cpprof_mutex_write, cpprof_mutex_stop},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        GIVES(EINVAL, kinds[i].start(-1));
        GIVES(ENOENT, kinds[i].write(path));
        GIVES(ENOENT, cpprof_write(kinds[i].name, path, 0));
        GIVES(ENOENT, kinds[i].stop());
        GIVES(0, kinds[i].start(0));
        GIVES(EBUSY, kinds[i].start(0));
        GIVES(EINVAL, kinds[i].write(NULL));
        GIVES(ENOENT, kinds[i].write("/nowhere/at/all"));
        GIVES(0, kinds[i].write(path));
        GIVES(0, kinds[i].stop());
    }
}

static void refuse_named(void)
{
    struct cpprof_profile *p = NULL;
    EXPECT(!cpprof_lookup("none") && !cpprof_lookup(NULL));
    EXPECT(!cpprof_profile_name(NULL) && !cpprof_profile_count(NULL));
    GIVES(ENOENT, cpprof_write("none", path, 0));
    GIVES(ENOENT, cpprof_write(NULL, path, 0));
    GIVES(EINVAL, cpprof_write("threads", NULL, 0));
    GIVES(EBADF, cpprof_write_fd("threads", -1, 0));
    GIVES(ENOENT, cpprof_profile_write(NULL, path, 0));
    GIVES(ENOENT, cpprof_profile_write_fd(NULL, 1, 0));
    GIVES(EINVAL, cpprof_profile_new(&p, NULL));
    GIVES(EINVAL, cpprof_profile_new(NULL, "x"));
    GIVES(EINVAL, cpprof_profile_add(NULL, path, 0));
    GIVES(EINVAL, cpprof_profile_remove(NULL, path));
    EXPECT(!p);
}

static void refuse_others(void)
{
    GIVES(EINVAL, cpprof_label_set(NULL, "x"));
    GIVES(0, cpprof_label_set("not there", NULL));
    GIVES(EINVAL, cpprof_trace_start(NULL));
    GIVES(EBADF, cpprof_trace_start_fd(-1));
    GIVES(ENOENT, cpprof_trace_stop());
    GIVES(EINVAL, cpprof_http_start(NULL));
    GIVES(ENOENT, cpprof_http_stop());
    GIVES(0, cpprof_http_port());
}

/* Values would have no place for a type that comes late. */
static void refuse_late_type(void)
{
    struct cpprof_builder *b = cpprof_builder_new();
    int64_t values[] = {1, 2};
    cpprof_builder_type(b, "a", "count");
    cpprof_builder_frame(b, "f", "", 0);
    cpprof_builder_sample(b, values);
    GIVES(0, cpprof_builder_write(b, path));
    cpprof_builder_type(b, "b", "count");
    cpprof_builder_frame(b, "f", "", 0);
    cpprof_builder_sample(b, values);
    GIVES(EINVAL, cpprof_builder_write(b, path));
    cpprof_builder_free(b);
}

/* --- what is in the heap profile, and what is not */

static void *kept[1000];

__attribute__((noinline)) static void keep_1000(size_t size)
{
    for (int i = 0; i < 1000; i++)
        kept[i] = malloc(size);
    __asm__ volatile(""); /* no tail call */
}

static void write_heap_of_all(const char *folder)
{
    struct cpprof_profile *p;
    static char keys[100];
    GIVES(0, cpprof_heap_start(1));
    keep_1000(1);
    cpprof_label_set("a", "b");
    GIVES(0, cpprof_profile_new(&p, "contract"));
    for (int i = 0; i < 100; i++)
        GIVES(0, cpprof_profile_add(p, &keys[i], 0));
    for (int debug = 0; debug < 3; debug++)
        GIVES(0, cpprof_write("threads", path, debug));
    GIVES(0, cpprof_write("contract", path, 0));
    GIVES(0, cpprof_cpu_start(path, 0));
    GIVES(0, cpprof_cpu_stop());
    GIVES(0, cpprof_heap_write(path));
    snprintf(path, sizeof path, "%s/contract-heap.txt", folder);
    GIVES(0, cpprof_write("heap", path, 1));
    snprintf(path, sizeof path, "%s/contract-heap.pb.gz", folder);
    GIVES(0, cpprof_write("heap", path, 0));
    GIVES(0, cpprof_heap_stop());
    cpprof_label_clear();
    for (int i = 0; i < 1000; i++)
        free(kept[i]);
}

static _Atomic int enough;

static void *spin(void *unused)
{
    while (!enough)
        ;
    return unused;
}

static void run_everything(void)
{
    pthread_t thread;
    GIVES(0, cpprof_cpu_start(path, 1000));
    GIVES(0, cpprof_heap_start(0));
    GIVES(0, cpprof_block_start(0));
    GIVES(0, cpprof_mutex_start(0));
    GIVES(0, cpprof_trace_start("/dev/null"));
    pthread_create(&thread, NULL, spin, NULL);
    for (int i = 0; i < 500 && count_timers() < 2; i++)
        usleep(10000);
    EXPECT(count_timers() >= 2); /* one for each thread of the program's */
    EXPECT(count_entries("/proc/self/task") > 2);
    enough = 1;
    pthread_join(thread, NULL);
    GIVES(0, cpprof_trace_stop());
    GIVES(0, cpprof_mutex_stop());
    GIVES(0, cpprof_block_stop());
    GIVES(0, cpprof_heap_stop());
    GIVES(0, cpprof_cpu_stop());
}

/* What the child of a fork has, and that it does no harm to what its parent makes. */
static int be_child(struct cpprof_profile *kept, const char *folder)
{
    char own[4096];
    snprintf(own, sizeof own, "%s/contract-child.pb.gz", folder);
    GIVES(ENOENT, cpprof_cpu_stop());
    GIVES(ENOENT, cpprof_heap_stop());
    GIVES(ENOENT, cpprof_http_stop());
    EXPECT(cpprof_profile_count(kept) == 1);
    GIVES(0, cpprof_profile_remove(kept, kept));
    GIVES(0, cpprof_cpu_start(own, 1000));
    GIVES(0, cpprof_heap_start(0));
    GIVES(0, cpprof_write("threads", own, 0));
    GIVES(0, cpprof_heap_stop());
    GIVES(0, cpprof_cpu_stop());
    EXPECT(access(own, R_OK) == 0 && access(path, F_OK) != 0);
    return checks_failed;
}

static void fork_meanwhile(const char *folder)
{
    struct cpprof_profile *kept;
    int status = -1;
    unlink(path);
    GIVES(0, cpprof_profile_new(&kept, "kept"));
    GIVES(0, cpprof_profile_add(kept, kept, 0));
    GIVES(0, cpprof_cpu_start(path, 1000));
    GIVES(0, cpprof_heap_start(0));
    GIVES(0, cpprof_http_start("127.0.0.1:0"));
    pid_t child = fork();
    if (child == 0)
        _exit(be_child(kept, folder));
    EXPECT(waitpid(child, &status, 0) == child && status == 0);
    EXPECT(cpprof_profile_count(kept) == 1);
    GIVES(0, cpprof_http_stop());
    GIVES(0, cpprof_heap_stop());
    GIVES(0, cpprof_cpu_stop());
    EXPECT(access(path, R_OK) == 0);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    snprintf(path, sizeof path, "%s/contract.pb.gz", argv[1]);
    int descriptors = count_entries("/proc/self/fd");
    refuse_cpu();
    refuse_counted();
    refuse_named();
    refuse_others();
    refuse_late_type();
    run_everything();
    fork_meanwhile(argv[1]);
    EXPECT(count_threads(1) == 1);
    EXPECT(count_timers() == 0);
    EXPECT(count_entries("/proc/self/fd") == descriptors);
    EXPECT(fcntl(0, F_GETFD) >= 0);
    write_heap_of_all(argv[1]);
    return checks_failed;
}
