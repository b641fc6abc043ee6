/* Tests of analyzer/render/out.h. */
#include "analyzer/render/out.h"

#include <CUnit/CUnit.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- what a terminal gets */

static void shown(const char *text, size_t len, bool terminal, const char *want)
{
    struct out o;
    out_init_fd(&o, -1);
    o.terminal = terminal;
    out_str(&o, (struct str){text, len});
    CU_ASSERT_STRING_EQUAL(o.buf.data, want);
    out_abandon(&o);
}

static void test_controls_are_made_visible(void)
{
    shown("a\033[31mb", 7, true, "a^[[31mb");
    shown("\n\r\t", 3, true, "^J^M^I");
    shown("\0\177", 2, true, "^@^?");
    shown("\xC2\x9B", 2, true, "\\xc2\\x9b"); /* CSI as one character of Unicode */
    shown("\x9B\xFF", 2, true, "\\x9b\\xff");
    shown("\xE2\x82", 2, true, "\\xe2\\x82"); /* cut off */
    shown("\xC0\x9B", 2, true, "\\xc0\\x9b"); /* ESC, overlong */
    shown("caf\xC3\xA9 \xE6\x97\xA5", 9, true, "café 日");
}

static void test_elsewhere_bytes_stay(void)
{
    shown("a\033[31mb", 7, false, "a\033[31mb");
    shown("\xC2\x9B\xFF", 3, false, "\xC2\x9B\xFF");
}

/* Text that renderers add by other means than out_str: only colours of ours get through. */
static void test_nothing_else_reaches_a_terminal(void)
{
    char got[200] = "";
    int ends[2];
    struct error err = {0};
    CU_ASSERT_EQUAL_FATAL(pipe(ends), 0);
    struct out o;
    out_init_fd(&o, ends[1]);
    o.terminal = o.color = true;
    out_puts(&o, "10n\033[31ms\t");
    out_color(&o, "\033[1m");
    out_str(&o, (struct str){"a\033\n", 3});
    out_color(&o, "\033[0m");
    out_add(&o, "\n\x9B\0\n", 4);
    CU_ASSERT_EQUAL(out_close(&o, &err), 0);
    close(ends[1]);
    CU_ASSERT(read(ends[0], got, sizeof got - 1) > 0);
    close(ends[0]);
    CU_ASSERT_STRING_EQUAL(got, "10n^[[31ms\t\033[1ma^[^J\033[0m\n\\x9b^@\n");
}

static void cut(const char *text, int width, int column, const char *want)
{
    struct out o;
    out_init_fd(&o, -1);
    o.terminal = true;
    o.width = width;
    out_name(&o, (struct str){text, strlen(text)}, column);
    CU_ASSERT_STRING_EQUAL(o.buf.data, want);
    out_abandon(&o);
}

static void test_names_are_cut_to_the_width(void)
{
    static const char name[] = "abcdefghijklmnopqrstuvwxyz";
    cut(name, 40, 14, name);                        /* fits exactly */
    cut(name, 40, 15, "abcdefghijklmnopqrstuvwx…"); /* 25 columns */
    cut(name, 40, 20, "abcdefghijklmnopqrs…");
    cut(name, 40, 21, name); /* too little room for anything */
    cut(name, 0, 40, name);  /* no width, no cut */
    cut("éééééééééééééééééééééééééé", 40, 20, "ééééééééééééééééééé…");
    cut("éééééééééééééééééééé", 40, 20, "éééééééééééééééééééé");
}

static void test_right_aligned(void)
{
    struct out o;
    out_init_fd(&o, -1);
    out_right(&o, "5ms", 3, 6);
    out_right(&o, "é", 2, 3);
    CU_ASSERT_STRING_EQUAL(o.buf.data, "   5ms  é");
    out_abandon(&o);
}

