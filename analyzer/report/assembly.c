#include "analyzer/report/assembly.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/num.h"
#include "analyzer/base/path.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What symbols are looked for, and where. */
struct search {
    struct assembly *a;
    struct report *r;
    struct regex *only;
    struct sites sites;
    /* If ONLY is a number: an address of the process or, if that had nothing there, of binaries. */
    bool has_address, is_mapped;
    uint64_t address;
    size_t weight_count;
};

/* --- which binaries */

/* A number as Go's source code has it: 0x10, 020, 16. */
static bool parse_address(const char *text, uint64_t *address)
{
    char *end;
    if (*text < '0' || *text > '9')
        return false;
    errno = 0;
    *address = strtoull(text, &end, 0);
    return !*end && !errno;
}

static bool in_mapping(const struct mapping *m, uint64_t address)
{
    return m->start <= address && address <= m->limit;
}

/* Whether the binary of a site has to be looked at. */
enum wanted {
    WANTED_NOT,
    WANTED_MAYBE, /* its frame has no name that could match */
    WANTED_SURELY,
};

static enum wanted site_wanted(const struct search *s, const struct nodes *nodes,
                               const struct site *site)
{
    const struct profile *p = s->r->p;
    if (site->mapping == NO_INDEX || !p->mappings[site->mapping].file || !site->any)
        return WANTED_NOT;
    if (s->is_mapped && in_mapping(&p->mappings[site->mapping], s->address))
        return WANTED_SURELY;
    if (s->has_address && !s->is_mapped)
        return WANTED_MAYBE;
    for (uint32_t k = nodes->first[site->location]; k < nodes->first[site->location + 1]; k++) {
        /* The printable name begins with the address, so that "^main$" is no match for it. */
        struct str printable = nodes->names[nodes->of[k]];
        struct str name = profile_str(p, nodes->infos[nodes->of[k]].name);
        if (regex_match(s->only, printable.ptr, printable.len) ||
            regex_match(s->only, name.ptr, name.len))
            return WANTED_SURELY;
    }
    return p->locations[site->location].line_count ? WANTED_NOT : WANTED_MAYBE;
}

/* --- which symbols of a binary */

/* Adds SYMBOL with the COUNT samples in it if its name matches. */
static void add_symbol(struct search *s, struct codefile *code, const struct binary_symbol *symbol,
                       uint64_t end, bool asked, const struct codefile_weight *weights,
                       size_t count)
{
    struct assembly *a = s->a;
    const char *name = asked ? symbol->names[0] : NULL;
    for (size_t i = 0; !name && symbol->names[i]; i++)
        if (codefile_name_matches(symbol->names[i], s->only))
            name = symbol->names[i];
    if (!name)
        return;
    struct assembly_symbol *added;
    a->symbols = xgrow(a->symbols, &a->cap, a->count + 1, sizeof *a->symbols);
    added = &a->symbols[a->count++];
    *added = (struct assembly_symbol){.name = codefile_name(&a->names, name),
                                      .start = symbol->start,
                                      .end = end,
                                      .code = code,
                                      .weights = weights,
                                      .weight_count = count};
    for (size_t i = 0; i < count; i++) {
        added->flat += weights[i].flat;
        added->cum += weights[i].cum;
    }
    size_t others = 1;
    while (asked && symbol->names[others])
        others++;
    added->aliases = arena_calloc(&a->names, others, sizeof *added->aliases);
    for (size_t i = 1; i < others; i++)
        added->aliases[added->alias_count++] = codefile_name(&a->names, symbol->names[i]);
}

/* Where in CODE, the binary of FILE, the address is that was asked for. */
static bool place_asked(const struct search *s, struct codefile *code, strid file, uint64_t *at)
{
    const struct profile *p = s->r->p;
    *at = s->address;
    for (uint32_t i = 0; s->is_mapped && i < p->mapping_count; i++)
        if (p->mappings[i].file == file && in_mapping(&p->mappings[i], s->address) &&
            codefile_place(code, &p->mappings[i], s->address, at) == 0)
            return true;
    return s->has_address && !s->is_mapped;
}

/* Adds the symbols of one binary, which COUNT sites belong to. */
static void add_symbols(struct search *s, struct codefile *code, const struct site *sites,
                        size_t count)
{
    size_t symbol_count, at = 0;
    struct codefile_weight *weights = s->a->weights + s->weight_count;
    size_t placed = codefile_weights(code, s->r->p, sites, count, weights);
    s->weight_count += placed;
    const struct binary_symbol *symbols = binary_symbols(code->binary, &symbol_count);
    uint64_t asked = 0;
    bool has_asked = place_asked(s, code, s->r->p->mappings[sites[0].mapping].file, &asked);
    for (size_t i = 0; i < symbol_count && at < placed; i++) {
        const struct binary_symbol *symbol = &symbols[i];
        uint64_t next = i + 1 < symbol_count ? symbols[i + 1].start : UINT64_MAX;
        while (at < placed && weights[at].address < symbol->start)
            at++;
        size_t from = at;
        while (at < placed && weights[at].address < next)
            at++;
        if (at == from)
            continue;
        /* Where there are samples behind its end, functions follow that have no symbol. */
        bool beyond = weights[at - 1].address >= symbol->end;
        uint64_t end = beyond || next < symbol->end ? next : symbol->end;
        add_symbol(s, code, symbol, end, has_asked && symbol->start <= asked && asked < next,
                   weights + from, at - from);
    }
}

