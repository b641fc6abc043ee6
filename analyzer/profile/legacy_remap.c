/* The memory map of a legacy profile, brought into the shape that profile.proto would have.
 *
 * Profilers write these maps from inside of the program, with quirks: one mapping as several, the
 * main program anywhere, its first part missing. pprof corrects what it can recognize, in this
 * order.
 */
#include "analyzer/profile/legacy.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/buf.h"

#include <stdlib.h>
#include <string.h>

/* Where programs that are not position-independent are linked to. */
static const uint64_t program_start = 0x400000;

/* Do A and B show neighbouring parts of one file? What is not known agrees with everything. */
static bool is_continued(const struct mapping *a, const struct mapping *b)
{
    return (!a->file || !b->file || a->file == b->file) &&
           (!a->build_id || !b->build_id || a->build_id == b->build_id) && a->limit == b->start &&
           (!a->offset || !b->offset || a->offset + (a->limit - a->start) == b->offset);
}

static void join_neighbours(struct legacy_profile *lp)
{
    size_t kept = 0;
    for (size_t i = 0; i < lp->mapping_count; i++) {
        struct mapping m = lp->mappings[i], *last = kept ? &lp->mappings[kept - 1] : NULL;
        if (!last || !is_continued(last, &m)) {
            lp->mappings[kept++] = m;
            continue;
        }
        last->limit = m.limit;
        if (m.file)
            last->file = m.file;
        if (m.build_id)
            last->build_id = m.build_id;
    }
    lp->mapping_count = kept;
}

/* "libc.so", "libc.so.6", "libc.so_1" */
static bool is_library(struct str file)
{
    while (scan_find(&file, ".so")) {
        struct str rest = file;
        if (!rest.len)
            return true;
        if ((scan_skip(&rest, ".") || scan_skip(&rest, "_")) && scan_run(&rest, SCAN_DIGIT).len)
            return true;
    }
    return false;
}

static bool is_program(struct str file)
{
    struct buf name = {0};
    struct str rest = file;
    while (scan_find(&rest, "(deleted)")) {
        buf_add(&name, file.ptr, (size_t)(rest.ptr - strlen("(deleted)") - file.ptr));
        file = rest;
    }
    buf_str(&name, file);
    struct str trimmed = scan_trim((struct str){name.data, name.len});
    bool program = trimmed.len && trimmed.ptr[0] != '[' && !is_library(trimmed);
    buf_release(&name);
    return program;
}

/* The program itself is expected first; it changes places with what is there. */
static void move_program_first(struct legacy_profile *lp)
{
    for (size_t i = 0; i < lp->mapping_count; i++) {
        struct mapping m = lp->mappings[i];
        if (!is_program(profile_str(lp->profile, m.file)))
            continue;
        lp->mappings[i] = lp->mappings[0];
        lp->mappings[0] = m;
        return;
    }
}

/* A text segment that was moved to huge pages keeps an entry with their name before its own. */
static void drop_hugepage(struct legacy_profile *lp)
{
    struct mapping *m = lp->mappings;
    if (lp->mapping_count > 1 && m[0].limit == m[1].start &&
        str_starts(profile_str(lp->profile, m[0].file), "/anon_hugepage"))
        memmove(m, m + 1, --lp->mapping_count * sizeof *m);
}

/* For every address the first of the mappings, in their order, that has it; and the first that has
 * it in the OFFSET bytes before its start.
 *
 * The bounds of all of them cut the addresses into intervals, the leaves of a tree. A range of
 * addresses is noted at the few nodes that make it up, so an address finds all its ranges on the
 * way from its leaf to the root. */
struct intervals {
    uint64_t *starts; /* sorted, each once */
    size_t count;
    uint32_t *first; /* 2 * count nodes: the first mapping that has all of the node */
    struct shift {
        uint32_t mapping;
        uint32_t next;
    } * shifts;      /* lists of mappings that would have it if they began OFFSET bytes earlier */
    uint32_t *lists; /* 2 * count nodes: the head, an index of shifts or NO_INDEX; ordered */
    size_t shift_count, shift_cap;
};

