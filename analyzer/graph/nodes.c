#include "analyzer/graph/nodes.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/path.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

/* Finds a node by its info while the table is made. */
struct finder {
    uint32_t *slots; /* index + 1 */
    size_t slot_count;
};

static uint64_t info_hash(const struct node_info *i)
{
    uint64_t h = ((uint64_t)i->name << 32 | i->file) * 0x9E3779B97F4A7C15;
    h = (h ^ h >> 31 ^ i->address ^ (uint64_t)i->line << 40) * 0xC2B2AE3D27D4EB4F;
    h = (h ^ h >> 29 ^ i->object ^ (uint64_t)i->column << 20 ^ (uint64_t)i->start_line) *
        0x165667B19E3779F9;
    return h ^ h >> 32;
}

static bool info_same(const struct node_info *a, const struct node_info *b)
{
    return a->name == b->name && a->file == b->file && a->object == b->object &&
           a->address == b->address && a->start_line == b->start_line && a->line == b->line &&
           a->column == b->column;
}

static uint32_t *find(const struct finder *f, const struct nodes *n, const struct node_info *info)
{
    size_t at = info_hash(info) & (f->slot_count - 1);
    while (f->slots[at] && !info_same(&n->infos[f->slots[at] - 1], info))
        at = (at + 1) & (f->slot_count - 1);
    return &f->slots[at];
}

static uint32_t node_of(struct finder *f, struct nodes *n, const struct node_info *info)
{
    if ((n->count + 1) * 2 > f->slot_count) {
        free(f->slots);
        f->slot_count = f->slot_count ? f->slot_count * 2 : 1024;
        f->slots = xcalloc(f->slot_count, sizeof *f->slots);
        for (size_t i = 0; i < n->count; i++)
            *find(f, n, &n->infos[i]) = (uint32_t)i + 1;
    }
    uint32_t *slot = find(f, n, info);
    if (!*slot) {
        n->infos = xgrow(n->infos, &n->cap, n->count + 1, sizeof *n->infos);
        n->infos[n->count++] = *info;
        *slot = (uint32_t)n->count;
    }
    return *slot - 1;
}

/* File names by function, trimmed and cleaned; "" stays "". */
static strid *clean_files(struct profile *p, const struct nodes_spec *spec)
{
    strid *files = xmalloc((p->function_count + 1) * sizeof *files);
    strid *memo = xmalloc((p->strings.count + 1) * sizeof *memo);
    memset(memo, 0xFF, (p->strings.count + 1) * sizeof *memo);
    struct buf b = {0};
    for (size_t i = 0; i < p->function_count; i++) {
        strid raw = p->functions[i].filename;
        if (memo[raw] == NO_INDEX) {
            struct str s = profile_str(p, raw);
            if (!spec->raw_files)
                s = path_trim(s, spec->trim_path, spec->source_path);
            buf_clear(&b);
            if (s.len)
                path_clean(&b, s);
            memo[raw] = strtab_add(&p->strings, b.data ? b.data : "", b.len);
        }
        files[i] = memo[raw];
    }
    buf_release(&b);
    free(memo);
    return files;
}

void nodes_init(struct nodes *n, struct profile *p, const struct nodes_spec *spec)
{
    *n = (struct nodes){.p = p};
    arena_init(&n->name_bytes);
    struct finder finder = {0};
    strid *files = clean_files(p, spec);
    size_t total = 0;
    for (size_t i = 0; i < p->location_count; i++)
        total += p->locations[i].line_count ? p->locations[i].line_count : 1;
    n->first = xmalloc((p->location_count + 1) * sizeof *n->first);
    n->of = xmalloc((total + 1) * sizeof *n->of);
    size_t at = 0;
    for (size_t i = 0; i < p->location_count; i++) {
        const struct location *l = &p->locations[i];
        strid object = l->mapping == NO_INDEX ? 0 : p->mappings[l->mapping].file;
        n->first[i] = (uint32_t)at;
        if (!l->line_count) {
            struct node_info info = {.address = l->address, .object = object};
            n->of[at++] = node_of(&finder, n, &info);
        }
        for (uint32_t k = 0; k < l->line_count; k++) {
            const struct line *line = &p->lines[l->first_line + k];
            const struct function *f = &p->functions[line->function];
            struct node_info info = {.name = f->name,
                                     .file = files[line->function],
                                     .address = l->address,
                                     .line = line->line,
                                     .column = line->column};
            if (spec->objects || !f->name) {
                info.object = object;
                info.start_line = f->start_line;
            }
            n->of[at++] = node_of(&finder, n, &info);
        }
    }
    n->first[p->location_count] = (uint32_t)at;
    n->only = xmalloc((p->location_count + 1) * sizeof *n->only);
    for (size_t i = 0; i < p->location_count; i++)
        n->only[i] = n->first[i + 1] - n->first[i] == 1 ? n->of[n->first[i]] : NO_INDEX;
    free(finder.slots);
    free(files);
}

