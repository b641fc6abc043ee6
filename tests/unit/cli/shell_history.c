/* Tests of analyzer/cli/history.h: lines that outlive the shell. */
#include "analyzer/cli/history.h"

#include <CUnit/CUnit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[40];

static void begin(void)
{
    strcpy(folder, "/tmp/cpprof-test-XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
    setenv("XDG_STATE_HOME", folder, 1);
}

static void end(void)
{
    char path[100];
    snprintf(path, sizeof path, "%s/cpprof/history", folder);
    unlink(path);
    *strrchr(path, '/') = '\0';
    rmdir(path);
    rmdir(folder);
    unsetenv("XDG_STATE_HOME");
}

static void test_lines_are_kept(void)
{
    struct history one, other;
    struct error err = {0};
    struct stat st;
    begin();
    history_load(&one);
    CU_ASSERT_EQUAL(one.lines.count, 0);
    CU_ASSERT_EQUAL(history_add(&one, "top5", &err), 0);
    CU_ASSERT_EQUAL(history_add(&one, "top5", &err), 0);
    CU_ASSERT_EQUAL(history_add(&one, "", &err), 0);
    CU_ASSERT_EQUAL(history_add(&one, "a\033b", &err), 0);
    CU_ASSERT_EQUAL(stat(one.path, &st), 0);
    CU_ASSERT_EQUAL(st.st_mode & 0777, 0600);
    history_load(&other);
    CU_ASSERT_EQUAL_FATAL(other.lines.count, 1);
    CU_ASSERT_STRING_EQUAL(other.lines.items[0], "top5");
    /* Neither shell loses what the other one adds. */
    CU_ASSERT_EQUAL(history_add(&other, "tree", &err), 0);
    CU_ASSERT_EQUAL(history_add(&one, "tags", &err), 0);
    CU_ASSERT_EQUAL(one.lines.count, 3);
    history_release(&one);
    history_release(&other);
    end();
}

static void test_old_lines_go(void)
{
    struct history h;
    struct error err = {0};
    begin();
    history_load(&h);
    history_add(&h, "first", &err);
    FILE *f = fopen(h.path, "w");
    for (int i = 0; i < HISTORY_LINES; i++)
        fprintf(f, "line %d\n", i);
    fclose(f);
    history_add(&h, "last", &err);
    history_release(&h);
    history_load(&h);
    CU_ASSERT_EQUAL_FATAL(h.lines.count, HISTORY_LINES);
    CU_ASSERT_STRING_EQUAL(h.lines.items[0], "line 1");
    CU_ASSERT_STRING_EQUAL(h.lines.items[HISTORY_LINES - 1], "last");
    history_release(&h);
    end();
}

static void test_nowhere_to_keep_them(void)
{
    struct history h;
    struct error err = {0};
    setenv("XDG_STATE_HOME", "/proc/nothing", 1);
    history_load(&h);
    CU_ASSERT_EQUAL(history_add(&h, "top", &err), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "/proc/nothing/cpprof/history: cannot be written"));
    CU_ASSERT_EQUAL(h.lines.count, 1);
    history_release(&h);
    unsetenv("XDG_STATE_HOME");
}

CU_TestInfo shell_history_tests[] = {
    {"lines are kept", test_lines_are_kept},
    {"old lines go", test_old_lines_go},
    {"nowhere to keep them", test_nowhere_to_keep_them},
    CU_TEST_INFO_NULL,
};
