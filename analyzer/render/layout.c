#include "analyzer/render/layout.h"

#include "analyzer/base/dynlib.h"

#include <graphviz/gvc.h>
#include <stdio.h>

/* Graphviz takes about 10 kB per node and edge; this is enough for a hundred thousand. */
static const size_t most_memory = (size_t)2 << 30, most_output = (size_t)1 << 30;

#define GVC_FUNCTIONS(F) F(gvContext) F(gvLayout) F(gvRender) F(agmemread)

struct gvc {
    GVC_FUNCTIONS(DYNLIB_MEMBER)
};

static const char *const gvc_names[] = {GVC_FUNCTIONS(DYNLIB_NAME) NULL};

static const struct dynlib gvc_lib = {"libgvc.so.6", "draws graphs", "libgvc6", gvc_names};

struct drawing {
    const struct gvc *gvc;
    const char *dot, *format;
};

/* Frees nothing: the child ends here. */
static int draw(void *context, int out)
{
    const struct drawing *d = context;
    FILE *file = fdopen(out, "w");
    GVC_t *gvc = d->gvc->gvContext();
    graph_t *graph = d->gvc->agmemread(d->dot);
    if (!file || !gvc || !graph)
        return -1;
    if (d->gvc->gvLayout(gvc, graph, "dot") || d->gvc->gvRender(gvc, graph, d->format, file))
        return -1;
    return fflush(file) || ferror(file) || ftell(file) <= 0 ? -1 : 0;
}

int layout_draw(struct str dot, const char *format, const struct isolate_spec *spec,
                struct isolate_end *end, struct error *err)
{
    struct gvc gvc;
    *end = (struct isolate_end){0};
    if (dynlib_load(&gvc_lib, &gvc, err))
        return -1;
    struct isolate_spec limits = *spec;
    if (!limits.memory)
        limits.memory = most_memory;
    if (!limits.output)
        limits.output = most_output;
    struct drawing drawing = {&gvc, dot.ptr, format};
    return isolate_run(&limits, draw, &drawing, end, err);
}
