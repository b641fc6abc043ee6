#include "analyzer/binary/dies.h"

#include "analyzer/base/alloc.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

/* How a value is encoded, or how many bytes it takes. */
enum shape {
    SHAPE_FIXED,
    SHAPE_LEB,
    SHAPE_STRING,
    SHAPE_BLOCK1,
    SHAPE_BLOCK2,
    SHAPE_BLOCK4,
    SHAPE_BLOCK,
    SHAPE_INDIRECT,
    SHAPE_IMPLICIT, /* the value is in the abbreviation */
    SHAPE_UNKNOWN,
};

/* What a value is good for. */
enum use {
    USE_NONE,
    USE_LOW,
    USE_HIGH,        /* an address */
    USE_HIGH_OFFSET, /* from low */
    USE_RANGES,
    USE_RANGES_OFFSET,
    USE_SIBLING,
    USE_ORIGIN,
    USE_CALL_FILE,
    USE_CALL_LINE,
    USE_CALL_COLUMN,
    USE_LINKAGE, /* an offset into .debug_str */
    USE_NAME,
    USE_LINKAGE_TEXT, /* the text itself */
    USE_NAME_TEXT,
    USE_SPECIFICATION,
    USE_DECL_LINE,
    USE_FAR,
};

struct die_step {
    uint8_t shape, use;
    uint32_t size;  /* of a fixed one; neighbours that nobody needs are one step */
    uint64_t value; /* of an implicit one */
};

/* Compilers stay far below. libdw counts to an attribute from the first one each time. */
enum { MOST_KINDS = 1 << 20, MOST_STEPS = 1 << 22, MOST_ATTRIBUTES = 256 };

static struct die_step step_of_form(const struct die_unit *u, unsigned form)
{
    switch (form) {
    case DW_FORM_flag_present:
        return (struct die_step){SHAPE_FIXED, USE_NONE, 0, 0};
    case DW_FORM_data1:
    case DW_FORM_ref1:
    case DW_FORM_flag:
    case DW_FORM_strx1:
    case DW_FORM_addrx1:
        return (struct die_step){SHAPE_FIXED, USE_NONE, 1, 0};
    case DW_FORM_data2:
    case DW_FORM_ref2:
    case DW_FORM_strx2:
    case DW_FORM_addrx2:
        return (struct die_step){SHAPE_FIXED, USE_NONE, 2, 0};
    case DW_FORM_strx3:
    case DW_FORM_addrx3:
        return (struct die_step){SHAPE_FIXED, USE_NONE, 3, 0};
    case DW_FORM_data4:
    case DW_FORM_ref4:
    case DW_FORM_strx4:
    case DW_FORM_addrx4:
    case DW_FORM_ref_sup4:
        return (struct die_step){SHAPE_FIXED, USE_NONE, 4, 0};
    case DW_FORM_data8:
    case DW_FORM_ref8:
    case DW_FORM_ref_sig8:
    case DW_FORM_ref_sup8:
        return (struct die_step){SHAPE_FIXED, USE_NONE, 8, 0};
    case DW_FORM_data16:
        return (struct die_step){SHAPE_FIXED, USE_NONE, 16, 0};
    case DW_FORM_addr:
        return (struct die_step){SHAPE_FIXED, USE_NONE, u->address_size, 0};
    case DW_FORM_ref_addr:
        return (struct die_step){SHAPE_FIXED, USE_NONE,
                                 u->version == 2 ? u->address_size : u->offset_size, 0};
    case DW_FORM_strp:
    case DW_FORM_line_strp:
    case DW_FORM_strp_sup:
    case DW_FORM_sec_offset:
    case DW_FORM_GNU_strp_alt:
    case DW_FORM_GNU_ref_alt:
        return (struct die_step){SHAPE_FIXED, USE_NONE, u->offset_size, 0};
    case DW_FORM_sdata:
    case DW_FORM_udata:
    case DW_FORM_ref_udata:
    case DW_FORM_strx:
    case DW_FORM_addrx:
    case DW_FORM_loclistx:
    case DW_FORM_rnglistx:
    case DW_FORM_GNU_addr_index:
    case DW_FORM_GNU_str_index:
        return (struct die_step){SHAPE_LEB, USE_NONE, 0, 0};
    case DW_FORM_string:
        return (struct die_step){SHAPE_STRING, USE_NONE, 0, 0};
    case DW_FORM_block1:
        return (struct die_step){SHAPE_BLOCK1, USE_NONE, 0, 0};
    case DW_FORM_block2:
        return (struct die_step){SHAPE_BLOCK2, USE_NONE, 0, 0};
    case DW_FORM_block4:
        return (struct die_step){SHAPE_BLOCK4, USE_NONE, 0, 0};
    case DW_FORM_block:
    case DW_FORM_exprloc:
        return (struct die_step){SHAPE_BLOCK, USE_NONE, 0, 0};
    case DW_FORM_indirect:
        return (struct die_step){SHAPE_INDIRECT, USE_NONE, 0, 0};
    case DW_FORM_implicit_const:
        return (struct die_step){SHAPE_IMPLICIT, USE_NONE, 0, 0};
    default:
        return (struct die_step){SHAPE_UNKNOWN, USE_NONE, 0, 0};
    }
}

