#include "analyzer/report/codelines.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/num.h"
#include "analyzer/base/path.h"
#include "analyzer/report/coderanges.h"

#include <stdlib.h>
#include <string.h>

enum {
    MOST_RANGES = 25,
    MOST_INSTRUCTIONS = 100000, /* of all ranges */
    MOST_BEFORE = 1 << 20,      /* bytes from a symbol's start to where a range begins */
    NEIGHBOUR = 32, /* so far behind, an instruction without a line has the one before */
};

/* A frame of an instruction. */
struct chain_frame {
    strid name;     /* as the binary or the profile has it */
    strid function; /* as it is shown */
    struct codelines_call at;
};

struct chain {
    struct chain_frame *frames; /* innermost first */
    size_t count, cap;
};

struct walk {
    struct codelines *c;
    struct report *r;
    struct regex *only;
    bool *asked;                         /* per site */
    bool *interesting;                   /* per string of c */
    strid *pretty;                       /* per string of c: what a system name is shown as, or 0 */
    size_t known, known_cap, pretty_cap; /* strings that have a place in both */
    struct codefile_weight *weights;
    size_t weight_count;
    struct coderanges ranges;
    struct codefiles *files;
};

/* --- names */

static strid intern(struct walk *w, struct str s)
{
    strid id = strtab_add(&w->c->strings, s.ptr, s.len);
    size_t need = w->c->strings.count;
    w->interesting = xgrow(w->interesting, &w->known_cap, need, sizeof *w->interesting);
    w->pretty = xgrow(w->pretty, &w->pretty_cap, need, sizeof *w->pretty);
    for (; w->known < need; w->known++) {
        w->interesting[w->known] = false;
        w->pretty[w->known] = 0;
    }
    return id;
}

static strid intern_text(struct walk *w, const char *s)
{
    return intern(w, (struct str){s, strlen(s)});
}

static strid intern_id(struct walk *w, strid id)
{
    return intern(w, profile_str(w->r->p, id));
}

/* The file's name as a key: however it is written, it is one file. */
static strid clean_file(struct walk *w, strid file)
{
    struct str s = strtab_get(&w->c->strings, file);
    struct buf b = {0};
    static const char cwd[] = "/proc/self/cwd/";
    if (str_starts(s, cwd))
        s = (struct str){s.ptr + strlen(cwd), s.len - strlen(cwd)};
    path_clean(&b, s);
    strid id = intern(w, (struct str){b.data, b.len});
    buf_release(&b);
    return id;
}

/* NAME, a symbol's, as it is shown: as the profile has it, if it has it. */
static strid shown_name(struct walk *w, strid name)
{
    if (!w->pretty[name]) {
        struct buf b = {0};
        codefile_add_name(&b, strtab_get(&w->c->strings, name).ptr);
        strid id = intern(w, (struct str){b.data, b.len});
        buf_release(&b);
        w->pretty[name] = id;
    }
    return w->pretty[name];
}

/* --- what is asked for */

static bool matches(struct walk *w, strid id)
{
    struct str s = profile_str(w->r->p, id);
    return regex_match(w->only, s.ptr, s.len);
}

static void ask_for(struct walk *w, size_t site, const struct line *line)
{
    const struct function *f = &w->r->p->functions[line->function];
    strid name = intern_id(w, f->name), system = intern_id(w, f->system_name);
    w->interesting[name] = w->interesting[system] = true;
    w->asked[site] = true;
}

static void ask(struct walk *w)
{
    const struct profile *p = w->r->p;
    bool *function_matches = xcalloc(p->function_count + 1, sizeof *function_matches);
    bool *mapping_matches = xcalloc(p->mapping_count + 1, sizeof *mapping_matches);
    char *end;
    uint64_t address = strtoull(regex_text(w->only), &end, 0);
    bool has_address = !*end && end != regex_text(w->only);
    for (size_t i = 0; i < p->function_count; i++) {
        const struct function *f = &p->functions[i];
        function_matches[i] =
            matches(w, f->name) || matches(w, f->system_name) || matches(w, f->filename);
        strid system = intern_id(w, f->system_name), name = intern_id(w, f->name);
        w->pretty[system] = name;
    }
    for (size_t i = 0; i < p->mapping_count; i++)
        mapping_matches[i] = matches(w, p->mappings[i].file);
    for (size_t i = 0; i < w->c->sites.count; i++) {
        const struct site *s = &w->c->sites.items[i];
        const struct location *l = &p->locations[s->location];
        const struct line *lines = &p->lines[l->first_line];
        if (!s->any || !l->line_count)
            continue;
        if (has_address && s->address == address)
            ask_for(w, i, &lines[l->line_count - 1]);
        for (uint32_t k = 0; k < l->line_count; k++)
            if (function_matches[lines[k].function] ||
                (k == 0 && s->mapping != NO_INDEX && mapping_matches[s->mapping]))
                ask_for(w, i, &lines[k]);
    }
    free(function_matches);
    free(mapping_matches);
}

