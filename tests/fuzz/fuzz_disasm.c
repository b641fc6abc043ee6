/* Machine code: the bytes as instructions of each machine, in both spellings. */
#include "tests/fuzz/fuzz.h"

#include "analyzer/binary/disasm.h"

static bool name(void *context, uint64_t address, bool code, struct buf *out)
{
    buf_printf(out, "f+%llx", (unsigned long long)address);
    return address % 3 != *(uint64_t *)context && code;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct {
        enum binary_machine machine;
        enum disasm_syntax syntax;
    } ways[] = {{BINARY_X86_64, DISASM_ATT},
                {BINARY_X86_64, DISASM_INTEL},
                {BINARY_X86, DISASM_ATT},
                {BINARY_AARCH64, DISASM_ATT}};
    struct error err = {0};
    /* Of its own size, so that reading past its end shows. */
    uint8_t *code = malloc(size + !size);
    if (size)
        memcpy(code, data, size);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct disasm *d = disasm_new(ways[i].machine, ways[i].syntax, &err);
        fuzz_must(d != NULL);
        uint64_t start = fuzz_bits(data, size), at = start;
        const struct disasm_names names = {name, &(uint64_t){i}};
        struct disasm_instruction in;
        disasm_begin(d, code, size, start, &names);
        while (disasm_next(d, &in)) {
            fuzz_must(in.address == at && in.length && *in.text && !strchr(in.text, '\n'));
            at += in.length;
        }
        fuzz_must(at - start == size);
        disasm_free(d);
    }
    free(code);
    return 0;
}
