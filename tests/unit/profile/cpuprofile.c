/* Tests of V8's CPU profiles: analyzer/profile/cpuprofile.h and analyzer/render/cpuprofile.h. */
#include "analyzer/profile/cpuprofile.h"

#include "tests/unit/formattext.h"

#include <CUnit/CUnit.h>

#define NODE(id, name, more)                                                                       \
    "{\"id\": " #id ", \"callFrame\": {\"functionName\": \"" name "\"}" more "}"
#define ROOT NODE(1, "(root)", ", \"children\": [2]")
#define MAIN NODE(2, "main", ", \"hitCount\": 1, \"children\": [3]")
#define LEAF NODE(3, "leaf", ", \"hitCount\": 3")
#define FILE_OF(nodes, rest)                                                                       \
    "{\"nodes\": [" nodes "], \"startTime\": 100, \"endTime\": 900" rest "}"
#define TREE ROOT ", " MAIN ", " LEAF

static void test_deltas_belong_to_their_samples(void)
{
    format_expect_read(FILE_OF(TREE, ", \"samples\": [2, 3, 3], \"timeDeltas\": [300, 200, 50]"),
                       "samples/count cpu/nanoseconds\n1 300000 : main\n2 250000 : leaf main\n");
}

static void test_parents_instead_of_children(void)
{
    format_expect_read(FILE_OF(NODE(7, "leaf", ", \"parent\": 5") "," NODE(5, "main", ""),
                               ", \"samples\": [7], \"timeDeltas\": [1]"),
                       "samples/count cpu/nanoseconds\n1 1000 : leaf main\n");
}

static void test_call_frames(void)
{
    format_expect_read(
        "{\"startTime\": 0, \"nodes\": ["
        "{\"id\": 1, \"callFrame\": {\"functionName\": \"\", \"url\": \"file:///a/b.js\", "
        "\"lineNumber\": 4}},"
        "{\"id\": 2, \"callFrame\": {\"functionName\": \"(idle)\", \"url\": \"\"}},"
        "{\"id\": 3, \"callFrame\": {\"functionName\": \"f\", \"url\": \"file:///a%20b.js\"}}],"
        "\"samples\": [1, 2, 3], \"timeDeltas\": [1, 2, 3]}",
        "samples/count cpu/nanoseconds\n1 1000 : (anonymous)@/a/b.js\n1 2000 : (idle)\n"
        "1 3000 : f@file:///a%20b.js\n");
}

/* As speedscope has it: the time lost is not made up for. */
static void test_time_that_goes_backwards(void)
{
    format_expect_read(FILE_OF(TREE, ", \"samples\": [2, 3, 2], \"timeDeltas\": [300, -200, 250]"),
                       "samples/count cpu/nanoseconds\n2 350000 : main\n1 0 : leaf main\n");
}

static void test_hit_counts(void)
{
    format_expect_read(FILE_OF(TREE, ""),
                       "samples/count cpu/nanoseconds\n1 200000 : main\n3 600000 : leaf main\n");
}

static void test_samples_without_deltas(void)
{
    format_expect_read(FILE_OF(TREE, ", \"samples\": [2, 3]"),
                       "samples/count cpu/nanoseconds\n1 400000 : main\n1 400000 : leaf main\n");
}

