#include "analyzer/report/sandwich.h"

#include "analyzer/report/function.h"

#include <stdlib.h>

int sandwich_init(struct sandwich *s, struct report *r, struct str name,
                  const struct calltree_limits *limits, struct error *err)
{
    *s =
        (struct sandwich){.total = {r->total_below, r->total_above}, .has_old = r->total_below > 0};
    if (report_check_sums(r, "a flame graph", err))
        return -1;
    report_nodes(&s->nodes, r, false);
    bool *at = function_nodes(&s->nodes, r->value, name, &s->name, err);
    if (!at)
        return -1;
    calltree_init_at(&s->callers, &s->nodes, r->value, true, at, limits);
    calltree_init_at(&s->callees, &s->nodes, r->value, false, at, limits);
    free(at);
    report_select_total_unit(r);
    return 0;
}

void sandwich_release(struct sandwich *s)
{
    calltree_release(&s->callers);
    calltree_release(&s->callees);
    nodes_release(&s->nodes);
}