static int by_name(const void *a, const void *b)
{
    const struct assembly_symbol *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order ? order : (x->start > y->start) - (x->start < y->start);
}

/* Goes through the sites binary by binary. REPORT's problems are of binaries that matter for sure,
 * MAYBE those of others. */
static void search_binaries(struct search *s, struct lines *maybe)
{
    struct nodes nodes;
    report_nodes(&nodes, s->r, true);
    for (size_t i = 0, end; i < s->sites.count; i = end) {
        const struct site *first = &s->sites.items[i];
        enum wanted wanted = WANTED_NOT;
        for (end = i; end < s->sites.count && s->sites.items[end].file == first->file; end++) {
            enum wanted this = site_wanted(s, &nodes, &s->sites.items[end]);
            wanted = this > wanted ? this : wanted;
        }
        if (wanted == WANTED_NOT)
            continue;
        struct error err = {0};
        struct codefile *code = codefiles_get(s->a->files, first->mapping, &err);
        if (code)
            add_symbols(s, code, first, end - i);
        else
            lines_add(wanted == WANTED_SURELY ? &s->a->problems : maybe, "%s", err.text);
    }
    nodes_release(&nodes);
}

int assembly_init(struct assembly *a, struct report *r, struct regex *only,
                  const struct codefiles_spec *spec, struct error *err)
{
    const struct profile *p = r->p;
    struct search s = {.a = a, .r = r, .only = only};
    struct lines maybe = {0};
    *a = (struct assembly){.p = p};
    arena_init(&a->names);
    s.has_address = parse_address(regex_text(only), &s.address);
    for (size_t i = 0; s.has_address && i < p->mapping_count; i++)
        s.is_mapped |= in_mapping(&p->mappings[i], s.address);
    sites_init(&s.sites, p, &(struct sites_spec){r->value, r->divisor, r->spec->drop_negative});
    a->weights = xmalloc((s.sites.count + 1) * sizeof *a->weights);
    a->files = codefiles_new(p, spec);
    search_binaries(&s, &maybe);
    sites_release(&s.sites);
    if (a->count)
        qsort(a->symbols, a->count, sizeof *a->symbols, by_name);
    int rc = report_check_matches(only, "symbol with samples", a->count, err);
    const struct lines *why = a->problems.count ? &a->problems : &maybe;
    if (rc && why->count && !regex_failed(only, err))
        error_set(err, ERROR_DATA, "%s", why->items[0]);
    lines_release(&maybe);
    return rc;
}

void assembly_release(struct assembly *a)
{
    free(a->symbols);
    free(a->weights);
    lines_release(&a->problems);
    codefiles_free(a->files);
    arena_release(&a->names);
    buf_release(&a->function);
    buf_release(&a->file);
}

/* --- instructions */

void assembly_begin(struct assembly *a, size_t symbol)
{
    a->symbol = &a->symbols[symbol];
    a->next_weight = 0;
    a->line = 0;
    buf_clear(&a->function);
    buf_clear(&a->file);
    buf_puts(&a->function, "");
    buf_puts(&a->file, "");
    codefile_begin(a->symbol->code, a->symbol->start, a->symbol->end);
}

static bool set_text(struct buf *b, struct str s)
{
    if (str_equal((struct str){b->data, b->len}, s))
        return false;
    buf_clear(b);
    buf_str(b, s);
    buf_puts(b, "");
    return true;
}

static struct str text_of(const char *s)
{
    return (struct str){s, strlen(s)};
}

/* Where the instruction at AT comes from: what the binary says in COUNT FRAMES, else the place
 * before, else what the profile says of LOCATION. True if that is another place than before. */
static bool find_place(struct assembly *a, const struct binary_frame *frames, size_t count,
                       uint32_t location)
{
    bool moved = false;
    if (count && frames[0].line) {
        struct buf name = {0};
        codefile_add_name(&name, frames[0].name);
        moved |= set_text(&a->function, (struct str){name.data, name.len});
        moved |= set_text(&a->file, path_base(text_of(frames[0].file)));
        moved |= a->line != frames[0].line;
        a->line = frames[0].line;
        buf_release(&name);
    } else if (!a->file.len && location != NO_INDEX && a->p->locations[location].line_count) {
        const struct line *line = &a->p->lines[a->p->locations[location].first_line];
        const struct function *f = &a->p->functions[line->function];
        struct str file = profile_str(a->p, f->filename);
        moved |= set_text(&a->function, profile_str(a->p, f->name));
        moved |= file.len && set_text(&a->file, path_base(file));
        moved |= a->line != line->line;
        a->line = line->line;
    }
    return moved;
}

bool assembly_next(struct assembly *a, struct assembly_row *row)
{
    const struct assembly_symbol *s = a->symbol;
    struct disasm_instruction i;
    if (!disasm_next(s->code->disasm, &i))
        return false;
    *row = (struct assembly_row){.address = i.address, .text = i.text};
    struct codefile_weight sum = codefile_weigh(s->weights, s->weight_count, &a->next_weight,
                                                i.address, i.address + i.length);
    row->flat = sum.flat_div ? div64(sum.flat, sum.flat_div) : sum.flat;
    row->cum = sum.cum_div ? div64(sum.cum, sum.cum_div) : sum.cum;
    row->frames = binary_frames(s->code->binary, i.address, &row->frame_count);
    row->moved = find_place(a, row->frames, row->frame_count, sum.location);
    row->function = a->function.data;
    row->file = a->file.data;
    row->line = a->line;
    return true;
}
