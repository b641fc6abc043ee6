#include "analyzer/profile/cpuprofile.h"

#include "analyzer/base/idmap.h"
#include "analyzer/profile/builder.h"
#include "analyzer/profile/jsontree.h"
#include "analyzer/profile/prefixtree.h"

#include <string.h>

enum { TYPE_SAMPLES, TYPE_CPU, TYPE_COUNT };

struct reader {
    struct builder b;
    struct prefix_tree tree;
    struct idmap ids; /* of nodes */
};

bool cpuprofile_knows(const json_t *root)
{
    return json_is_array(json_object_get(root, "nodes")) &&
           (json_object_get(root, "startTime") || json_object_get(root, "samples"));
}

/* --- nodes */

/* A file's name, where the URL is nothing but that. */
static struct str file_of(struct str url)
{
    static const char scheme[] = "file:///";
    size_t skip = sizeof scheme - 2;
    if (str_starts(url, scheme) && !memchr(url.ptr, '%', url.len))
        return (struct str){url.ptr + skip, url.len - skip};
    return url;
}

static int read_node(struct reader *r, const struct jtree *node, struct prefix_node *out,
                     struct error *err)
{
    struct jtree frame;
    struct str name, url;
    int64_t line;
    if (jtree_object(node, "callFrame", &frame, err) ||
        jtree_text_or(&frame, "functionName", "", &name, err) ||
        jtree_text_or(&frame, "url", "", &url, err) ||
        jtree_int_or(&frame, "lineNumber", -1, &line, err))
        return -1;
    if (!name.len)
        name = (struct str){"(anonymous)", strlen("(anonymous)")};
    url = file_of(url);
    strid id = builder_str(&r->b, name);
    out->line.function =
        builder_function(&r->b, (struct function){.name = id,
                                                  .system_name = id,
                                                  .filename = builder_str(&r->b, url),
                                                  .start_line = line < 0 ? 0 : line + 1});
    out->has_line = true;
    out->is_hidden = str_is(name, "(root)") && !url.len;
    return 0;
}

/* The member KEY of NODE, an id, as an index. */
static int read_id(const struct reader *r, const struct jtree *id, uint32_t *index,
                   struct error *err)
{
    int64_t number;
    if (jtree_int(id, &number, err))
        return -1;
    *index = idmap_get(&r->ids, (uint64_t)number);
    return *index == NO_INDEX
               ? jtree_wrong(id, err, "there is no node with the id %lld", (long long)number)
               : 0;
}

static int read_nodes(struct reader *r, const struct jtree *nodes, struct error *err)
{
    size_t count = jtree_count(nodes);
    if (count >= NO_INDEX)
        return jtree_wrong(nodes, err, "%zu nodes are too many", count);
    prefix_tree_init(&r->tree, count);
    for (size_t i = 0; i < count; i++) {
        struct jtree node = jtree_item(nodes, i), at;
        int64_t id;
        if (!jtree_find(&node, "id", &at))
            return jtree_wrong(&node, err, "it has no \"id\"");
        if (jtree_int(&at, &id, err) || read_node(r, &node, &r->tree.nodes[i], err))
            return -1;
        if (!idmap_put(&r->ids, (uint64_t)id, (uint32_t)i))
            return jtree_wrong(&at, err, "a node with the id %lld has come already", (long long)id);
    }
    return 0;
}

/* Who calls whom stands with the callers, or else with the callees. */
static int read_edges(struct reader *r, const struct jtree *nodes, struct error *err)
{
    for (size_t i = 0; i < r->tree.count; i++) {
        struct jtree node = jtree_item(nodes, i), children, parent;
        if (jtree_find(&node, "parent", &parent) &&
            read_id(r, &parent, &r->tree.nodes[i].parent, err))
            return -1;
        if (!jtree_find(&node, "children", &children))
            continue;
        for (size_t k = 0; k < jtree_count(&children); k++) {
            struct jtree child = jtree_item(&children, k);
            uint32_t index;
            if (read_id(r, &child, &index, err))
                return -1;
            uint32_t *caller = &r->tree.nodes[index].parent;
            if (*caller != NO_INDEX && *caller != i)
                return jtree_wrong(&child, err, "the node has another caller already");
            *caller = (uint32_t)i;
        }
    }
    return 0;
}

/* --- samples */

static int add(struct reader *r, uint32_t node, int64_t count, int64_t nanos, struct error *err)
{
    uint32_t stack;
    if (prefix_tree_stack(&r->tree, &r->b, node, &stack, err))
        return -1;
    builder_add(&r->b, stack, 0, TYPE_SAMPLES, count);
    builder_add(&r->b, stack, 0, TYPE_CPU, nanos);
    return 0;
}

