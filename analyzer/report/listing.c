#include "analyzer/report/listing.h"

#include "analyzer/base/alloc.h"

#include <stdlib.h>

enum { MARGIN = 5 }; /* lines shown before and after those with samples */

/* A node whose function matches. */
struct place {
    struct str name, file;
    strid name_id, file_id;
    int64_t line, start_line, flat, cum;
};

static int by_place(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    int order = x->name_id == y->name_id ? 0 : str_cmp(x->name, y->name);
    if (!order && x->file_id != y->file_id)
        order = str_cmp(x->file, y->file);
    return order ? order : (x->line > y->line) - (x->line < y->line);
}

/* The nodes whose name matches, sorted; the caller frees them. */
static struct place *find_places(const struct nodes *nodes, const struct graph *g,
                                 struct regex *only, size_t *count)
{
    const struct profile *p = nodes->p;
    signed char *matches = xcalloc(p->strings.count + 1, 1); /* by name: 1, -1, or not tried yet */
    struct place *places = NULL;
    size_t cap = 0;
    *count = 0;
    for (size_t i = 0; i < g->count; i++) {
        const struct node *n = &g->node[g->order[i]];
        const struct node_info *info = &nodes->infos[n->of];
        struct str name = profile_str(p, info->name);
        if (!matches[info->name])
            matches[info->name] = regex_match(only, name.ptr, name.len) ? 1 : -1;
        if (matches[info->name] < 0)
            continue;
        places = xgrow(places, &cap, *count + 1, sizeof *places);
        places[(*count)++] = (struct place){.name = name,
                                            .file = profile_str(p, info->file),
                                            .name_id = info->name,
                                            .file_id = info->file,
                                            .line = info->line,
                                            .start_line = info->start_line,
                                            .flat = n->flat,
                                            .cum = n->cum};
    }
    free(matches);
    if (*count)
        qsort(places, *count, sizeof *places, by_place);
    return places;
}

/* The file of COUNT places that share function and file. WEIGHTS has room for as many. */
static void fill_file(struct listing_file *f, const struct place *places, size_t count,
                      struct listing_weight *weights)
{
    *f = (struct listing_file){.name = places[0].file, .first = INT64_MAX, .weights = weights};
    for (size_t i = 0; i < count; i++) {
        const struct place *at = &places[i];
        int64_t first = at->start_line ? at->start_line : at->line - MARGIN;
        f->flat += at->flat;
        f->cum += at->cum;
        if (first < f->first)
            f->first = first;
        if (!f->weight_count || weights[f->weight_count - 1].line != at->line)
            weights[f->weight_count++] = (struct listing_weight){.line = at->line};
        weights[f->weight_count - 1].flat += at->flat;
        weights[f->weight_count - 1].cum += at->cum;
    }
    if (f->first < 1)
        f->first = 1;
    f->last = places[count - 1].line + MARGIN;
}

int listing_init(struct listing *l, struct report *r, struct regex *only, struct error *err)
{
    *l = (struct listing){0};
    report_nodes(&l->nodes, r, true);
    struct graph_spec spec = {r->value, r->divisor, false, r->spec->drop_negative};
    struct graph *g = graph_new(&l->nodes, &spec);
    size_t count;
    struct place *places = find_places(&l->nodes, g, only, &count);
    graph_free(g);
    l->functions = xmalloc((count + 1) * sizeof *l->functions);
    l->files = xmalloc((count + 1) * sizeof *l->files);
    l->weights = xmalloc((count + 1) * sizeof *l->weights);
    l->sources = sourcefiles_new(r->spec->source_path, r->spec->trim_path);
    size_t file_count = 0;
    for (size_t i = 0, end = 0; i < count; i = end) {
        bool same_function = i && places[i].name_id == places[i - 1].name_id;
        while (end < count && places[end].name_id == places[i].name_id &&
               places[end].file_id == places[i].file_id)
            end++;
        if (!same_function)
            l->functions[l->count++] =
                (struct listing_function){.name = places[i].name, .files = l->files + file_count};
        if (!places[i].file.len)
            continue;
        struct listing_file *f = &l->files[file_count++];
        fill_file(f, places + i, end - i, l->weights + i);
        f->source = sourcefiles_get(l->sources, f->name);
        l->functions[l->count - 1].file_count++;
    }
    free(places);
    return report_check_matches(only, "function", count, err);
}

void listing_release(struct listing *l)
{
    free(l->functions);
    free(l->files);
    free(l->weights);
    sourcefiles_free(l->sources);
    nodes_release(&l->nodes);
}

bool listing_line(const struct listing_file *f, int64_t number, struct listing_line *line)
{
    *line = (struct listing_line){.number = number};
    if (number > f->last || !sourcefile_line(f->source, number, &line->text))
        return false;
    size_t low = 0, high = f->weight_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (f->weights[middle].line < number)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < f->weight_count && f->weights[low].line == number) {
        line->flat = f->weights[low].flat;
        line->cum = f->weights[low].cum;
    }
    return true;
}
