/* Tests of analyzer/report/stackgroups.h and of its text. */
#include "analyzer/report/stackgroups.h"

#include "analyzer/render/text_stackgroups.h"
#include "tests/unit/sketch.h"

#include <CUnit/CUnit.h>

static void shows(const char *text, const char *want)
{
    struct profile *p = sketch(text);
    struct stackgroups g;
    struct out o;
    out_init_memory(&o);
    stackgroups_init(&g, p);
    text_stackgroups(&o, &g, "threads");
    buf_putc(&o.buf, '\0');
    sketch_expect_text(o.buf.data, want);
    out_abandon(&o);
    stackgroups_release(&g);
    profile_free(p);
}

static void test_equal_stacks(void)
{
    shows("threads/count\n"
          "1 : 0x10=read 0x21=main@a.c:3 ; comm=shop tid=#5:\n"
          "1 : 0x30=wait 0x41=work ; comm=worker tid=#8:\n"
          "1 : 0x30=wait 0x41=work ; comm=worker tid=#7:\n",
          "threads profile: total 3\n"
          "2 @ 0x30 0x42\n"
          "# labels: {\"comm\":\"worker\"}\n"
          "# threads: 7 8\n"
          "#\t0x30\twait\t\n"
          "#\t0x41\twork\t\n"
          "\n"
          "1 @ 0x10 0x22\n"
          "# labels: {\"comm\":\"shop\"}\n"
          "# threads: 5\n"
          "#\t0x10\tread\t\n"
          "#\t0x21\tmain\ta.c:3\n"
          "\n");
}

static void test_names_tell_apart(void)
{
    shows("threads/count\n"
          "1 : 0x30=wait ; comm=b tid=#2:\n"
          "1 : 0x30=wait ; comm=a tid=#3:\n",
          "threads profile: total 2\n"
          "1 @ 0x30\n"
          "# labels: {\"comm\":\"b\"}\n"
          "# threads: 2\n"
          "#\t0x30\twait\t\n"
          "\n"
          "1 @ 0x30\n"
          "# labels: {\"comm\":\"a\"}\n"
          "# threads: 3\n"
          "#\t0x30\twait\t\n"
          "\n");
}

static void test_inlined_and_unknown(void)
{
    shows("threads/count\n"
          "1 : 0x10=in@a.h:1+out@a.c:9 0x100021!libx ; comm=a\"b\\c\n",
          "threads profile: total 1\n"
          "1 @ 0x10 0x100022\n"
          "# labels: {\"comm\":\"a\\\"b\\\\c\"}\n"
          "#\t0x10\tin\ta.h:1\n"
          "#\t0x10\tout\ta.c:9\n"
          "#\t0x100021\tlibx+0x21\n"
          "\n");
}

static void test_nobody(void)
{
    shows("threads/count\n", "threads profile: total 0\n");
}

CU_TestInfo stackgroups_tests[] = {
    {"equal stacks", test_equal_stacks},
    {"names tell apart", test_names_tell_apart},
    {"inlined and unknown", test_inlined_and_unknown},
    {"nobody", test_nobody},
    CU_TEST_INFO_NULL,
};