static int read_samples(struct reader *r, const struct jtree *root, const struct jtree *samples,
                        int64_t duration, struct error *err)
{
    struct jtree deltas;
    size_t count = jtree_count(samples);
    bool timed = jtree_find(root, "timeDeltas", &deltas);
    if (timed && jtree_count(&deltas) != count)
        return jtree_wrong(&deltas, err, "it has %zu numbers for %zu samples", jtree_count(&deltas),
                           count);
    struct str exporter;
    if (jtree_text_or(root, "exporter", "", &exporter, err))
        return -1;
    bool runs_begin_twice = str_is(exporter, "cpprof");
    uint32_t before = NO_INDEX;
    int64_t now = 0, last = 0;
    for (size_t i = 0; i < count; i++) {
        struct jtree sample = jtree_item(samples, i), at;
        int64_t delta = duration / (int64_t)count;
        uint32_t node;
        if (timed) {
            at = jtree_item(&deltas, i);
            if (jtree_scaled(&at, 1000, &delta, err))
                return -1;
        }
        if (read_id(r, &sample, &node, err))
            return -1;
        if (__builtin_add_overflow(now, delta, &now))
            return jtree_wrong(&sample, err, "the times before it add up to too much");
        bool counts = !runs_begin_twice || node == before;
        if (add(r, node, counts, now > last ? now - last : 0, err))
            return -1;
        before = node;
        last = now > last ? now : last;
    }
    return 0;
}

static int read_hits(struct reader *r, const struct jtree *nodes, int64_t duration,
                     struct error *err)
{
    int64_t all = 0, hits;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < r->tree.count; i++) {
            struct jtree node = jtree_item(nodes, i);
            if (jtree_int_or(&node, "hitCount", 0, &hits, err))
                return -1;
            if (hits < 0 || (pass == 0 && __builtin_add_overflow(all, hits, &all)))
                return jtree_wrong(&node, err, "its hit count cannot be");
            double share = all ? (double)hits / (double)all : 0;
            if (pass && hits && add(r, (uint32_t)i, hits, (int64_t)(share * (double)duration), err))
                return -1;
        }
    }
    return 0;
}

/* How long it took, in nanoseconds, and when that was. */
static int read_times(struct reader *r, const struct jtree *root, int64_t *duration,
                      struct error *err)
{
    struct profile *p = r->b.p;
    struct jtree start, end;
    *duration = 0;
    if (!jtree_find(root, "startTime", &start) || !jtree_find(root, "endTime", &end))
        return 0;
    int64_t from, to;
    if (jtree_scaled(&start, 1000, &from, err) || jtree_scaled(&end, 1000, &to, err))
        return -1;
    if (__builtin_sub_overflow(to, from, duration) || *duration < 0)
        return jtree_wrong(&end, err, "it lies before startTime");
    p->duration_nanos = *duration;
    p->time_nanos = from / 1000 >= CPUPROFILE_EPOCH ? from : 0;
    return 0;
}

static int read_file(struct reader *r, const struct jtree *root, struct error *err)
{
    struct jtree nodes, samples;
    int64_t duration;
    struct profile *p = r->b.p;
    builder_set_types(
        &r->b,
        (struct value_type[TYPE_COUNT]){
            [TYPE_SAMPLES] = {profile_intern(p, "samples"), profile_intern(p, "count")},
            [TYPE_CPU] = {profile_intern(p, "cpu"), profile_intern(p, "nanoseconds")}},
        TYPE_COUNT);
    if (jtree_array(root, "nodes", &nodes, err))
        return -1;
    idmap_init(&r->ids, jtree_count(&nodes));
    if (read_nodes(r, &nodes, err) || read_edges(r, &nodes, err) ||
        read_times(r, root, &duration, err))
        return -1;
    if (!jtree_find(root, "samples", &samples))
        return read_hits(r, &nodes, duration, err);
    return read_samples(r, root, &samples, duration, err);
}

struct profile *cpuprofile_read(const json_t *root, struct error *err)
{
    struct reader r = {0};
    struct jtree top = jtree_root(root);
    builder_init(&r.b);
    int rc = read_file(&r, &top, err);
    struct profile *p = rc ? NULL : builder_finish(&r.b);
    builder_release(&r.b);
    prefix_tree_release(&r.tree);
    idmap_release(&r.ids);
    return p;
}
