/* Regular expressions: the first line is the pattern, the rest is what it is matched against. */
#include "tests/fuzz/fuzz.h"

#include "analyzer/base/regex.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *newline = size ? memchr(data, '\n', size) : NULL;
    size_t len = newline ? (size_t)(newline - data) : size;
    char *pattern = malloc(len + 1);
    if (len)
        memcpy(pattern, data, len);
    pattern[len] = '\0';
    struct error err = {0};
    struct regex *re = regex_compile(pattern, "focus", &err);
    if (re) {
        /* Of its own size, so that reading past its end shows. */
        size_t subject_len = newline ? size - len - 1 : 0;
        char *subject = malloc(subject_len + !subject_len);
        if (subject_len)
            memcpy(subject, newline + 1, subject_len);
        bool first = regex_match(re, subject, subject_len);
        if (!regex_failed(re, &err))
            fuzz_must(regex_match(re, subject, subject_len) == first);
        regex_match(re, pattern, len);
        regex_match(re, "", 0);
        fuzz_must(strcmp(regex_text(re), pattern) == 0);
        free(subject);
    } else {
        fuzz_must(err.kind == ERROR_USAGE && *err.text && !strchr(err.text, '\n'));
    }
    regex_free(re);
    free(pattern);
    return 0;
}
