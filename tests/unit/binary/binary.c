/* Tests of analyzer/binary/binary.h, find.h and lookup.h on this program itself, which is an ELF
 * file with symbols, wherever the tests are built. tests/run-symbols compares with other tools. */
#include "analyzer/binary/binary.h"

#include "analyzer/binary/find.h"
#include "analyzer/binary/lookup.h"

#include <CUnit/CUnit.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A function to be found. */
__attribute__((noinline)) int binary_test_landmark(int x)
{
    return x * 7 + 1;
}

/* How the code of this program is mapped. */
static int find_mapping(struct dl_phdr_info *info, size_t size, void *out)
{
    struct binary_mapping *m = out;
    (void)size;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *p = &info->dlpi_phdr[i];
        if (p->p_type != PT_LOAD || !(p->p_flags & PF_X))
            continue;
        uint64_t page = p->p_vaddr & ~(uint64_t)4095;
        m->start = info->dlpi_addr + page;
        m->limit = (info->dlpi_addr + p->p_vaddr + p->p_memsz + 4095) & ~(uint64_t)4095;
        m->offset = p->p_offset & ~(uint64_t)4095;
    }
    return 1; /* the first object is the program */
}

static uint64_t landmark(void)
{
    return (uint64_t)(uintptr_t)binary_test_landmark;
}

static void test_finds_its_own_function(void)
{
    struct error err = {0};
    struct binary *b = binary_open("/proc/self/exe", &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(b);
    struct binary_mapping m = {0};
    dl_iterate_phdr(find_mapping, &m);
    uint64_t at = 0;
    size_t count;
    CU_ASSERT_EQUAL(binary_place(b, &m, landmark(), &at, &err), 0);
    const struct binary_symbol *symbol = binary_symbol_at(b, at);
    CU_ASSERT_PTR_NOT_NULL_FATAL(symbol);
    CU_ASSERT_STRING_EQUAL(symbol->names[0], "binary_test_landmark");
    CU_ASSERT_EQUAL(symbol->start, at);
    const struct binary_frame *frames = binary_frames(b, at, &count);
    CU_ASSERT_EQUAL_FATAL(count, 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(frames);
    CU_ASSERT_STRING_EQUAL(frames[0].name, "binary_test_landmark");
    const unsigned char *code = binary_code(b, at, &count);
    CU_ASSERT_TRUE(code && memcmp(code, (const void *)(uintptr_t)landmark(), 4) == 0);
    binary_close(b);
}

static void test_addresses_outside_the_mapping(void)
{
    struct error err = {0};
    struct binary *b = binary_open("/proc/self/exe", &err);
    struct binary_mapping m = {0};
    uint64_t at;
    dl_iterate_phdr(find_mapping, &m);
    CU_ASSERT_EQUAL(binary_place(b, &m, m.limit, &at, &err), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "is not in the mapping of /proc/self/exe at 0x"));
    CU_ASSERT_EQUAL(binary_place(b, &(struct binary_mapping){0}, 0x1234, &at, &err), 0);
    CU_ASSERT_EQUAL(at, 0x1234);
    binary_close(b);
}

/* Writes LEN bytes to a new file and returns its name, to be freed and unlinked. */
static char *temporary(const void *bytes, size_t len)
{
    char name[] = "/tmp/cpprof-unit-XXXXXX";
    int fd = mkstemp(name);
    CU_ASSERT_EQUAL(write(fd, bytes, len), (ssize_t)len);
    close(fd);
    return strdup(name);
}

static void refuse(const char *path, const char *why)
{
    struct error err = {0};
    CU_ASSERT_PTR_NULL(binary_open(path, &err));
    CU_ASSERT_EQUAL(err.kind, ERROR_DATA);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, path));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, why));
}

