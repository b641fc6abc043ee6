#include "analyzer/report/weblist.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/num.h"
#include "analyzer/report/weblist_sums.h"

#include <stdlib.h>
#include <string.h>

/* As pprof has them. */
enum {
    MERGED_GAP = 20, /* lines of one function that are closer together are shown together */
    MARGIN = 5,      /* lines around those that instructions come from */
};

/* A use with what it is sorted by. */
struct sorted_use {
    struct codelines_use use;
    struct str file;
    size_t index;
};

static int by_line(const void *a, const void *b)
{
    const struct sorted_use *x = a, *y = b;
    int order = x->use.at.file == y->use.at.file ? 0 : str_cmp(x->file, y->file);
    if (order)
        return order;
    if (x->use.at.line != y->use.at.line)
        return x->use.at.line < y->use.at.line ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

static void sort_uses(struct codelines *c)
{
    struct sorted_use *sorted = xmalloc((c->use_count + 1) * sizeof *sorted);
    for (size_t i = 0; i < c->use_count; i++)
        sorted[i] = (struct sorted_use){c->uses[i], strtab_get(&c->strings, c->uses[i].at.file), i};
    if (c->use_count)
        qsort(sorted, c->use_count, sizeof *sorted, by_line);
    for (size_t i = 0; i < c->use_count; i++)
        c->uses[i] = sorted[i].use;
    free(sorted);
}

/* One hit per line, of the sorted uses. */
static void find_hits(struct weblist *w)
{
    const struct codelines *c = &w->code;
    w->hits = xmalloc((c->use_count + 1) * sizeof *w->hits);
    for (size_t i = 0, end; i < c->use_count; i = end) {
        const struct codelines_use *first = &c->uses[i];
        struct weblist_hit hit = {.number = first->at.line, .uses = first};
        for (end = i; end < c->use_count && c->uses[end].at.file == first->at.file &&
                      c->uses[end].at.line == first->at.line;
             end++)
            continue;
        hit.use_count = end - i;
        w->hits[w->hit_count++] = hit;
    }
}

static struct weblist_function *add_function(struct weblist *w, const struct weblist_hit *first)
{
    struct weblist_function *f = &w->functions[w->count++];
    *f = (struct weblist_function){.name = strtab_get(&w->code.strings, first->uses->function),
                                   .file = strtab_get(&w->code.strings, first->uses->at.file),
                                   .first = first->number,
                                   .end = first->number + 1,
                                   .hits = first};
    f->source = sourcefiles_get(w->sources, f->file);
    return f;
}

/* Shows lines before and after F's. In a file, what follows another function shares the gap with
 * it. Line 0 stands for lines that are not known. */
static void add_margin(struct weblist_function *f, struct weblist_function *before)
{
    if (before && before->source == f->source) {
        before->end -= MARGIN; /* that of the last one in a file */
        int64_t half = (f->first - before->end) / 2;
        half = half < MARGIN ? half : MARGIN;
        before->end += half;
        f->first -= half;
    } else if (f->first > MARGIN) {
        f->first -= MARGIN;
    } else if (f->first > 1) {
        f->first = 1;
    }
    f->end += MARGIN;
}

static void find_functions(struct weblist *w)
{
    struct weblist_function *f = NULL;
    w->functions = xmalloc((w->hit_count + 1) * sizeof *w->functions);
    for (size_t i = 0; i < w->hit_count; i++) {
        struct weblist_hit *hit = &w->hits[i];
        bool same = f && f->hits->uses->function == hit->uses->function &&
                    f->hits->uses->at.file == hit->uses->at.file &&
                    hit->number - f->end < MERGED_GAP;
        if (!same)
            f = add_function(w, hit);
        f->end = hit->number + 1;
        f->hit_count++;
        hit->function = w->count - 1;
    }
    for (size_t i = 0; i < w->count; i++)
        add_margin(&w->functions[i], i ? &w->functions[i - 1] : NULL);
}

static int by_heat(const void *a, const void *b)
{
    const struct weblist_hit *x = *(const struct weblist_hit *const *)a;
    const struct weblist_hit *y = *(const struct weblist_hit *const *)b;
    if (abs64(x->flat) != abs64(y->flat))
        return abs64(x->flat) > abs64(y->flat) ? -1 : 1;
    if (abs64(x->cum) != abs64(y->cum))
        return abs64(x->cum) > abs64(y->cum) ? -1 : 1;
    return (x > y) - (x < y);
}

static void rank_hits(struct weblist *w)
{
    w->ranked = xmalloc((w->hit_count + 1) * sizeof(struct weblist_hit *));
    for (size_t i = 0; i < w->hit_count; i++)
        if (w->hits[i].flat || w->hits[i].cum)
            w->ranked[w->ranked_count++] = &w->hits[i];
    if (w->ranked_count)
        qsort(w->ranked, w->ranked_count, sizeof(struct weblist_hit *), by_heat);
    for (size_t i = 0; i < w->ranked_count; i++)
        w->hits[w->ranked[i] - w->hits].rank = i + 1;
}

int weblist_init(struct weblist *w, struct report *r, struct regex *only,
                 const struct codefiles_spec *spec, struct error *err)
{
    *w = (struct weblist){0};
    w->sources = sourcefiles_new(r->spec->source_path, r->spec->trim_path);
    int rc = codelines_init(&w->code, r, only, spec, err);
    if (rc == 0) {
        report_profile_header(&w->header, r);
        report_filter_header(&w->header, r);
        sort_uses(&w->code);
        find_hits(w);
        find_functions(w);
        weblist_count(w, r);
        rank_hits(w);
    }
    return rc;
}

void weblist_release(struct weblist *w)
{
    lines_release(&w->header);
    codelines_release(&w->code);
    free(w->functions);
    free(w->hits);
    free(w->ranked);
    sourcefiles_free(w->sources);
}

bool weblist_line(const struct weblist_function *f, int64_t number, struct weblist_line *line)
{
    *line = (struct weblist_line){.number = number};
    size_t low = 0, high = f->hit_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (f->hits[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < f->hit_count && f->hits[low].number == number)
        line->hit = &f->hits[low];
    line->missing = !sourcefile_line(f->source, number, &line->text);
    return !line->missing || line->hit;
}

struct str weblist_call_text(const struct weblist *w, const struct codelines_call *call)
{
    struct str file = strtab_get(&w->code.strings, call->file), text;
    if (!sourcefile_line(sourcefiles_get(w->sources, file), call->line, &text))
        return (struct str){"", 0};
    while (text.len && strchr(" \t", text.ptr[0]))
        text = (struct str){text.ptr + 1, text.len - 1};
    while (text.len && strchr(" \t", text.ptr[text.len - 1]))
        text.len--;
    return text;
}
