/* Tests of analyzer/cli/shell_complete.h: what an unfinished line can go on with. */
#include "analyzer/cli/shell_complete.h"

#include "analyzer/base/buf.h"
#include "analyzer/cli/config.h"
#include "analyzer/cli/shell.h"
#include "tests/unit/sketch.h"

#include <CUnit/CUnit.h>
#include <stdio.h>
#include <string.h>

/* LINE, with every word that fits at its end: "top mai" → "top main main.c". */
static void goes_on(const char *line, const char *want)
{
    struct session session = {0};
    struct config config;
    struct shell shell;
    struct completion found;
    struct buf got = {0};
    session.profile =
        sketch("samples/count alloc/bytes\n"
               "1 1 : main.(*T).run main.start@a.c std::map<int,~x> ; user=ann port=#80:\n"
               "1 1 : main.stop main.start@b.c ; user=bob size=#64:kb\n");
    config_init(&config);
    shell_init(&shell, &session, &config);
    struct completer *c = completer_new(&shell);
    shell_complete(c, line, strlen(line), &found);
    CU_ASSERT_TRUE_FATAL(found.start <= strlen(line));
    buf_add(&got, line, found.start);
    for (size_t i = 0; i < found.words.count; i++)
        buf_printf(&got, "%s%s", i ? " " : "", found.words.items[i]);
    buf_add(&got, "", 0);
    CU_ASSERT_STRING_EQUAL(got.data, want);
    if (strcmp(got.data, want) != 0)
        fprintf(stderr, "\n%s\n  gives %s\n  not   %s\n", line, got.data, want);
    buf_release(&got);
    completion_release(&found);
    completer_free(c);
    shell_release(&shell);
    config_release(&config);
    profile_free(session.profile);
}

static void test_first_words(void)
{
    goes_on("tre", "tree");
    goes_on("  topp", "  topproto");
    goes_on("tag", "tagfocus= taghide= tagignore= tagleaf= tagroot= tags tagshow=");
    goes_on("total", "total_alloc total_samples");
    goes_on("und", "undo");
    goes_on("relative", "relative_percentages");
    goes_on("merge", "");
    goes_on("xyzzy", "");
}

static void test_functions(void)
{
    goes_on("top main.s", "top main.start main.stop");
    goes_on("top5 main.st", "top5 main.start main.stop");
    goes_on("peek main.(", "peek main.\\(\\*T\\).run");
    goes_on("peek main.\\(\\*T", "peek main.\\(\\*T\\).run");
    goes_on("top x -main.sta", "top x -main.start");
    goes_on("top std", "top \"std::map<int, x>\"");
    goes_on("top 'std::map<int, ", "top \"std::map<int, x>\"");
    goes_on("top tart", "top main.start");
    goes_on("top a ", "top a main.\\(\\*T\\).run main.start main.stop \"std::map<int, x>\"");
    goes_on("top | mai", "");
}

static void test_values(void)
{
    goes_on("mean=", "mean=false true");
    goes_on("lines=t", "lines=true");
    goes_on("granularity=f", "granularity=filefunctions files functions");
    goes_on("sample_index = a", "sample_index = alloc");
    goes_on("focus=main.sto", "focus=main.stop");
    goes_on("hide=std", "hide=std::map<int, x>");
    goes_on("tagfocus=u", "tagfocus=user=");
    goes_on("tagfocus=user=", "tagfocus=user=ann user=bob");
    goes_on("tagfocus=user=ann,s", "tagfocus=user=ann,size=");
    goes_on("tagroot=user,s", "tagroot=user,size");
    goes_on("tags user=b", "tags user=bob");
    goes_on("unit=x", "unit=");
}

static void test_names_and_files(void)
{
    goes_on("help gran", "help granularity");
    goes_on("help und", "help undo");
    goes_on("source examples/READ", "source examples/README.md");
    goes_on("diff exampl", "diff examples/");
    goes_on("top >examples/READ", "top >examples/README.md");
    goes_on("top > examples/READ", "top > examples/README.md");
}

static void test_what_words_have_in_common(void)
{
    struct completion c = {0};
    CU_ASSERT_EQUAL(completion_common(&c), 0);
    lines_add(&c.words, "main.start");
    CU_ASSERT_EQUAL(completion_common(&c), 10);
    lines_add(&c.words, "main.stop");
    CU_ASSERT_EQUAL(completion_common(&c), 7);
    completion_release(&c);
    lines_add(&c.words, "a\xc3\xa4");
    lines_add(&c.words, "a\xc3\xb6");
    CU_ASSERT_EQUAL(completion_common(&c), 1);
    completion_release(&c);
}

CU_TestInfo shell_complete_tests[] = {
    {"first words", test_first_words},
    {"functions", test_functions},
    {"values", test_values},
    {"names and files", test_names_and_files},
    {"what words have in common", test_what_words_have_in_common},
    CU_TEST_INFO_NULL,
};
