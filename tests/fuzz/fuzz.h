/* What the fuzzers share: settings taken from the input itself, and every report of a profile.
 *
 * Sanitizers find what is read or freed wrongly; fuzz_check_model finds what is merely inconsistent
 * before it has led to that.
 */
#ifndef CPPROF_FUZZ_FUZZ_H
#define CPPROF_FUZZ_FUZZ_H

#include "analyzer/profile/encode.h"
#include "analyzer/profile/profile.h"
#include "analyzer/render/callgraph.h"
#include "analyzer/render/csv.h"
#include "analyzer/render/flame.h"
#include "analyzer/render/json.h"
#include "analyzer/render/out.h"
#include "analyzer/render/raw.h"
#include "analyzer/render/text.h"
#include "analyzer/report/topproto.h"
#include "analyzer/transform/aggregate.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Bits to choose settings by. They are a checksum, not bytes cut from the input, so that profiles
 * are seeds as they are and a finding is a profile, too. */
static inline uint64_t fuzz_bits(const uint8_t *data, size_t size)
{
    return XXH3_64bits(data, size);
}

/* Takes COUNT of the bits in *BITS. */
static inline unsigned fuzz_take(uint64_t *bits, int count)
{
    unsigned taken = (unsigned)(*bits & ((1u << count) - 1));
    *bits >>= count;
    return taken;
}

static inline void fuzz_must(bool condition)
{
    if (!condition)
        abort();
}

static inline void fuzz_check_model(const struct profile *p)
{
    size_t strings = p->strings.count;
    for (size_t i = 0; i < p->mapping_count; i++)
        fuzz_must(p->mappings[i].file < strings && p->mappings[i].build_id < strings);
    for (size_t i = 0; i < p->function_count; i++) {
        const struct function *f = &p->functions[i];
        fuzz_must(f->name < strings && f->system_name < strings && f->filename < strings);
    }
    for (size_t i = 0; i < p->line_count; i++)
        fuzz_must(p->lines[i].function < p->function_count);
    for (size_t i = 0; i < p->location_count; i++) {
        const struct location *l = &p->locations[i];
        fuzz_must(l->mapping == NO_INDEX || l->mapping < p->mapping_count);
        fuzz_must((size_t)l->first_line + l->line_count <= p->line_count);
    }
    /* Frames of no stack are left behind by some transforms. */
    for (size_t i = 0; i < p->stack_count; i++) {
        struct stack s = p->stacks[i];
        fuzz_must(s.first + s.count <= p->frame_count);
        for (uint32_t k = 0; k < s.count; k++)
            fuzz_must(p->frames[s.first + k] < p->location_count);
    }
    for (size_t i = 0; i < p->labelset_count; i++)
        fuzz_must((size_t)p->labelsets[i].first + p->labelsets[i].count <= p->label_count);
    for (size_t i = 0; i < p->label_count; i++)
        fuzz_must(p->labels[i].key < strings && p->labels[i].str < strings);
    for (size_t i = 0; i < p->sample_count; i++) {
        fuzz_must(p->sample_stack[i] < p->stack_count);
        fuzz_must(p->sample_labels[i] < p->labelset_count);
    }
}

static inline int fuzz_discard(void *context, const void *data, size_t len)
{
    (void)context, (void)data, (void)len;
    return 0;
}

enum fuzz_report {
    FUZZ_TOP,
    FUZZ_TREE,
    FUZZ_TRACES,
    FUZZ_TAGS,
    FUZZ_DOT,
    FUZZ_CALLGRIND,
    FUZZ_TOPPROTO,
    FUZZ_FLAME,
    FUZZ_RAW,
    FUZZ_REPORTS,
};

