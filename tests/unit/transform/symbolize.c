/* Tests of analyzer/transform/symbolize.h: what the modes ask for and which mappings are looked at.
 * tests/run-symbols looks at what is found. */
#include "analyzer/transform/symbolize.h"

#include <CUnit/CUnit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct symbolize_spec parsed(const char *text, size_t remarks)
{
    struct symbolize_spec spec = {.search_path = "/nonexistent"};
    struct lines notes = {0};
    symbolize_parse(&spec, text, &notes);
    CU_ASSERT_EQUAL(notes.count, remarks);
    lines_release(&notes);
    return spec;
}

static void test_modes(void)
{
    struct symbolize_spec s = parsed("", 0);
    CU_ASSERT_TRUE(s.local && !s.only_symbols && !s.force && !s.nothing);
    CU_ASSERT_EQUAL(s.demangle, DEMANGLE_SIMPLE);
    s = parsed("fastlocal", 0);
    CU_ASSERT_TRUE(s.local && s.only_symbols);
    s = parsed("None", 0);
    CU_ASSERT_TRUE(s.nothing);
    s = parsed("no:nonsense", 0);
    CU_ASSERT_TRUE(s.nothing);
    s = parsed("LOCAL:Force", 0);
    CU_ASSERT_TRUE(s.local && s.force);
    s = parsed("remote", 1);
    CU_ASSERT_FALSE(s.local);
    s = parsed("demangle=full", 0);
    CU_ASSERT_TRUE(s.local && s.force);
    CU_ASSERT_EQUAL(s.demangle, DEMANGLE_FULL);
    s = parsed("templates", 0); /* pprof takes the word alone, too */
    CU_ASSERT_EQUAL(s.demangle, DEMANGLE_TEMPLATES);
    s = parsed("demangle=default", 0);
    CU_ASSERT_FALSE(s.force);
    parsed("demangle=wrong", 2);
    parsed("::", 0);
}

/* A profile of one location in a mapping of FILE, named NAME if that is not NULL. */
static struct profile *profile_in(const char *file, const char *build_id, const char *name)
{
    struct profile *p = profile_new();
    struct mapping m = {.start = 0x1000,
                        .limit = 0x2000,
                        .file = profile_intern(p, file),
                        .build_id = profile_intern(p, build_id),
                        .has_functions = name != NULL};
    uint32_t mapping = profile_add_mapping(p, m);
    struct line line = {0};
    if (name)
        line.function = profile_add_function(
            p, (struct function){profile_intern(p, name), profile_intern(p, name), 0, 0});
    profile_add_location(p, (struct location){.address = 0x1100, .mapping = mapping}, &line,
                         name != NULL);
    return p;
}

/* As files without mappings become: named, and not marked so. */
static struct profile *unmarked(struct profile *p)
{
    p->mappings[0].has_functions = false;
    return p;
}

/* What is remarked on, lines joined by "|". */
static void remarks(struct profile *p, const char *mode, const char *want)
{
    struct lines notes = {0};
    struct error err = {0};
    struct symbolize_spec spec = parsed(mode, 0);
    struct buf all = {0};
    CU_ASSERT_EQUAL(symbolize_apply(p, &spec, &notes, &err), 0);
    buf_puts(&all, "");
    for (size_t i = 0; i < notes.count; i++)
        buf_printf(&all, "%s%s", i ? "|" : "", notes.items[i]);
    CU_ASSERT_STRING_EQUAL(all.data, want);
    buf_release(&all);
    lines_release(&notes);
    profile_free(p);
}

#define ADVICE                                                                                     \
    "|Some binary filenames not available. Symbolization may be incomplete."                       \
    "|Try setting PPROF_BINARY_PATH to the search path for local binaries."