static void test_what_is_no_binary(void)
{
    char *text = temporary("int main;\n", 10), *empty = temporary("", 0),
         *magic = temporary("\177ELF", 4);
    refuse("/nonexistent/program", "No such file or directory");
    refuse("/tmp", "is no file");
    refuse("/dev/null", "is no file");
    refuse(text, "cannot be read as an ELF file");
    refuse(empty, "cannot be read as an ELF file");
    refuse(magic, "cannot be read as an ELF file");
    unlink(text);
    unlink(empty);
    unlink(magic);
    free(text);
    free(empty);
    free(magic);
}

static void test_looks_up_in_a_child(void)
{
    struct error err = {0};
    struct binary_mapping m = {0};
    dl_iterate_phdr(find_mapping, &m);
    const struct lookup_address addresses[] = {{&m, landmark()}, {&m, m.limit + 1}};
    struct lookup all[] = {
        {.path = "/proc/self/exe", .build_id = "", .addresses = addresses, .count = 2},
        {.path = "/nonexistent/program", .build_id = "", .addresses = addresses, .count = 2},
        {.path = "/proc/self/exe", .build_id = "01ab", .addresses = addresses, .count = 2},
    };
    CU_ASSERT_EQUAL(lookup_run(all, 3, &err), 0);
    CU_ASSERT_EQUAL(all[0].problem.error.kind, ERROR_NONE);
    CU_ASSERT_PTR_NOT_NULL_FATAL(all[0].found);
    CU_ASSERT_EQUAL_FATAL(all[0].found[0].count, 1);
    CU_ASSERT_STRING_EQUAL(all[0].found[0].frames[0].name, "binary_test_landmark");
    CU_ASSERT_EQUAL(all[0].found[1].count, 0);
    CU_ASSERT_EQUAL(all[1].problem.error.kind, ERROR_DATA);
    CU_ASSERT_FALSE(all[1].problem.is_other_build);
    lookup_release(all, 3);
}

/* Makes a link to this program at FOLDER/NAME. */
static void place(const char *folder, const char *name)
{
    char path[500];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    for (char *slash = path + strlen(folder) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
    CU_ASSERT_EQUAL(symlink("/proc/self/exe", path), 0);
}

static void test_search_order(void)
{
    static const char *const places[] = {
        /* from the last to the first */
        "usr/lib/debug/usr/bin/prog.debug",
        "usr/bin/.debug/prog.debug",
        "usr/bin/prog.debug",
        "prog.debug",
        "usr/bin/prog",
        "prog",
    };
    char folder[] = "/tmp/cpprof-unit-XXXXXX", list[100], command[100];
    struct buf found = {0};
    struct lines notes = {0};
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
    snprintf(list, sizeof list, "/nonexistent:%s", folder);
    CU_ASSERT_FALSE(binary_find(&found, "/usr/bin/prog", "", list, &notes));
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        char want[500];
        place(folder, places[i]);
        snprintf(want, sizeof want, "%s/%s", folder, places[i]);
        CU_ASSERT_TRUE(binary_find(&found, "/usr/bin/prog", "", list, &notes));
        CU_ASSERT_STRING_EQUAL(found.data, want);
    }
    CU_ASSERT_EQUAL(notes.count, 0);
    CU_ASSERT_FALSE(binary_find(&found, "/usr/bin/prog", "01ab", list, &notes));
    CU_ASSERT_PTR_NOT_NULL_FATAL(strstr(notes.items[0], "build-id mismatch (01ab != "));
    CU_ASSERT_FALSE(binary_find(&found, "", "", list, &notes));
    snprintf(command, sizeof command, "rm -r %s", folder);
    CU_ASSERT_EQUAL(system(command), 0);
    buf_release(&found);
    lines_release(&notes);
}

CU_TestInfo binary_tests[] = {
    {"finds its own function", test_finds_its_own_function},
    {"addresses outside the mapping", test_addresses_outside_the_mapping},
    {"what is no binary", test_what_is_no_binary},
    {"looks up in a child", test_looks_up_in_a_child},
    {"search order", test_search_order},
    CU_TEST_INFO_NULL,
};
