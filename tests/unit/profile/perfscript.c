/* Tests of what `perf script` prints: analyzer/profile/perfscript.h and perfscript_line.h. */
#include "analyzer/profile/perfscript.h"

#include "analyzer/profile/perfscript_line.h"
#include "analyzer/profile/profile.h"
#include "tests/unit/formattext.h"

#include <CUnit/CUnit.h>
#include <string.h>

static struct str str(const char *s)
{
    return (struct str){s, strlen(s)};
}

static bool same(struct str s, const char *text)
{
    return s.len == strlen(text) && (!s.len || memcmp(s.ptr, text, s.len) == 0);
}

static void test_call_chains(void)
{
    format_expect_read("burn 21096 12467.890600:    2000000 cpu-clock: \n"
                       "\t           7063a __sin_fma+0x37a (/usr/lib/libm.so.6)\n"
                       "\t            1256 work+0x26 (/tmp/burn)\n"
                       "\tffffffff81752b6a elf_load+0x28a ([kernel.kallsyms])\n"
                       "\n"
                       "burn 21102 12467.891226:    1000000 cpu-clock: \n"
                       "\t    7fe7dc8f2ad7 [unknown] ([unknown])\n"
                       "\t            1256 work+0x26 (/tmp/burn (deleted))\n"
                       "\n",
                       "samples/count cpu-clock/nanoseconds\n"
                       "1 2000000 : 0x7063a=__sin_fma!/usr/lib/libm.so.6 0x1256=work!/tmp/burn "
                       "0xffffffff81752b6a=elf_load![kernel.kallsyms] ; comm=burn tid=#21096\n"
                       "1 1000000 : 0x7fe7dc8f2ad7 0x1256=work!/tmp/burn ; comm=burn "
                       "tid=#21102\n");
}

static void test_frames_beside_headers(void)
{
    format_expect_read(
        "            burn 21222 12470.390202:     250000 cpu-clock:      7fc4 f+0xb8a (/ld.so)\n"
        "            burn 21222 12470.390455:     250000 cpu-clock:  ffff k ([kernel])\n"
        "              bc 21222 12470.390202:          1 cycles:u:  10 [unknown] (/bin/bc)\n",
        "cpu-clock_samples/count cpu-clock/nanoseconds cycles:u_samples/count cycles:u/count\n"
        "1 250000 0 0 : 0x7fc4=f!/ld.so ; comm=burn tid=#21222\n"
        "1 250000 0 0 : 0xffff=k![kernel] ; comm=burn tid=#21222\n"
        "0 0 1 1 : 0x10!/bin/bc ; comm=bc tid=#21222\n");
}

static void test_inlined_frames(void)
{
    format_expect_read("x 1 2.5: cycles: \n"
                       "\t  10 inner (inlined)\n"
                       "\t  10 middle (inlined)\n"
                       "\t  10 outer+0x1 (/x)\n"
                       "\t  20 main+0x1 (/x)\n",
                       "samples/count cycles/count\n"
                       "1 1 : 0x10=inner+middle+outer!/x 0x20=main!/x ; comm=x tid=#1\n");
}

static void test_source_lines(void)
{
    format_expect_read("x 1/2 2.5: 7 cycles: \n"
                       "\t  10 f+0x1 (/x)\n"
                       "  /src/a.c:12\n"
                       "\t  20 g+0x1 (/x)\n"
                       "  ??:0\n",
                       "samples/count cycles/count\n"
                       "1 7 : 0x10=f@/src/a.c:12!/x 0x20=g!/x ; comm=x pid=#1 tid=#2\n");
}

/* "File:" of a report, and the binary that a command line names, are the first mapping. */
static void test_main_binary(void)
{
    struct error err = {0};
    struct profile *p = perfscript_read(str("short 1 1.5: cycles: \n"
                                            "\t 10 f (/lib/libc.so.6)\n"
                                            "\t 10 main (/bin/short)\n"
                                            "\n"
                                            "a-name-too-long 2 1.5: cycles: \n"
                                            "\t 20 f (/lib/libc.so.6)\n"
                                            "\t 20 main (/bin/a-name-too-long-for-comm)\n"
                                            "\n"
                                            "a-name-too-long 2 1.6: cycles: \n"
                                            "\t 30 f (/lib/libc.so.6)\n"
                                            "\n"),
                                        &err);
    static const char *const want[] = {"/bin/a-name-too-long-for-comm", "/bin/short",
                                       "/lib/libc.so.6"};
    CU_ASSERT_PTR_NOT_NULL_FATAL(p);
    CU_ASSERT_EQUAL_FATAL(p->mapping_count, 3);
    for (size_t i = 0; i < 3; i++) {
        CU_ASSERT_STRING_EQUAL(profile_str(p, p->mappings[i].file).ptr, want[i]);
        CU_ASSERT_EQUAL(p->mappings[i].id, i + 1);
    }
    for (size_t i = 0; i < p->location_count; i++) {
        const struct location *l = &p->locations[i];
        struct str function = profile_str(p, p->functions[p->lines[l->first_line].function].name);
        bool in_library = l->mapping == 2;
        CU_ASSERT_EQUAL(in_library, str_is(function, "f"));
    }
    profile_free(p);
}

