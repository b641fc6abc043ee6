#include "analyzer/report/losses.h"

#include "analyzer/base/units.h"
#include "analyzer/profile/threadlabels.h"

#include <math.h>
#include <string.h>

/* What a profile has is said in the terms in which formats say what they hold. */

static bool is_common_unit(const char *unit)
{
    static const char *const common[] = {"count",        "bytes",        "nanoseconds",
                                         "microseconds", "milliseconds", "seconds"};
    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        if (strcmp(unit, common[i]) == 0)
            return true;
    return false;
}

/* Is sample type T of P what NAME, "type/unit", says? */
static bool is_type(const struct profile *p, size_t t, const char *name)
{
    struct str type = profile_str(p, p->sample_types[t].type);
    return name && str_starts((struct str){name, strlen(name)}, type.ptr) &&
           name[type.len] == '/' &&
           strcmp(name + type.len + 1, profile_str(p, p->sample_types[t].unit).ptr) == 0;
}

static unsigned type_traits(const struct profile *p, const struct format *f, size_t value)
{
    unsigned has = is_type(p, value, f->value_type) ? 0 : HOLDS_UNITS;
    for (size_t t = 0; t < p->sample_type_count; t++)
        has |= (t != value && !is_type(p, t, f->second_type) ? HOLDS_TYPES : 0) |
               (is_common_unit(profile_str(p, p->sample_types[t].unit).ptr) ? 0 : HOLDS_ODD_UNITS);
    return has;
}

static unsigned value_traits(const struct profile *p, size_t value)
{
    const char *unit = profile_str(p, p->sample_types[value].unit).ptr;
    bool is_time = units_compatible(unit, "ns");
    unsigned has = 0;
    double total = 0;
    for (size_t i = 0; i < p->sample_count; i++) {
        int64_t v = p->values[value][i];
        double nanos = is_time ? units_scale(v, unit, "ns").value : 0;
        total += nanos;
        has |= (v < 0 ? HOLDS_NEGATIVE : 0) | (fmod(nanos, 1000) != 0 ? HOLDS_NANOSECONDS : 0) |
               (v && !p->stacks[p->sample_stack[i]].count ? HOLDS_EMPTY_STACKS : 0);
    }
    bool parallel = p->duration_nanos && total > (double)p->duration_nanos;
    return has | (parallel ? HOLDS_PARALLEL : 0);
}

static unsigned label_traits(const struct profile *p)
{
    unsigned has = 0;
    for (size_t i = 0; i < p->sample_count; i++) {
        struct labelset set = p->labelsets[p->sample_labels[i]];
        for (uint32_t k = 0; k < set.count; k++)
            has |= thread_label_of(p, &p->labels[set.first + k]) == THREAD_LABEL_COUNT
                       ? HOLDS_LABELS
                       : HOLDS_THREADS;
    }
    return has;
}

static unsigned function_traits(const struct profile *p)
{
    unsigned has = 0;
    for (size_t i = 0; i < p->function_count; i++) {
        const struct function *f = &p->functions[i];
        has |= (f->filename ? HOLDS_FILES : 0) | (f->start_line ? HOLDS_STARTS : 0) |
               (f->system_name && f->system_name != f->name ? HOLDS_SYSTEM_NAMES : 0);
    }
    return has;
}

static unsigned location_traits(const struct profile *p)
{
    unsigned has = 0;
    for (size_t i = 0; i < p->location_count; i++)
        has |= (p->locations[i].address ? HOLDS_ADDRESSES : 0) |
               (p->locations[i].line_count > 1 ? HOLDS_INLINES : 0);
    for (size_t i = 0; i < p->line_count; i++)
        has |= p->lines[i].line ? HOLDS_LINES : 0;
    for (size_t i = 0; i < p->mapping_count; i++)
        has |= p->mappings[i].file || p->mappings[i].build_id ? HOLDS_BINARIES : 0;
    return has;
}

static unsigned profile_traits(const struct profile *p)
{
    return (p->time_nanos ? HOLDS_TIME : 0) | (p->duration_nanos ? HOLDS_DURATION : 0) |
           (p->period ? HOLDS_PERIOD : 0) | (p->comment_count || p->doc_url ? HOLDS_COMMENTS : 0);
}

static const struct {
    unsigned what;
    const char *text;
} kinds[] = {
    {HOLDS_TYPES, "other sample types"},
    {HOLDS_UNITS, "the type and unit of the values"},
    {HOLDS_ODD_UNITS, "units but those of counts, sizes and times"},
    {HOLDS_NANOSECONDS, "fractions of a microsecond"},
    {HOLDS_EMPTY_STACKS, "samples without a stack"},
    {HOLDS_NEGATIVE, "values below zero"},
    {HOLDS_FILES, "source files"},
    {HOLDS_LINES, "line numbers"},
    {HOLDS_STARTS, "first lines of functions"},
    {HOLDS_SYSTEM_NAMES, "names as the linker knows them"},
    {HOLDS_INLINES, "marks of inlined frames"},
    {HOLDS_ADDRESSES, "addresses"},
    {HOLDS_BINARIES, "binaries and build ids"},
    {HOLDS_TIME, "the time of the profile"},
    {HOLDS_DURATION, "its duration"},
    {HOLDS_PARALLEL, "a duration shorter than the time in the samples"},
    {HOLDS_PERIOD, "the sampling period"},
    {HOLDS_COMMENTS, "comments"},
};

void losses_note(struct lines *notes, const struct profile *p, enum file_format f, size_t value)
{
    unsigned holds = file_formats[f].holds;
    unsigned lost =
        (type_traits(p, &file_formats[f], value) | value_traits(p, value) | label_traits(p) |
         function_traits(p) | location_traits(p) | profile_traits(p)) &
        ~holds;
    struct buf all = {0};
    if (lost & HOLDS_UNITS)
        lost &= ~(unsigned)HOLDS_ODD_UNITS;
    if (lost & (HOLDS_LABELS | HOLDS_THREADS))
        buf_printf(&all, "labels%s",
                   holds & HOLDS_THREADS ? " other than " THREAD_LABELS_LIST : "");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (lost & kinds[i].what)
            buf_printf(&all, "%s%s", all.len ? "; " : "", kinds[i].text);
    if (all.len)
        lines_add(notes, "%s has no place for: %s", format_name(f), all.data);
    buf_release(&all);
}
