#include "analyzer/transform/symbolize_maps.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/buf.h"
#include "analyzer/base/path.h"
#include "analyzer/binary/kernel.h"
#include "analyzer/binary/symbol_map.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const uint64_t KERNEL_HALF = UINT64_C(1) << 63;

bool mapping_is_kernel(const struct profile *p, const struct mapping *m)
{
    struct str file = profile_str(p, m->file);
    return str_starts(file, "[kernel") || (str_starts(file, "[") && m->start >= KERNEL_HALF);
}

/* The number in a name that ends in "perf-PID.map"; 0 if it does not. */
static uint64_t pid_of_name(struct str file)
{
    unsigned pid = 0;
    int end = 0;
    struct str base = path_base(file);
    if (sscanf(base.ptr, "perf-%9u.map%n", &pid, &end) != 1 || (size_t)end != base.len)
        return 0;
    return pid;
}

bool mapping_is_jit(const struct profile *p, const struct mapping *m)
{
    static const char *const names[] = {"//anon", "[anon",   "[jit",
                                        "[JIT",   "/memfd:", "anon_inode:"};
    struct str file = profile_str(p, m->file);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_starts(file, names[i]))
            return true;
    return !file.len || pid_of_name(file);
}

static bool is_wanted(const struct profile *p, const bool *wanted, size_t location)
{
    const struct location *l = &p->locations[location];
    return !l->line_count && wanted[l->mapping == NO_INDEX ? p->mapping_count : l->mapping];
}

/* --- the kernel */

/* Does what M says about the kernel hold for the one that runs here? Its place is chosen anew at
 * every start, so another one's addresses would get wrong names. */
static bool is_our_kernel(const struct profile *p, const struct mapping *m,
                          const struct symbol_map *map)
{
    struct str file = profile_str(p, m->file), id = profile_str(p, m->build_id);
    struct buf ours = {0};
    bool same = true;
    if (id.len && kernel_build_id(&ours))
        same = strcmp(ours.data, id.ptr) == 0;
    buf_release(&ours);
    const char *symbol = strchr(file.ptr, ']');
    if (same && str_starts(file, "[kernel.kallsyms]_") && m->start)
        same = symbol_map_address(map, symbol + 1) == m->start;
    return same;
}

void symbolize_kernel(struct name_writer *w, const bool *wanted, const char *kallsyms,
                      struct lines *notes)
{
    const struct profile *p = w->p;
    struct error err;
    size_t first = 0;
    while (first < p->location_count && !is_wanted(p, wanted, first))
        first++;
    if (first == p->location_count)
        return;
    struct symbol_map *map = symbol_map_read_kernel(kallsyms, &err);
    bool *ours = xcalloc(p->mapping_count + 1, sizeof *ours);
    bool readable = map && symbol_map_address(map, "_stext");
    if (!readable)
        lines_add(notes,
                  "frames of the kernel stay without names: %s shows no addresses to this user "
                  "(sysctl kernel.kptr_restrict)",
                  kallsyms);
    for (size_t i = 0; readable && i < p->mapping_count; i++) {
        ours[i] = wanted[i] && is_our_kernel(p, &p->mappings[i], map);
        if (wanted[i] && !ours[i])
            lines_add(notes, "frames of %s stay without names: another kernel runs here now",
                      profile_str(p, p->mappings[i].file).ptr);
    }
    for (size_t i = first; readable && i < p->location_count; i++) {
        const char *name =
            is_wanted(p, ours, i) ? symbol_map_find(map, p->locations[i].address) : NULL;
        if (name)
            name_writer_set_name(w, i, name);
    }
    free(ours);
    symbol_map_free(map);
}

/* --- JIT */

/* The maps read so far. */
struct jit_maps {
    const char *search_path;
    struct jit_map {
        uint64_t pid;
        struct symbol_map *map; /* NULL: there is none */
    } * items;
    size_t count, cap;
};

/* In /tmp anybody can leave a file; perf, too, believes only the user's own and root's. */
static bool is_trusted(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && (st.st_uid == geteuid() || st.st_uid == 0);
}

static struct symbol_map *read_jit_map(const char *search_path, uint64_t pid)
{
    struct symbol_map *map = NULL;
    struct buf path = {0};
    struct str folder;
    while (!map && path_list_next(&search_path, &folder)) {
        buf_clear(&path);
        buf_str(&path, folder);
        buf_printf(&path, "/perf-%" PRIu64 ".map", pid);
        map = symbol_map_read_perf(path.data, NULL);
    }
    buf_clear(&path);
    buf_printf(&path, "/tmp/perf-%" PRIu64 ".map", pid);
    if (!map && is_trusted(path.data))
        map = symbol_map_read_perf(path.data, NULL);
    buf_release(&path);
    return map;
}

static const struct symbol_map *jit_map(struct jit_maps *all, uint64_t pid)
{
    for (size_t i = 0; i < all->count; i++)
        if (all->items[i].pid == pid)
            return all->items[i].map;
    all->items = xgrow(all->items, &all->cap, all->count + 1, sizeof *all->items);
    all->items[all->count++] = (struct jit_map){pid, read_jit_map(all->search_path, pid)};
    return all->items[all->count - 1].map;
}

static uint64_t pid_of_sample(const struct profile *p, size_t sample)
{
    struct labelset set = p->labelsets[p->sample_labels[sample]];
    for (uint32_t i = 0; i < set.count; i++) {
        const struct label *l = &p->labels[set.first + i];
        if (strcmp(profile_str(p, l->key).ptr, "pid") != 0)
            continue;
        int64_t pid = l->is_number ? l->number : strtoll(profile_str(p, l->str).ptr, NULL, 10);
        return pid > 0 ? (uint64_t)pid : 0;
    }
    return 0;
}

static void name_location(struct name_writer *w, struct jit_maps *maps, size_t location,
                          uint64_t pid)
{
    const struct symbol_map *map = pid ? jit_map(maps, pid) : NULL;
    const char *name = map ? symbol_map_find(map, w->p->locations[location].address) : NULL;
    if (name)
        name_writer_set_name(w, location, name);
}

void symbolize_jit(struct name_writer *w, const bool *wanted, const char *search_path,
                   uint64_t only_pid)
{
    const struct profile *p = w->p;
    struct jit_maps maps = {.search_path = search_path};
    bool any = false;
    for (size_t i = 0; i < p->location_count; i++) {
        const struct location *l = &p->locations[i];
        if (!is_wanted(p, wanted, i))
            continue;
        if (l->mapping != NO_INDEX)
            name_location(w, &maps, i, pid_of_name(profile_str(p, p->mappings[l->mapping].file)));
        any |= !l->line_count;
    }
    for (size_t i = 0; any && i < p->sample_count; i++) {
        struct stack s = p->stacks[p->sample_stack[i]];
        uint64_t pid = pid_of_sample(p, i);
        if (!pid)
            pid = only_pid;
        for (uint32_t k = 0; pid && k < s.count; k++)
            if (is_wanted(p, wanted, p->frames[s.first + k]))
                name_location(w, &maps, p->frames[s.first + k], pid);
    }
    for (size_t i = 0; i < maps.count; i++)
        symbol_map_free(maps.items[i].map);
    free(maps.items);
}
