#include "analyzer/report/codefiles.h"

#include "analyzer/base/alloc.h"
#include "analyzer/transform/rename.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What became of looking for one file. */
struct looked {
    struct codefile file;
    struct error err; /* if it has no binary */
    bool done;
};

struct codefiles {
    const struct profile *p;
    const struct codefiles_spec *spec;
    struct looked *looked; /* per mapping: that of the first mapping of the same file is used */
};

struct codefiles *codefiles_new(const struct profile *p, const struct codefiles_spec *spec)
{
    struct codefiles *c = xcalloc(1, sizeof *c);
    c->p = p;
    c->spec = spec;
    c->looked = xcalloc(p->mapping_count + 1, sizeof *c->looked);
    return c;
}

void codefiles_free(struct codefiles *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < c->p->mapping_count; i++) {
        disasm_free(c->looked[i].file.disasm);
        binary_close(c->looked[i].file.binary);
    }
    free(c->looked);
    free(c);
}

/* The file of M if that is what M was. NULL and ERR. */
static struct binary *open_mapped(const struct codefiles *c, const struct mapping *m,
                                  struct error *err)
{
    struct str build_id = profile_str(c->p, m->build_id);
    struct binary *b = binary_open(profile_str(c->p, m->file).ptr, err);
    const char *own = b ? binary_build_id(b) : "";
    if (!b && c->spec->search_path && *c->spec->search_path) {
        size_t len = strlen(err->text);
        snprintf(err->text + len, sizeof err->text - len, " (also looked for in %s)",
                 c->spec->search_path);
    } else if (b && *own && build_id.len && strcmp(own, build_id.ptr) != 0) {
        error_set(err, ERROR_DATA, "%s: its build id is %s, that of the profiled one was %s",
                  binary_path(b), own, build_id.ptr);
        binary_close(b);
        b = NULL;
    }
    return b;
}

static void look(struct codefiles *c, const struct mapping *m, struct looked *l)
{
    l->done = true;
    l->file.binary = open_mapped(c, m, &l->err);
    if (!l->file.binary)
        return;
    l->file.disasm = disasm_new(binary_machine(l->file.binary), c->spec->syntax, &l->err);
    if (!l->file.disasm) {
        error_prefix(&l->err, binary_path(l->file.binary));
        binary_close(l->file.binary);
        l->file.binary = NULL;
    }
}

struct codefile *codefiles_get(struct codefiles *c, uint32_t mapping, struct error *err)
{
    const struct mapping *m = &c->p->mappings[mapping];
    size_t first = 0;
    while (c->p->mappings[first].file != m->file || c->p->mappings[first].build_id != m->build_id)
        first++;
    struct looked *l = &c->looked[first];
    if (!l->done)
        look(c, m, l);
    if (l->file.binary)
        return &l->file;
    *err = l->err;
    return NULL;
}

void codefile_add_name(struct buf *out, const char *name)
{
    rename_add(out, (struct str){name, strlen(name)}, DEMANGLE_SIMPLE);
}

char *codefile_name(struct arena *arena, const char *name)
{
    struct buf b = {0};
    codefile_add_name(&b, name);
    char *copy = arena_strndup(arena, b.data, b.len);
    buf_release(&b);
    return copy;
}

bool codefile_name_matches(const char *name, struct regex *only)
{
    static const enum demangle_mode modes[] = {DEMANGLE_FULL, DEMANGLE_TEMPLATES, DEMANGLE_SIMPLE};
    bool matches = regex_match(only, name, strlen(name));
    struct buf b = {0};
    for (size_t i = 0; !matches && i < sizeof modes / sizeof *modes; i++) {
        buf_clear(&b);
        if (!demangle(&b, name, modes[i]))
            break;
        matches = regex_match(only, b.data, b.len);
    }
    buf_release(&b);
    return matches;
}

static bool name_address(void *context, uint64_t address, bool code, struct buf *out)
{
    struct codefile *f = context;
    const struct binary_symbol *s = binary_symbol_at(f->binary, address);
    if (!s || (address >= s->end && (address != s->start || !code)))
        return false;
    codefile_add_name(out, s->names[0]);
    if (address != s->start)
        buf_printf(out, "+0x%" PRIx64, address - s->start);
    return true;
}

int codefile_place(struct codefile *f, const struct mapping *m, uint64_t address, uint64_t *at)
{
    struct binary_mapping mapping = {m->start, m->limit, m->offset, NULL};
    return binary_place(f->binary, &mapping, address, at, NULL);
}

static int by_address(const void *a, const void *b)
{
    const struct codefile_weight *x = a, *y = b;
    return (x->address > y->address) - (x->address < y->address);
}

size_t codefile_weights(struct codefile *f, const struct profile *p, const struct site *sites,
                        size_t count, struct codefile_weight *weights)
{
    size_t placed = 0;
    for (size_t i = 0; i < count; i++) {
        const struct site *s = &sites[i];
        uint64_t at;
        if (s->any && codefile_place(f, &p->mappings[s->mapping], s->address, &at) == 0)
            weights[placed++] =
                (struct codefile_weight){at, s->flat, s->flat_div, s->cum, s->cum_div, s->location};
    }
    qsort(weights, placed, sizeof *weights, by_address);
    return placed;
}

struct codefile_weight codefile_weigh(const struct codefile_weight *weights, size_t count,
                                      size_t *next, uint64_t start, uint64_t end)
{
    struct codefile_weight sum = {.address = start, .location = NO_INDEX};
    while (*next < count && weights[*next].address < start)
        ++*next;
    for (; *next < count && weights[*next].address - start < end - start; ++*next) {
        const struct codefile_weight *w = &weights[*next];
        sum.flat += w->flat;
        sum.flat_div += w->flat_div;
        sum.cum += w->cum;
        sum.cum_div += w->cum_div;
        sum.location = sum.location == NO_INDEX ? w->location : sum.location;
    }
    return sum;
}

void codefile_begin(struct codefile *f, uint64_t start, uint64_t end)
{
    size_t len = 0;
    const unsigned char *code = binary_code(f->binary, start, &len);
    f->names = (struct disasm_names){name_address, f};
    disasm_begin(f->disasm, code, end - start < len ? (size_t)(end - start) : len, start,
                 &f->names);
}