/* FORMAT: 0 text, 1 JSON, 2 CSV, where the report has them. */
static inline void fuzz_render(struct out *o, struct report *r, enum fuzz_report kind, int format)
{
    struct error err = {0};
    switch (kind) {
    case FUZZ_TOP: {
        struct top t;
        top_init(&t, r);
        (format == 0 ? text_top : format == 1 ? json_top : csv_top)(o, r, &t);
        top_release(&t);
        break;
    }
    case FUZZ_TREE: {
        struct tree t;
        if (tree_init(&t, r, NULL, &err) == 0)
            (format == 0 ? text_tree : format == 1 ? json_tree : csv_tree)(o, r, &t);
        tree_release(&t);
        break;
    }
    case FUZZ_TRACES: {
        struct traces t;
        traces_init(&t, r);
        (format == 0 ? text_traces : format == 1 ? json_traces : csv_traces)(o, r, &t);
        traces_release(&t);
        break;
    }
    case FUZZ_TAGS: {
        struct tags t;
        tags_init(&t, r, format != 0);
        (format == 0 ? text_tags : format == 1 ? json_tags : csv_tags)(o, r, &t);
        tags_release(&t);
        break;
    }
    case FUZZ_DOT:
    case FUZZ_CALLGRIND: {
        struct callgraph c;
        callgraph_init(&c, r, kind == FUZZ_DOT);
        if (kind == FUZZ_DOT)
            dot_graph(o, r, &c, &(struct dot_style){0});
        else
            callgrind_graph(o, r, &c);
        callgraph_release(&c);
        break;
    }
    case FUZZ_FLAME: {
        struct flame f;
        size_t most = r->spec->nodecount > 0 ? (size_t)r->spec->nodecount : 0;
        struct flame_spec spec = {.limits = {most, 50 * most}, .inverse = format != 1};
        if (flame_init(&f, r, &spec, &err) == 0) {
            if (format == 1)
                json_flame(o, r, &f);
            else
                (format == 0 ? flame_html : flame_svg)(o, r, &f, PALETTE_COLORBLIND);
        }
        flame_release(&f);
        break;
    }
    case FUZZ_TOPPROTO: {
        struct top t;
        top_init(&t, r);
        struct profile *p = topproto_new(r, &t);
        fuzz_check_model(p);
        profile_encode(p, fuzz_discard, NULL);
        profile_free(p);
        top_release(&t);
        break;
    }
    default:
        raw_profile(o, r->p);
        break;
    }
    out_flush_some(o);
}

/* Every report of P, with settings chosen by BITS. P is aggregated on the way. */
static inline void fuzz_reports(struct profile *p, uint64_t bits)
{
    struct out o;
    struct error err = {0};
    if (out_init_file(&o, "/dev/null", &err))
        return;
    o.terminal = fuzz_take(&bits, 1);
    o.color = fuzz_take(&bits, 1);
    o.width = fuzz_take(&bits, 1) ? 80 : 0;
    raw_profile(&o, p);

    static const char *const units[] = {"minimum", "auto", "ms", "kb", "seconds", "count", "", "?"};
    struct aggregate_spec aggregate = {
        .granularity = (enum granularity)(fuzz_take(&bits, 3) % 5),
        .noinlines = fuzz_take(&bits, 1),
        .showcolumns = fuzz_take(&bits, 1),
    };
    struct report_spec spec = {
        .sample_index = fuzz_take(&bits, 1) ? "0" : "",
        .mean = fuzz_take(&bits, 3) == 0,
        .divide_by = fuzz_take(&bits, 2) == 0 ? 0.1 : 1,
        .unit = units[fuzz_take(&bits, 3)],
        .cum_sort = fuzz_take(&bits, 1),
        .call_tree = fuzz_take(&bits, 1),
        .drop_negative = fuzz_take(&bits, 1),
        .trim = fuzz_take(&bits, 1),
        .nodecount = (int)fuzz_take(&bits, 4),
        .nodefraction = fuzz_take(&bits, 1) ? 0.005 : 0,
        .edgefraction = fuzz_take(&bits, 1) ? 0.001 : 0,
        .compact_labels = fuzz_take(&bits, 1),
        .source_path = fuzz_take(&bits, 1) ? "/src:/lib" : "",
        .trim_path = fuzz_take(&bits, 1) ? "/usr:/src" : "",
    };
    aggregate_apply(p, &aggregate);
    fuzz_check_model(p);
    int format = (int)fuzz_take(&bits, 4) % 3;
    for (int kind = 0; kind < FUZZ_REPORTS; kind++) {
        struct lines notes = {0};
        struct report r = {0};
        if (report_init(&r, p, &spec, &notes, &err) == 0)
            fuzz_render(&o, &r, (enum fuzz_report)kind, format);
        report_release(&r);
        lines_release(&notes);
    }
    out_close(&o, &err);
}

#endif