static void release_rest(struct nodes *n)
{
    free(n->infos);
    free(n->first);
    free(n->of);
    free(n->only);
}

void nodes_keep_names(struct nodes *n)
{
    release_rest(n);
    *n = (struct nodes){.count = n->count, .names = n->names, .name_bytes = n->name_bytes};
}

void nodes_release(struct nodes *n)
{
    release_rest(n);
    free(n->names);
    arena_release(&n->name_bytes);
    *n = (struct nodes){0};
}

void nodes_print_name(struct buf *out, const struct nodes *n, uint32_t node, struct str name,
                      struct str file, const char *separator)
{
    const struct node_info *i = &n->infos[node];
    bool any = false;
    if (i->address) {
        buf_printf(out, "%016" PRIx64, i->address);
        any = true;
    }
    if (name.len) {
        if (any)
            buf_puts(out, separator);
        buf_str(out, name);
        any = true;
    }
    if (!i->line && !file.len && name.len)
        return;
    if (any)
        buf_puts(out, separator);
    if (i->line || file.len)
        buf_str(out, file);
    if (i->line)
        buf_printf(out, ":%" PRId64, i->line);
    if (i->line && i->column)
        buf_printf(out, ":%" PRId64, i->column);
    if (i->line || file.len)
        return;
    if (i->object) {
        buf_putc(out, '[');
        buf_str(out, path_base(profile_str(n->p, i->object)));
        buf_putc(out, ']');
    } else {
        buf_puts(out, "<unknown>");
    }
}

void nodes_name_all(struct nodes *n)
{
    if (n->names)
        return;
    n->names = xmalloc((n->count + 1) * sizeof *n->names);
    struct buf b = {0};
    for (size_t i = 0; i < n->count; i++) {
        const struct node_info *info = &n->infos[i];
        struct str name = profile_str(n->p, info->name);
        struct str file = profile_str(n->p, info->file);
        if (name.len && !file.len && !info->address && !info->line) {
            n->names[i] = name; /* as most are, so that it pays */
            continue;
        }
        buf_clear(&b);
        nodes_print_name(&b, n, (uint32_t)i, name, file, " ");
        n->names[i] = (struct str){arena_strndup(&n->name_bytes, b.data, b.len), b.len};
    }
    buf_release(&b);
}

bool *nodes_named(const struct nodes *n, struct str name)
{
    bool *at = xcalloc(n->count + 1, sizeof *at), any = false;
    for (size_t i = 0; i < n->count; i++) {
        at[i] = str_cmp(n->names[i], name) == 0;
        any |= at[i];
    }
    if (any)
        return at;
    free(at);
    return NULL;
}

bool *nodes_locations(const struct nodes *n, const bool *at)
{
    bool *any = xcalloc(n->p->location_count + 1, sizeof *any);
    for (size_t i = 0; i < n->p->location_count; i++)
        for (uint32_t k = n->first[i]; k < n->first[i + 1]; k++)
            any[i] |= at[n->of[k]];
    return any;
}

struct str *nodes_libraries(const struct nodes *n)
{
    const struct profile *p = n->p;
    struct str *of = xcalloc(n->count + 1, sizeof *of);
    for (size_t i = 0; i < p->location_count; i++) {
        uint32_t mapping = p->locations[i].mapping;
        if (mapping == NO_INDEX || !p->mappings[mapping].file)
            continue;
        struct str file = path_base(profile_str(p, p->mappings[mapping].file));
        for (uint32_t k = n->first[i]; k < n->first[i + 1]; k++)
            if (!of[n->of[k]].len)
                of[n->of[k]] = file;
    }
    return of;
}

/* The fields in the order and the spelling in which pprof writes them to compare them. */
static void print_all(struct buf *out, const struct nodes *n, uint32_t node)
{
    const struct node_info *i = &n->infos[node];
    buf_putc(out, '{');
    buf_str(out, profile_str(n->p, i->name));
    buf_printf(out, "  %" PRIu64 " ", i->address);
    buf_str(out, profile_str(n->p, i->file));
    buf_printf(out, " %" PRId64 " %" PRId64 " %" PRId64 " ", i->start_line, i->line, i->column);
    buf_str(out, profile_str(n->p, i->object));
    buf_putc(out, '}');
}

int nodes_compare(const struct nodes *n, uint32_t a, uint32_t b)
{
    if (a == b)
        return 0;
    struct buf x = {0}, y = {0};
    print_all(&x, n, a);
    print_all(&y, n, b);
    int order = str_cmp((struct str){x.data, x.len}, (struct str){y.data, y.len});
    buf_release(&x);
    buf_release(&y);
    return order;
}
