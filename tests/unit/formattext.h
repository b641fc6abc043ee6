/* Foreign formats in tests: a profile as a sketch on one side, a file's text on the other. */
#ifndef CPPROF_TESTS_FORMATTEXT_H
#define CPPROF_TESTS_FORMATTEXT_H

#include "analyzer/profile/formats.h"

/* P as a file of format F; the caller frees it. */
char *format_text(enum file_format f, struct profile *p, size_t value, size_t *len);

/* Asserts that the profile SKETCH describes, written as F, is the text WANT. */
void format_expect(enum file_format f, size_t value, const char *sketch, const char *want);

/* Asserts that the file TEXT is read as the profile SKETCH describes. */
void format_expect_read(const char *text, const char *sketch);

/* Asserts that the file TEXT is refused with this sentence. */
void format_expect_error(const char *text, const char *want);

/* Asserts that the profile SKETCH describes, written as F and read again, is WANT. */
void format_expect_round(enum file_format f, size_t value, const char *sketch, const char *want);

#endif
