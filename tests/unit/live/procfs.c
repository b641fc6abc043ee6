/* Tests of analyzer/live/procfs.h and build_id.h, on this very process. */
#include "analyzer/live/procfs.h"
#include "analyzer/live/build_id.h"

#include "analyzer/binary/binary.h"

#include <CUnit/CUnit.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void test_maps(void)
{
    struct procfs_maps maps;
    CU_ASSERT_EQUAL_FATAL(procfs_maps_read(&maps, getpid(), NULL), 0);
    const struct procfs_map *code = procfs_maps_find(&maps, (uintptr_t)test_maps);
    CU_ASSERT_PTR_NOT_NULL_FATAL(code);
    CU_ASSERT_TRUE(code->executable);
    CU_ASSERT_PTR_NOT_NULL(strstr(code->file, "/unit-tests"));
    int here = 0;
    const struct procfs_map *stack = procfs_maps_find(&maps, (uintptr_t)&here);
    CU_ASSERT_PTR_NOT_NULL(stack);
    CU_ASSERT_TRUE(!stack || !stack->executable);
    CU_ASSERT_PTR_NULL(procfs_maps_find(&maps, 0));
    for (size_t i = 0; i < maps.count; i++) {
        CU_ASSERT_PTR_EQUAL(procfs_maps_find(&maps, maps.items[i].start), &maps.items[i]);
        CU_ASSERT_PTR_EQUAL(procfs_maps_find(&maps, maps.items[i].limit - 1), &maps.items[i]);
    }
    procfs_maps_release(&maps);
}

static void test_build_id(void)
{
    struct procfs_maps maps;
    unsigned char id[BUILD_ID_MOST];
    char hex[2 * BUILD_ID_MOST + 1] = "";
    CU_ASSERT_EQUAL_FATAL(procfs_maps_read(&maps, getpid(), NULL), 0);
    const struct procfs_map *code = procfs_maps_find(&maps, (uintptr_t)test_build_id);
    CU_ASSERT_PTR_NOT_NULL_FATAL(code);
    size_t len = build_id_read(&maps, (size_t)(code - maps.items), getpid(), id);
    for (size_t i = 0; i < len; i++)
        snprintf(hex + 2 * i, 3, "%02x", id[i]);
    struct binary *b = binary_open("/proc/self/exe", NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(b);
    CU_ASSERT_STRING_EQUAL(hex, binary_build_id(b));
    binary_close(b);
    for (size_t i = 0; i < maps.count; i++)
        if (strcmp(maps.items[i].file, "[vdso]") == 0)
            CU_ASSERT_NOT_EQUAL(build_id_read(&maps, i, getpid(), id), 0);
    procfs_maps_release(&maps);
}

static void test_threads(void)
{
    struct procfs_ids ids = {0};
    struct buf comm = {0};
    procfs_add_threads(&ids, getpid());
    size_t count = ids.count;
    CU_ASSERT(count > 0);
    procfs_add_threads(&ids, getpid());
    CU_ASSERT_EQUAL(ids.count, count);
    procfs_add_comm(&comm, getpid(), getpid());
    CU_ASSERT_STRING_EQUAL(comm.data, "unit-tests");
    CU_ASSERT_FALSE(procfs_has_ended(getpid(), getpid()));
    buf_release(&comm);
    procfs_ids_release(&ids);
}

static void refuses(pid_t pid, const char *words)
{
    struct error err = {0};
    CU_ASSERT_EQUAL(procfs_check(pid, &err), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, words));
}

static void test_what_is_no_process(void)
{
    CU_ASSERT_EQUAL(procfs_check(getpid(), NULL), 0);
    refuses(0x7FFFFFFF, "there is no process 2147483647");
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    siginfo_t info;
    waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT);
    refuses(child, "has ended already");
    CU_ASSERT_TRUE(procfs_has_ended(child, child));
    waitpid(child, NULL, 0);
    refuses(child, "there is no process");
    struct procfs_maps maps;
    struct error err = {0};
    CU_ASSERT_EQUAL(procfs_maps_read(&maps, child, &err), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "there is no process"));
}

CU_TestInfo procfs_tests[] = {
    {"maps", test_maps},       {"build id", test_build_id},
    {"threads", test_threads}, {"what is no process", test_what_is_no_process},
    CU_TEST_INFO_NULL,
};
