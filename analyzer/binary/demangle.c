#include "analyzer/binary/demangle.h"

#include "analyzer/binary/demangle_lang.h"

#include <string.h>

static const struct {
    const char *word;
    enum demangle_mode mode;
} modes[] = {
    {"none", DEMANGLE_NONE},
    {"default", DEMANGLE_SIMPLE},
    {"templates", DEMANGLE_TEMPLATES},
    {"full", DEMANGLE_FULL},
};

bool demangle_mode_parse(const char *word, enum demangle_mode *mode)
{
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        if (strcmp(modes[i].word, word) == 0) {
            *mode = modes[i].mode;
            return true;
        }
    return false;
}

static bool starts(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

static bool by_language(struct buf *out, const char *mangled, enum demangle_mode mode)
{
    switch (mangled[0] == '_' ? mangled[1] : '\0') {
    case 'R':
        return demangle_rust(out, mangled, mode);
    case 'D':
        return demangle_dlang(out, mangled, mode);
    case 'Z': {
        size_t before = out->len;
        if (starts(mangled, "_ZN") && demangle_old_rust(out, mangled))
            return true;
        buf_truncate(out, before);
        return demangle_cxx(out, mangled, mode);
    }
    case 'G':
    case '_':
        return demangle_cxx(out, mangled, mode);
    default:
        return false;
    }
}

bool demangle(struct buf *out, const char *mangled, enum demangle_mode mode)
{
    size_t before = out->len;
    if (strnlen(mangled, DEMANGLE_MAX_NAME + 1) <= DEMANGLE_MAX_NAME &&
        by_language(out, mangled, mode) && out->len > before &&
        out->len - before <= DEMANGLE_MAX_TEXT)
        return true;
    buf_truncate(out, before);
    return false;
}
