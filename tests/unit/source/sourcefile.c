/* Tests of analyzer/source/sourcefile.h. */
#include "analyzer/source/sourcefile.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/buf.h"

#include <CUnit/CUnit.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A directory with src/a.c and lib/deep/, and the names of things in it. */
static char root[] = "/tmp/sourcefile-XXXXXX";

static const char *at(const char *name)
{
    static char paths[4][200];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", root, name);
    return path;
}

static void put(const char *name, const char *text, size_t len)
{
    FILE *f = fopen(at(name), "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(f);
    CU_ASSERT_EQUAL(fwrite(text, 1, len, f), len);
    fclose(f);
}

static void begin(void)
{
    strcpy(root, "/tmp/sourcefile-XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(root));
    mkdir(at("src"), 0777);
    mkdir(at("lib"), 0777);
    mkdir(at("lib/deep"), 0777);
    put("src/a.c", "one\ntwo\r\nthree", 14);
}

static void end(void)
{
    char command[100];
    snprintf(command, sizeof command, "rm -rf %s", root);
    CU_ASSERT_EQUAL(system(command), 0);
}

/* The lines of NAME joined by |, or its problem; the caller frees it. */
static char *shown(const char *source_path, const char *trim_path, struct str name)
{
    struct sourcefiles *s = sourcefiles_new(source_path, trim_path);
    const struct sourcefile *f = sourcefiles_get(s, name);
    CU_ASSERT_PTR_EQUAL(sourcefiles_get(s, name), f);
    struct buf b = {0};
    struct str line;
    buf_puts(&b, f->problem ? f->problem : "");
    for (int64_t i = 1; sourcefile_line(f, i, &line); i++) {
        buf_puts(&b, i > 1 ? "|" : "");
        buf_str(&b, line);
    }
    CU_ASSERT_FALSE(sourcefile_line(f, 0, &line));
    CU_ASSERT_FALSE(sourcefile_line(f, -1, &line));
    CU_ASSERT_FALSE(sourcefile_line(f, INT64_MAX, &line));
    sourcefiles_free(s);
    return buf_detach(&b);
}

static void expect(const char *source_path, const char *trim_path, const char *name,
                   const char *want)
{
    char *got = shown(source_path, trim_path, (struct str){name, strlen(name)});
    CU_ASSERT_STRING_EQUAL(got, want);
    if (strcmp(got, want) != 0)
        printf("%s: got \"%s\", want \"%s\"\n", name, got, want);
    free(got);
}

static void test_found(void)
{
    begin();
    char list[500];
    static const char text[] = "one|two|three";
    expect(NULL, NULL, at("src/a.c"), text);     /* absolute */
    expect(at(""), "", "src/a.c", text);         /* below a directory */
    expect(at("lib/deep"), "", "src/a.c", text); /* above it */
    expect("/tmp", "/build", "/build/nowhere.c", "could not find file nowhere.c on path /tmp");
    expect(at("src"), "/build", "/build/a.c", text); /* trimmed as asked */
    expect(at("src"), "", "/build/src/a.c", text);   /* trimmed by the directory's name */
    snprintf(list, sizeof list, "/nonexistent:%s", at("src"));
    expect(list, "", "a.c", text); /* in the second directory */
    expect(at("src"), "", "../lib/../src/./a.c", text);
    expect(at("src"), "", "./a.c", text);
    end();
}

static void test_missing(void)
{
    begin();
    char want[600];
    snprintf(want, sizeof want, "could not find file b.c on path %s", at("src"));
    expect(at("src"), "", "b.c", want);
    expect("/x", "", "/nonexistent/b.c", "open /nonexistent/b.c: no such file or directory");
    snprintf(want, sizeof want, "open %s: not a directory", at("src/a.c/b.c"));
    expect("/x", "", at("src/a.c/b.c"), want);
    char *got = shown("/x", "", (struct str){"/etc\0/passwd", 12});
    CU_ASSERT_STRING_EQUAL(got, "open /etc");
    free(got);
    got = shown("/etc", "", (struct str){"passwd\0", 7});
    CU_ASSERT_STRING_EQUAL(got, "could not find file passwd");
    free(got);
    char *longest = xmalloc(100001);
    memset(longest, 'a', 100000);
    longest[0] = '/';
    got = shown("/x", "", (struct str){longest, 100000});
    CU_ASSERT_PTR_NOT_NULL(strstr(got, ": file name too long"));
    free(got);
    free(longest);
    end();
}

/* The working directory, where nothing else is named. */
static void test_working_directory(void)
{
    begin();
    char *before = getcwd(NULL, 0);
    CU_ASSERT_EQUAL(chdir(at("lib/deep")), 0);
    expect("", "", "src/a.c", "one|two|three");
    CU_ASSERT_EQUAL(chdir(before), 0);
    free(before);
    end();
}

/* What is no file must neither block nor be read, and does not hide a file further up. */
static void test_not_files(void)
{
    begin();
    char want[600];
    CU_ASSERT_EQUAL(mkfifo(at("fifo"), 0600), 0);
    mkdir(at("lib/deep/src"), 0777);
    mkdir(at("lib/deep/src/a.c"), 0777);
    snprintf(want, sizeof want, "open %s: it is no regular file", at("fifo"));
    expect("/x", "", at("fifo"), want);
    snprintf(want, sizeof want, "open %s: it is no regular file", at("src"));
    expect("/x", "", at("src"), want);
    expect("/x", "", "/dev/zero", "open /dev/zero: it is no regular file");
    expect(at("lib/deep"), "", "src/a.c", "one|two|three");
    expect("/x", "", "/proc/self/maps", ""); /* its size is said to be 0 */
    end();
}

static void test_any_bytes(void)
{
    begin();
    put("nul.c", "a\0b\n\n\xff\n", 7);
    char *got = shown(at(""), "", (struct str){"nul.c", 5});
    CU_ASSERT_EQUAL(memcmp(got, "a\0b||\xff", 7), 0);
    free(got);
    put("empty.c", "", 0);
    expect(at(""), "", "empty.c", "");
    put("end.c", "\n", 1);
    struct sourcefiles *s = sourcefiles_new(at(""), "");
    CU_ASSERT_EQUAL(sourcefiles_get(s, (struct str){"end.c", 5})->line_count, 1);
    sourcefiles_free(s);
    put("cr.c", "a\r\r\n\r\n\r", 7);
    expect(at(""), "", "cr.c", "a\r||");

    /* one line of 300 kB: pprof stops at 64 KiB */
    size_t len = 300000;
    char *line = xmalloc(len + 1);
    memset(line, 'x', len);
    line[len] = '\0';
    put("long.c", line, len);
    expect(at(""), "", "long.c", line);
    free(line);
    end();
}

static void test_too_large(void)
{
    begin();
    char want[600];
    put("large.c", "", 0);
    CU_ASSERT_EQUAL(truncate(at("large.c"), 40000000), 0); /* a hole: takes no room */
    snprintf(want, sizeof want, "%s: it is too large to be shown as source (40 MB)", at("large.c"));
    expect("/x", "", at("large.c"), want);

    struct sourcefiles *s = sourcefiles_new(root, "");
    char name[20];
    size_t refused = 0;
    for (int i = 0; i < 10; i++) {
        snprintf(name, sizeof name, "%d.c", i);
        put(name, "", 0);
        CU_ASSERT_EQUAL(truncate(at(name), 30000000), 0);
        refused += sourcefiles_get(s, (struct str){name, strlen(name)})->problem != NULL;
    }
    CU_ASSERT_EQUAL(refused, 2);
    sourcefiles_free(s);
    end();
}

CU_TestInfo sourcefile_tests[] = {
    {"found", test_found},
    {"missing", test_missing},
    {"working directory", test_working_directory},
    {"not files", test_not_files},
    {"any bytes", test_any_bytes},
    {"too large", test_too_large},
    CU_TEST_INFO_NULL,
};
