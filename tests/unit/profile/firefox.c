/* Tests of the Firefox Profiler's format: analyzer/profile/firefox.h, analyzer/render/firefox.h. */
#include "analyzer/profile/firefox.h"

#include "tests/unit/formattext.h"

#include <CUnit/CUnit.h>

#define META(more) "\"meta\": {\"preprocessedProfileVersion\": 57, \"interval\": 1" more "}"
#define STRINGS "[\"main\", \"leaf\", \"m.c\", \"0x1f4\", \"inner\", \"libx.so\"]"
#define FUNCTIONS                                                                                  \
    "\"funcTable\": {\"name\": [0, 1, 3, 4], \"resource\": [-1, 0, 0, 0], \"fileName\": [2, "      \
    "null, null, null], \"lineNumber\": [3, null, null, null]}"
#define RESOURCES                                                                                  \
    "\"resourceTable\": {\"lib\": [0], \"name\": [5], \"host\": [null], \"type\": [1]}"
#define FRAMES                                                                                     \
    "\"frameTable\": {\"func\": [0, 1, 2, 3], \"address\": [-1, 16, 500, 16], \"inlineDepth\": "   \
    "[0, 0, 0, 1], \"line\": [7, null, null, 9], \"column\": [null, null, null, 2]}"
#define STACKS "\"stackTable\": {\"frame\": [0, 1, 3, 2], \"prefix\": [null, 0, 1, 0]}"
#define LIBS "\"libs\": [{\"name\": \"libx.so\", \"path\": \"/lib/libx.so\", \"codeId\": \"abc\"}]"
#define TABLES FUNCTIONS ", " RESOURCES ", " FRAMES ", " STACKS
#define SAMPLES(more)                                                                              \
    "\"samples\": {\"stack\": [0, 2, 3, null, 2], \"time\": [0, 1, 2, 3, 4]" more "}"
#define THREAD(who, samples, rest) "{" who samples ", " rest "}"
#define FILE_OF(meta, threads, rest) "{" meta ", " LIBS ", \"threads\": [" threads "]" rest "}"

/* Tables of the thread's own, as up to version 55. */
static void test_tables_of_threads(void)
{
    format_expect_read(
        FILE_OF(META(""), THREAD("", SAMPLES(""), "\"stringArray\": " STRINGS ", " TABLES), ""),
        "samples/count\n"
        "1 : main@m.c:7\n"
        "2 : 0x10=inner@:9:2+leaf!/lib/libx.so main@m.c:7\n"
        "1 : 0x1f4!/lib/libx.so main@m.c:7\n");
}

/* Tables that all threads share, as in the newest versions. */
static void test_shared_tables(void)
{
    format_expect_read(FILE_OF(META(""), THREAD("", SAMPLES(""), STACKS),
                               ", \"shared\": {\"stringArray\": " STRINGS ", " FUNCTIONS
                               ", " RESOURCES ", " FRAMES "}"),
                       "samples/count\n"
                       "1 : main@m.c:7\n"
                       "2 : 0x10=inner@:9:2+leaf!/lib/libx.so main@m.c:7\n"
                       "1 : 0x1f4!/lib/libx.so main@m.c:7\n");
}

static void test_sources(void)
{
    format_expect_read(
        "{" META("") ", \"threads\": [{\"samples\": {\"stack\": [0]}, \"stackTable\": {\"frame\": "
                     "[0], \"prefix\": [null]}, \"frameTable\": {\"func\": [0]}, \"funcTable\": "
                     "{\"name\": "
                     "[0], \"source\": [1]}}], \"shared\": {\"stringArray\": [\"f\", \"a.js\", "
                     "\"b.js\"], "
                     "\"sources\": {\"filename\": [1, 2]}}}",
        "samples/count\n1 : f@b.js\n");
}

