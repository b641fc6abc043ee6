#include "analyzer/render/flame_data.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/path.h"
#include "analyzer/base/units.h"
#include "analyzer/render/hue.h"
#include "analyzer/render/json_writer.h"

#include <math.h>
#include <stdlib.h>

/* --- names */

static void add_names(struct flame_names *n, const struct flame *f, const struct calltree *t,
                      const struct str *library)
{
    for (size_t i = 0; i < t->count; i++) {
        uint32_t node = t->cells[i].node;
        if (node == NO_INDEX || n->numbers[node] != NO_INDEX)
            continue;
        n->colors[n->count] = hue_of(f->nodes.names[node], library[node]);
        n->nodes[n->count] = node;
        n->numbers[node] = (uint32_t)n->count++;
    }
}

void flame_names_init(struct flame_names *n, const struct flame *f)
{
    struct str *library = nodes_libraries(&f->nodes);
    *n = (struct flame_names){0};
    n->nodes = xmalloc((f->nodes.count + 1) * sizeof *n->nodes);
    n->numbers = xmalloc((f->nodes.count + 1) * sizeof *n->numbers);
    n->colors = xmalloc((f->nodes.count + 1) * sizeof *n->colors);
    memset(n->numbers, 0xFF, (f->nodes.count + 1) * sizeof *n->numbers);
    add_names(n, f, &f->tree, library);
    add_names(n, f, &f->inverse, library);
    free(library);
}

void flame_names_release(struct flame_names *n)
{
    free(n->nodes);
    free(n->numbers);
    free(n->colors);
}

/* --- colours */

void flame_colors_init(struct flame_colors *c, const struct flame *f, enum palette palette)
{
    c->count = 0;
    for (unsigned i = 0; i < HUE_COUNT && !f->has_old; i++)
        c->list[c->count++] = hue_color(i, palette == PALETTE_MONO);
    if (!f->has_old)
        return;
    for (int i = 0; i < FLAME_STEPS; i++)
        c->list[c->count++] =
            palette_color(palette, PALETTE_FRAME, 2.0 * i / (FLAME_STEPS - 1) - 1);
    c->list[c->count++] = palette_appeared(palette);
    c->list[c->count++] = palette_vanished(palette);
}

int flame_cell_color(const struct flame *f, const struct flame_names *names,
                     const struct calltree_cell *c)
{
    if (!f->has_old)
        return c->node == NO_INDEX ? -1 : (int)names->colors[names->numbers[c->node]];
    double old = (double)c->cum.old, new = (double)c->cum.new;
    if (!c->cum.old || !c->cum.new)
        return c->cum.old ? FLAME_STEPS + 1 : FLAME_STEPS;
    return (int)lround(((new - old) / (new + old) + 1) / 2 * (FLAME_STEPS - 1));
}

/* --- words */

void flame_title(struct buf *b, const struct report *r)
{
    const struct profile *p = r->p;
    if (p->mapping_count && p->mappings[0].file) {
        buf_str(b, path_base(profile_str(p, p->mappings[0].file)));
        buf_puts(b, ": ");
    }
    buf_str(b, (struct str){r->type.data ? r->type.data : "", r->type.len});
}

void flame_cell_name(struct buf *b, const struct flame *f, const struct calltree_cell *c)
{
    if (c->merged)
        buf_printf(b, "(%u smaller)", c->merged);
    else if (c->node == NO_INDEX)
        buf_puts(b, "all");
    else
        buf_str(b, flame_name(f, c));
}

/* --- numbers */

static int64_t common_divisor(int64_t a, int64_t b)
{
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static int64_t divisor_of_cells(int64_t d, const struct calltree *t)
{
    for (size_t i = 0; i < t->count && d != 1; i++) {
        d = common_divisor(d, t->cells[i].cum.old);
        d = common_divisor(d, t->cells[i].cum.new);
    }
    return d;
}

static int64_t divisor_of_all(const struct flame *f)
{
    int64_t d = common_divisor(f->total.old, f->total.new);
    d = divisor_of_cells(divisor_of_cells(d, &f->tree), &f->inverse);
    return d ? d : 1;
}

static void add_step(struct json *j, double factor, const char *unit)
{
    json_open(j, '[');
    json_float(j, factor);
    json_puts(j, unit);
    json_close(j);
}

/* The units values are written in, each with the number of the profile's own that make one. The
 * page chooses one for each value, unless the user did for all. */
static void add_units(struct json *j, const struct report *r)
{
    struct scaled steps[UNITS_LADDER];
    size_t count =
        strcmp(number_unit(r), r->sample_unit) == 0 ? units_ladder(r->sample_unit, steps) : 0;
    json_key(j, "units");
    json_open(j, '[');
    for (size_t i = 0; i < count; i++)
        add_step(j, steps[i].value, steps[i].unit);
    if (!count) {
        struct scaled one = units_scale(1, r->sample_unit, r->output_unit);
        add_step(j, 1 / one.value, one.unit);
    }
    json_close(j);
}

static void add_pair(struct json *j, const struct flame *f, struct calltree_value v, int64_t d)
{
    json_int(j, v.new / d);
    if (f->has_old)
        json_int(j, v.old / d);
}

/* How many levels the parent of the cell after cell I is above I. */
static int64_t levels_up(const struct calltree *t, size_t i)
{
    const struct calltree_cell *c = &t->cells[i];
    return i + 1 < t->count ? (int64_t)c->depth + 1 - (int64_t)c[1].depth : 0;
}

static void add_cells(struct json *j, const char *key, const struct flame *f,
                      const struct calltree *t, const struct flame_names *names, int64_t divisor)
{
    json_key(j, key);
    json_open(j, '[');
    for (size_t i = 0; i < t->count; i++) {
        const struct calltree_cell *c = &t->cells[i];
        json_int(j, levels_up(t, i));
        json_int(j, c->node == NO_INDEX ? -(int64_t)c->merged
                                        : 2 * (int64_t)names->numbers[c->node] + c->inlined);
        add_pair(j, f, c->cum, divisor);
        out_flush_some(j->out);
    }
    json_close(j);
}

void flame_data(struct out *o, const struct report *r, const struct flame *f,
                const struct flame_names *names, const struct flame_colors *colors)
{
    struct json j = {.out = o, .compact = true, .in_script = true};
    int64_t divisor = divisor_of_all(f);
    json_open(&j, '{');
    json_key(&j, "base");
    json_int(&j, f->has_old);
    json_key(&j, "scale");
    json_float(&j, (double)divisor * (r->ratio > 0 ? r->ratio : 1));
    add_units(&j, r);
    json_key(&j, "total"); /* old, new */
    json_open(&j, '[');
    json_int(&j, f->total.old / divisor);
    json_int(&j, f->total.new / divisor);
    json_close(&j);
    json_key(&j, "names");
    json_open(&j, '[');
    for (size_t i = 0; i < names->count; i++)
        json_str(&j, f->nodes.names[names->nodes[i]]);
    json_close(&j);
    json_key(&j, "hues");
    json_open(&j, '[');
    for (size_t i = 0; i < names->count; i++)
        json_int(&j, names->colors[i]);
    json_close(&j);
    json_key(&j, "colors");
    json_open(&j, '[');
    for (size_t i = 0; i < colors->count; i++) {
        struct rgb c = colors->list[i];
        json_int(&j, c.r << 16 | c.g << 8 | c.b);
    }
    json_close(&j);
    add_cells(&j, "cells", f, &f->tree, names, divisor);
    add_cells(&j, "inverse", f, &f->inverse, names, divisor);
    json_close(&j);
}
