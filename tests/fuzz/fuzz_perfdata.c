/* What `perf record` writes, as a file or from a pipe. */
#include "tests/fuzz/fuzz.h"

#include "analyzer/profile/perfdata.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* A copy of its own size, so that reading beyond it is found. */
    uint8_t *copy = malloc(size + !size);
    if (size)
        memcpy(copy, data, size);
    struct error err = {0};
    struct lines notes = {0};
    struct profile *p = perfdata_parse("perf.data", copy, size, NULL, &notes, &err);
    fuzz_must(p || (err.kind == ERROR_DATA && !strchr(err.text, '\n')));
    free(copy);
    lines_release(&notes);
    if (p) {
        fuzz_check_model(p);
        fuzz_reports(p, fuzz_bits(data, size));
    }
    profile_free(p);
    return 0;
}
