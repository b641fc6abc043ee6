#include "analyzer/render/folded.h"

#include <inttypes.h>

static void add_name(struct out *o, struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        buf_putc(&o->buf, c == ';' ? ':' : c == '\n' || c == '\r' ? ' ' : c);
    }
}

void folded_profile(struct out *o, const struct profile *flat, size_t value)
{
    for (size_t i = 0; i < flat->sample_count; i++) {
        struct stack s = flat->stacks[flat->sample_stack[i]];
        if (!s.count || flat->values[value][i] <= 0)
            continue;
        for (uint32_t f = s.count; f--;) {
            const struct location *l = &flat->locations[flat->frames[s.first + f]];
            const struct line *line = &flat->lines[l->first_line];
            add_name(o, profile_str(flat, flat->functions[line->function].name));
            out_puts(o, f ? ";" : " ");
        }
        out_printf(o, "%" PRId64 "\n", flat->values[value][i]);
        out_flush_some(o);
    }
}
