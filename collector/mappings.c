#include "collector/mappings.h"

#include "collector/cpprof.h"
#include "collector/modules.h"

static void add_module(void *context, const struct module *m)
{
    static const char digits[] = "0123456789abcdef";
    char build_id[2 * BUILD_ID_LIMIT + 1];
    size_t len = 0;
    for (size_t i = 0; i < m->build_id_len; i++) {
        build_id[len++] = digits[m->build_id[i] >> 4];
        build_id[len++] = digits[m->build_id[i] & 15];
    }
    build_id[len] = '\0';
    for (size_t i = 0; i < m->segment_count; i++) {
        const struct module_segment *s = &m->segments[i];
        cpprof_builder_mapping(context, s->start, s->end, s->offset, m->path, build_id);
    }
}

void mappings_add(struct cpprof_builder *b, size_t *known)
{
    *known = modules_each(*known, add_module, b);
}
