#include "analyzer/cli/load.h"

#include "analyzer/binary/find.h"
#include "analyzer/profile/clone.h"
#include "analyzer/profile/decode.h"
#include "analyzer/source/source.h"
#include "analyzer/transform/base.h"
#include "analyzer/transform/merge.h"
#include "analyzer/transform/prune.h"
#include "analyzer/transform/symbolize.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Symbolization needs a mapping to look at, so there always is one, and the user may know better
 * what the main binary is. */
static void settle_mappings(struct profile *p, const struct source_spec *spec)
{
    if (!p->mapping_count) {
        uint32_t fake = profile_add_mapping(p, (struct mapping){0});
        for (size_t i = 0; i < p->location_count; i++)
            p->locations[i].mapping = fake;
    }
    if (spec->exec_name && *spec->exec_name)
        p->mappings[0].file = profile_intern(p, spec->exec_name);
    if (spec->build_id && *spec->build_id)
        p->mappings[0].build_id = profile_intern(p, spec->build_id);
}

static bool is_hex_pair(const char *s)
{
    return isxdigit((unsigned char)s[0]) && isxdigit((unsigned char)s[1]);
}

/* Whether NAME is a URL with a scheme, as Go's net/url parses it: "http://host/x", but "memfd:x"
 * and "C:\x" as well. */
static bool is_url(struct str name)
{
    size_t scheme = 0;
    while (scheme < name.len && (isalpha((unsigned char)name.ptr[scheme]) ||
                                 (scheme && (isdigit((unsigned char)name.ptr[scheme]) ||
                                             strchr("+-.", name.ptr[scheme])))))
        scheme++;
    if (!scheme || name.ptr[scheme] != ':')
        return false;
    bool path = name.ptr[scheme + 1] == '/';
    for (size_t i = scheme + 1; i < name.len; i++) {
        unsigned char c = (unsigned char)name.ptr[i];
        if (c < ' ' || c == 0x7F || (path && c == '%' && !is_hex_pair(name.ptr + i + 1)))
            return false;
    }
    return true;
}

/* A mapping without a build id that is called after the URL it came from has no name, and pprof
 * knows such by their look alone. */
static void forget_urls(struct profile *p)
{
    for (size_t i = 0; i < p->mapping_count; i++)
        if (!p->mappings[i].build_id && is_url(profile_str(p, p->mappings[i].file)))
            p->mappings[i].file = 0;
}

static struct profile *load_one(const char *path, const struct source_spec *spec,
                                const struct progress *progress, struct lines *notes,
                                struct error *err)
{
    struct source *s = source_open(path, err);
    if (!s)
        return NULL;
    struct profile *p = profile_read(s, progress, notes, err);
    source_close(s);
    if (p)
        settle_mappings(p, spec);
    return p;
}

struct profile *load_merged(const struct string_list *paths, const struct source_spec *spec,
                            const struct progress *progress, struct lines *notes, struct error *err)
{
    struct merger *m = merger_new();
    size_t read = 0;
    for (size_t i = 0; i < paths->count; i++) {
        struct error one = {0};
        struct profile *p = load_one(paths->items[i], spec, progress, notes, &one);
        if (!p) {
            *err = one;
            if (paths->count > 1)
                lines_add(notes, "%s", one.text);
            continue;
        }
        if (merger_add(m, p, err)) {
            error_prefix(err, paths->items[i]);
            merger_free(m);
            return NULL;
        }
        read++;
    }
    if (read && read < paths->count)
        lines_add(notes, "read %zu of %zu profiles", read, paths->count);
    if (!read && paths->count > 1)
        error_set(err, ERROR_DATA, "none of the %zu profiles could be read", paths->count);
    return merger_finish(m);
}

static void finish(struct profile *p, const struct source_spec *spec)
{
    forget_urls(p);
    if (spec->add_comment && *spec->add_comment)
        profile_add_comment(p, profile_intern(p, spec->add_comment));
}

static int symbolize(struct profile *p, const struct source_spec *spec, struct lines *notes,
                     struct error *err)
{
    struct buf path = {0};
    binary_search_path(&path);
    struct symbolize_spec how = {
        .search_path = path.data,
        .main_is_given = spec->exec_name && *spec->exec_name,
        .pid = spec->pid,
    };
    symbolize_parse(&how, spec->symbolize, notes);
    int rc = symbolize_apply(p, &how, notes, err);
    buf_release(&path);
    return rc;
}

int load_names(struct profile *p, const struct source_spec *spec, struct lines *notes,
               struct error *err)
{
    settle_mappings(p, spec);
    if (symbolize(p, spec, notes, err))
        return -1;
    finish(p, spec);
    return 0;
}

struct profile *load_symbolized(const struct source_spec *spec, const struct progress *progress,
                                struct lines *notes, struct error *err)
{
    struct profile *p = load_merged(&spec->sources, spec, progress, notes, err);
    if (p && symbolize(p, spec, notes, err)) {
        profile_free(p);
        return NULL;
    }
    if (p)
        finish(p, spec);
    return p;
}

static struct profile *load_compared(const struct source_spec *spec,
                                     const struct progress *progress, struct lines *notes,
                                     struct error *err)
{
    struct profile *p = load_merged(&spec->sources, spec, progress, notes, err);
    const struct string_list *bases = spec->diff_base.count ? &spec->diff_base : &spec->base;
    if (p && bases->count) {
        struct profile *base = load_merged(bases, spec, progress, notes, err);
        if (!base) {
            profile_free(p);
            return NULL;
        }
        p = base_subtract(p, base, &(struct base_spec){spec->diff_base.count > 0, spec->normalize},
                          err);
    }
    if (!p)
        return NULL;
    if (symbolize(p, spec, notes, err)) {
        profile_free(p);
        return NULL;
    }
    return p;
}

static void prune(struct profile *p, const struct source_spec *spec)
{
    if (spec->all_frames)
        p->drop_frames = p->keep_frames = 0;
    prune_uninteresting(p);
    finish(p, spec);
}

struct profile *load_profile(const struct source_spec *spec, const struct progress *progress,
                             struct lines *notes, struct error *err)
{
    struct profile *p = load_compared(spec, progress, notes, err);
    if (p)
        prune(p, spec);
    return p;
}

struct profile *load_with_base(const struct source_spec *spec, struct profile **marked,
                               const struct progress *progress, struct lines *notes,
                               struct error *err)
{
    struct source_spec apart = *spec;
    source_spec_mark_base(&apart);
    *marked = load_compared(&apart, progress, notes, err);
    if (!*marked)
        return NULL;
    /* Before pruning, which may make stacks equal: samples are those of the two merged. */
    struct profile *p = base_unmark(profile_clone(*marked));
    prune(p, spec);
    prune(*marked, spec);
    return p;
}
