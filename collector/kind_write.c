#include "collector/kind_write.h"

#include "collector/clock.h"
#include "collector/mappings.h"
#include "collector/modules.h"
#include "collector/names.h"
#include "collector/threads.h"
#include "collector/writer.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

enum { SECOND = 1000000000 };

/* --- profile.proto */

static const char *type_name(const struct kind_type *type, const char *name)
{
    return type->type ? type->type : name;
}

void kind_add_types(struct cpprof_builder *b, const struct kind_shape *shape, const char *name)
{
    for (size_t i = 0; i < shape->type_count; i++)
        cpprof_builder_type(b, type_name(&shape->types[i], name), shape->types[i].unit);
    cpprof_builder_period(b, type_name(&shape->period_type, name), shape->period_type.unit,
                          shape->period ? shape->period() : 1);
    if (shape->default_type)
        cpprof_builder_default(b, shape->default_type);
}

void kind_add_rows(struct cpprof_builder *b, const struct kind_shape *shape,
                   const struct stackset *set)
{
    for (size_t i = 0; i < set->count; i++) {
        const struct stackset_row *row = &set->rows[i];
        const struct labels *labels = row->labels;
        for (size_t f = 0; f < row->depth; f++)
            cpprof_builder_address(b, set->pcs[row->first + f] - 1);
        for (size_t l = 0; labels && l < labels->count; l++)
            cpprof_builder_label(b, labels->pair[l].key, labels->pair[l].value);
        if (shape->number_key)
            cpprof_builder_number(b, shape->number_key, row->number, shape->number_unit);
        cpprof_builder_sample(b, row->values);
    }
}

/* COMMENT may be NULL. */
static int write_proto(const struct cpprof_profile *p, struct stackset *set, int64_t seconds,
                       const char *comment, int fd)
{
    struct cpprof_builder *b = cpprof_builder_new();
    size_t known = 0;
    if (!b)
        return ENOMEM;
    kind_add_types(b, p->shape, p->name);
    cpprof_builder_time(b, clock_ns(CLOCK_REALTIME) - seconds * SECOND, seconds * SECOND);
    if (comment)
        cpprof_builder_comment(b, comment);
    mappings_add(b, &known);
    for (size_t i = 0; i < set->count && p->shape->scale; i++)
        p->shape->scale(&set->rows[i]);
    kind_add_rows(b, p->shape, set);
    int error = cpprof_builder_write_fd(b, fd);
    cpprof_builder_free(b);
    return error;
}

/* --- text */

static void print_frames(FILE *to, struct names *names, const uintptr_t *pcs, size_t depth)
{
    for (size_t i = 0; i < depth; i++) {
        uintptr_t pc = pcs[i] - 1;
        struct name name = name_find(names, pc);
        fprintf(to, "#\t0x%" PRIxPTR, pc);
        if (name.function)
            fprintf(to, "\t%s+0x%" PRIxPTR, name.function, name.offset);
        if (name.file)
            fprintf(to, "\t%s", name.file);
        if (name.file && !name.function)
            fprintf(to, "+0x%" PRIxPTR, name.offset);
        putc('\n', to);
    }
}

/* A string as Go and JSON both write it. */
static void print_quoted(FILE *to, const char *text)
{
    putc('"', to);
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            fprintf(to, "\\%c", c);
        else if (c < ' ' || c == 0x7F)
            fprintf(to, "\\u%04x", c);
        else
            putc(c, to);
    }
    putc('"', to);
}

void kind_print_labels(FILE *to, const struct labels *labels)
{
    if (!labels)
        return;
    for (size_t i = 0; i < labels->count; i++) {
        fputs(i ? ", " : "# labels: {", to);
        print_quoted(to, labels->pair[i].key);
        putc(':', to);
        print_quoted(to, labels->pair[i].value);
    }
    fputs("}\n", to);
}

static bool has_value(const struct stackset_row *row)
{
    bool any = false;
    for (size_t i = 0; i < STACKSET_VALUES; i++)
        any |= row->values[i] != 0;
    return any;
}

static int by_value(const void *a, const void *b)
{
    const struct stackset_row *x = *(const struct stackset_row *const *)a;
    const struct stackset_row *y = *(const struct stackset_row *const *)b;
    for (size_t i = STACKSET_VALUES; i--;)
        if (x->values[i] != y->values[i])
            return x->values[i] < y->values[i] ? 1 : -1;
    return x->first < y->first ? -1 : x->first > y->first;
}

static int print_rows(FILE *to, const struct cpprof_profile *p, const void *context)
{
    const struct stackset *set = context;
    const struct stackset_row **rows = malloc((set->count + 1) * sizeof(struct stackset_row *));
    if (!rows)
        return ENOMEM;
    for (size_t i = 0; i < set->count; i++)
        rows[i] = &set->rows[i];
    qsort(rows, set->count, sizeof(struct stackset_row *), by_value);
    struct names *names = names_open();
    p->shape->print_head(to, p, set);
    for (size_t i = 0; i < set->count; i++) {
        const uintptr_t *pcs = set->pcs + rows[i]->first;
        if (!has_value(rows[i]))
            continue;
        p->shape->print_values(to, rows[i]);
        fputs(" @", to);
        for (size_t f = 0; f < rows[i]->depth; f++)
            fprintf(to, " 0x%" PRIxPTR, pcs[f]);
        putc('\n', to);
        kind_print_labels(to, rows[i]->labels);
        print_frames(to, names, pcs, rows[i]->depth);
        putc('\n', to);
    }
    names_close(names);
    free(rows);
    return 0;
}

/* The text of what PRINT makes of P and CONTEXT, in one piece: a reader of a pipe sees it whole. */
static int write_text(int (*print)(FILE *to, const struct cpprof_profile *p, const void *context),
                      const struct cpprof_profile *p, const void *context, int fd)
{
    char *text = NULL;
    size_t len = 0;
    FILE *to = open_memstream(&text, &len);
    if (!to)
        return ENOMEM;
    int error = print(to, p, context);
    if (fclose(to) != 0 && !error)
        error = ENOMEM;
    if (!error)
        error = writer_plain(fd, text, len);
    free(text);
    return error;
}

static int print_all(FILE *to, const struct cpprof_profile *p, const void *unused)
{
    (void)unused;
    return p->print_all(p, to);
}

static int print_empty(FILE *to, const struct cpprof_profile *p, const void *comment)
{
    p->shape->print_head(to, p, &(struct stackset){0});
    fprintf(to, "# %s\n", (const char *)comment);
    return 0;
}

/* --- either */

int kind_write(const struct cpprof_profile *p, struct stackset *set, int64_t seconds, int debug,
               int fd)
{
    modules_refresh(threads_read_modules); /* whose mappings are written */
    return debug ? write_text(print_rows, p, set, fd) : write_proto(p, set, seconds, NULL, fd);
}

int kind_take_and_write(const struct cpprof_profile *p, int debug, int fd)
{
    struct stackset now = {0};
    if (debug >= 2 && p->print_all)
        return write_text(print_all, p, NULL, fd);
    int error = p->take(p, &now);
    if (!error)
        error = kind_write(p, &now, 0, debug, fd);
    stackset_release(&now);
    return error;
}

int kind_write_empty(const struct cpprof_profile *p, int debug, int fd)
{
    struct stackset none = {0};
    char comment[128];
    snprintf(comment, sizeof comment, "%s: the program has not called %s", p->name, p->start);
    return debug ? write_text(print_empty, p, comment, fd) : write_proto(p, &none, 0, comment, fd);
}
