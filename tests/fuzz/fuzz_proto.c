/* Profiles as they are in a file (plain, gzip or zstd, and what is none of these goes to the legacy
 * parsers): read, written, read again, and reported. */
#include "tests/fuzz/fuzz.h"

#include "analyzer/base/buf.h"
#include "analyzer/profile/decode.h"
#include "analyzer/transform/compact.h"
#include "analyzer/transform/prune.h"

static int keep(void *context, const void *data, size_t len)
{
    buf_add(context, data, len);
    return 0;
}

static struct profile *read_profile(const void *data, size_t size, struct error *err)
{
    struct source *s = source_open_memory("input", data, size);
    struct profile *p = profile_read(s, NULL, NULL, err);
    source_close(s);
    return p;
}

/* What is written must be readable and hold as much. */
static void check_encoding(const struct profile *p)
{
    struct buf file = {0};
    profile_encode(p, keep, &file);
    struct error err = {0};
    struct profile *again = read_profile(file.data, file.len, &err);
    fuzz_must(again && again->sample_count == p->sample_count &&
              again->sample_type_count == p->sample_type_count &&
              again->mapping_count == p->mapping_count &&
              again->location_count == p->location_count && again->line_count == p->line_count &&
              again->function_count == p->function_count &&
              again->comment_count == p->comment_count);
    profile_free(again);
    buf_release(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t bits = fuzz_bits(data, size);
    struct error err = {0};
    struct profile *p = read_profile(data, size, &err);
    if (!p) {
        fuzz_must(err.kind == ERROR_DATA && strncmp(err.text, "input: ", 7) == 0 &&
                  !strchr(err.text, '\n'));
        return 0;
    }
    fuzz_check_model(p);
    check_encoding(p);
    if (fuzz_take(&bits, 1))
        prune_uninteresting(p);
    if (fuzz_take(&bits, 1))
        p = profile_compact(p);
    fuzz_check_model(p);
    fuzz_reports(p, bits);
    profile_free(p);
    return 0;
}