static void test_refused(void)
{
    format_expect_error("{\"nodes\": [{}], \"startTime\": 1}", "nodes[0]: it has no \"id\"");
    format_expect_error("{\"nodes\": [{\"id\": 1}], \"startTime\": 1}",
                        "nodes[0]: it has no \"callFrame\"");
    format_expect_error(FILE_OF(ROOT, ""), "nodes[0].children[0]: there is no node with the id 2");
    format_expect_error(FILE_OF(NODE(1, "a", "") "," NODE(1, "b", ""), ""),
                        "nodes[1].id: a node with the id 1 has come already");
    format_expect_error(FILE_OF(TREE, ", \"samples\": [9], \"timeDeltas\": [1]"),
                        "samples[0]: there is no node with the id 9");
    format_expect_error(FILE_OF(TREE, ", \"samples\": [2], \"timeDeltas\": [1, 2]"),
                        "timeDeltas: it has 2 numbers for 1 samples");
    format_expect_error(
        FILE_OF(NODE(1, "a", ", \"children\": [2]") "," NODE(2, "b", ", \"children\": [1]"),
                ", \"samples\": [1], \"timeDeltas\": [1]"),
        "frame 0 of the stacks is its own caller");
    format_expect_error(FILE_OF(NODE(1, "a", ", \"children\": [3]") "," NODE(
                                    2, "b", ", \"children\": [3]") "," NODE(3, "c", ""),
                                ""),
                        "nodes[1].children[0]: the node has another caller already");
    format_expect_error("{\"nodes\": [], \"startTime\": 5, \"endTime\": 4}",
                        "endTime: it lies before startTime");
    format_expect_error(FILE_OF(NODE(1, "a", ", \"hitCount\": -1"), ""),
                        "nodes[0]: its hit count cannot be");
    format_expect_error(FILE_OF(TREE, ", \"samples\": [2, 2], \"timeDeltas\": [9e15, 9e15]"),
                        "samples[1]: the times before it add up to too much");
}

/* Each sample stands once more than it was taken, at the time where the one before it ended. */
static void test_written(void)
{
    format_expect(FILE_CPUPROFILE, 1,
                  "samples/count cpu/nanoseconds\n2 20000 : leaf main@/m.c\n1 7500 : main@/m.c\n",
                  "{\n"
                  "  \"exporter\": \"cpprof\",\n"
                  "  \"nodes\": [\n"
                  "    {\"id\": 1, \"callFrame\": {\"functionName\": \"(root)\", \"scriptId\": "
                  "\"0\", \"url\": \"\", \"lineNumber\": -1, \"columnNumber\": -1}, \"hitCount\": "
                  "0, \"children\": [2]},\n"
                  "    {\"id\": 2, \"callFrame\": {\"functionName\": \"main\", \"scriptId\": "
                  "\"0\", \"url\": \"file:///m.c\", \"lineNumber\": -1, \"columnNumber\": -1}, "
                  "\"hitCount\": 1, \"children\": [3]},\n"
                  "    {\"id\": 3, \"callFrame\": {\"functionName\": \"leaf\", \"scriptId\": "
                  "\"0\", \"url\": \"\", \"lineNumber\": -1, \"columnNumber\": -1}, \"hitCount\": "
                  "2}\n"
                  "  ],\n"
                  "  \"startTime\": 0,\n"
                  "  \"endTime\": 28,\n"
                  "  \"samples\": [3, 3, 3, 2, 2],\n"
                  "  \"timeDeltas\": [0, 10, 10, 0, 8]\n"
                  "}\n");
}

static void test_round_trip(void)
{
    format_expect_round(FILE_CPUPROFILE, 1,
                        "samples/count cpu/milliseconds\n"
                        "3 30 : leaf@/x.c main@m.c\n"
                        "1 7 : main@m.c\n"
                        "200000 5000 : other\n"
                        "1 1 :\n",
                        "samples/count cpu/nanoseconds\n"
                        "3 30000000 : leaf@/x.c main@m.c\n"
                        "1 7000000 : main@m.c\n"
                        "100000 5000000000 : other\n"
                        "1 1000000 :\n");
}

/* What is no time has to stand as one. */
static void test_bytes(void)
{
    format_expect_round(FILE_CPUPROFILE, 0, "space/bytes\n4096 : a\n-1 : b\n",
                        "samples/count cpu/nanoseconds\n1 4096000 : a\n");
}

CU_TestInfo cpuprofile_tests[] = {
    {"deltas belong to their samples", test_deltas_belong_to_their_samples},
    {"parents instead of children", test_parents_instead_of_children},
    {"call frames", test_call_frames},
    {"time that goes backwards", test_time_that_goes_backwards},
    {"hit counts", test_hit_counts},
    {"samples without deltas", test_samples_without_deltas},
    {"refused", test_refused},
    {"written", test_written},
    {"round trip", test_round_trip},
    {"bytes", test_bytes},
    CU_TEST_INFO_NULL,
};
