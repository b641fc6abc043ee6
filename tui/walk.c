#include "tui/walk.h"

#include "analyzer/base/alloc.h"
#include "tui/app.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_STEPS = 1000 };

void walk_release(struct walk *w)
{
    for (size_t i = 0; i < w->count; i++)
        free(w->names[i]);
    free(w->names);
}

bool walk_to(struct walk *w, struct app *a, struct str from, struct str to)
{
    if (!to.len || str_cmp(from, to) == 0)
        return false;
    if (w->count == MOST_STEPS) {
        free(w->names[0]);
        memmove(w->names, w->names + 1, --w->count * sizeof *w->names);
    }
    w->names = xgrow(w->names, &w->cap, w->count + 1, sizeof *w->names);
    w->names[w->count++] = xstrndup(from.ptr, from.len);
    app_choose(a, to);
    return true;
}

bool walk_back(struct walk *w, struct app *a)
{
    if (!w->count)
        return false;
    char *name = w->names[--w->count];
    app_choose(a, (struct str){name, strlen(name)});
    free(name);
    return true;
}
