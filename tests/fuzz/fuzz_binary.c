/* ELF files with DWARF: opened, placed, asked for symbols, frames and code. Bytes that do not begin
 * as ELF are maps of symbols, of the kernel and of JIT compilers, and answers of the process that
 * reads binaries. libdw itself is not instrumented, but it crashes all the same where it is led
 * astray. */
#include "analyzer/base/alloc.h"
#include "analyzer/binary/answer.h"
#include "analyzer/binary/binary.h"
#include "analyzer/binary/symbol_map.h"
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SYMBOLS = 64, STEPS = 16 };

static void ask(struct binary *b, uint64_t at)
{
    size_t count;
    const struct binary_frame *frames = binary_frames(b, at, &count);
    for (size_t i = 0; i < count; i++)
        fuzz_must(frames[i].name && frames[i].file && strlen(frames[i].name) < SIZE_MAX);
    const unsigned char *code = binary_code(b, at, &count);
    fuzz_must(!count || code[count - 1] <= 255);
}

static void read_binary(const char *path, uint64_t bits)
{
    struct error err = {0};
    struct binary *b = binary_open(path, &err);
    fuzz_must(b || err.kind);
    if (!b)
        return;
    size_t count;
    const struct binary_symbol *symbols = binary_symbols(b, &count);
    for (size_t i = 0; i < count && i < SYMBOLS; i++) {
        fuzz_must(symbols[i].names[0] && symbols[i].start <= symbols[i].end);
        uint64_t step = (symbols[i].end - symbols[i].start) / STEPS + 1;
        for (uint64_t k = 0; k < STEPS; k++)
            ask(b, symbols[i].start + k * step);
    }
    for (uint64_t at = 0x1000; at < 0x2000; at += 0x40)
        ask(b, at);
    struct binary_mapping m = {0x555555554000, 0x555555564000, fuzz_take(&bits, 4) * 0x1000, NULL};
    uint64_t at;
    if (binary_place(b, &m, m.start + fuzz_take(&bits, 16), &at, &err) == 0)
        ask(b, at);
    binary_close(b);
}

static void read_maps(const char *path)
{
    struct symbol_map *maps[] = {symbol_map_read_perf(path, NULL),
                                 symbol_map_read_kernel(path, NULL)};
    for (size_t i = 0; i < 2; i++) {
        for (uint64_t at = 0; maps[i] && at < 0x10000; at += 0x123)
            symbol_map_find(maps[i], at);
        symbol_map_free(maps[i]);
    }
}

static void read_answer(const uint8_t *data, size_t size, size_t count)
{
    struct lookup_problem problem = {0};
    struct lookup_answer *a = answer_read((const char *)data, size, count, &problem);
    struct lookup_frames *found = xcalloc(count + 1, sizeof *found);
    if (a && !problem.error.kind)
        answer_frames(a, found);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < found[i].count; k++)
            fuzz_must(strlen(found[i].frames[k].name) < size);
    free(found);
    answer_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fd = memfd_create("input", MFD_CLOEXEC);
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    if (size > 4 && memcmp(data, "\177ELF", 4) == 0) {
        read_binary(path, fuzz_bits(data, size));
    } else {
        read_maps(path);
        read_answer(data, size, fuzz_bits(data, size) % 4);
    }
    close(fd);
    return 0;
}
