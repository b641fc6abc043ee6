#include "analyzer/render/callgraph.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/num.h"
#include "analyzer/base/units.h"
#include "analyzer/graph/order.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct callgrind {
    struct out *o;
    const struct report *r;
    const struct graph *g;
    /* Names are written once, then referred to by number; each kind counts for itself. */
    struct strtab objects, files, names;
    struct str *node_names; /* per node: its name, with "[1/2]" if functions share it */
    struct arena arena;
};

/* Line breaks would end the record. */
static void add_text(struct out *o, struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i] == '\n' || s.ptr[i] == '\r' ? ' ' : s.ptr[i];
        out_add(o, &c, 1);
    }
}

static void add_name(struct callgrind *c, const char *key, struct strtab *known, struct str name)
{
    out_puts(c->o, key);
    if (name.len) {
        size_t before = known->count;
        strid id = strtab_add(known, name.ptr, name.len);
        out_printf(c->o, "(%" PRIu32 ")", id);
        if (known->count > before) {
            out_puts(c->o, " ");
            add_text(c->o, name);
        }
    }
    out_puts(c->o, "\n");
}

/* Relative to the node before if that is shorter. */
static void add_address(struct callgrind *c, const struct node_info *before, uint64_t address)
{
    char absolute[32], relative[32];
    snprintf(absolute, sizeof absolute, "0x%" PRIx64, address);
    if (before && before->address == address) {
        out_puts(c->o, "*");
        return;
    }
    if (before) {
        snprintf(relative, sizeof relative, "%+" PRId64, (int64_t)(address - before->address));
        if (strlen(relative) < strlen(absolute)) {
            out_puts(c->o, relative);
            return;
        }
    }
    out_puts(c->o, absolute);
}

static void add_cost(struct callgrind *c, int64_t value)
{
    out_printf(c->o, "%" PRId64 "\n",
               f64_to_i64(units_scale(value, c->r->sample_unit, c->r->output_unit).value));
}

/* What a node is the whole function of: two nodes are of one function if they differ only in
 * address, line and column, and in a call tree hang under the same parent. */
struct function_key {
    strid name, file, object;
    uint32_t parent;
    int64_t start_line, column;
    size_t place;
};

