#include "analyzer/transform/tagroot.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/buf.h"
#include "analyzer/base/idmap.h"
#include "analyzer/base/units.h"
#include "analyzer/profile/clone.h"

#include <stdlib.h>
#include <string.h>

struct keys {
    struct str *items;
    size_t count, cap;
};

static struct keys split(const char *list)
{
    struct keys k = {0};
    while (list && *list) {
        size_t len = strcspn(list, ",");
        if (len) {
            k.items = xgrow(k.items, &k.cap, k.count + 1, sizeof *k.items);
            k.items[k.count++] = (struct str){list, len};
        }
        list += len + (list[len] == ',');
    }
    return k;
}

/* All values of KEY in the label set, joined by commas. False if it has none. */
static bool format_values(const struct profile *p, const struct labelset *set, strid key,
                          const char *unit, struct buf *out)
{
    bool any = false, units = false;
    buf_clear(out);
    for (uint32_t i = 0; i < set->count; i++) {
        const struct label *l = &p->labels[set->first + i];
        units |= l->key == key && l->is_number && l->str;
    }
    for (uint32_t i = 0; i < set->count; i++) {
        const struct label *l = &p->labels[set->first + i];
        if (l->key != key)
            continue;
        if (any)
            buf_putc(out, ',');
        any = true;
        if (!l->is_number)
            buf_str(out, profile_str(p, l->str));
        else if (units)
            units_label(out, l->number, profile_str(p, l->str).ptr, unit);
        else
            units_label(out, l->number, "", "");
    }
    return any;
}

/* The pseudo frame of (value, key), made when first needed. */
static uint32_t pseudo_location(struct profile *p, struct idmap *made, strid value, strid key,
                                uint64_t *next_id)
{
    uint64_t id = (uint64_t)value << 32 | key;
    uint32_t index = idmap_get(made, id);
    if (index != UINT32_MAX)
        return index;
    struct line line = {
        .function = profile_add_function(p, (struct function){.name = value, .filename = key})};
    struct location l = {.id = *next_id, .mapping = NO_INDEX};
    ++*next_id;
    index = profile_add_location(p, l, &line, 1);
    idmap_put(made, id, index);
    return index;
}

void tagroot_apply(struct profile *p, const struct tagroot_spec *spec, const char *unit,
                   struct lines *notes)
{
    struct keys roots = split(spec->root), leaves = split(spec->leaf);
    if (roots.count + leaves.count) {
        struct idmap made;
        struct buf text = {0};
        bool root_matched = false, leaf_matched = false;
        size_t extra = roots.count + leaves.count;
        uint32_t *frames = NULL, *pseudo = xmalloc(extra * p->labelset_count * sizeof *pseudo);
        size_t frame_cap = 0;
        bool *made_set = xcalloc(p->labelset_count, sizeof *made_set);
        idmap_init(&made, 0);
        uint64_t next_id = 1; /* above all there are */
        for (size_t i = 0; i < p->location_count; i++)
            next_id = p->locations[i].id >= next_id ? p->locations[i].id + 1 : next_id;

        size_t sample_count = p->sample_count;
        profile_own(p, COLUMNS_SAMPLES);
        for (size_t i = 0; i < sample_count; i++) {
            uint32_t set = p->sample_labels[i];
            uint32_t *mine = pseudo + set * extra;
            if (!made_set[set]) {
                made_set[set] = true;
                for (size_t turn = 0; turn < extra; turn++) {
                    /* Backwards, so that the first root key and the last leaf key are outermost;
                     * roots first, as locations are numbered. */
                    size_t k = (turn + leaves.count) % extra;
                    bool leaf = k < leaves.count;
                    struct str name =
                        leaf ? leaves.items[leaves.count - 1 - k] : roots.items[extra - 1 - k];
                    strid key = strtab_add(&p->strings, name.ptr, name.len);
                    bool any = format_values(p, &p->labelsets[set], key, unit, &text);
                    *(leaf ? &leaf_matched : &root_matched) |= any;
                    strid value = strtab_add(&p->strings, text.data ? text.data : "", text.len);
                    mine[k] = pseudo_location(p, &made, value, key, &next_id);
                }
            }
            struct stack s = p->stacks[p->sample_stack[i]];
            frames = xgrow(frames, &frame_cap, s.count + extra, sizeof *frames);
            memcpy(frames, mine, leaves.count * sizeof *frames);
            if (s.count)
                memcpy(frames + leaves.count, p->frames + s.first, s.count * sizeof *frames);
            memcpy(frames + leaves.count + s.count, mine + leaves.count,
                   roots.count * sizeof *frames);
            p->sample_stack[i] = profile_add_stack(p, frames, s.count + extra);
        }
        if (roots.count && !root_matched)
            lines_add(notes, "TagRoot expression matched no samples");
        if (leaves.count && !leaf_matched)
            lines_add(notes, "TagLeaf expression matched no samples");
        idmap_release(&made);
        buf_release(&text);
        free(frames);
        free(pseudo);
        free(made_set);
    }
    free(roots.items);
    free(leaves.items);
}
