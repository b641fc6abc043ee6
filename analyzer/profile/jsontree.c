#include "analyzer/profile/jsontree.h"

#include "analyzer/base/buf.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What libjansson takes for a value beside the bytes of its text, and for an array or an object,
 * on 64-bit machines; and how much may be taken in all. "[],[],[]," is forty times its size. */
static const uint64_t value_cost = 56, container_cost = 280, most_memory = (uint64_t)6 << 30;

/* An upper estimate, from the characters alone: those inside of texts are counted, too. */
static uint64_t memory_of(struct str in)
{
    uint64_t values = 0, containers = 0;
    for (size_t i = 0; i < in.len; i++) {
        values += in.ptr[i] == ',' || in.ptr[i] == ':';
        containers += in.ptr[i] == '[' || in.ptr[i] == '{';
    }
    return values * value_cost + containers * container_cost + in.len;
}

/* Nor more than half of what the machine has. */
static uint64_t memory_limit(void)
{
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    uint64_t half = pages > 0 && size > 0 ? (uint64_t)pages * (uint64_t)size / 2 : most_memory;
    return half < most_memory ? half : most_memory;
}

json_t *jtree_parse(struct str in, struct error *err)
{
    json_error_t why;
    uint64_t memory = memory_of(in);
    if (memory > memory_limit()) {
        error_set(err, ERROR_DATA, "it is JSON that would take %.1f GB of memory",
                  (double)memory / 1e9);
        return NULL;
    }
    json_t *root = json_loadb(in.ptr, in.len, JSON_ALLOW_NUL, &why);
    if (!root)
        error_set(err, ERROR_DATA, "line %d, column %d: bad JSON: %s", why.line, why.column,
                  why.text);
    return root;
}

int jtree_wrong(const struct jtree *t, struct error *err, const char *format, ...)
{
    const struct jtree *way[8];
    size_t depth = 0;
    for (; t->in; t = t->in)
        if (depth < sizeof way / sizeof *way)
            way[depth++] = t;
    struct buf b = {0};
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    while (depth--) {
        if (way[depth]->key)
            buf_printf(&b, "%s%s", b.len ? "." : "", way[depth]->key);
        else
            buf_printf(&b, "[%zu]", way[depth]->index);
    }
    error_set(err, ERROR_DATA, "%s%s%s", b.len ? b.data : "", b.len ? ": " : "", text);
    buf_release(&b);
    return -1;
}

static const char *kind_name(const json_t *v)
{
    static const char *const names[] = {
        [JSON_OBJECT] = "an object", [JSON_ARRAY] = "an array", [JSON_STRING] = "a text",
        [JSON_INTEGER] = "a number", [JSON_REAL] = "a number",  [JSON_TRUE] = "true",
        [JSON_FALSE] = "false",      [JSON_NULL] = "null",
    };
    return names[json_typeof(v)];
}

static int wrong_kind(const struct jtree *t, const char *wanted, struct error *err)
{
    return jtree_wrong(t, err, "it is %s where %s belongs", kind_name(t->value), wanted);
}

bool jtree_find(const struct jtree *in, const char *key, struct jtree *out)
{
    const json_t *v = json_object_get(in->value, key);
    *out = (struct jtree){v, in, key, 0};
    return v && !json_is_null(v);
}

static int find_kind(const struct jtree *in, const char *key, json_type kind, const char *wanted,
                     struct jtree *out, struct error *err)
{
    if (!json_is_object(in->value))
        return wrong_kind(in, "an object", err);
    if (!jtree_find(in, key, out) && !out->value)
        return jtree_wrong(in, err, "it has no \"%s\"", key);
    return json_typeof(out->value) == kind ? 0 : wrong_kind(out, wanted, err);
}

int jtree_object(const struct jtree *in, const char *key, struct jtree *out, struct error *err)
{
    return find_kind(in, key, JSON_OBJECT, "an object", out, err);
}

int jtree_array(const struct jtree *in, const char *key, struct jtree *out, struct error *err)
{
    return find_kind(in, key, JSON_ARRAY, "an array", out, err);
}

size_t jtree_count(const struct jtree *t)
{
    return json_array_size(t->value);
}

struct jtree jtree_item(const struct jtree *array, size_t index)
{
    return (struct jtree){json_array_get(array->value, index), array, NULL, index};
}

int jtree_real(const struct jtree *t, double *v, struct error *err)
{
    if (!json_is_number(t->value))
        return wrong_kind(t, "a number", err);
    *v = json_number_value(t->value);
    return 0;
}

int jtree_text(const struct jtree *t, struct str *s, struct error *err)
{
    if (!json_is_string(t->value))
        return wrong_kind(t, "a text", err);
    *s = (struct str){json_string_value(t->value), json_string_length(t->value)};
    return 0;
}

int jtree_int(const struct jtree *t, int64_t *v, struct error *err)
{
    return jtree_scaled(t, 1, v, err);
}

int jtree_scaled(const struct jtree *t, double factor, int64_t *v, struct error *err)
{
    int64_t whole = (int64_t)factor;
    if (json_is_integer(t->value) && (double)whole == factor) {
        if (!__builtin_mul_overflow((int64_t)json_integer_value(t->value), whole, v))
            return 0;
        return jtree_wrong(t, err, "the number is too large");
    }
    double real;
    if (jtree_real(t, &real, err))
        return -1;
    real = nearbyint(real * factor);
    if (!(real > -9.2e18 && real < 9.2e18))
        return jtree_wrong(t, err, "the number is too large");
    *v = (int64_t)real;
    return 0;
}

int jtree_index(const struct jtree *t, size_t limit, uint32_t *v, struct error *err)
{
    int64_t number;
    if (jtree_int(t, &number, err))
        return -1;
    if (number < 0 || (uint64_t)number >= limit)
        return jtree_wrong(t, err, "%lld is no index of a table with %zu entries",
                           (long long)number, limit);
    *v = (uint32_t)number;
    return 0;
}

int jtree_int_or(const struct jtree *in, const char *key, int64_t otherwise, int64_t *v,
                 struct error *err)
{
    struct jtree t;
    *v = otherwise;
    return jtree_find(in, key, &t) ? jtree_int(&t, v, err) : 0;
}

int jtree_real_or(const struct jtree *in, const char *key, double otherwise, double *v,
                  struct error *err)
{
    struct jtree t;
    *v = otherwise;
    return jtree_find(in, key, &t) ? jtree_real(&t, v, err) : 0;
}

int jtree_text_or(const struct jtree *in, const char *key, const char *otherwise, struct str *s,
                  struct error *err)
{
    struct jtree t;
    *s = (struct str){otherwise, strlen(otherwise)};
    return jtree_find(in, key, &t) ? jtree_text(&t, s, err) : 0;
}
