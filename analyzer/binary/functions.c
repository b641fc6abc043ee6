#include "analyzer/binary/functions.h"

#include "analyzer/base/alloc.h"

#include <dwarf.h>
#include <stdlib.h>

enum {
    DEEPEST = 200, /* DIEs in DIEs; compilers stay below 50 */
    MANY = 32,     /* questions about a function after which its intervals are settled */
};

/* Adds every range of DIE to ALL. */
static void add_ranges(struct functions *f, struct intervals *all, const struct die *die,
                       uint32_t depth, uint32_t value)
{
    if (die->is_simple) {
        intervals_add(all, (struct interval){die->low, die->high, depth, value});
        return;
    }
    if (die->has_ranges && f->sections &&
        ranges_add(all, f->sections, &f->ranges, die->ranges, depth, value, f->effort))
        return;
    Dwarf_Die whole = die_for_libdw(f->unit, die->at);
    Dwarf_Addr base, start, end;
    ptrdiff_t offset = 0;
    while (effort_spend(f->effort) &&
           (offset = f->dw->dwarf_ranges(&whole, offset, &base, &start, &end)) > 0)
        intervals_add(all, (struct interval){start, end, depth, value});
}

static void add_function(struct functions *f, const struct die *die, const unsigned char *next)
{
    size_t before = f->where.count;
    add_ranges(f, &f->where, die, 0, (uint32_t)f->count);
    if (f->where.count == before)
        return;
    f->items = xgrow(f->items, &f->cap, f->count + 1, sizeof *f->items);
    f->items[f->count++] = (struct function){
        .die = die->at,
        .children = die->kind->has_children ? next : NULL,
        .entry = f->where.items[before].start,
    };
}

/* Reads the list of children at AT; returns what follows it, NULL at the end of the unit. */
static const unsigned char *read_children(struct functions *f, const unsigned char *at, int depth)
{
    struct die die;
    while (at && effort_spend(f->effort)) {
        at = die_read(f->unit, at, &die);
        if (!at || !die.kind)
            return at;
        unsigned tag = die.kind->tag;
        if (tag == DW_TAG_subprogram && die.has_code)
            add_function(f, &die, at);
        bool inside = f->deep || tag == DW_TAG_namespace || tag == DW_TAG_module;
        if (inside && die.kind->has_children && depth < DEEPEST)
            at = read_children(f, at, depth + 1);
        else
            at = die_skip(f->unit, &die, at);
    }
    return NULL;
}

static void read_functions(struct functions *f)
{
    struct die unit;
    const unsigned char *at = die_read(f->unit, f->unit->start, &unit);
    f->ranges = (struct range_unit){
        .version = f->unit->version,
        .address_size = f->unit->address_size,
    };
    if (at && unit.kind && unit.kind->is_code && (unit.has_low || !unit.has_code))
        f->ranges.base = unit.low;
    else /* its first address is in a table, or it is a strange one */
        f->sections = NULL;
    if (at && unit.kind && unit.kind->has_children)
        read_children(f, at, 0);
    intervals_settle(&f->where);
}

void functions_init(struct functions *f, const struct dw *dw, const struct die_unit *unit,
                    const struct range_sections *sections, struct effort *effort)
{
    *f = (struct functions){.dw = dw, .unit = unit, .sections = sections, .effort = effort};
    read_functions(f);
}

static void forget(struct functions *f)
{
    f->count = 0;
    f->expanded = NULL;
    intervals_release(&f->where);
}

void functions_release(struct functions *f)
{
    forget(f);
    free(f->items);
    free(f->inlined);
    intervals_release(&f->inside);
    *f = (struct functions){0};
}

struct function *functions_find(struct functions *f, uint64_t address, bool search)
{
    uint32_t found = intervals_find(&f->where, address);
    if (found == INTERVALS_NONE && search && !f->deep) {
        forget(f);
        f->deep = true;
        read_functions(f);
        found = intervals_find(&f->where, address);
    }
    return found == INTERVALS_NONE ? NULL : &f->items[found];
}

static uint32_t add_inlined(struct functions *f, const struct die *die, uint32_t into,
                            uint32_t depth)
{
    uint32_t index = (uint32_t)f->inlined_count++;
    f->inlined = xgrow(f->inlined, &f->inlined_cap, f->inlined_count, sizeof *f->inlined);
    f->inlined[index] = (struct inlined){
        .die = die->at,
        .origin = die->origin,
        .parent = into,
        .call_file = (uint32_t)die->call_file,
        .call_line = (uint32_t)die->call_line,
        .call_column = (uint32_t)die->call_column,
    };
    add_ranges(f, &f->inside, die, depth, index);
    return index;
}

/* Reads the list of children at AT and adds what was inlined there, into the inlined function INTO.
 * Returns what follows it. */
static const unsigned char *expand(struct functions *f, const unsigned char *at, uint32_t into,
                                   uint32_t depth)
{
    struct die die;
    while (at && effort_spend(f->effort)) {
        at = die_read(f->unit, at, &die);
        if (!at || !die.kind)
            return at;
        uint32_t inside = into;
        bool holds_code = false;
        switch (die.kind->tag) {
        case DW_TAG_inlined_subroutine:
            inside = add_inlined(f, &die, into, depth + 1);
            holds_code = true;
            break;
        case DW_TAG_lexical_block:
        case DW_TAG_try_block:
        case DW_TAG_catch_block:
        case DW_TAG_with_stmt:
            holds_code = true;
            break;
        }
        if (holds_code && die.kind->has_children && depth < DEEPEST)
            at = expand(f, at, inside, depth + 1);
        else
            at = die_skip(f->unit, &die, at);
    }
    return NULL;
}

uint32_t function_inlined_at(struct functions *f, const struct function *function, uint64_t address)
{
    if (f->expanded != function) {
        f->expanded = function;
        f->inlined_count = 1;
        f->inside.count = 0;
        f->asked = 0;
        expand(f, function->children, 0, 0);
    }
    if (++f->asked == MANY)
        intervals_settle(&f->inside);
    uint32_t found = f->asked < MANY ? intervals_scan(f->inside.items, f->inside.count, address)
                                     : intervals_find(&f->inside, address);
    return found == INTERVALS_NONE ? 0 : found;
}