static void test_odd_symbols(void)
{
    static const struct {
        const char *line, *symbol, *binary;
        uint64_t address;
    } cases[] = {
        {"\t 10 operator()(int) const+0x5 (/x)", "operator()(int) const", "/x", 0x10},
        {"\t 10 (anonymous namespace)::f(int)+0x5 (/x y/z)", "(anonymous namespace)::f(int)",
         "/x y/z", 0x10},
        {"\t 10 f(int)+0x5", "f(int)", "", 0x10},
        {"\t 10 f(int)", "f(int)", "", 0x10},
        {"\t add (/x)", "add", "/x", 0},
        {"\t 7f10 (/x)", "", "/x", 0x7f10},
        {"\t 10 a+b (/x)", "a+b", "/x", 0x10},
        {"\t 10 [unknown] (//anon)", "", "//anon", 0x10},
        {"\t 10 LFoo;::bar ([JIT] tid 7)", "LFoo;::bar", "[JIT] tid 7", 0x10},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct perfscript_frame f;
        CU_ASSERT_TRUE(perfscript_frame_parse(str(cases[i].line), &f));
        CU_ASSERT_TRUE(same(f.symbol, cases[i].symbol));
        CU_ASSERT_TRUE(same(f.binary, cases[i].binary));
        CU_ASSERT_EQUAL(f.address, cases[i].address);
    }
}

static void test_headers(void)
{
    static const struct {
        const char *line, *comm, *event;
        int64_t pid, tid, time, period; /* -1: none */
    } cases[] = {
        {"perf  4242/4243 [002] 1.5: 250000 cycles:u: ", "perf", "cycles:u", 4242, 4243, 1500000000,
         250000},
        {"Web Content 77 12  [000] d.h. 10.000001:  7 cpu-clock:pppH: ", "Web Content 77",
         "cpu-clock:pppH", -1, 12, 10000001000, 7},
        {"swapper     0 [001] 3.25: sched:sched_switch: prev_comm=x", "swapper",
         "sched:sched_switch", -1, 0, 3250000000, -1},
        {"burn 21096 cpu-clock: ", "burn", "cpu-clock", -1, 21096, -1, -1},
        {"burn 21096 9 cpu-clock: ", "burn", "cpu-clock", -1, 21096, -1, 9},
        {"21096 1.000000000: cycles: ", "", "cycles", -1, 21096, 1000000000, -1},
        {"perf [002] 1.5: cycles: ", "perf", "cycles", -1, -1, 1500000000, -1},
        {"1.5: cycles: ", "", "cycles", -1, -1, 1500000000, -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct perfscript_header h;
        CU_ASSERT_TRUE(perfscript_header_parse(str(cases[i].line), &h));
        CU_ASSERT_TRUE(same(h.comm, cases[i].comm));
        CU_ASSERT_TRUE(same(h.event, cases[i].event));
        CU_ASSERT_EQUAL(h.has_pid ? h.pid : -1, cases[i].pid);
        CU_ASSERT_EQUAL(h.has_tid ? h.tid : -1, cases[i].tid);
        CU_ASSERT_EQUAL(h.has_time ? h.time : -1, cases[i].time);
        CU_ASSERT_EQUAL(h.has_period ? h.period : -1, cases[i].period);
    }
}

static void test_no_headers(void)
{
    static const char *const lines[] = {
        "",
        "   ",
        "main;read 12",
        "words: and more words",
        "a 1.5 b",
        "\t 10 f (/x)",
        ":",
        "99999999999999999999.5: x:",
        "perf 1 2.5: PERF_RECORD_MMAP 1/1",
    };
    struct perfscript_header h;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        CU_ASSERT_FALSE(perfscript_header_parse(str(lines[i]), &h));
}

static void test_known(void)
{
    CU_ASSERT_TRUE(perfscript_knows(str("# remark\n\nx 1 2.5: cycles: \n\t 10 f (/x)\n")));
    CU_ASSERT_TRUE(perfscript_knows(str("x 1 cycles: \n\t 10 f (/x)\n")));
    CU_ASSERT_TRUE(perfscript_knows(str("x 0 0.0: PERF_RECORD_MMAP -1/0: x\nx 1 2.5: cycles: \n")));
    CU_ASSERT_FALSE(perfscript_knows(str("")));
    CU_ASSERT_FALSE(perfscript_knows(str("x 1 cycles: \nmore text\n")));
    CU_ASSERT_FALSE(perfscript_knows(str("main;read 12\n")));
    CU_ASSERT_FALSE(perfscript_knows(str("foo 12 bar: 13\nfoo;bar 2\n")));
}

static void test_refused(void)
{
    format_expect_error("x 1 2.5: cycles: \n\t 10 f (/x)\nwhat is this\n",
                        "line 3: neither a sample nor a frame: 'what is this'");
    format_expect_error("x 1 2.5: cycles: \n\n\t 10 f (/x)\n",
                        "line 3: neither a sample nor a frame: '\\x09 10 f (/x)'");
}

CU_TestInfo perfscript_tests[] = {
    {"call chains", test_call_chains},
    {"frames beside headers", test_frames_beside_headers},
    {"inlined frames", test_inlined_frames},
    {"source lines", test_source_lines},
    {"main binary", test_main_binary},
    {"odd symbols", test_odd_symbols},
    {"headers", test_headers},
    {"no headers", test_no_headers},
    {"known", test_known},
    {"refused", test_refused},
    CU_TEST_INFO_NULL,
};
