/* Tests of analyzer/cli/shell.h: what lines do to the options, and what they print. */
#include "analyzer/cli/shell.h"

#include "analyzer/cli/settings.h"
#include "tests/unit/sketch.h"

#include <CUnit/CUnit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct fixture {
    struct session session;
    struct config config;
    struct shell shell;
    struct buf text; /* what the last line printed, or why it failed */
    struct shell_answer answer;
};

static void begin(struct fixture *f)
{
    *f = (struct fixture){0};
    f->session.profile = sketch("samples/count cpu/ms\n"
                                "1 10 : leaf main ; color=red\n"
                                "2 20 : other main\n"
                                "3 30 : main\n");
    config_init(&f->config);
    shell_init(&f->shell, &f->session, &f->config);
}

static void end(struct fixture *f)
{
    shell_release(&f->shell);
    config_release(&f->config);
    profile_free(f->session.profile);
    buf_release(&f->text);
}

static int do_line(struct fixture *f, const char *line)
{
    struct error err = {0};
    buf_clear(&f->text);
    f->answer = (struct shell_answer){.captured = &f->text};
    int rc = shell_exec(&f->shell, line, &f->answer, &err);
    if (rc)
        buf_puts(&f->text, err.text);
    buf_add(&f->text, "", 0);
    return rc;
}

static void prints(struct fixture *f, const char *line, const char *part)
{
    CU_ASSERT_EQUAL(do_line(f, line), 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(f->text.data, part));
    if (!strstr(f->text.data, part))
        fprintf(stderr, "\n%s: %s\n", line, f->text.data);
}

static void refuses(struct fixture *f, const char *line, const char *part)
{
    CU_ASSERT_EQUAL(do_line(f, line), -1);
    CU_ASSERT_FALSE(f->answer.changed);
    CU_ASSERT_PTR_NOT_NULL(strstr(f->text.data, part));
    CU_ASSERT_PTR_NULL(strchr(f->text.data, '\n'));
}

static void changes(struct fixture *f, const char *line)
{
    CU_ASSERT_EQUAL(do_line(f, line), 0);
    CU_ASSERT_TRUE(f->answer.changed);
}

/* The option NAME must have this value. */
static void is(struct fixture *f, const char *name, const char *want)
{
    struct buf b = {0};
    setting_text(&b, &f->shell.config, option_find(name));
    buf_add(&b, "", 0);
    CU_ASSERT_STRING_EQUAL(b.data, want);
    buf_release(&b);
}

static void test_reports_leave_the_profile_alone(void)
{
    struct fixture f;
    begin(&f);
    char *before = sketch_of(f.session.profile);
    prints(&f, "top leaf", "focus=leaf");
    CU_ASSERT_FALSE(f.answer.changed);
    prints(&f, "top", "60ms, 100%");
    prints(&f, "samples", "");
    prints(&f, "top", "6, 100% of 6 total");
    prints(&f, "tags red", "color");
    prints(&f, "top | tr a-z A-Z", "SHOWING NODES");
    prints(&f, "peek nowhere", "cpprof: ");
    char *after = sketch_of(f.session.profile);
    CU_ASSERT_STRING_EQUAL(before, after);
    free(before);
    free(after);
    end(&f);
}

static void test_lines_assign(void)
{
    struct fixture f;
    begin(&f);
    is(&f, "compact_labels", "true");
    changes(&f, "focus=a b //: comment");
    is(&f, "focus", "a b");
    changes(&f, "cum");
    is(&f, "sort", "cum");
    changes(&f, "nodefraction=.25");
    is(&f, "nodefraction", "0.25");
    changes(&f, "sample_index=0");
    is(&f, "sample_index", "samples");
    changes(&f, "mean_cpu");
    is(&f, "sample_index", "cpu");
    is(&f, "mean", "true");
    changes(&f, ":");
    is(&f, "focus", "");
    CU_ASSERT_EQUAL(do_line(&f, "mean=yes"), 0);
    CU_ASSERT_FALSE(f.answer.changed);
    end(&f);
}

static void test_bad_values_change_nothing(void)
{
    struct fixture f;
    begin(&f);
    refuses(&f, "nodecount=ten", "whole number");
    refuses(&f, "mean=maybe", "true or false");
    refuses(&f, "cum=false", "another sort");
    refuses(&f, "granularity=x", "functions");
    refuses(&f, "sample_index=x", "no sample type");
    refuses(&f, "sample_index=7", "outside the range");
    is(&f, "sample_index", "");
    changes(&f, "format=html");
    refuses(&f, "top", "text, json or csv");
    end(&f);
}

