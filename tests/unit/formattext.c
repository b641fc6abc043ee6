#include "tests/unit/formattext.h"

#include "analyzer/profile/profile.h"
#include "analyzer/render/convert.h"
#include "tests/unit/sketch.h"

#include <CUnit/CUnit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *format_text(enum file_format f, struct profile *p, size_t value, size_t *len)
{
    FILE *file = tmpfile();
    struct out o;
    struct error err = {0};
    if (!file)
        abort();
    out_init_fd(&o, fileno(file));
    format_writers[f](&o, p, value);
    CU_ASSERT_EQUAL(out_close(&o, &err), 0);
    *len = (size_t)lseek(fileno(file), 0, SEEK_END);
    char *text = calloc(*len + 1, 1);
    if (!text || pread(fileno(file), text, *len, 0) != (ssize_t)*len)
        abort();
    fclose(file);
    return text;
}

void format_expect(enum file_format f, size_t value, const char *sketched, const char *want)
{
    size_t len;
    struct profile *p = sketch(sketched);
    char *text = format_text(f, p, value, &len);
    sketch_expect_text(text, want);
    free(text);
    profile_free(p);
}

void format_expect_read(const char *text, const char *sketched)
{
    struct error err = {0};
    struct profile *p = format_parse((struct str){text, strlen(text)}, &err);
    CU_ASSERT_STRING_EQUAL(err.text, "");
    if (*err.text)
        fprintf(stderr, "\n%s\n", err.text);
    sketch_expect(p, sketched);
    profile_free(p);
}

void format_expect_error(const char *text, const char *want)
{
    struct error err = {0};
    struct profile *p = format_parse((struct str){text, strlen(text)}, &err);
    CU_ASSERT_PTR_NULL(p);
    sketch_expect_text(err.text, want);
    profile_free(p);
}

void format_expect_round(enum file_format f, size_t value, const char *sketched, const char *want)
{
    size_t len;
    struct profile *p = sketch(sketched);
    char *text = format_text(f, p, value, &len);
    format_expect_read(text, want);
    free(text);
    profile_free(p);
}
