#include "analyzer/transform/match.h"

#include "analyzer/base/alloc.h"

#include <stdlib.h>

void matcher_init(struct matcher *m, struct regex *re, const struct profile *p)
{
    *m = (struct matcher){.re = re, .p = p, .count = p->strings.count};
    m->answers = xcalloc(m->count, 1);
}

void matcher_release(struct matcher *m)
{
    free(m->answers);
    *m = (struct matcher){0};
}

bool matcher_string(struct matcher *m, strid id)
{
    if (!m->answers[id]) {
        struct str s = profile_str(m->p, id);
        m->answers[id] = regex_match(m->re, s.ptr, s.len) ? 1 : -1;
    }
    return m->answers[id] > 0;
}

bool matcher_line(struct matcher *m, const struct line *line)
{
    const struct function *f = &m->p->functions[line->function];
    return matcher_string(m, f->name) || matcher_string(m, f->filename);
}

bool matcher_mapping(struct matcher *m, const struct location *l)
{
    return l->mapping != NO_INDEX && matcher_string(m, m->p->mappings[l->mapping].file);
}

bool matcher_location(struct matcher *m, const struct location *l)
{
    for (uint32_t i = 0; i < l->line_count; i++)
        if (matcher_line(m, &m->p->lines[l->first_line + i]))
            return true;
    return matcher_mapping(m, l);
}