static int compare_addresses(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* The node of the interval that ADDRESS is in, or 0 before the first one. */
static size_t find_leaf(const struct intervals *v, uint64_t address)
{
    size_t low = 0, high = v->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (v->starts[middle] <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? v->count + low - 1 : 0;
}

static void note(struct intervals *v, size_t node, uint32_t mapping, bool shifted)
{
    if (!shifted) {
        if (mapping < v->first[node])
            v->first[node] = mapping;
        return;
    }
    v->shifts = xgrow(v->shifts, &v->shift_cap, v->shift_count + 1, sizeof *v->shifts);
    v->shifts[v->shift_count] = (struct shift){mapping, v->lists[node]};
    v->lists[node] = (uint32_t)v->shift_count++;
}

static void note_range(struct intervals *v, uint64_t start, uint64_t limit, uint32_t mapping,
                       bool shifted)
{
    if (start >= limit)
        return;
    size_t left = find_leaf(v, start), right = find_leaf(v, limit);
    for (; left < right; left /= 2, right /= 2) {
        if (left % 2)
            note(v, left++, mapping, shifted);
        if (right % 2)
            note(v, --right, mapping, shifted);
    }
}

static uint32_t first_mapping(const struct intervals *v, uint64_t address)
{
    uint32_t first = NO_INDEX;
    for (size_t node = find_leaf(v, address); node; node /= 2)
        if (v->first[node] < first)
            first = v->first[node];
    return first;
}

static uint32_t first_shifted(struct intervals *v, const struct mapping *mappings, uint64_t address)
{
    uint32_t first = NO_INDEX;
    for (size_t node = find_leaf(v, address); node; node /= 2) {
        uint32_t *head = &v->lists[node];
        /* those that were moved are done with */
        while (*head != NO_INDEX && !mappings[v->shifts[*head].mapping].offset)
            *head = v->shifts[*head].next;
        if (*head != NO_INDEX && v->shifts[*head].mapping < first)
            first = v->shifts[*head].mapping;
    }
    return first;
}

static void intervals_init(struct intervals *v, const struct mapping *mappings, size_t count)
{
    *v = (struct intervals){.starts = xcalloc(3 * count + 1, sizeof *v->starts)};
    size_t bounds = 0;
    for (size_t i = 0; i < count; i++) {
        struct mapping m = mappings[i];
        v->starts[bounds++] = m.start;
        v->starts[bounds++] = m.limit;
        v->starts[bounds++] = m.start - m.offset;
    }
    qsort(v->starts, bounds, sizeof *v->starts, compare_addresses);
    for (size_t i = 0; i < bounds; i++)
        if (!i || v->starts[i] != v->starts[i - 1])
            v->starts[v->count++] = v->starts[i];

    v->shifts = xgrow(NULL, &v->shift_cap, count + 1, sizeof *v->shifts);
    v->first = xcalloc(2 * v->count + 1, sizeof *v->first);
    v->lists = xcalloc(2 * v->count + 1, sizeof *v->lists);
    memset(v->first, 0xFF, (2 * v->count + 1) * sizeof *v->first);
    memset(v->lists, 0xFF, (2 * v->count + 1) * sizeof *v->lists);
    /* backwards, so that lists begin with the first mapping */
    for (uint32_t i = (uint32_t)count; i-- > 0;) {
        struct mapping m = mappings[i];
        note_range(v, m.start, m.limit, i, false);
        /* an offset beyond the start wraps around, and no address is in that range */
        note_range(v, m.start - m.offset, m.start, i, true);
    }
}

static void intervals_release(struct intervals *v)
{
    free(v->starts);
    free(v->first);
    free(v->shifts);
    free(v->lists);
}

/* The mapping of ADDRESS. Where only the part before a mapping has it, that mapping is taken to
 * begin where its file does: a profiler has left out its first part. */
static uint32_t find_mapping(struct legacy_profile *lp, struct intervals *v, uint64_t address)
{
    uint32_t found = first_mapping(v, address);
    if (found != NO_INDEX)
        return found;
    found = first_shifted(v, lp->mappings, address);
    if (found != NO_INDEX) {
        struct mapping *m = &lp->mappings[found];
        m->start -= m->offset;
        m->offset = 0;
        note_range(v, m->start, m->limit, found, false);
    }
    return found;
}

/* Go's profiles came without a map: what no mapping has is in one of all addresses. */
static uint32_t add_fake_mapping(struct legacy_profile *lp)
{
    lp->mappings =
        xgrow(lp->mappings, &lp->mapping_cap, lp->mapping_count + 1, sizeof *lp->mappings);
    lp->mappings[lp->mapping_count] = (struct mapping){.limit = UINT64_MAX};
    return (uint32_t)lp->mapping_count++;
}

void legacy_locate(struct legacy_profile *lp, const uint32_t *used, size_t used_count,
                   uint32_t *found)
{
    join_neighbours(lp);
    move_program_first(lp);
    drop_hugepage(lp);
    struct mapping *first = lp->mappings;
    if (lp->mapping_count && first->start - first->offset == program_start) {
        first->start = program_start;
        first->offset = 0;
    }

    struct intervals v;
    uint32_t fake = NO_INDEX;
    intervals_init(&v, lp->mappings, lp->mapping_count);
    for (size_t i = 0; i < used_count; i++) {
        struct legacy_location l = lp->locations[used[i]];
        found[used[i]] = NO_INDEX;
        /* what is described is known by its function, not by its address */
        if (l.address == 0 || l.function != NO_INDEX)
            continue;
        /* Once it is there, the mapping of all addresses leaves nothing to corrections. */
        uint32_t mapping =
            fake == NO_INDEX ? find_mapping(lp, &v, l.address) : first_mapping(&v, l.address);
        if (mapping == NO_INDEX) {
            if (fake == NO_INDEX)
                fake = add_fake_mapping(lp);
            mapping = fake;
        }
        found[used[i]] = mapping;
    }
    intervals_release(&v);
}