static void test_weights(void)
{
#define ONE(more)                                                                                  \
    FILE_OF(META(""), THREAD("", SAMPLES(more), "\"stringArray\": " STRINGS ", " TABLES), "")
    format_expect_read(ONE(", \"weightType\": \"tracing-ms\", \"weight\": [0.5, 1, 2, 9, -3]"),
                       "time/nanoseconds\n"
                       "500000 : main@m.c:7\n"
                       "-2000000 : 0x10=inner@:9:2+leaf!/lib/libx.so main@m.c:7\n"
                       "2000000 : 0x1f4!/lib/libx.so main@m.c:7\n");
    format_expect_read(ONE(", \"weightType\": \"bytes\", \"weight\": [64, 0, 0, 0, 0]"),
                       "space/bytes\n"
                       "64 : main@m.c:7\n"
                       "0 : 0x10=inner@:9:2+leaf!/lib/libx.so main@m.c:7\n"
                       "0 : 0x1f4!/lib/libx.so main@m.c:7\n");
}

static void test_cpu_time(void)
{
    format_expect_read(
        FILE_OF(META(", \"sampleUnits\": {\"time\": \"ms\", \"threadCPUDelta\": \"\xC2\xB5s\"}"),
                THREAD("", SAMPLES(", \"threadCPUDelta\": [null, 5, 6, 7, 8]"),
                       "\"stringArray\": " STRINGS ", " TABLES),
                ""),
        "samples/count cpu/nanoseconds\n"
        "1 0 : main@m.c:7\n"
        "2 13000 : 0x10=inner@:9:2+leaf!/lib/libx.so main@m.c:7\n"
        "1 6000 : 0x1f4!/lib/libx.so main@m.c:7\n");
}

static void test_threads_become_labels(void)
{
#define TINY(who)                                                                                  \
    "{" who "\"samples\": {\"stack\": [0]}, \"stackTable\": {\"frame\": [0], \"prefix\": "         \
    "[null]}, \"frameTable\": {\"func\": [0]}, \"funcTable\": {\"name\": [0]}}"
    format_expect_read(
        "{" META("") ", \"threads\": [" TINY(
            "\"name\": \"GeckoMain\", \"tid\": 12, \"pid\": "
            "\"11\", \"processName\": \"Web\", ") "," TINY("\"name\": \"Worker\", \"tid\": "
                                                           "\"12-1\", \"pid\": 11, ") "], "
                                                                                      "\"shared\": "
                                                                                      "{\"stringArr"
                                                                                      "ay\": "
                                                                                      "[\"f\"]}}",
        "samples/count\n"
        "1 : f ; comm=GeckoMain process=Web pid=#11 tid=#12\n"
        "1 : f ; comm=Worker tid=12-1 pid=#11\n");
}

/* What the browser writes: rows with a schema, addresses that are not resolved, other processes. */
static void test_gecko(void)
{
#define GECKO                                                                                      \
    "\"samples\": {\"schema\": {\"stack\": 0, \"time\": 1}, \"data\": [[2, 0.5], [3, 1]]}, "       \
    "\"stackTable\": {\"schema\": {\"prefix\": 0, \"frame\": 1}, \"data\": [[null, 0], [0, 1], "   \
    "[1, 2], [1, 3]]}, \"frameTable\": {\"schema\": {\"location\": 0, \"line\": 4, \"column\": "   \
    "5}, \"data\": [[0], [1], [2], [3, false, 0, 0, 21]]}, \"stringTable\": [\"(root)\", "         \
    "\"0x1010\", \"run (http://x/a.js:12:5)\", \"Events::Run\"]"
    format_expect_read(
        "{\"meta\": {\"version\": 27, \"interval\": 1}, \"libs\": [{\"path\": \"/lib/libxul.so\", "
        "\"start\": 4096, \"end\": 8192}], \"threads\": [{\"name\": \"GeckoMain\", \"tid\": 5, "
        "\"pid\": 4, " GECKO "}], \"processes\": [{\"threads\": [{\"name\": \"Web\", " GECKO
        "}]}]}",
        "samples/count\n"
        "1 : run@http://x/a.js:12:5 0x1010!/lib/libxul.so ; comm=GeckoMain pid=#4 tid=#5\n"
        "1 : Events::Run@:21 0x1010!/lib/libxul.so ; comm=GeckoMain pid=#4 tid=#5\n"
        "1 : run@http://x/a.js:12:5 0x1010 ; comm=Web\n"
        "1 : Events::Run@:21 0x1010 ; comm=Web\n");
}