static int by_name_then_function(const void *x, const void *y)
{
    const struct function_key *a = x, *b = y;
    if (a->name != b->name)
        return a->name < b->name ? -1 : 1;
    if (a->file != b->file)
        return a->file < b->file ? -1 : 1;
    if (a->start_line != b->start_line)
        return a->start_line < b->start_line ? -1 : 1;
    if (a->object != b->object)
        return a->object < b->object ? -1 : 1;
    if (a->parent != b->parent)
        return a->parent < b->parent ? -1 : 1;
    if (a->column != b->column)
        return a->column < b->column ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

static bool same_function(const struct function_key *a, const struct function_key *b)
{
    return a->name == b->name && a->file == b->file && a->start_line == b->start_line &&
           a->object == b->object && a->parent == b->parent && a->column == b->column;
}

struct firsts {
    size_t place; /* where the function is first met */
    size_t begin, end;
};

static int by_place(const void *x, const void *y)
{
    const struct firsts *a = x, *b = y;
    return (a->place > b->place) - (a->place < b->place);
}

/* KCachegrind merges functions of one name in one file; those that are several get a number each,
 * in the order they are met. */
static void name_nodes(struct callgrind *c, bool call_tree)
{
    const struct graph *g = c->g;
    const struct nodes *nodes = g->nodes;
    struct function_key *keys = xcalloc(g->count + 1, sizeof *keys);
    struct firsts *firsts = xcalloc(g->count + 1, sizeof *firsts);
    c->node_names = xcalloc(g->node_count + 1, sizeof *c->node_names);
    for (size_t i = 0; i < g->node_count; i++)
        c->node_names[i] = profile_str(nodes->p, nodes->infos[g->node[i].of].name);
    for (size_t i = 0; i < g->count; i++) {
        const struct node_info *info = &nodes->infos[g->node[g->order[i]].of];
        uint32_t parent = call_tree ? g->edges[g->order[i]].src : 0;
        /* Without an address and a line pprof takes what it has for the whole function. */
        int64_t column = info->address || info->line ? 0 : info->column;
        keys[i] = (struct function_key){
            info->name, info->file, info->object, parent, info->start_line, column, i};
    }
    if (g->count)
        qsort(keys, g->count, sizeof *keys, by_name_then_function);
    for (size_t i = 0; i < g->count;) {
        size_t functions = 0, k = i;
        for (; k < g->count && keys[k].name == keys[i].name && keys[k].file == keys[i].file; k++) {
            if (k == i || !same_function(&keys[k], &keys[k - 1]))
                firsts[functions++] = (struct firsts){keys[k].place, k, k};
            firsts[functions - 1].end = k + 1;
        }
        qsort(firsts, functions, sizeof *firsts, by_place);
        for (size_t f = 0; functions > 1 && f < functions; f++) {
            for (size_t j = firsts[f].begin; j < firsts[f].end; j++) {
                uint32_t n = g->order[keys[j].place];
                struct buf b = {0};
                buf_str(&b, c->node_names[n]);
                buf_printf(&b, " [%zu/%zu]", f + 1, functions);
                c->node_names[n] = (struct str){arena_strndup(&c->arena, b.data, b.len), b.len};
                buf_release(&b);
            }
        }
        i = k;
    }
    free(keys);
    free(firsts);
}

static void add_node(struct callgrind *c, uint32_t index, const struct node_info *before)
{
    const struct graph *g = c->g;
    const struct profile *p = g->nodes->p;
    const struct node_info *info = &g->nodes->infos[g->node[index].of];
    if (!before || before->object != info->object || before->file != info->file ||
        before->name != info->name) {
        out_puts(c->o, "\n");
        add_name(c, "ob=", &c->objects, profile_str(p, info->object));
        add_name(c, "fl=", &c->files, profile_str(p, info->file));
        add_name(c, "fn=", &c->names, profile_str(p, info->name));
    }
    add_address(c, before, info->address);
    out_printf(c->o, " %" PRId64 " ", info->line);
    add_cost(c, node_flat(&g->node[index]));

    uint32_t *out = g->out + g->out_first[index];
    size_t count = g->out_first[index + 1] - g->out_first[index];
    order_edges(g, out, count);
    for (size_t i = 0; i < count; i++) {
        const struct edge *e = &g->edges[out[i]];
        const struct node_info *callee = &g->nodes->infos[g->node[e->dest].of];
        bool listed = g->node[e->dest].listed;
        add_name(c, "cfl=", &c->files, profile_str(p, callee->file));
        add_name(c, "cfn=", &c->names, listed ? c->node_names[e->dest] : (struct str){"", 0});
        out_puts(c->o, "calls=0 ");
        add_address(c, before, callee->address);
        out_printf(c->o, " %" PRId64 "\n* * ", callee->line);
        add_cost(c, e->weight);
    }
    out_flush_some(c->o);
}

void callgrind_graph(struct out *o, const struct report *r, const struct callgraph *graph)
{
    struct callgrind c = {.o = o, .r = r, .g = graph->trimmed.graph};
    strtab_init(&c.objects);
    strtab_init(&c.files);
    strtab_init(&c.names);
    arena_init(&c.arena);
    name_nodes(&c, r->spec->call_tree);
    out_puts(o, "positions: instr line\nevents: ");
    add_text(o, (struct str){r->type.data ? r->type.data : "", r->type.len});
    out_puts(o, "(");
    add_text(o, (struct str){r->output_unit, strlen(r->output_unit)});
    out_puts(o, ")\n");
    const struct node_info *before = NULL;
    for (size_t i = 0; i < c.g->count; i++) {
        add_node(&c, c.g->order[i], before);
        before = &c.g->nodes->infos[c.g->node[c.g->order[i]].of];
    }
    strtab_release(&c.objects);
    strtab_release(&c.files);
    strtab_release(&c.names);
    arena_release(&c.arena);
    free(c.node_names);
}
