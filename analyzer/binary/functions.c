#include "analyzer/binary/functions.h"

#include "analyzer/base/alloc.h"

#include <dwarf.h>
#include <stdlib.h>

enum { DEEPEST = 200 }; /* DIEs in DIEs; compilers stay below 50 */

static bool spend(struct effort *e)
{
    return e->left && e->left--;
}

/* Adds every range of DIE to ALL. */
static void add_ranges(struct intervals *all, const struct dw *dw, Dwarf_Die *die, uint32_t depth,
                       uint32_t value, struct effort *effort)
{
    Dwarf_Addr base, start, end;
    ptrdiff_t offset = 0;
    while (spend(effort) && (offset = dw->dwarf_ranges(die, offset, &base, &start, &end)) > 0)
        intervals_add(all, (struct interval){start, end, depth, value});
}

static bool has_code(const struct dw *dw, Dwarf_Die *die)
{
    return dw->dwarf_hasattr(die, DW_AT_low_pc) || dw->dwarf_hasattr(die, DW_AT_ranges);
}

static void add_function(struct functions *f, const struct dw *dw, Dwarf_Die *die,
                         struct effort *effort)
{
    size_t before = f->where.count;
    add_ranges(&f->where, dw, die, 0, (uint32_t)f->count, effort);
    if (f->where.count == before)
        return;
    f->items = xgrow(f->items, &f->cap, f->count + 1, sizeof *f->items);
    f->items[f->count++] = (struct function){.die = *die, .entry = f->where.items[before].start};
}

static void read_children(struct functions *f, const struct dw *dw, Dwarf_Die *parent, int depth,
                          struct effort *effort)
{
    Dwarf_Die die;
    if (depth == DEEPEST || dw->dwarf_child(parent, &die))
        return;
    do {
        int tag = dw->dwarf_tag(&die);
        if (tag == DW_TAG_subprogram && has_code(dw, &die))
            add_function(f, dw, &die, effort);
        if (f->deep || tag == DW_TAG_namespace || tag == DW_TAG_module)
            read_children(f, dw, &die, depth + 1, effort);
    } while (spend(effort) && dw->dwarf_siblingof(&die, &die) == 0);
}

void functions_read(struct functions *f, const struct dw *dw, Dwarf_Die *unit,
                    struct effort *effort)
{
    read_children(f, dw, unit, 0, effort);
    intervals_settle(&f->where);
}

struct function *functions_find(struct functions *f, const struct dw *dw, Dwarf_Die *unit,
                                uint64_t address, struct effort *effort)
{
    uint32_t found = intervals_find(&f->where, address);
    if (found == INTERVALS_NONE && !f->deep) {
        functions_release(f);
        f->deep = true;
        functions_read(f, dw, unit, effort);
        found = intervals_find(&f->where, address);
    }
    return found == INTERVALS_NONE ? NULL : &f->items[found];
}

/* Adds what was inlined below PARENT, which belongs to the inlined function INTO. */
static void expand(struct function *function, const struct dw *dw, Dwarf_Die *parent, uint32_t into,
                   uint32_t depth, struct effort *effort)
{
    Dwarf_Die die;
    if (depth == DEEPEST || dw->dwarf_child(parent, &die))
        return;
    do {
        uint32_t inside = into;
        switch (dw->dwarf_tag(&die)) {
        case DW_TAG_inlined_subroutine:
            function->inlined = xgrow(function->inlined, &function->cap, function->count + 1,
                                      sizeof *function->inlined);
            inside = (uint32_t)function->count++;
            function->inlined[inside] = (struct inlined){die, into};
            add_ranges(&function->where, dw, &die, depth + 1, inside, effort);
            break;
        case DW_TAG_lexical_block:
        case DW_TAG_try_block:
        case DW_TAG_catch_block:
        case DW_TAG_with_stmt:
            break;
        default:
            continue;
        }
        expand(function, dw, &die, inside, depth + 1, effort);
    } while (spend(effort) && dw->dwarf_siblingof(&die, &die) == 0);
}

uint32_t function_inlined_at(struct function *function, const struct dw *dw, uint64_t address,
                             struct effort *effort)
{
    if (!function->expanded) {
        function->expanded = true;
        function->inlined = xgrow(NULL, &function->cap, 1, sizeof *function->inlined);
        function->inlined[function->count++] = (struct inlined){function->die, 0};
        expand(function, dw, &function->die, 0, 0, effort);
        intervals_settle(&function->where);
    }
    uint32_t found = intervals_find(&function->where, address);
    return found == INTERVALS_NONE ? 0 : found;
}

void functions_release(struct functions *f)
{
    for (size_t i = 0; i < f->count; i++) {
        free(f->items[i].inlined);
        intervals_release(&f->items[i].where);
    }
    free(f->items);
    intervals_release(&f->where);
    *f = (struct functions){0};
}
