#include "tui/marks.h"

#include "analyzer/base/alloc.h"
#include "tui/search.h"

#include <stdlib.h>
#include <string.h>

static void forget_search(struct marks *m)
{
    free(m->found);
    free(m->pattern);
    m->found = NULL;
    m->pattern = NULL;
}

static void forget_name(struct marks *m)
{
    free(m->same);
    free(m->name);
    m->same = NULL;
    m->name = NULL;
}

void marks_release(struct marks *m)
{
    forget_search(m);
    forget_name(m);
}

void marks_move(struct marks *m, const struct nodes *nodes)
{
    forget_search(m);
    m->nodes = nodes;
    free(m->same);
    m->same = NULL;
    if (m->name)
        m->same = nodes_named(nodes, (struct str){m->name, strlen(m->name)});
}

void marks_search(struct marks *m, const struct search *search)
{
    const char *pattern = search ? search_pattern(search) : NULL;
    m->search = search;
    if (pattern && m->pattern && strcmp(pattern, m->pattern) == 0)
        return;
    forget_search(m);
    if (!pattern)
        return;
    m->pattern = xstrdup(pattern);
    m->found = xcalloc(m->nodes->count + 1, sizeof *m->found);
}

static bool is_found(struct marks *m, uint32_t node)
{
    if (m->found[node] == MARK_UNKNOWN)
        m->found[node] = search_match(m->search, m->nodes->names[node]) ? MARK_FOUND : MARK_OTHER;
    return m->found[node] == MARK_FOUND;
}

bool *marks_found(struct marks *m, const struct calltree *t)
{
    if (!m->found)
        return NULL;
    bool *at = xcalloc(m->nodes->count + 1, sizeof *at);
    for (size_t i = 0; i < t->count; i++)
        if (t->cells[i].node != NO_INDEX)
            at[t->cells[i].node] = is_found(m, t->cells[i].node);
    return at;
}

void marks_toggle(struct marks *m, struct str name)
{
    bool was = m->name && strlen(m->name) == name.len && memcmp(m->name, name.ptr, name.len) == 0;
    forget_name(m);
    if (was || !name.len)
        return;
    m->name = xstrndup(name.ptr, name.len);
    m->same = nodes_named(m->nodes, name);
}

struct style marks_style(struct marks *m, uint32_t node, struct style style)
{
    if (node == NO_INDEX)
        return style;
    if (m->same && m->same[node])
        return (struct style){.role = ROLE_MATCH, .attributes = STYLE_BOLD | STYLE_UNDERLINE};
    if (m->found && is_found(m, node))
        return STYLE(ROLE_MATCH);
    return style;
}