/* --- instructions */

static uint32_t add_instruction(struct codelines *c, struct codelines_instruction i)
{
    c->instructions =
        xgrow(c->instructions, &c->instruction_cap, c->instruction_count + 1, sizeof i);
    c->instructions[c->instruction_count] = i;
    return (uint32_t)c->instruction_count++;
}

static void chain_add(struct chain *chain, struct chain_frame frame)
{
    chain->frames = xgrow(chain->frames, &chain->cap, chain->count + 1, sizeof frame);
    chain->frames[chain->count++] = frame;
}

/* Whether INSTRUCTION, the last one, is under the line AT already. */
static bool is_used(const struct codelines *c, struct codelines_call at, uint32_t instruction)
{
    for (size_t i = c->use_count; i-- > 0 && c->uses[i].instruction == instruction;)
        if (c->uses[i].at.file == at.file && c->uses[i].at.line == at.line)
            return true;
    return false;
}

/* Puts INSTRUCTION under a line of each function in CHAIN that is asked for. */
static void add_uses(struct walk *w, uint32_t instruction, const struct chain *chain)
{
    struct codelines *c = w->c;
    for (size_t i = 0; i < chain->count; i++) {
        const struct chain_frame *f = &chain->frames[i];
        if (!w->interesting[f->name] && !w->interesting[f->function])
            continue;
        int64_t line = f->at.line > 0 && f->at.line <= INT32_MAX ? f->at.line : 0;
        struct codelines_call at = {clean_file(w, f->at.file), line};
        if (is_used(c, at, instruction))
            continue;
        struct codelines_use use = {.at = at,
                                    .function = f->function,
                                    .instruction = instruction,
                                    .first_call = (uint32_t)c->call_count,
                                    .call_count = (uint32_t)i};
        c->calls = xgrow(c->calls, &c->call_cap, c->call_count + i, sizeof *c->calls);
        for (size_t k = i; k-- > 0;)
            c->calls[c->call_count++] = chain->frames[k].at;
        c->uses = xgrow(c->uses, &c->use_cap, c->use_count + 1, sizeof use);
        c->uses[c->use_count++] = use;
    }
}

static void read_chain(struct walk *w, struct chain *chain, struct binary *binary, uint64_t at)
{
    size_t count;
    const struct binary_frame *frames = binary_frames(binary, at, &count);
    chain->count = 0;
    for (size_t i = 0; i < count; i++) {
        struct chain_frame f = {.name = intern_text(w, frames[i].name),
                                .at = {intern_text(w, frames[i].file), frames[i].line}};
        f.function = shown_name(w, f.name);
        chain_add(chain, f);
    }
}

static void disassemble(struct walk *w, const struct coderange *range)
{
    struct binary *binary = range->code->binary;
    const struct binary_symbol *symbol = binary_symbol_at(binary, range->begin);
    /* Instructions are found one after the other, from one that is known. */
    bool known = symbol && range->begin - symbol->start < MOST_BEFORE;
    struct chain chain = {0}, before = {0};
    uint64_t before_at = 0;
    size_t next = 0;
    struct disasm_instruction i;
    codefile_begin(range->code, known ? symbol->start : range->begin, range->end);
    while (disasm_next(range->code->disasm, &i)) {
        size_t first = next;
        struct codefile_weight sum = codefile_weigh(range->weights, range->weight_count, &next,
                                                    i.address, i.address + i.length);
        if (i.address < range->begin)
            continue;
        if (w->c->instruction_count == MOST_INSTRUCTIONS)
            break;
        read_chain(w, &chain, binary, i.address);
        struct codelines_instruction instruction = {
            .address = i.address,
            .length = i.length,
            .text = intern_text(w, i.text),
            .flat = sum.flat_div ? div64(sum.flat, sum.flat_div) : sum.flat,
            .cum = sum.cum_div ? div64(sum.cum, sum.cum_div) : sum.cum,
        };
        if (chain.count)
            instruction.at = chain.frames[0].at;
        uint32_t added = add_instruction(w->c, instruction);
        for (; first < next; first++)
            if (range->weights[first].address >= i.address)
                w->c->at_site[w->c->sites.of[range->weights[first].location]] = added;
        if (chain.count && chain.frames[0].at.line) {
            add_uses(w, added, &chain);
            struct chain swap = before;
            before = chain;
            before_at = i.address;
            chain = swap;
        } else {
            add_uses(w, added,
                     before.count && i.address - before_at <= NEIGHBOUR ? &before : &chain);
        }
    }
    free(chain.frames);
    free(before.frames);
}