static bool is_constant(unsigned form)
{
    return form == DW_FORM_data1 || form == DW_FORM_data2 || form == DW_FORM_data4 ||
           form == DW_FORM_data8 || form == DW_FORM_udata || form == DW_FORM_implicit_const;
}

static bool is_reference(unsigned form)
{
    return form == DW_FORM_ref1 || form == DW_FORM_ref2 || form == DW_FORM_ref4 ||
           form == DW_FORM_ref8 || form == DW_FORM_ref_udata;
}

/* What only functions are asked for. */
static enum use use_of_function(unsigned attribute, unsigned form)
{
    switch (attribute) {
    case DW_AT_linkage_name:
    case DW_AT_MIPS_linkage_name:
        return form == DW_FORM_strp     ? USE_LINKAGE
               : form == DW_FORM_string ? USE_LINKAGE_TEXT
                                        : USE_FAR;
    case DW_AT_name:
        return form == DW_FORM_strp ? USE_NAME : form == DW_FORM_string ? USE_NAME_TEXT : USE_FAR;
    case DW_AT_specification:
        return is_reference(form) ? USE_SPECIFICATION : USE_FAR;
    case DW_AT_decl_line:
        return is_constant(form) ? USE_DECL_LINE : USE_FAR;
    default:
        return USE_NONE;
    }
}

/* An address in another form than this is libdw's to find out: it counts as ranges. */
static enum use use_of_code(const struct die_unit *u, unsigned attribute, unsigned form)
{
    switch (attribute) {
    case DW_AT_low_pc:
        return form == DW_FORM_addr ? USE_LOW : USE_RANGES;
    case DW_AT_high_pc:
        return form == DW_FORM_addr ? USE_HIGH : is_constant(form) ? USE_HIGH_OFFSET : USE_RANGES;
    case DW_AT_ranges:
        return form == DW_FORM_sec_offset ||
                       (u->version < 4 && (form == DW_FORM_data4 || form == DW_FORM_data8))
                   ? USE_RANGES_OFFSET
                   : USE_RANGES;
    case DW_AT_call_file:
        return is_constant(form) ? USE_CALL_FILE : USE_NONE;
    case DW_AT_call_line:
        return is_constant(form) ? USE_CALL_LINE : USE_NONE;
    case DW_AT_call_column:
        return is_constant(form) ? USE_CALL_COLUMN : USE_NONE;
    case DW_AT_abstract_origin:
        return is_reference(form) ? USE_ORIGIN : USE_FAR;
    default:
        return USE_NONE;
    }
}

static enum use use_of(const struct die_kind *kind, const struct die_unit *u, unsigned attribute,
                       unsigned form)
{
    if (attribute == DW_AT_sibling)
        return is_reference(form) ? USE_SIBLING : USE_NONE;
    enum use use = kind->is_code ? use_of_code(u, attribute, form) : USE_NONE;
    return !use && kind->tag == DW_TAG_subprogram ? use_of_function(attribute, form) : use;
}

static bool add_step(struct die_unit *u, struct die_kind *kind, struct die_step step)
{
    struct die_step *last = kind->step_count ? &u->steps[u->step_count - 1] : NULL;
    if (last && !last->use && !step.use && last->shape == SHAPE_FIXED &&
        step.shape == SHAPE_FIXED) {
        last->size += step.size;
        return true;
    }
    if (u->step_count == MOST_STEPS)
        return false;
    u->steps = xgrow(u->steps, &u->step_cap, u->step_count + 1, sizeof *u->steps);
    u->steps[u->step_count++] = step;
    kind->step_count++;
    return true;
}