static void test_refused(void)
{
    format_expect_error("{\"meta\": {}, \"threads\": [{}]}", "threads[0]: it has no \"samples\"");
    format_expect_error("{\"meta\": {}, \"threads\": [{\"samples\": {}}]}",
                        "threads[0]: it has no \"stringArray\"");
#define BROKEN(samples, stacks, frames, functions)                                                 \
    "{\"meta\": {}, \"threads\": [{\"samples\": {\"stack\": " samples "}, \"stackTable\": " stacks \
    ", \"frameTable\": {\"func\": " frames "}, \"funcTable\": {\"name\": " functions               \
    "}, \"stringArray\": [\"f\"]}]}"
    format_expect_error(BROKEN("[1]", "{\"frame\": [0], \"prefix\": [null]}", "[0]", "[0]"),
                        "threads[0].samples.stack[0]: 1 is no index of a table with 1 entries");
    format_expect_error(BROKEN("[0]", "{\"frame\": [0], \"prefix\": [7]}", "[0]", "[0]"),
                        "threads[0].stackTable.prefix[0]: 7 is no index of a table with 1 entries");
    format_expect_error(BROKEN("[0]", "{\"frame\": [0], \"prefix\": [0]}", "[0]", "[0]"),
                        "frame 0 of the stacks is its own caller");
    format_expect_error(BROKEN("[0]", "{\"frame\": [3], \"prefix\": [null]}", "[0]", "[0]"),
                        "threads[0].stackTable.frame[0]: 3 is no index of a table with 1 entries");
    format_expect_error(BROKEN("[0]", "{\"frame\": [0], \"prefix\": [null]}", "[1]", "[0]"),
                        "threads[0].frameTable.func[0]: 1 is no index of a table with 1 entries");
    format_expect_error(BROKEN("[0]", "{\"frame\": [0], \"prefix\": [null]}", "[0]", "[\"f\"]"),
                        "threads[0].funcTable.name[0]: it is a text where a number belongs");
    format_expect_error(BROKEN("[0]", "{\"frame\": [0]}", "[0]", "[null]"),
                        "threads[0].funcTable: function 0 has no name");
    format_expect_error(BROKEN("[0]", "[]", "[0]", "[0]"),
                        "threads[0].stackTable: it is an array where an object belongs");
}

static void test_round_trip(void)
{
    const char *const text = "samples/count cpu/nanoseconds\n"
                             "1 10000000 : 0x10=in@a.h:3+out@a.c:9 main@m.c:1 ; comm=x pid=#7 "
                             "tid=#8\n"
                             "2 123456789 : 0x20!libc.so 0x10=in@a.h:3+out@a.c:9 ; comm=x pid=#7 "
                             "tid=#9\n"
                             "-3 0 : main@m.c:1 ; tid=text\n"
                             "4 1 : main@m.c:1\n";
    /* The address stays as it is, for the mapping does not cover it. */
    format_expect_round(FILE_FIREFOX, 1, text, text);
    format_expect_round(FILE_FIREFOX, 0, "contentions/count delay/seconds space/kb\n1 2 3 : a\n",
                        "contentions/count delay/seconds space/kb\n1 2 3 : a\n");
}

static void test_other_labels_and_empty_stacks(void)
{
    format_expect_round(FILE_FIREFOX, 0, "n/count\n1 : a ; x=1 comm=c\n2 : a ; x=2 comm=c\n3 :\n",
                        "n/count\n3 : a ; comm=c\n3 :\n");
}

CU_TestInfo firefox_tests[] = {
    {"tables of threads", test_tables_of_threads},
    {"shared tables", test_shared_tables},
    {"sources", test_sources},
    {"weights", test_weights},
    {"cpu time", test_cpu_time},
    {"threads become labels", test_threads_become_labels},
    {"gecko", test_gecko},
    {"refused", test_refused},
    {"round trip", test_round_trip},
    {"other labels and empty stacks", test_other_labels_and_empty_stacks},
    CU_TEST_INFO_NULL,
};