/* What the profile says of SITE. */
static void stand_in(struct walk *w, const struct site *site)
{
    const struct profile *p = w->r->p;
    const struct location *l = &p->locations[site->location];
    struct chain chain = {0};
    for (uint32_t k = 0; k < l->line_count; k++) {
        const struct line *line = &p->lines[l->first_line + k];
        const struct function *f = &p->functions[line->function];
        strid name = intern_id(w, f->name);
        chain_add(&chain,
                  (struct chain_frame){name, name, {intern_id(w, f->filename), line->line}});
    }
    struct codelines_instruction instruction = {
        .address = site->address,
        .length = 1,
        .flat = site->flat_div ? div64(site->flat, site->flat_div) : site->flat,
        .cum = site->cum_div ? div64(site->cum, site->cum_div) : site->cum,
        .at = chain.frames[0].at,
    };
    uint32_t added = add_instruction(w->c, instruction);
    w->c->at_site[site - w->c->sites.items] = added;
    add_uses(w, added, &chain);
    free(chain.frames);
}

/* The ranges of one binary's COUNT sites, or what stands in for them. */
static void look_at_binary(struct walk *w, const struct site *sites, size_t count, bool *wanted)
{
    struct error err = {0};
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        wanted[sites[i].location] = w->asked[sites + i - w->c->sites.items];
        any |= wanted[sites[i].location];
    }
    if (!any)
        return;
    struct codefile *code = NULL;
    uint32_t mapping = sites[0].mapping;
    if (mapping != NO_INDEX && w->r->p->mappings[mapping].file) {
        code = codefiles_get(w->files, mapping, &err);
        if (!code)
            lines_add(&w->c->problems, "%s", err.text);
    }
    if (code) {
        struct codefile_weight *weights = w->weights + w->weight_count;
        size_t placed = codefile_weights(code, w->r->p, sites, count, weights);
        w->weight_count += placed;
        coderanges_add(&w->ranges, code, weights, placed, wanted);
        for (size_t i = 0; i < placed; i++)
            wanted[weights[i].location] = false;
    }
    for (size_t i = 0; i < count; i++)
        if (wanted[sites[i].location])
            stand_in(w, &sites[i]);
}

static void walk_all(struct walk *w)
{
    struct codelines *c = w->c;
    bool *wanted = xcalloc(w->r->p->location_count + 1, sizeof *wanted);
    for (size_t i = 0, end; i < w->c->sites.count; i = end) {
        for (end = i;
             end < w->c->sites.count && w->c->sites.items[end].file == w->c->sites.items[i].file;)
            end++;
        look_at_binary(w, w->c->sites.items + i, end - i, wanted);
    }
    free(wanted);
    coderanges_choose(&w->ranges, MOST_RANGES);
    c->range_count = w->ranges.count;
    c->left_out = w->ranges.left_out;
    for (size_t i = 0; i < c->range_count; i++)
        disassemble(w, &w->ranges.items[i]);
}

int codelines_init(struct codelines *c, struct report *r, struct regex *only,
                   const struct codefiles_spec *spec, struct error *err)
{
    struct walk w = {.c = c, .r = r, .only = only};
    size_t asked = 0;
    *c = (struct codelines){0};
    strtab_init(&c->strings);
    intern_text(&w, "");
    sites_init(&c->sites, r->p, &(struct sites_spec){r->value, r->divisor, false});
    c->at_site = xmalloc((c->sites.count + 1) * sizeof *c->at_site);
    memset(c->at_site, 0xFF, (c->sites.count + 1) * sizeof *c->at_site); /* NO_INDEX */
    w.asked = xcalloc(c->sites.count + 1, sizeof *w.asked);
    w.weights = xmalloc((c->sites.count + 1) * sizeof *w.weights);
    w.files = codefiles_new(r->p, spec);
    ask(&w);
    for (size_t i = 0; i < c->sites.count; i++)
        asked += w.asked[i];
    int rc = report_check_matches(only, "function with samples", asked, err);
    if (rc == 0)
        walk_all(&w);
    codefiles_free(w.files);
    free(w.asked);
    free(w.interesting);
    free(w.pretty);
    free(w.weights);
    coderanges_release(&w.ranges);
    return rc;
}

void codelines_release(struct codelines *c)
{
    strtab_release(&c->strings);
    free(c->instructions);
    free(c->uses);
    free(c->calls);
    free(c->at_site);
    sites_release(&c->sites);
    lines_release(&c->problems);
}
