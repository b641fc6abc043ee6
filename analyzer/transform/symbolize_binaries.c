#include "analyzer/transform/symbolize_binaries.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/buf.h"
#include "analyzer/base/path.h"
#include "analyzer/binary/lookup.h"

#include <stdlib.h>
#include <string.h>

/* A location to be named. */
struct wanted {
    uint64_t address;
    uint32_t lookup, mapping, location;
};

struct batch {
    struct profile *p;
    const struct mapped_binary *binaries;
    struct binary_mapping *mappings; /* one per mapping of the profile */
    uint32_t *lookup_of;             /* likewise: NO_INDEX or an index of LOOKUPS */
    struct lookup *lookups;          /* one per file and build id */
    uint32_t *mapping_of;            /* a mapping of each */
    size_t lookup_count;
    struct wanted *wanted; /* by lookup, mapping and address */
    size_t wanted_count;
    struct lookup_address *addresses; /* distinct, in the same order */
};

static void make_lookups(struct batch *b, bool only_symbols)
{
    const struct profile *p = b->p;
    struct strtab keys;
    strtab_init(&keys);
    for (size_t i = 0; i < p->mapping_count; i++) {
        const struct mapping *m = &p->mappings[i];
        b->lookup_of[i] = NO_INDEX;
        if (!b->binaries[i].path)
            continue;
        b->mappings[i] = (struct binary_mapping){
            .start = m->start,
            .limit = m->limit,
            .offset = m->offset,
            .kernel_symbol = b->binaries[i].kernel_symbol,
        };
        const strid key[] = {m->file, m->build_id};
        b->lookup_of[i] = strtab_add(&keys, (const char *)key, sizeof key) - 1;
        if (b->lookup_of[i] < b->lookup_count)
            continue;
        b->mapping_of[b->lookup_count] = (uint32_t)i;
        b->lookups[b->lookup_count++] = (struct lookup){
            .path = b->binaries[i].path,
            .build_id = profile_str(p, m->build_id).ptr,
            .only_symbols = only_symbols,
        };
    }
    strtab_release(&keys);
}

static int by_binary_and_address(const void *a, const void *b)
{
    const struct wanted *x = a, *y = b;
    if (x->lookup != y->lookup)
        return x->lookup < y->lookup ? -1 : 1;
    if (x->mapping != y->mapping)
        return x->mapping < y->mapping ? -1 : 1;
    return (x->address > y->address) - (x->address < y->address);
}

static bool is_same_place(const struct wanted *a, const struct wanted *b)
{
    return a->mapping == b->mapping && a->address == b->address;
}

static void collect(struct batch *b)
{
    const struct profile *p = b->p;
    for (size_t i = 0; i < p->location_count; i++) {
        const struct location *l = &p->locations[i];
        if (l->mapping == NO_INDEX || b->lookup_of[l->mapping] == NO_INDEX)
            continue;
        b->wanted[b->wanted_count++] =
            (struct wanted){l->address, b->lookup_of[l->mapping], l->mapping, (uint32_t)i};
    }
    if (b->wanted_count)
        qsort(b->wanted, b->wanted_count, sizeof *b->wanted, by_binary_and_address);
    size_t count = 0;
    for (size_t i = 0; i < b->wanted_count; i++) {
        const struct wanted *w = &b->wanted[i];
        if (i && is_same_place(w, w - 1))
            continue;
        struct lookup *l = &b->lookups[w->lookup];
        if (!l->count++)
            l->addresses = b->addresses + count;
        b->addresses[count++] = (struct lookup_address){&b->mappings[w->mapping], w->address};
    }
}

static void apply(struct batch *b, struct name_writer *writer)
{
    const struct lookup_frames *found = NULL;
    const struct lookup *lookup = NULL;
    for (size_t i = 0; i < b->wanted_count; i++) {
        const struct wanted *w = &b->wanted[i];
        if (lookup != &b->lookups[w->lookup]) {
            lookup = &b->lookups[w->lookup];
            found = lookup->found;
        } else if (found && !is_same_place(w, w - 1)) {
            found++;
        }
        if (found)
            name_writer_set(writer, w->location, found->frames, found->count);
    }
}

static void remark(const struct batch *b, bool *missing, struct lines *notes)
{
    for (size_t i = 0; i < b->lookup_count; i++) {
        const struct lookup *l = &b->lookups[i];
        if (!l->problem.error.kind)
            continue;
        struct str name = path_base(profile_str(b->p, b->p->mappings[b->mapping_of[i]].file));
        struct buf id = {0};
        buf_puts(&id, "");
        if (*l->build_id)
            buf_printf(&id, " (build ID %s)", l->build_id);
        lines_add(notes, "Local symbolization failed for %.*s%s: %s", (int)name.len, name.ptr,
                  id.data, l->problem.error.text);
        buf_release(&id);
        *missing |= !l->problem.is_other_build;
    }
}

int symbolize_binaries(struct name_writer *w, const struct mapped_binary *binaries,
                       bool only_symbols, bool *missing, struct lines *notes, struct error *err)
{
    struct profile *p = w->p;
    struct batch b = {
        .p = p,
        .binaries = binaries,
        .mappings = xcalloc(p->mapping_count, sizeof *b.mappings),
        .lookup_of = xcalloc(p->mapping_count, sizeof *b.lookup_of),
        .lookups = xcalloc(p->mapping_count, sizeof *b.lookups),
        .mapping_of = xcalloc(p->mapping_count, sizeof *b.mapping_of),
    };
    int rc = 0;
    make_lookups(&b, only_symbols);
    if (b.lookup_count) {
        b.wanted = xcalloc(p->location_count, sizeof *b.wanted);
        b.addresses = xcalloc(p->location_count, sizeof *b.addresses);
        collect(&b);
        rc = lookup_run(b.lookups, b.lookup_count, err);
    }
    if (rc == 0) {
        apply(&b, w);
        remark(&b, missing, notes);
    }
    lookup_release(b.lookups, b.lookup_count);
    free(b.mappings);
    free(b.lookup_of);
    free(b.lookups);
    free(b.mapping_of);
    free(b.wanted);
    free(b.addresses);
    return rc;
}
