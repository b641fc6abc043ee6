/* Tests of analyzer/transform/tagfilter.h and tagroot.h. */
#include "analyzer/transform/tagfilter.h"

#include "analyzer/transform/tagroot.h"
#include "tests/unit/sketch.h"

#include <CUnit/CUnit.h>
#include <stdio.h>
#include <string.h>

/* --- tagfocus, tagignore */

/* Does EXPRESSION match a sample with LABELS, and is it a range? */
static bool matches(const char *expression, const char *labels, bool is_range)
{
    char text[300];
    snprintf(text, sizeof text, "n/count\n1 : A ; %s\n", labels);
    struct profile *p = sketch(text);
    struct tagunits units;
    struct lines notes = {0};
    struct error err = {0};
    tagunits_init(&units, p, NULL);
    struct tagfilter *f = tagfilter_new("tagfocus", expression, p, &units, &notes, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(f);
    CU_ASSERT_EQUAL(notes.count, is_range ? 1 : 0);
    if (is_range && notes.count) {
        snprintf(text, sizeof text, "tagfocus:Interpreted '%s' as range, not regexp",
                 strchr(expression, '=') ? strchr(expression, '=') + 1 : expression);
        CU_ASSERT_STRING_EQUAL(notes.items[0], text);
    }
    bool result = tagfilter_match(f, &p->labelsets[p->sample_labels[0]]);
    CU_ASSERT_FALSE(tagfilter_failed(f, &err));
    tagfilter_free(f);
    tagunits_release(&units);
    lines_release(&notes);
    profile_free(p);
    return result;
}

struct match_case {
    const char *expression, *labels;
    bool want;
};

static void check(const struct match_case *cases, size_t count, bool is_range)
{
    for (size_t i = 0; i < count; i++) {
        bool got = matches(cases[i].expression, cases[i].labels, is_range);
        CU_ASSERT_EQUAL(got, cases[i].want);
        if (got != cases[i].want)
            fprintf(stderr, "\ntagfocus=%s on %s: %d\n", cases[i].expression, cases[i].labels, got);
    }
}

static void test_ranges(void)
{
    static const struct match_case cases[] = {
        {"32kb", "size=#32:kb", true},       {"32kb", "size=#32768:bytes", true},
        {"32kb", "size=#33:kb", false},      {"32kb", "size=#32:ms", false},
        {":64kb", "size=#64:kb", true},      {":64kb", "size=#65:kb", false},
        {":64kb", "size=#-5:mb", true},      {"4mb:", "size=#4:mb", true},
        {"4mb:", "size=#4095:kb", false},    {"4mb:", "size=#1:gb", true},
        {"12kb:64mb", "size=#12:kb", true},  {"12kb:64mb", "size=#64:mb", true},
        {"12kb:64mb", "size=#11:kb", false}, {"12kb:64mb", "size=#65:mb", false},
        {"64mb:12kb", "size=#1:mb", false}, /* the wrong way round: nothing is in between */
        {"-5:5", "n=#0:count", true},        {"+5", "n=#5:count", true},
        {"5", "n=#5:count", true},
    };
    check(cases, sizeof cases / sizeof *cases, true);
}

/* A key without a unit has its own name for one. */
static void test_range_of_a_key(void)
{
    static const struct match_case cases[] = {
        {"size=32kb", "size=#32:kb", true},       {"size=32kb", "other=#32:kb", false},
        {"size=:40kb", "size=#32:kb", true},      {"request=1kb:", "request=#2048", true},
        {"request=3kb:", "request=#2048", false}, {"=32kb", "any=#32:kb", true},
        {"size=32kb", "size=32kb", false}, /* a text is no number */
    };
    check(cases, sizeof cases / sizeof *cases, true);
}

static void test_regexes_of_a_key_any_will_do(void)
{
    static const struct match_case cases[] = {
        {"color=red", "color=red", true},
        {"color=red", "color=darkred", true},
        {"color=^red$", "color=darkred", false},
        {"color=red", "paint=red", false},
        {"color=blue,red", "color=red", true},
        {"color=blue,green", "color=red", false},
        {"color=blue,green", "color=red color=green", true},
        {"color=", "color=red", true},
        {"color=", "paint=red", false},
        {"=red", "color=red", true},
        {"color=red=x", "color=red=x", true},
        {"size=.", "size=#5:kb", false}, /* numbers are matched by ranges only */
    };
    check(cases, sizeof cases / sizeof *cases, false);
}

static void test_regexes_without_a_key_must_all_match(void)
{
    static const struct match_case cases[] = {
        {"red", "color=red", true},
        {"color:red", "color=red", true},
        {"^color:red$", "color=red", true},
        {"olor", "color=red", true},
        {"red,big", "color=red size=big", true},
        {"red,big", "color=red", false},
        {"red,red", "color=red", true},
        {"red", "size=#5:kb", false},
    };
    check(cases, sizeof cases / sizeof *cases, false);
}

/* What only looks like a range is a regular expression. */
static void test_what_is_no_range(void)
{
    static const struct match_case cases[] = {
        {"5kb:6ms", "k=5kb:6ms", true}, {"5 ", "k=5", false},       {"v5", "k=v5", true},
        {"5|6", "k=6", true},           {"5:6:7", "k=5:6:7", true}, {"::5", "k=::5", true},
        {"5kb ", "size=#5:kb", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CU_ASSERT_EQUAL(matches(cases[i].expression, "k=x", false), false);
    check(cases + 2, 3, false);
}

static void refused(const char *expression, const char *want)
{
    struct profile *p = sketch("n/count\n1 : A\n");
    struct tagunits units;
    struct lines notes = {0};
    struct error err = {0};
    tagunits_init(&units, p, NULL);
    CU_ASSERT_PTR_NULL(tagfilter_new("tagignore", expression, p, &units, &notes, &err));
    CU_ASSERT_EQUAL(err.kind, ERROR_USAGE);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, want));
    tagunits_release(&units);
    lines_release(&notes);
    profile_free(p);
}

static void test_bad_expressions(void)
{
    refused("99999999999999999999kb", "tagignore: 99999999999999999999kb is too large");
    refused("1:99999999999999999999", "tagignore: 99999999999999999999 is too large");
    refused("k=(", "tagignore");
    refused("a,[", "tagignore");
}

/* --- tagroot, tagleaf */

static void rooted(const char *text, const char *root, const char *leaf, const char *want,
                   const char *note)
{
    struct profile *p = sketch(text);
    struct lines notes = {0};
    struct tagroot_spec spec = {root, leaf};
    tagroot_apply(p, &spec, "minimum", &notes);
    sketch_expect(p, want);
    CU_ASSERT_EQUAL(notes.count, note ? 1 : 0);
    if (note && notes.count)
        CU_ASSERT_STRING_EQUAL(notes.items[0], note);
    lines_release(&notes);
    profile_free(p);
}

static void test_tagroot_and_tagleaf(void)
{
    static const char text[] = "n/count\n1 : B A ; color=red size=big\n2 : B A ; color=blue\n";
    rooted(text, NULL, NULL, text, NULL);
    rooted(text, "", ",", text, NULL);
    rooted(text, "color", NULL,
           "n/count\n1 : B A red@color ; color=red size=big\n2 : B A blue@color ; color=blue\n",
           NULL);
    rooted(text, NULL, "color",
           "n/count\n1 : red@color B A ; color=red size=big\n2 : blue@color B A ; color=blue\n",
           NULL);
}

/* A label that a sample lacks leaves an empty name. */
static void test_first_root_key_and_last_leaf_key_are_outermost(void)
{
    static const char text[] = "n/count\n1 : B A ; color=red size=big\n2 : B A ; color=blue\n";
    rooted(text, "color,size", NULL,
           "n/count\n"
           "1 : B A big@size red@color ; color=red size=big\n"
           "2 : B A @size blue@color ; color=blue\n",
           NULL);
    rooted(text, NULL, "color,size",
           "n/count\n"
           "1 : big@size red@color B A ; color=red size=big\n"
           "2 : @size blue@color B A ; color=blue\n",
           NULL);
}

static void test_values_of_pseudo_frames(void)
{
    rooted("n/count\n1 : A ; k=x k=y\n", "k", NULL, "n/count\n1 : A x,y@k ; k=x k=y\n", NULL);
    rooted("n/count\n1 : A ; size=#2048:bytes\n", "size", NULL,
           "n/count\n1 : A 2kB@size ; size=#2048:bytes\n", NULL);
    rooted("n/count\n1 : A ; n=#5\n", "n", NULL, "n/count\n1 : A 5@n ; n=#5\n", NULL);
    rooted("n/count\n1 : ; k=x\n", "k", "k", "n/count\n1 : x@k x@k ; k=x\n", NULL);
}

static void test_missing_keys_are_remarked_on(void)
{
    rooted("n/count\n1 : A\n", "k", NULL, "n/count\n1 : A @k\n",
           "TagRoot expression matched no samples");
    rooted("n/count\n1 : A\n", NULL, "k", "n/count\n1 : @k A\n",
           "TagLeaf expression matched no samples");
}

CU_TestInfo tagfilter_tests[] = {
    {"ranges", test_ranges},
    {"range of a key", test_range_of_a_key},
    {"regexes of a key: any will do", test_regexes_of_a_key_any_will_do},
    {"regexes without a key: all must match", test_regexes_without_a_key_must_all_match},
    {"what is no range", test_what_is_no_range},
    {"bad expressions", test_bad_expressions},
    {"tagroot and tagleaf", test_tagroot_and_tagleaf},
    {"tagroot: order of keys", test_first_root_key_and_last_leaf_key_are_outermost},
    {"tagroot: values", test_values_of_pseudo_frames},
    {"tagroot: missing keys", test_missing_keys_are_remarked_on},
    CU_TEST_INFO_NULL,
};