static bool compile_kind(struct die_unit *u, const struct dw *dw, Dwarf_Abbrev *abbrev,
                         struct die_kind *kind)
{
    unsigned attribute, form;
    Dwarf_Sword value = 0;
    *kind = (struct die_kind){.tag = dw->dwarf_getabbrevtag(abbrev),
                              .has_children = dw->dwarf_abbrevhaschildren(abbrev) > 0,
                              .first_step = (uint32_t)u->step_count};
    if (!kind->tag)
        return false;
    kind->is_code = kind->tag == DW_TAG_subprogram || kind->tag == DW_TAG_inlined_subroutine ||
                    kind->tag == DW_TAG_compile_unit || kind->tag == DW_TAG_skeleton_unit;
    /* Not as many as dwarf_getattrcnt says: libdw 0.188 counts implicit constants twice. */
    for (size_t i = 0;
         dw->dwarf_getabbrevattr_data(abbrev, i, &attribute, &form, &value, NULL) == 0; i++) {
        struct die_step step = step_of_form(u, form);
        step.use = use_of(kind, u, attribute, form);
        step.value = (uint64_t)value;
        if (i == MOST_ATTRIBUTES || step.shape == SHAPE_UNKNOWN || !add_step(u, kind, step))
            return false;
    }
    const struct die_step *only = u->steps + kind->first_step;
    kind->is_plain = !kind->step_count ||
                     (kind->step_count == 1 && only->shape == SHAPE_FIXED && only->use == USE_NONE);
    kind->fixed = kind->is_plain && kind->step_count ? only->size : 0;
    return true;
}

static bool compile_kinds(struct die_unit *u, const struct dw *dw, Dwarf_Die *die)
{
    Dwarf_Off offset = 0;
    size_t len, cap = 0;
    for (;;) {
        Dwarf_Abbrev *abbrev = dw->dwarf_getabbrev(die, offset, &len);
        if (!abbrev)
            return false;
        if (abbrev == DWARF_END_ABBREV)
            return true;
        unsigned code = dw->dwarf_getabbrevcode(abbrev);
        if (code >= MOST_KINDS)
            return false;
        size_t old = cap;
        if (code >= u->kind_count) {
            u->kinds = xgrow(u->kinds, &cap, code + 1, sizeof *u->kinds);
            memset(u->kinds + old, 0, (cap - old) * sizeof *u->kinds);
            u->kind_count = code + 1;
        }
        if (!compile_kind(u, dw, abbrev, &u->kinds[code]))
            return false;
        offset += len;
    }
}

bool die_unit_init(struct die_unit *u, const struct dw *dw, Dwarf *dwarf, Dwarf_Die *die,
                   struct bytes str)
{
    Dwarf_Off at = dw->dwarf_dieoffset(die), into = dw->dwarf_cuoffset(die), next, abbrevs;
    uint8_t address_size, offset_size;
    Dwarf_Half version;
    size_t header_size;
    *u = (struct die_unit){.cu = die->cu, .str = str};
    if (into > at ||
        dw->dwarf_next_unit(dwarf, at - into, &next, &header_size, &version, &abbrevs,
                            &address_size, &offset_size, NULL, NULL) ||
        next < at)
        return false;
    u->start = die->addr;
    u->header = u->start - into;
    u->end = u->start + (next - at);
    u->version = version;
    u->address_size = address_size;
    u->offset_size = offset_size;
    const char *ident = dw->elf_getident(dw->dwarf_getelf(dwarf), NULL);
    const unsigned one = 1;
    u->other_order =
        ident && (ident[EI_DATA] == ELFDATA2LSB) != (*(const unsigned char *)&one == 1);
    return compile_kinds(u, dw, die);
}

void die_unit_release(struct die_unit *u)
{
    free(u->kinds);
    free(u->steps);
    *u = (struct die_unit){0};
}

/* --- reading */

/* Most abbreviations have codes of one byte. */
static inline const unsigned char *take_code(const unsigned char *at, const unsigned char *end,
                                             uint64_t *code)
{
    if (*at < 0x80) {
        *code = *at;
        return at + 1;
    }
    return bytes_take_uleb(at, end, code);
}

/* Reads or passes a value; NULL if it is not all there. */
static const unsigned char *take_value(const struct die_unit *u, const struct die_step *s,
                                       const unsigned char *at, uint64_t *value)
{
    uint64_t size = s->size, form;
    switch (s->shape) {
    case SHAPE_FIXED:
        if (size > (size_t)(u->end - at))
            return NULL;
        if (s->use)
            *value = bytes_fixed(at, s->size, u->other_order);
        return at + size;
    case SHAPE_LEB:
        return bytes_take_uleb(at, u->end, value);
    case SHAPE_STRING:
        *value = (uintptr_t)at;
        at = memchr(at, 0, (size_t)(u->end - at));
        return at ? at + 1 : NULL;
    case SHAPE_BLOCK1:
    case SHAPE_BLOCK2:
    case SHAPE_BLOCK4: {
        uint32_t prefix = s->shape == SHAPE_BLOCK1 ? 1 : s->shape == SHAPE_BLOCK2 ? 2 : 4;
        if (prefix > (size_t)(u->end - at))
            return NULL;
        size = bytes_fixed(at, prefix, u->other_order);
        at += prefix;
        break;
    }
    case SHAPE_BLOCK:
        at = bytes_take_uleb(at, u->end, &size);
        break;
    case SHAPE_IMPLICIT:
        *value = s->value;
        return at;
    case SHAPE_INDIRECT: {
        at = bytes_take_uleb(at, u->end, &form);
        if (!at || form == DW_FORM_indirect)
            return NULL;
        struct die_step inner = step_of_form(u, (unsigned)form);
        return take_value(u, &inner, at, value);
    }
    default:
        return NULL;
    }
    return at && size <= (size_t)(u->end - at) ? at + size : NULL;
}

