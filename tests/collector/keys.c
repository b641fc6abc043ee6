/* Custom profiles and threadcreate.
 *
 * usage: keys FOLDER      writes keys.pb.gz, keys.txt, threadcreate.pb.gz, threadcreate.txt
 */
#include "cpprof.h"

#include "tests/collector/checks.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __clang__
#define APART __attribute__((noinline))
#else
#define APART __attribute__((noinline, noclone))
#endif

static struct cpprof_profile *keys;

APART static int open_one(const char *key, int skip)
{
    int error = cpprof_profile_add(keys, key, skip);
    __asm__ volatile(""); /* no tail call: this function is to be on the stack */
    return error;
}

APART static int open_from_first(const char *key, int skip)
{
    int error = open_one(key, skip);
    __asm__ volatile("");
    return error;
}

APART static int open_from_second(const char *key)
{
    int error = open_one(key, 0);
    __asm__ volatile("");
    return error;
}

static void *run(void *unused)
{
    return unused;
}

APART static void create_threads(int count)
{
    pthread_t thread;
    for (volatile int i = 0; i < count; i++)
        if (pthread_create(&thread, NULL, run, NULL) == 0)
            pthread_join(thread, NULL);
}

static int write_all(const char *folder, const char *name, const char *file)
{
    static const struct {
        const char *suffix;
        int debug;
    } forms[] = {{".pb.gz", 0}, {".txt", 1}};
    char path[4096];
    int error = 0;
    for (int i = 0; i < 2 && !error; i++) {
        snprintf(path, sizeof path, "%s/%s%s", folder, file, forms[i].suffix);
        error = cpprof_write(name, path, forms[i].debug);
    }
    return error;
}

int main(int argc, char **argv)
{
    static char many[1000];
    struct cpprof_profile *again = NULL;
    if (argc != 2)
        return 2;
    const char *folder = argv[1];
    EXPECT(cpprof_profile_new(&keys, "test/keys") == 0);
    EXPECT(cpprof_profile_new(&again, "test/keys") == EEXIST && !again);
    EXPECT(cpprof_profile_new(&again, "threads") == EEXIST);
    EXPECT(cpprof_profile_new(&again, "") == EINVAL);
    EXPECT(cpprof_lookup("test/keys") == keys);
    EXPECT(!cpprof_lookup("test/none"));
    EXPECT(strcmp(cpprof_profile_name(keys), "test/keys") == 0);
    EXPECT(cpprof_profile_count(keys) == 0);

    for (int i = 0; i < 1000; i++)
        EXPECT(open_from_first(&many[i], 0) == 0);
    EXPECT(open_from_second(&many[5]) == EEXIST);
    EXPECT(cpprof_profile_count(keys) == 1000);
    for (int i = 0; i < 1000; i++)
        if (i % 100)
            EXPECT(cpprof_profile_remove(keys, &many[i]) == 0);
    EXPECT(cpprof_profile_remove(keys, &many[1]) == ENOENT);
    EXPECT(open_from_second(&many[1]) == 0);
    EXPECT(open_from_first(&many[2], 1) == 0);
    EXPECT(open_from_first(&many[3], 1000) == 0);
    EXPECT(cpprof_profile_count(keys) == 13);
    EXPECT(cpprof_profile_add(cpprof_lookup("threads"), many, 0) == EINVAL);
    EXPECT(cpprof_profile_remove(cpprof_lookup("threads"), many) == EINVAL);
    EXPECT(cpprof_profile_add(keys, many + 7, -1) == EINVAL);
    EXPECT(write_all(folder, "test/keys", "keys") == 0);

    EXPECT(cpprof_write("threadcreate", "/dev/null", 0) == ENOENT);
    EXPECT(cpprof_threadcreate_start() == 0);
    create_threads(7);
    EXPECT(write_all(folder, "threadcreate", "threadcreate") == 0);

    EXPECT(cpprof_write("none", "/dev/null", 0) == ENOENT);
    EXPECT(cpprof_write("threads", "/nowhere/at/all", 0) == ENOENT);
    EXPECT(cpprof_write("threads", "/dev/full", 1) == ENOSPC);
    return checks_failed;
}
