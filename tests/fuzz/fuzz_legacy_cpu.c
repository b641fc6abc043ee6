/* gperftools' binary CPU profiles, with words in memory order
 * that the format's dictionary knows. */
#include "tests/fuzz/fuzz.h"

#include "analyzer/profile/legacy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* A copy of its own size: the parsers must not need a NUL behind the text. */
    char *text = malloc(size + !size);
    if (size)
        memcpy(text, data, size);
    struct error err = {0};
    struct profile *p = legacy_parse(text, size, &err);
    free(text);
    fuzz_must(p || !strchr(err.text, '\n'));
    if (p) {
        fuzz_check_model(p);
        fuzz_reports(p, fuzz_bits(data, size));
    }
    profile_free(p);
    return 0;
}