static void test_printf_of_any_length(void)
{
    char text[2000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    struct out o;
    out_init_fd(&o, -1);
    out_printf(&o, "%s%d", text, 7);
    CU_ASSERT_EQUAL(o.buf.len, sizeof text);
    out_abandon(&o);
}

/* --- files */

struct folder {
    char path[40], file[60];
};

static void folder_make(struct folder *f)
{
    strcpy(f->path, "/tmp/cpprof-test-XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(f->path));
    snprintf(f->file, sizeof f->file, "%s/out", f->path);
}

static void folder_remove(struct folder *f)
{
    chmod(f->path, 0700);
    unlink(f->file);
    CU_ASSERT_EQUAL(rmdir(f->path), 0); /* fails if a temporary file is left in it */
}

static void put(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(f);
    fputs(text, f);
    fclose(f);
}

static void holds(const char *path, const char *want)
{
    char text[100] = "";
    FILE *f = fopen(path, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(f);
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    CU_ASSERT_STRING_EQUAL(text, want);
}

static void test_file_appears_when_closed(void)
{
    struct folder f;
    struct out o;
    struct error err = {0};
    folder_make(&f);
    CU_ASSERT_EQUAL_FATAL(out_init_file(&o, f.file, &err), 0);
    out_puts(&o, "new\n");
    CU_ASSERT_EQUAL(access(f.file, F_OK), -1);
    CU_ASSERT_EQUAL(out_close(&o, &err), 0);
    holds(f.file, "new\n");
    folder_remove(&f);
}

static void test_old_file_stays_until_then(void)
{
    struct folder f;
    struct out o;
    struct error err = {0};
    struct stat st;
    folder_make(&f);
    put(f.file, "old\n");
    chmod(f.file, 0640);
    CU_ASSERT_EQUAL_FATAL(out_init_file(&o, f.file, &err), 0);
    out_puts(&o, "new\n");
    holds(f.file, "old\n");
    CU_ASSERT_EQUAL(out_close(&o, &err), 0);
    holds(f.file, "new\n");
    CU_ASSERT_EQUAL(stat(f.file, &st), 0);
    CU_ASSERT_EQUAL(st.st_mode & 0777, 0640); /* as before */
    folder_remove(&f);
}

static void test_abandoned_file_leaves_nothing_behind(void)
{
    struct folder f;
    struct out o;
    struct error err = {0};
    folder_make(&f);
    put(f.file, "old\n");
    CU_ASSERT_EQUAL_FATAL(out_init_file(&o, f.file, &err), 0);
    out_puts(&o, "new\n");
    out_abandon(&o);
    holds(f.file, "old\n");
    folder_remove(&f);
}

/* Where the system has files without names, nothing has to be cleaned up. */
static void test_death_leaves_nothing_behind(void)
{
    struct folder f;
    folder_make(&f);
    int nameless = open(f.path, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    pid_t child = nameless >= 0 ? fork() : -1;
    if (child == 0) {
        struct out o;
        if (out_init_file(&o, f.file, NULL) == 0) {
            out_puts(&o, "new\n");
            raise(SIGKILL);
        }
        _exit(1);
    }
    if (child > 0) {
        int status = 0;
        CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
        CU_ASSERT_TRUE(WIFSIGNALED(status));
        close(nameless);
    }
    folder_remove(&f);
}

static void test_failed_write_leaves_the_old_file(void)
{
    struct folder f;
    struct out o;
    struct error err = {0};
    folder_make(&f);
    put(f.file, "old\n");
    CU_ASSERT_EQUAL_FATAL(out_init_file(&o, f.file, &err), 0);
    close(o.fd);
    o.fd = open("/dev/full", O_WRONLY); /* a full disk */
    out_puts(&o, "new\n");
    CU_ASSERT_EQUAL(out_close(&o, &err), -1);
    CU_ASSERT_EQUAL(err.kind, ERROR_DATA);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "cannot be written: No space left on device"));
    holds(f.file, "old\n");
    folder_remove(&f);
}

static void test_link_stays_a_link(void)
{
    struct folder f;
    struct out o;
    struct error err = {0};
    struct stat st;
    char link[80];
    folder_make(&f);
    put(f.file, "old\n");
    snprintf(link, sizeof link, "%s/link", f.path);
    CU_ASSERT_EQUAL(symlink(f.file, link), 0);
    CU_ASSERT_EQUAL_FATAL(out_init_file(&o, link, &err), 0);
    out_puts(&o, "new\n");
    CU_ASSERT_EQUAL(out_close(&o, &err), 0);
    holds(f.file, "new\n");
    CU_ASSERT_EQUAL(lstat(link, &st), 0);
    CU_ASSERT_TRUE(S_ISLNK(st.st_mode));
    unlink(link);
    folder_remove(&f);
}

static void test_devices_are_written_to(void)
{
    struct out o;
    struct error err = {0};
    struct stat st;
    CU_ASSERT_EQUAL_FATAL(out_init_file(&o, "/dev/null", &err), 0);
    out_puts(&o, "x");
    CU_ASSERT_EQUAL(out_close(&o, &err), 0);
    CU_ASSERT_EQUAL(stat("/dev/null", &st), 0);
    CU_ASSERT_TRUE(S_ISCHR(st.st_mode));
}

static void test_folder_that_is_not_there(void)
{
    struct out o;
    struct error err = {0};
    CU_ASSERT_EQUAL(out_init_file(&o, "/no/such/folder/out", &err), -1);
    CU_ASSERT_STRING_EQUAL(err.text,
                           "/no/such/folder/out: cannot be written: No such file or directory");
    out_abandon(&o); /* harmless */
}

static void test_closed_pipe_is_no_failure(void)
{
    int ends[2];
    struct out o;
    struct error err = {0};
    void (*old)(int) = signal(SIGPIPE, SIG_IGN);
    CU_ASSERT_EQUAL_FATAL(pipe(ends), 0);
    close(ends[0]);
    out_init_fd(&o, ends[1]);
    out_puts(&o, "nobody reads this");
    CU_ASSERT_EQUAL(out_close(&o, &err), 0);
    close(ends[1]);
    signal(SIGPIPE, old);
}

static void test_descriptor_stays_open(void)
{
    int ends[2];
    char text[10] = "";
    struct out o;
    struct error err = {0};
    CU_ASSERT_EQUAL_FATAL(pipe(ends), 0);
    out_init_fd(&o, ends[1]);
    out_puts(&o, "one");
    CU_ASSERT_EQUAL(out_close(&o, &err), 0);
    CU_ASSERT_EQUAL(write(ends[1], "two", 3), 3);
    CU_ASSERT_EQUAL(read(ends[0], text, sizeof text - 1), 6);
    CU_ASSERT_STRING_EQUAL(text, "onetwo");
    close(ends[0]);
    close(ends[1]);
}

CU_TestInfo out_tests[] = {
    {"controls are made visible", test_controls_are_made_visible},
    {"elsewhere bytes stay", test_elsewhere_bytes_stay},
    {"nothing else reaches a terminal", test_nothing_else_reaches_a_terminal},
    {"names are cut to the width", test_names_are_cut_to_the_width},
    {"right-aligned", test_right_aligned},
    {"out_printf of any length", test_printf_of_any_length},
    {"a file appears when closed", test_file_appears_when_closed},
    {"the old file stays until then", test_old_file_stays_until_then},
    {"an abandoned file leaves nothing", test_abandoned_file_leaves_nothing_behind},
    {"a failed write leaves the old file", test_failed_write_leaves_the_old_file},
    {"death leaves nothing behind", test_death_leaves_nothing_behind},
    {"a link stays a link", test_link_stays_a_link},
    {"devices are written to", test_devices_are_written_to},
    {"a folder that is not there", test_folder_that_is_not_there},
    {"a closed pipe is no failure", test_closed_pipe_is_no_failure},
    {"a descriptor stays open", test_descriptor_stays_open},
    CU_TEST_INFO_NULL,
};
