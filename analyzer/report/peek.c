#include "analyzer/report/peek.h"

#include "analyzer/report/function.h"

#include <stdlib.h>

int peek_init(struct peek *k, struct report *r, struct str name, struct error *err)
{
    *k = (struct peek){.total = {r->total_below, r->total_above}, .has_old = r->total_below > 0};
    report_nodes(&k->nodes, r, false);
    bool *at = function_nodes(&k->nodes, r->value, name, &k->name, err);
    if (!at)
        return -1;
    neighbors_init(&k->around, &k->nodes, r->value, at);
    free(at);
    report_select_total_unit(r);
    return 0;
}

void peek_release(struct peek *k)
{
    neighbors_release(&k->around);
    nodes_release(&k->nodes);
}
