/* Tests of speedscope's format: analyzer/profile/speedscope.h and analyzer/render/speedscope.h. */
#include "analyzer/profile/speedscope.h"

#include "tests/unit/formattext.h"

#include <CUnit/CUnit.h>

#define SCHEMA "\"$schema\": \"https://www.speedscope.app/file-format-schema.json\""
#define FILE_OF(frames, profiles)                                                                  \
    "{" SCHEMA ", \"shared\": {\"frames\": [" frames "]}, \"profiles\": [" profiles "]}"
#define AB "{\"name\": \"a\"}, {\"name\": \"b\"}"
#define SAMPLED(unit, samples, weights)                                                            \
    "{\"type\": \"sampled\", \"name\": \"x\", \"unit\": \"" unit "\", \"startValue\": 0, "         \
    "\"endValue\": 9, \"samples\": [" samples "], \"weights\": [" weights "]}"
#define EVENTED(events)                                                                            \
    "{\"type\": \"evented\", \"name\": \"x\", \"unit\": \"milliseconds\", \"startValue\": 0, "     \
    "\"endValue\": 9, \"events\": [" events "]}"

static void test_sampled(void)
{
    format_expect_read(
        FILE_OF("{\"name\": \"main\", \"file\": \"m.c\", \"line\": 3, \"col\": 7}, {\"name\": "
                "\"leaf\"}",
                SAMPLED("none", "[0, 1], [0], [0, 1]", "2, 5, 3")),
        "samples/count\n5 : leaf main@m.c:3:7\n5 : main@m.c:3:7\n");
}

static void test_units(void)
{
    format_expect_read(FILE_OF(AB, SAMPLED("seconds", "[0]", "0.25")),
                       "time/nanoseconds\n250000000 : a\n");
    format_expect_read(FILE_OF(AB, SAMPLED("milliseconds", "[0]", "1.5")),
                       "time/nanoseconds\n1500000 : a\n");
    format_expect_read(FILE_OF(AB, SAMPLED("microseconds", "[0]", "7")),
                       "time/nanoseconds\n7000 : a\n");
    format_expect_read(FILE_OF(AB, SAMPLED("bytes", "[0]", "4096")), "space/bytes\n4096 : a\n");
}

/* What lies between two events belongs to the stack that is open. */
static void test_evented(void)
{
    format_expect_read(FILE_OF(AB, EVENTED("{\"type\": \"O\", \"frame\": 0, \"at\": 1},"
                                           "{\"type\": \"O\", \"frame\": 1, \"at\": 3},"
                                           "{\"type\": \"C\", \"frame\": 1, \"at\": 4},"
                                           "{\"type\": \"C\", \"frame\": 0, \"at\": 4.5},"
                                           "{\"type\": \"O\", \"frame\": 1, \"at\": 7},"
                                           "{\"type\": \"C\", \"frame\": 1, \"at\": 8}")),
                       "time/nanoseconds\n2500000 : a\n1000000 : b a\n1000000 : b\n");
}

static void test_profiles_are_threads(void)
{
    format_expect_read(FILE_OF(AB, SAMPLED("none", "[0]", "1") "," SAMPLED("none", "[0]", "2")),
                       "samples/count\n3 : a ; comm=x\n");
    format_expect_read(FILE_OF(AB, SAMPLED("none", "[0]", "1") "," SAMPLED("bytes", "[0]", "2")),
                       "samples/count space/bytes\n1 2 : a ; comm=x\n");
}

static void test_refused(void)
{
    format_expect_error("{" SCHEMA "}", "it has no \"shared\"");
    format_expect_error("{" SCHEMA ", \"shared\": {\"frames\": 3}}",
                        "shared.frames: it is a number where an array belongs");
    format_expect_error(FILE_OF("{}", ""), "shared.frames[0]: it has no \"name\"");
    format_expect_error(FILE_OF(AB, ""), "profiles: it is empty");
    format_expect_error(FILE_OF(AB, "{\"type\": \"sampled\", \"unit\": \"miles\"}"),
                        "profiles[0].unit: \"miles\" is no unit of speedscope's");
    format_expect_error(FILE_OF(AB, "{\"type\": \"other\"}"),
                        "profiles[0]: its type is neither \"sampled\" nor \"evented\"");
    format_expect_error(FILE_OF(AB, SAMPLED("none", "[2]", "1")),
                        "profiles[0].samples[0][0]: 2 is no index of a table with 2 entries");
    format_expect_error(FILE_OF(AB, SAMPLED("none", "[-1]", "1")),
                        "profiles[0].samples[0][0]: -1 is no index of a table with 2 entries");
    format_expect_error(FILE_OF(AB, SAMPLED("none", "[0], 7", "1, 1")),
                        "profiles[0].samples[1]: it is no list of frames");
    format_expect_error(FILE_OF(AB, SAMPLED("none", "[0]", "")),
                        "profiles[0].weights: it has 0 numbers for 1 samples");
    format_expect_error(FILE_OF(AB, SAMPLED("none", "[0]", "\"1\"")),
                        "profiles[0].weights[0]: it is a text where a number belongs");
    format_expect_error(FILE_OF(AB, SAMPLED("seconds", "[0]", "1e18")),
                        "profiles[0].weights[0]: the number is too large");
}