/* The DIE at OFFSET of the unit, or NULL if that is not in it. */
static const unsigned char *die_at(const struct die_unit *u, uint64_t offset)
{
    return offset < (size_t)(u->end - u->header) && offset >= (size_t)(u->start - u->header)
               ? u->header + offset
               : NULL;
}

static const char *string_at(const struct die_unit *u, uint64_t offset, struct die *die)
{
    struct bytes b = u->str;
    bytes_skip(&b, offset);
    const char *text = bytes_string(&b);
    if (b.bad)
        die->is_far = true;
    return text;
}

static void use_value(const struct die_unit *u, struct die *die, enum use use, uint64_t value)
{
    switch (use) {
    case USE_NONE:
        break;
    case USE_LOW:
        die->low = value;
        die->has_low = true;
        break;
    case USE_HIGH:
    case USE_HIGH_OFFSET:
        die->high = value;
        die->is_simple = true;
        break;
    case USE_RANGES:
        die->has_code = true;
        break;
    case USE_RANGES_OFFSET:
        die->has_code = die->has_ranges = true;
        die->ranges = value;
        break;
    case USE_SIBLING: /* only forward, or walks would not end */
        die->sibling = die_at(u, value);
        if (die->sibling && die->sibling <= die->at)
            die->sibling = NULL;
        break;
    case USE_ORIGIN:
        die->origin = die_at(u, value);
        break;
    case USE_CALL_FILE:
        die->call_file = value;
        break;
    case USE_CALL_LINE:
        die->call_line = value;
        break;
    case USE_CALL_COLUMN:
        die->call_column = value;
        break;
    case USE_LINKAGE:
        die->linkage = string_at(u, value, die);
        break;
    case USE_NAME:
        die->name = string_at(u, value, die);
        break;
    case USE_LINKAGE_TEXT:
        die->linkage = (const char *)(uintptr_t)value;
        break;
    case USE_NAME_TEXT:
        die->name = (const char *)(uintptr_t)value;
        break;
    case USE_SPECIFICATION:
        die->specification = die_at(u, value);
        break;
    case USE_DECL_LINE:
        die->decl_line = value;
        break;
    case USE_FAR:
        die->is_far = true;
        break;
    }
}

const unsigned char *die_read(const struct die_unit *u, const unsigned char *at, struct die *die)
{
    uint64_t code, value = 0;
    bool is_offset = false;
    die->kind = NULL;
    die->at = at;
    die->sibling = NULL;
    if (at >= u->end || !(at = take_code(at, u->end, &code)) || !code)
        return at;
    if (code >= u->kind_count || !u->kinds[code].tag)
        return NULL;
    die->kind = &u->kinds[code];
    if (die->kind->is_code)
        *die = (struct die){.kind = die->kind, .at = die->at};
    if (die->kind->is_plain)
        return die->kind->fixed <= (size_t)(u->end - at) ? at + die->kind->fixed : NULL;
    const struct die_step *step = u->steps + die->kind->first_step;
    for (const struct die_step *last = step + die->kind->step_count; step < last; step++) {
        if (step->shape == SHAPE_FIXED && !step->use) {
            if (step->size > (size_t)(u->end - at))
                return NULL;
            at += step->size;
            continue;
        }
        at = take_value(u, step, at, &value);
        if (!at)
            return NULL;
        if (step->use) {
            use_value(u, die, step->use, value);
            is_offset |= step->use == USE_HIGH_OFFSET;
        }
    }
    if (!die->kind->is_code)
        return at;
    /* Ranges, or a low without a high, are more than a stretch. */
    die->is_simple &= die->has_low && !die->has_code;
    die->has_code |= die->has_low;
    if (is_offset)
        die->high += die->low;
    return at;
}

const unsigned char *die_skip(const struct die_unit *u, const struct die *die,
                              const unsigned char *next)
{
    if (!die->kind->has_children)
        return next;
    if (die->sibling && die->sibling >= next)
        return die->sibling;
    for (size_t depth = 1; next && depth;) {
        struct die inner;
        next = die_read(u, next, &inner);
        if (!next)
            return NULL;
        if (!inner.kind)
            depth--;
        else if (inner.kind->has_children && inner.sibling && inner.sibling >= next)
            next = inner.sibling;
        else if (inner.kind->has_children)
            depth++;
    }
    return next;
}

Dwarf_Die die_for_libdw(const struct die_unit *u, const unsigned char *at)
{
    return (Dwarf_Die){.addr = (void *)at, .cu = u->cu};
}
