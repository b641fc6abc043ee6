#include "analyzer/transform/aggregate.h"

void aggregate_apply(struct profile *p, const struct aggregate_spec *spec)
{
    bool inlines = !spec->noinlines;
    bool function = spec->granularity != GRANULARITY_FILES;
    bool filename = spec->granularity != GRANULARITY_FUNCTIONS;
    bool address = spec->granularity == GRANULARITY_ADDRESSES;
    bool line = address || spec->granularity == GRANULARITY_LINES;

    if (address && inlines)
        return; /* nothing finer exists; columns stay, too */
    for (size_t i = 0; i < p->mapping_count; i++) {
        struct mapping *m = &p->mappings[i];
        m->has_inline_frames &= inlines;
        m->has_functions &= function;
        m->has_filenames &= filename;
        m->has_line_numbers &= line;
    }
    for (size_t i = 0; i < p->function_count; i++) {
        struct function *f = &p->functions[i];
        if (!function)
            f->name = f->system_name = 0;
        if (!filename)
            f->filename = 0;
    }
    for (size_t i = 0; i < p->location_count; i++) {
        struct location *l = &p->locations[i];
        if (!inlines && l->line_count > 1) {
            l->first_line += l->line_count - 1;
            l->line_count = 1;
        }
        if (!address)
            l->address = 0;
    }
    for (size_t i = 0; i < p->line_count; i++) {
        if (!line)
            p->lines[i].line = 0;
        if (!line || !spec->showcolumns)
            p->lines[i].column = 0;
    }
}
