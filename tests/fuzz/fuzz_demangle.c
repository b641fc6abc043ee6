/* Mangled names, as they stand in symbol tables: whatever the bytes, demangling ends soon. */
#include "tests/fuzz/fuzz.h"

#include "analyzer/binary/demangle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *name = malloc(size + 1);
    if (size)
        memcpy(name, data, size);
    name[size] = '\0';
    static const char before[] = "before";
    for (enum demangle_mode mode = DEMANGLE_NONE; mode <= DEMANGLE_FULL; mode++) {
        struct buf out = {0}, again = {0};
        buf_puts(&out, before);
        if (demangle(&out, name, mode)) {
            fuzz_must(out.len > strlen(before));
            fuzz_must(out.len - strlen(before) <= DEMANGLE_MAX_TEXT);
            fuzz_must(!strchr(out.data, '\1') || strchr(name, '\1'));
            fuzz_must(!strchr(out.data, '\2') || strchr(name, '\2'));
            fuzz_must(demangle(&again, name, mode));
            fuzz_must(strcmp(out.data + strlen(before), again.data) == 0);
        }
        fuzz_must(strncmp(out.data, before, strlen(before)) == 0);
        fuzz_must(out.data[out.len] == '\0');
        buf_release(&out);
        buf_release(&again);
    }
    free(name);
    return 0;
}
