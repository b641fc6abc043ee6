/* Tests of analyzer/binary/symbol_map.h. */
#include "analyzer/binary/symbol_map.h"

#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct symbol_map *reader(const char *path, struct error *err);

static struct symbol_map *read_text(reader *read_map, const char *text)
{
    char name[] = "/tmp/cpprof-unit-XXXXXX";
    struct error err = {0};
    int fd = mkstemp(name);
    CU_ASSERT_EQUAL(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    struct symbol_map *m = read_map(name, &err);
    unlink(name);
    CU_ASSERT_PTR_NOT_NULL_FATAL(m);
    return m;
}

static void expect(const struct symbol_map *m, uint64_t address, const char *want)
{
    const char *got = symbol_map_find(m, address);
    CU_ASSERT_EQUAL(got != NULL, want != NULL);
    if (got && want)
        CU_ASSERT_STRING_EQUAL(got, want);
}

static void test_perf_map(void)
{
    struct symbol_map *m = read_text(symbol_map_read_perf, "1000 100 LazyCompile:*f main.js:1\r\n"
                                                           "1100 10 stub\n"
                                                           "1080 20 f, again\n");
    expect(m, 0xFFF, NULL);
    expect(m, 0x1000, "LazyCompile:*f main.js:1");
    expect(m, 0x1080, "f, again");
    expect(m, 0x109F, "f, again");
    expect(m, 0x10A0, "LazyCompile:*f main.js:1");
    expect(m, 0x1100, "stub");
    expect(m, 0x1110, NULL);
    symbol_map_free(m);
}

static void test_lines_that_make_no_sense(void)
{
    struct symbol_map *m = read_text(symbol_map_read_perf,
                                     "\n \nx\n10\n10 20\n10 20 \n-1 5 minus\nfffffffffffffffff 1 "
                                     "large\nfffffffffffffff0 ffff end\n zz 1 a\n30 0 none\n");
    expect(m, 0x10, NULL);
    expect(m, 0x30, NULL);
    expect(m, UINT64_MAX - 1, "end");
    symbol_map_free(m);
}

static void test_kernel_map(void)
{
    struct symbol_map *m = read_text(symbol_map_read_kernel, "ffffffff81000200 D some_data\n"
                                                             "ffffffff81000000 T _stext\n"
                                                             "ffffffff81000000 t alias\n"
                                                             "ffffffff81000100 t vfs_read\n"
                                                             "ffffffffc0000000 t init\t[module]\n");
    expect(m, 0xffffffff81000050, "_stext");
    expect(m, 0xffffffff810001ff, "vfs_read");
    expect(m, 0xffffffff81000200, NULL);
    expect(m, 0xffffffffc0000010, "init");
    CU_ASSERT_EQUAL(symbol_map_address(m, "vfs_read"), 0xffffffff81000100);
    CU_ASSERT_EQUAL(symbol_map_address(m, "nothing"), 0);
    symbol_map_free(m);
}

static void test_kernel_that_hides_its_addresses(void)
{
    struct symbol_map *m = read_text(symbol_map_read_kernel, "0000000000000000 T _stext\n"
                                                             "0000000000000000 T vfs_read\n");
    expect(m, 0, NULL);
    CU_ASSERT_EQUAL(symbol_map_address(m, "_stext"), 0);
    symbol_map_free(m);
}

static void test_no_file(void)
{
    struct error err = {0};
    CU_ASSERT_PTR_NULL(symbol_map_read_perf("/nonexistent/perf-1.map", &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "cannot be opened"));
    CU_ASSERT_PTR_NULL(symbol_map_read_perf("/dev/zero", &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "is no file"));
}

CU_TestInfo symbol_map_tests[] = {
    {"perf map", test_perf_map},
    {"lines that make no sense", test_lines_that_make_no_sense},
    {"kernel map", test_kernel_map},
    {"kernel that hides its addresses", test_kernel_that_hides_its_addresses},
    {"no file", test_no_file},
    CU_TEST_INFO_NULL,
};