static void test_which_mappings_are_looked_at(void)
{
    remarks(profile_in("/nonexistent/prog", "", NULL), "",
            "Local symbolization failed for prog: /nonexistent/prog cannot be opened: No such file "
            "or directory" ADVICE);
    remarks(profile_in("/nonexistent/prog", "01ab", NULL), "fastlocal",
            "Local symbolization failed for prog (build ID 01ab): /nonexistent/prog cannot be "
            "opened: No such file or directory" ADVICE);
    remarks(profile_in("", "", NULL), "", "Main binary filename not available.");
    remarks(unmarked(profile_in("", "", "main")), "", "");
    remarks(profile_in("/nonexistent/prog", "", "main"), "", "");
    remarks(profile_in("/nonexistent/prog", "", NULL), "none", "");
    remarks(profile_in("[vsyscall]", "", NULL), "", "");
    remarks(profile_in("[vdso]", "", NULL), "", "");
    remarks(profile_in("//anon", "", NULL), "", "");
    remarks(profile_in("/dev/dri/card0", "", NULL), "", "");
    remarks(profile_in("http://host/pprof", "", NULL), "", "");
}

/* A recorded process is known by its number, which is in no label of its samples. */
static void test_jit_map_of_the_process(void)
{
    char folder[] = "/tmp/cpprof-test-XXXXXX", path[60];
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/perf-4711.map", folder);
    FILE *map = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(map);
    fputs("1100 40 compiled\n", map);
    fclose(map);
    for (uint64_t pid = 4710; pid <= 4711; pid++) {
        struct profile *p = profile_in("//anon", "", NULL);
        struct symbolize_spec spec = parsed("", 0);
        struct lines notes = {0};
        struct error err = {0};
        int64_t one = 1;
        uint32_t location = 0;
        spec.search_path = folder;
        spec.pid = pid;
        profile_set_sample_types(p, &(struct value_type){0}, 1);
        profile_add_sample(p, profile_add_stack(p, &location, 1), 0, &one);
        CU_ASSERT_EQUAL(symbolize_apply(p, &spec, &notes, &err), 0);
        CU_ASSERT_EQUAL(p->locations[0].line_count, pid == 4711);
        if (p->function_count)
            CU_ASSERT_STRING_EQUAL(profile_str(p, p->functions[0].name).ptr, "compiled");
        lines_release(&notes);
        profile_free(p);
    }
    unlink(path);
    rmdir(folder);
}

static void test_names_are_demangled(void)
{
    static const struct {
        const char *mode, *name, *want;
    } rows[] = {
        {"", "_ZN4shop5totalEi", "shop::total"},
        {"demangle=full", "_ZN4shop5totalEi", "shop::total(int)"},
        {"none", "_ZN4shop5totalEi", "_ZN4shop5totalEi"},
        {"", "std::map<int, std::string>::at(int)", "std::map::at"},
        {"demangle=templates", "std::map<int, std::string>::at(int)",
         "std::map<int, std::string>::at"},
        {"demangle=full", "std::map<int>::at(int)", "std::map<int>::at(int)"},
        {"", "main.(*cart[...]).each", "main.(*cart[...]).each"},
        {"", "java.util.List.<init>", "java.util.List.<init>"},
        {"", "plain", "plain"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct profile *p = profile_in("[vsyscall]", "", rows[i].name);
        struct symbolize_spec spec = parsed(rows[i].mode, 0);
        struct lines notes = {0};
        struct error err = {0};
        CU_ASSERT_EQUAL(symbolize_apply(p, &spec, &notes, &err), 0);
        CU_ASSERT_STRING_EQUAL(profile_str(p, p->functions[0].name).ptr, rows[i].want);
        CU_ASSERT_STRING_EQUAL(profile_str(p, p->functions[0].system_name).ptr, rows[i].name);
        lines_release(&notes);
        profile_free(p);
    }
}

CU_TestInfo symbolize_tests[] = {
    {"modes", test_modes},
    {"which mappings are looked at", test_which_mappings_are_looked_at},
    {"the JIT's map of the process", test_jit_map_of_the_process},
    {"names are demangled", test_names_are_demangled},
    CU_TEST_INFO_NULL,
};
