#include "analyzer/report/hosts.h"

#include "analyzer/base/alloc.h"

#include <stdlib.h>

strid *hosts_find(const struct profile *p, struct regex *only, size_t *count)
{
    strid *hosts = NULL;
    size_t cap = 0;
    signed char *matches = xcalloc(p->function_count + 1, 1); /* 1, -1, or not tried yet */
    bool *taken = xcalloc(p->strings.count + 1, sizeof *taken);
    *count = 0;
    for (size_t i = 0; i < p->location_count; i++) {
        const struct location *l = &p->locations[i];
        const struct line *lines = p->lines + l->first_line;
        bool any = false;
        for (uint32_t k = 0; k < l->line_count && !any; k++) {
            uint32_t f = lines[k].function;
            struct str name = profile_str(p, p->functions[f].name);
            if (!matches[f])
                matches[f] = regex_match(only, name.ptr, name.len) ? 1 : -1;
            any = matches[f] > 0;
        }
        if (!any)
            continue;
        strid host = p->functions[lines[l->line_count - 1].function].name;
        if (taken[host])
            continue;
        taken[host] = true;
        hosts = xgrow(hosts, &cap, *count + 1, sizeof *hosts);
        hosts[(*count)++] = host;
    }
    free(matches);
    free(taken);
    return hosts;
}
