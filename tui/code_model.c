#include "tui/code_model.h"

#include "analyzer/report/function.h"

#include <stdlib.h>
#include <string.h>

/* Is NAME in TEXT, alone or between blanks? */
static bool has_word(struct str text, struct str name)
{
    for (size_t i = 0; name.len && i + name.len <= text.len; i++) {
        size_t end = i + name.len;
        if ((i == 0 || text.ptr[i - 1] == ' ') && (end == text.len || text.ptr[end] == ' ') &&
            memcmp(text.ptr + i, name.ptr, name.len) == 0)
            return true;
    }
    return false;
}

static int hottest_function(struct buf *name, const struct view_request *request, struct error *err)
{
    struct nodes nodes;
    struct str chosen;
    report_nodes(&nodes, request->r, false);
    bool *which = function_nodes(&nodes, request->r->value, (struct str){"", 0}, &chosen, err);
    uint32_t node = 0;
    while (which && !which[node])
        node++;
    if (which)
        buf_str(name, profile_str(request->p, nodes.infos[node].name));
    free(which);
    nodes_release(&nodes);
    return which ? 0 : -1;
}

int code_function(struct buf *name, const struct view_request *request, struct error *err)
{
    const struct profile *p = request->p;
    struct str best = {"", 0};
    if (!request->chosen.len && hottest_function(name, request, err))
        return -1;
    struct str chosen = name->len ? buf_view(name) : request->chosen;
    for (size_t i = 0; i < p->function_count; i++) {
        struct str one = profile_str(p, p->functions[i].name);
        if (one.len > best.len && one.len <= chosen.len && has_word(chosen, one))
            best = one;
    }
    if (!best.len)
        return error_set(err, ERROR_DATA,
                         "%.*s is no function with a name: choose one in another view",
                         (int)(chosen.len < 500 ? chosen.len : 500), chosen.ptr);
    buf_clear(name);
    buf_str(name, best);
    return 0;
}
