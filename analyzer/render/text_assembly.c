#include "analyzer/render/text_assembly.h"

#include "analyzer/render/text.h"

#include <inttypes.h>
#include <string.h>

enum { SHORT = 40 }; /* an instruction below that shares its line with its place */

static struct str text_of(const char *s)
{
    return (struct str){s, strlen(s)};
}

static void add_place(struct out *o, const struct assembly_row *row)
{
    out_puts(o, ";");
    out_str(o, text_of(row->function));
    if (*row->function)
        out_puts(o, " ");
    out_str(o, text_of(row->file));
    if (*row->file && row->line)
        out_printf(o, ":%" PRId64, row->line);
}

static void add_row(struct out *o, const struct report *r, const struct assembly_symbol *s,
                    const struct assembly_row *row)
{
    size_t len = strlen(row->text);
    bool placed = row->moved && (*row->function || *row->file);
    if (placed && len >= SHORT) {
        out_printf(o, "%74s", "");
        add_place(o, row);
        out_puts(o, "\n");
    }
    const char *color = text_heat(row->flat, s->flat, row->cum, s->cum);
    out_color(o, color);
    text_value_or_dot(o, r, row->flat, 10);
    out_puts(o, " ");
    text_value_or_dot(o, r, row->cum, 10);
    out_printf(o, " %10" PRIx64 ": ", row->address);
    out_str(o, text_of(row->text));
    if (placed && len < SHORT) {
        out_printf(o, "%*s", (int)(SHORT - len), "");
        add_place(o, row);
    }
    if (*color)
        out_color(o, "\033[0m");
    out_puts(o, "\n");
    out_flush_some(o);
}

void text_assembly(struct out *o, const struct report *r, struct assembly *a)
{
    text_total(o, r);
    for (size_t i = 0; i < a->count; i++) {
        const struct assembly_symbol *s = &a->symbols[i];
        struct assembly_row row;
        out_puts(o, "ROUTINE ======================== ");
        out_str(o, text_of(s->name));
        out_puts(o, "\n");
        for (size_t k = 0; k < s->alias_count; k++) {
            out_puts(o, "    AKA ======================== ");
            out_str(o, text_of(s->aliases[k]));
            out_puts(o, "\n");
        }
        text_routine_sums(o, r, s->flat, s->cum);
        assembly_begin(a, i);
        while (assembly_next(a, &row))
            add_row(o, r, s, &row);
    }
}
