/* Tests of analyzer/base/isolate.h: each way in which a child can end. */
#include "analyzer/base/isolate.h"

#include "tests/unit/sketch.h"

#include <CUnit/CUnit.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct isolate_end run(double seconds, isolate_work *work, void *context)
{
    struct isolate_spec spec = {.seconds = seconds, .memory = 256u << 20, .output = 1u << 20};
    struct isolate_end end;
    struct error err = {0};
    CU_ASSERT_EQUAL(isolate_run(&spec, work, context, &end, &err), 0);
    return end;
}

static int write_text(void *context, int out)
{
    return dprintf(out, "%s", (const char *)context) > 0 ? 0 : -1;
}

static void test_done(void)
{
    char text[] = "what was made";
    struct isolate_end end = run(30, write_text, text);
    CU_ASSERT_EQUAL(end.how, ISOLATE_DONE);
    sketch_expect_text(end.output.data, text);
    CU_ASSERT_EQUAL(end.said.len, 0);
    isolate_end_release(&end);
}

static int fail(void *context, int out)
{
    (void)context, (void)out;
    dprintf(STDERR_FILENO, "why\n");
    return -1;
}

static void test_failed(void)
{
    struct isolate_end end = run(30, fail, NULL);
    CU_ASSERT_EQUAL(end.how, ISOLATE_FAILED);
    sketch_expect_text(end.said.data, "why\n");
    isolate_end_release(&end);
}

static int sleep_long(void *context, int out)
{
    (void)context, (void)out;
    sleep(60);
    return 0;
}

static void test_timed_out(void)
{
    struct isolate_end end = run(0.05, sleep_long, NULL);
    CU_ASSERT_EQUAL(end.how, ISOLATE_TIMED_OUT);
    CU_ASSERT_EQUAL(waitpid(-1, NULL, WNOHANG), -1); /* nobody is left */
    isolate_end_release(&end);
}

struct waits {
    int count;
    double last, limit;
};

static void count_wait(void *context, const char *what, double seconds, double limit)
{
    struct waits *w = context;
    CU_ASSERT_STRING_EQUAL(what, "sleeping");
    CU_ASSERT(seconds >= w->last);
    *w = (struct waits){w->count + 1, seconds, limit};
}

static void test_progress(void)
{
    struct waits waits = {0};
    struct progress progress = {.wait = count_wait, .context = &waits};
    struct isolate_spec spec = {.seconds = 0.35,
                                .memory = 256u << 20,
                                .output = 1u << 20,
                                .progress = &progress,
                                .what = "sleeping"};
    struct isolate_end end;
    struct error err = {0};
    CU_ASSERT_EQUAL(isolate_run(&spec, sleep_long, NULL, &end, &err), 0);
    CU_ASSERT_EQUAL(end.how, ISOLATE_TIMED_OUT);
    CU_ASSERT(waits.count >= 2 && waits.count < 100);
    CU_ASSERT_DOUBLE_EQUAL(waits.limit, 0.35, 0);
    isolate_end_release(&end);
}

static int abort_it(void *context, int out)
{
    (void)context, (void)out;
    signal(SIGABRT, SIG_DFL);
    abort();
}

static void test_crashed(void)
{
    struct isolate_end end = run(30, abort_it, NULL);
    CU_ASSERT_EQUAL(end.how, ISOLATE_CRASHED);
    CU_ASSERT_EQUAL(end.signal, SIGABRT);
    isolate_end_release(&end);
}

static int take_memory(void *context, int out)
{
    (void)context, (void)out;
    void *volatile p = malloc((size_t)1 << 30);
    int rc = p ? 0 : -1;
    free(p);
    return rc;
}

static void test_memory_is_limited(void)
{
    struct isolate_end end = run(30, take_memory, NULL);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    CU_ASSERT_EQUAL(end.how, ISOLATE_FAILED);
#endif
    isolate_end_release(&end);
}

static int write_much(void *context, int out)
{
    (void)context;
    static const char piece[65536];
    signal(SIGXFSZ, SIG_IGN);
    for (int i = 0; i < 100; i++)
        if (write(out, piece, sizeof piece) != sizeof piece)
            return -1;
    return 0;
}

static void test_output_is_limited(void)
{
    struct isolate_end end = run(30, write_much, NULL);
    CU_ASSERT_EQUAL(end.how, ISOLATE_FAILED);
    CU_ASSERT(end.output.len <= 1u << 20);
    isolate_end_release(&end);
}

static int talk(void *context, int out)
{
    (void)context, (void)out;
    for (int i = 0; i < 100000; i++)
        dprintf(STDERR_FILENO, "a line that nobody wants to read\n");
    return 0;
}

static void test_talking_does_not_block(void)
{
    struct isolate_end end = run(30, talk, NULL);
    CU_ASSERT_EQUAL(end.how, ISOLATE_DONE);
    CU_ASSERT(end.said.len > 1000 && end.said.len < 10000);
    isolate_end_release(&end);
}

static int interrupt_parent(void *context, int out)
{
    (void)context;
    kill(getppid(), SIGINT);
    return sleep_long(NULL, out);
}

static void test_interrupted(void)
{
    /* whoever started the tests may ignore it, as shells do for what runs in the background */
    void (*before)(int) = signal(SIGINT, SIG_DFL);
    struct isolate_end end = run(30, interrupt_parent, NULL);
    signal(SIGINT, before);
    CU_ASSERT_EQUAL(end.how, ISOLATE_INTERRUPTED);
    CU_ASSERT_EQUAL(end.signal, SIGINT);
    isolate_end_release(&end);
}

CU_TestInfo isolate_tests[] = {
    {"done", test_done},
    {"failed", test_failed},
    {"timed out", test_timed_out},
    {"progress is reported", test_progress},
    {"crashed", test_crashed},
    {"memory is limited", test_memory_is_limited},
    {"output is limited", test_output_is_limited},
    {"talking does not block", test_talking_does_not_block},
    {"interrupted", test_interrupted},
    CU_TEST_INFO_NULL,
};
