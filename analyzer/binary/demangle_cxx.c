#include "analyzer/binary/demangle_lang.h"
#include "analyzer/binary/demangle_tree.h"

#include <ctype.h>
#include <libiberty/demangle.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

/* The text as it comes from libiberty, in pieces, on its way to OUT. */
struct text {
    struct buf *out;
    size_t start;        /* of the name in OUT */
    bool keep_templates; /* else their arguments are left out */
    size_t depth;        /* of the arguments that are being left out */
    size_t list_start;   /* in OUT, after the '<' that was added last */
    char expect;         /* a byte of libiberty's that goes with a mark */
    jmp_buf too_long;
};

static char last(const struct text *t)
{
    return t->out->len > t->start ? t->out->data[t->out->len - 1] : '\0';
}

static bool ends(const struct text *t, const char *with)
{
    size_t len = strlen(with), have = t->out->len - t->start;
    return have >= len && memcmp(t->out->data + t->out->len - len, with, len) == 0;
}

static void add(struct text *t, char c)
{
    /* The separator of an argument that has no text: libiberty leaves those at the end out, pprof
     * all of them. */
    if (c == ' ' && last(t) == ',') {
        size_t before = t->out->len - 1;
        buf_truncate(t->out, before);
        if (ends(t, "(") || ends(t, ", ") || before == t->list_start)
            return;
        buf_putc(t->out, ',');
    }
    buf_putc(t->out, c);
}

static void open_arguments(struct text *t)
{
    t->expect = '<';
    if (!t->keep_templates) {
        t->depth++;
    } else if (t->depth == 0) {
        if (last(t) == '<') /* operator< and its arguments */
            add(t, ' ');
        add(t, '<');
        t->list_start = t->out->len;
    }
}

static void close_arguments(struct text *t)
{
    t->expect = '>';
    if (!t->keep_templates) {
        t->depth--;
        return;
    }
    while (t->out->len > t->list_start && ends(t, ", "))
        buf_truncate(t->out, t->out->len - 2);
    if (last(t) == '>')
        add(t, ' ');
    add(t, '>');
}

static void take(const char *s, size_t len, void *opaque)
{
    struct text *t = opaque;
    for (size_t i = 0; i < len; i++) {
        if (t->expect && s[i] == t->expect)
            t->expect = '\0';
        else if (s[i] == DEMANGLE_ARGS_OPEN)
            open_arguments(t);
        else if (s[i] == DEMANGLE_ARGS_CLOSE)
            close_arguments(t);
        else if (t->depth == 0)
            add(t, s[i]);
    }
    /* Leaves libiberty, which has nothing but its stack to leave behind here. */
    if (t->out->len - t->start > DEMANGLE_MAX_TEXT)
        longjmp(t->too_long, 1);
}

static const struct {
    struct demangle_parts parts;
    bool templates;
} by_mode[] = {
    [DEMANGLE_NONE] = {{.params = true, .enclosing_params = true, .clones = true}, true},
    [DEMANGLE_SIMPLE] = {{0}, false},
    [DEMANGLE_TEMPLATES] = {{0}, true},
    [DEMANGLE_FULL] = {{.params = true, .enclosing_params = true}, true},
};

static bool demangle_as_it_is(struct buf *out, const char *mangled, struct demangle_parts parts,
                              bool templates)
{
    struct demangle_tree tree;
    if (!demangle_tree_init(&tree, mangled, parts))
        return false;
    struct text t = {
        .out = out, .start = out->len, .keep_templates = templates, .list_start = SIZE_MAX};
    bool good = false;
    if (setjmp(t.too_long) == 0)
        good = cplus_demangle_print_callback(DMGL_ANSI | DMGL_PARAMS, tree.root, take, &t) != 0;
    demangle_tree_release(&tree);
    return good;
}

/* A name that begins with _Z. Where clang writes fL0p, a parameter of the function around the type
 * this is in, libiberty knows fp only, and both are printed alike. */
static bool demangle_encoding(struct buf *out, const char *mangled, struct demangle_parts parts,
                              bool templates)
{
    static const char parameter[] = "fL0p";
    size_t before = out->len;
    if (demangle_as_it_is(out, mangled, parts, templates))
        return true;
    const char *found = strstr(mangled, parameter);
    if (!found)
        return false;
    buf_truncate(out, before);
    struct buf other = {0};
    for (; found; found = strstr(mangled, parameter)) {
        buf_add(&other, mangled, (size_t)(found - mangled));
        buf_puts(&other, "fp");
        mangled = found + strlen(parameter);
    }
    buf_puts(&other, mangled);
    bool good = demangle_as_it_is(out, other.data, parts, templates);
    buf_release(&other);
    return good;
}

/* What clang calls the function of a block of Objective-C: ___Z, the encoding of the function it is
 * in, _block_invoke, and a number. */
static bool demangle_block(struct buf *out, const char *mangled, enum demangle_mode mode)
{
    static const char mark[] = "_block_invoke";
    const char *block = NULL;
    for (const char *p = mangled; (p = strstr(p, mark)); p++)
        block = p;
    if (!block)
        return false;
    const char *rest = block + strlen(mark);
    rest += *rest == '_';
    while (isdigit((unsigned char)*rest))
        rest++;
    if (*rest && *rest != '.')
        return false;
    struct buf inner = {0};
    buf_add(&inner, mangled + 2, (size_t)(block - mangled) - 2);
    buf_puts(out, "invocation function for block in ");
    bool good = demangle_encoding(out, inner.data, by_mode[mode].parts, by_mode[mode].templates);
    buf_release(&inner);
    return good;
}

/* _GLOBAL__I_NAME, what runs constructors or destructors (D) of a file known by one of its names.
 */
static bool demangle_global(struct buf *out, const char *mangled, enum demangle_mode mode)
{
    const char *name = mangled + strlen("_GLOBAL_");
    if (!*name || !strchr("._$", name[0]) || !name[1] || !strchr("ID", name[1]) || name[2] != '_' ||
        !name[3])
        return false;
    buf_puts(out,
             name[1] == 'I' ? "global constructors keyed to " : "global destructors keyed to ");
    if (strncmp(name + 3, "_Z", 2) != 0) {
        buf_puts(out, name);
        return true;
    }
    struct demangle_parts parts = by_mode[mode].parts;
    parts.clones = !parts.params || parts.clones;
    parts.params = true; /* they stay, as in pprof */
    return demangle_encoding(out, name + 3, parts, by_mode[mode].templates);
}

bool demangle_cxx(struct buf *out, const char *mangled, enum demangle_mode mode)
{
    if (strncmp(mangled, "_Z", 2) == 0)
        return demangle_encoding(out, mangled, by_mode[mode].parts, by_mode[mode].templates);
    if (strncmp(mangled, "___Z", 4) == 0)
        return demangle_block(out, mangled, mode);
    return strncmp(mangled, "_GLOBAL_", 8) == 0 && demangle_global(out, mangled, mode);
}