static void test_bad_events(void)
{
    format_expect_error(FILE_OF(AB, EVENTED("{\"type\": \"C\", \"frame\": 0, \"at\": 1}")),
                        "profiles[0].events[0]: it closes a frame that is not the innermost open "
                        "one");
    format_expect_error(FILE_OF(AB, EVENTED("{\"type\": \"O\", \"frame\": 0, \"at\": 1}")),
                        "profiles[0].events: 1 frames are never closed");
    format_expect_error(FILE_OF(AB, EVENTED("{\"type\": \"O\", \"frame\": 0, \"at\": 2},"
                                            "{\"type\": \"C\", \"frame\": 0, \"at\": 1}")),
                        "profiles[0].events[1].at: it lies before the event before it");
    format_expect_error(FILE_OF(AB, EVENTED("{\"type\": \"X\", \"frame\": 0, \"at\": 2}")),
                        "profiles[0].events[0]: its type is neither O nor C");
}

static void test_written(void)
{
    format_expect(FILE_SPEEDSCOPE, 1,
                  "samples/count cpu/nanoseconds\n"
                  "1 10 : leaf@f.c:7:2 main ; color=red\n"
                  "2 0 : leaf@f.c:7:2 main ; color=blue\n"
                  "0 -4 : main\n",
                  "{\n"
                  "  " SCHEMA ",\n"
                  "  \"exporter\": \"cpprof\",\n"
                  "  \"activeProfileIndex\": 1,\n"
                  "  \"shared\": {\"frames\": [\n"
                  "      {\"name\": \"leaf\", \"file\": \"f.c\", \"line\": 7, \"col\": 2},\n"
                  "      {\"name\": \"main\"}\n"
                  "    ]},\n"
                  "  \"profiles\": [\n"
                  "    {\n"
                  "      \"type\": \"sampled\",\n"
                  "      \"name\": \"samples\",\n"
                  "      \"unit\": \"none\",\n"
                  "      \"startValue\": 0,\n"
                  "      \"endValue\": 3,\n"
                  "      \"samples\": [\n"
                  "        [1, 0]\n"
                  "      ],\n"
                  "      \"weights\": [3]\n"
                  "    },\n"
                  "    {\n"
                  "      \"type\": \"sampled\",\n"
                  "      \"name\": \"cpu\",\n"
                  "      \"unit\": \"nanoseconds\",\n"
                  "      \"startValue\": 0,\n"
                  "      \"endValue\": 10,\n"
                  "      \"samples\": [\n"
                  "        [1, 0]\n"
                  "      ],\n"
                  "      \"weights\": [10]\n"
                  "    }\n"
                  "  ]\n"
                  "}\n");
}

static void test_round_trip(void)
{
    format_expect_round(FILE_SPEEDSCOPE, 0,
                        "objects/count space/bytes delay/microseconds\n"
                        "1 4096 9007199254740993 : in@a.h:3+out@a.c:9 main@m.c:1\n"
                        "2 0 1 : \"quoted\"~and\xC3\xA9 main@m.c:1\n"
                        "3 1 1 :\n",
                        "objects/count space/bytes delay/microseconds\n"
                        "1 4096 9007199254740993 : in@a.h:3 out@a.c:9 main@m.c:1\n"
                        "2 0 1 : \"quoted\"~and\xC3\xA9 main@m.c:1\n"
                        "3 1 1 :\n");
}

CU_TestInfo speedscope_tests[] = {
    {"sampled", test_sampled}, {"units", test_units},
    {"evented", test_evented}, {"profiles are threads", test_profiles_are_threads},
    {"refused", test_refused}, {"bad events", test_bad_events},
    {"written", test_written}, {"round trip", test_round_trip},
    CU_TEST_INFO_NULL,
};
