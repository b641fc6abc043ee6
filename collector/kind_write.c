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

static const char *type_name(const struct cpprof_profile *p, const struct kind_type *type)
{
    return type->type ? type->type : p->name;
}

static void add_header(struct cpprof_builder *b, const struct cpprof_profile *p, int64_t seconds,
                       const char *comment)
{
    const struct kind_shape *shape = p->shape;
    size_t known = 0;
    for (size_t i = 0; i < shape->type_count; i++)
        cpprof_builder_type(b, type_name(p, &shape->types[i]), shape->types[i].unit);
    cpprof_builder_period(b, type_name(p, &shape->period_type), shape->period_type.unit,
                          shape->period ? shape->period() : 1);
    cpprof_builder_time(b, clock_ns(CLOCK_REALTIME) - seconds * SECOND, seconds * SECOND);
    if (shape->default_type)
        cpprof_builder_default(b, shape->default_type);
    if (comment)
        cpprof_builder_comment(b, comment);
    mappings_add(b, &known);
}

static void add_row(struct cpprof_builder *b, const struct kind_shape *shape,
                    const struct stackset *set, struct stackset_row *row)
{
    stackset_add_frames(set, row, b);
    for (size_t i = 0; row->labels && i < row->labels->count; i++)
        cpprof_builder_label(b, row->labels->pair[i].key, row->labels->pair[i].value);
    if (shape->number_key)
        cpprof_builder_number(b, shape->number_key, row->number, shape->number_unit);
    if (shape->scale)
        shape->scale(row);
    cpprof_builder_sample(b, row->values);
}

/* COMMENT may be NULL. */
static int write_proto(const struct cpprof_profile *p, struct stackset *set, int64_t seconds,
                       const char *comment, int fd)
{
    struct cpprof_builder *b = cpprof_builder_new();
    if (!b)
        return ENOMEM;
    add_header(b, p, seconds, comment);
    for (size_t i = 0; i < set->count; i++)
        add_row(b, p->shape, set, &set->rows[i]);
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