static void test_undo_goes_back_a_line_at_a_time(void)
{
    struct fixture f;
    begin(&f);
    refuses(&f, "undo", "nothing to undo");
    changes(&f, "focus=a");
    changes(&f, "focus=b");
    changes(&f, "mean_samples");
    prints(&f, "undo", "mean=false");
    is(&f, "sample_index", "");
    prints(&f, "undo", "focus=a\n");
    CU_ASSERT_TRUE(f.answer.changed);
    is(&f, "focus", "a");
    prints(&f, "undo", "focus=\n");
    refuses(&f, "undo", "nothing to undo");
    end(&f);
}

static void test_a_key_can_do_what_a_line_does(void)
{
    struct fixture f;
    struct error err = {0};
    begin(&f);
    char value[] = "leaf";
    CU_ASSERT_EQUAL(shell_assign(&f.shell, "focus", value, &err), 0);
    memset(value, 'x', 4);
    is(&f, "focus", "leaf");
    prints(&f, "undo", "focus=");
    CU_ASSERT_EQUAL(shell_assign(&f.shell, "nothing", "", &err), -1);
    end(&f);
}

static void test_help_and_options_print(void)
{
    struct fixture f;
    begin(&f);
    prints(&f, "o", "  focus                     = \"\"                   \n");
    prints(&f, "o", "sample_index              = cpu                  //: [samples | cpu");
    prints(&f, "o", "nodecount                 = -1                   //: default\n");
    prints(&f, "help", "Commands:\n");
    CU_ASSERT_PTR_NULL(strstr(f.text.data, "merge"));
    prints(&f, "help top", "usage: top [N] [-cum]");
    prints(&f, "help o", "options");
    prints(&f, "help focus", "usage: focus=REGEX");
    prints(&f, "help cum", "usage: cum");
    prints(&f, "help :", "clears");
    refuses(&f, "help nothing", "nothing is known");
    end(&f);
}

static void test_words_for_the_caller(void)
{
    struct fixture f;
    begin(&f);
    prints(&f, "quit", "");
    CU_ASSERT_EQUAL(f.answer.next, SHELL_ENDS);
    prints(&f, "tui", "");
    CU_ASSERT_EQUAL(f.answer.next, SHELL_OPENS_TUI);
    prints(&f, "", "");
    CU_ASSERT_EQUAL(f.answer.next, SHELL_GOES_ON);
    end(&f);
}

static void test_files_of_lines(void)
{
    struct fixture f;
    char path[] = "/tmp/cpprof-test-XXXXXX", line[100];
    int fd = mkstemp(path);
    begin(&f);
    CU_ASSERT_EQUAL(write(fd, "# filters\nfocus=leaf\n\nhide=x\ntop\n", 33), 33);
    snprintf(line, sizeof line, "source %s", path);
    prints(&f, line, "focus=leaf");
    CU_ASSERT_TRUE(f.answer.changed);
    is(&f, "hide", "x");
    CU_ASSERT_EQUAL(write(fd, line, strlen(line)), (ssize_t)strlen(line));
    CU_ASSERT_EQUAL(do_line(&f, line), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(f.text.data, "source each other too deeply"));
    CU_ASSERT_EQUAL(do_line(&f, "source /nonexistent"), -1);
    CU_ASSERT_EQUAL(ftruncate(fd, 0), 0);
    CU_ASSERT_EQUAL(pwrite(fd, "quit\nfrob\n", 10, 0), 10);
    prints(&f, line, "");
    CU_ASSERT_EQUAL(f.answer.next, SHELL_ENDS);
    close(fd);
    unlink(path);
    end(&f);
}

static void test_a_report_can_be_cancelled(void)
{
    struct fixture f;
    struct error err = {0};
    atomic_bool cancel = true;
    begin(&f);
    struct shell_answer a = {.captured = &f.text, .cancel = &cancel};
    CU_ASSERT_EQUAL(shell_exec(&f.shell, "top | sleep 60", &a, &err), 0);
    end(&f);
}

CU_TestInfo shell_tests[] = {
    {"reports leave the profile alone", test_reports_leave_the_profile_alone},
    {"lines assign", test_lines_assign},
    {"bad values change nothing", test_bad_values_change_nothing},
    {"undo", test_undo_goes_back_a_line_at_a_time},
    {"keys assign", test_a_key_can_do_what_a_line_does},
    {"help and options", test_help_and_options_print},
    {"words for the caller", test_words_for_the_caller},
    {"files of lines", test_files_of_lines},
    {"cancelling", test_a_report_can_be_cancelled},
    CU_TEST_INFO_NULL,
};
