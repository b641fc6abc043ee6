#include "analyzer/binary/ranges.h"

#include <dwarf.h>

/* Pairs of addresses; 0, 0 ends them, and one that begins with the largest address sets the base.
 */
static void add_pairs(struct intervals *all, struct bytes b, const struct range_unit *unit,
                      struct interval one, struct effort *effort)
{
    uint64_t largest = unit->address_size == 4 ? UINT32_MAX : UINT64_MAX, base = unit->base;
    while (effort_spend(effort)) {
        uint64_t start = bytes_number(&b, unit->address_size);
        uint64_t end = bytes_number(&b, unit->address_size);
        if (b.bad || (!start && !end))
            return;
        if (start == largest) {
            base = end;
            continue;
        }
        one.start = base + start;
        one.end = base + end;
        intervals_add(all, one);
    }
}

static bool add_list(struct intervals *all, struct bytes b, const struct range_unit *unit,
                     struct interval one, struct effort *effort)
{
    uint64_t base = unit->base;
    while (effort_spend(effort)) {
        uint64_t kind = bytes_u8(&b);
        if (b.bad || kind == DW_RLE_end_of_list)
            return true;
        switch (kind) {
        case DW_RLE_offset_pair:
            one.start = base + bytes_uleb(&b);
            one.end = base + bytes_uleb(&b);
            break;
        case DW_RLE_base_address:
            base = bytes_number(&b, unit->address_size);
            continue;
        case DW_RLE_start_end:
            one.start = bytes_number(&b, unit->address_size);
            one.end = bytes_number(&b, unit->address_size);
            break;
        case DW_RLE_start_length:
            one.start = bytes_number(&b, unit->address_size);
            one.end = one.start + bytes_uleb(&b);
            break;
        default:
            return false; /* indices into .debug_addr */
        }
        if (!b.bad)
            intervals_add(all, one);
    }
    return true;
}

bool ranges_add(struct intervals *all, const struct range_sections *sections,
                const struct range_unit *unit, uint64_t offset, uint32_t depth, uint32_t value,
                struct effort *effort)
{
    struct interval one = {.depth = depth, .value = value};
    struct bytes b = unit->version >= 5 ? sections->rnglists : sections->ranges;
    size_t before = all->count;
    bytes_skip(&b, offset);
    if (b.bad)
        return false;
    if (unit->version < 5)
        add_pairs(all, b, unit, one, effort);
    else if (!add_list(all, b, unit, one, effort)) {
        all->count = before;
        return false;
    }
    return true;
}
