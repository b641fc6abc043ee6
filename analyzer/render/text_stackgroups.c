#include "analyzer/render/text_stackgroups.h"

#include <inttypes.h>

/* A label of text in JSON's quotes, as Go prints it. */
static void put_quoted(struct out *o, struct str s)
{
    out_puts(o, "\"");
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c == '"' || c == '\\')
            out_printf(o, "\\%c", c);
        else if (c < ' ' || c == 0x7F)
            out_printf(o, "\\u%04x", c);
        else
            out_str(o, (struct str){s.ptr + i, 1});
    }
    out_puts(o, "\"");
}

static void put_labels(struct out *o, const struct profile *p, const struct stackgroup *g)
{
    for (size_t i = 0; i < g->text_count; i++) {
        out_puts(o, i ? ", " : "# labels: {");
        put_quoted(o, profile_str(p, g->texts[i].key));
        out_puts(o, ":");
        put_quoted(o, profile_str(p, g->texts[i].str));
    }
    if (g->text_count)
        out_puts(o, "}\n");
}

static void put_ids(struct out *o, const struct stackgroups *all, const struct stackgroup *g)
{
    if (!g->id_count)
        return;
    out_puts(o, "# threads:");
    for (size_t i = 0; i < g->id_count; i++)
        out_printf(o, " %" PRId64, all->ids[g->first + i]);
    out_puts(o, "\n");
}

static void put_line(struct out *o, const struct profile *p, const struct location *l,
                     const struct line *line)
{
    const struct function *f = &p->functions[line->function];
    struct str file = profile_str(p, f->filename);
    out_printf(o, "#\t0x%" PRIx64 "\t", l->address);
    out_str(o, profile_str(p, f->name));
    out_puts(o, "\t");
    if (!file.len && l->mapping != NO_INDEX)
        file = profile_str(p, p->mappings[l->mapping].file);
    out_str(o, file);
    if (line->line)
        out_printf(o, ":%" PRId64, line->line);
    out_puts(o, "\n");
}

/* Without a name: where in which file. */
static void put_place(struct out *o, const struct profile *p, const struct location *l)
{
    out_printf(o, "#\t0x%" PRIx64, l->address);
    if (l->mapping != NO_INDEX) {
        const struct mapping *m = &p->mappings[l->mapping];
        out_puts(o, "\t");
        out_str(o, profile_str(p, m->file));
        out_printf(o, "+0x%" PRIx64, l->address - m->start + m->offset);
    }
    out_puts(o, "\n");
}

static void put_stack(struct out *o, const struct profile *p, const struct stack *stack)
{
    const uint32_t *frames = p->frames + stack->first;
    for (uint32_t i = 0; i < stack->count; i++) {
        const struct location *l = &p->locations[frames[i]];
        for (uint32_t k = 0; k < l->line_count; k++)
            put_line(o, p, l, &p->lines[l->first_line + k]);
        if (!l->line_count)
            put_place(o, p, l);
    }
}

void text_stackgroups(struct out *o, const struct stackgroups *g, const char *name)
{
    const struct profile *p = g->p;
    out_printf(o, "%s profile: total %" PRId64 "\n", name, g->total);
    for (size_t i = 0; i < g->row_count; i++) {
        const struct stackgroup *group = &g->rows[i];
        const struct stack *stack = &p->stacks[group->stack];
        out_printf(o, "%" PRId64 " @", group->count);
        for (uint32_t k = 0; k < stack->count; k++)
            out_printf(o, " 0x%" PRIx64,
                       p->locations[p->frames[stack->first + k]].address + (k > 0));
        out_puts(o, "\n");
        put_labels(o, p, group);
        put_ids(o, g, group);
        put_stack(o, p, stack);
        out_puts(o, "\n");
        out_flush_some(o);
    }
}
