#include "analyzer/render/speedscope.h"

#include "analyzer/render/json_writer.h"

#include <string.h>

static void add_frame(struct json *j, const struct profile *p, const struct location *l)
{
    const struct line *line = &p->lines[l->first_line];
    const struct function *f = &p->functions[line->function];
    json_open(j, '{');
    json_key(j, "name");
    json_str(j, profile_str(p, f->name));
    if (f->filename) {
        json_key(j, "file");
        json_str(j, profile_str(p, f->filename));
    }
    if (line->line) {
        json_key(j, "line");
        json_int(j, line->line);
    }
    if (line->column) {
        json_key(j, "col");
        json_int(j, line->column);
    }
    json_close(j);
    out_flush_some(j->out);
}

/* Others are none of the format's. */
static const char *unit_name(const char *unit)
{
    static const char *const known[] = {"bytes", "nanoseconds", "microseconds", "milliseconds",
                                        "seconds"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(unit, known[i]) == 0)
            return unit;
    return "none";
}

static void add_samples(struct json *j, const struct profile *p, const int64_t *values)
{
    json_key(j, "samples");
    json_open_lines(j, '[');
    for (size_t i = 0; i < p->sample_count; i++) {
        struct stack s = p->stacks[p->sample_stack[i]];
        if (values[i] <= 0)
            continue;
        json_open(j, '[');
        for (uint32_t f = s.count; f--;)
            json_int(j, p->frames[s.first + f]);
        json_close(j);
        out_flush_some(j->out);
    }
    json_close(j);
    json_key(j, "weights");
    json_open(j, '[');
    for (size_t i = 0; i < p->sample_count; i++) {
        if (values[i] <= 0)
            continue;
        json_int(j, values[i]);
        out_flush_some(j->out);
    }
    json_close(j);
}

static void add_type(struct json *j, const struct profile *p, size_t type)
{
    int64_t end = 0;
    for (size_t i = 0; i < p->sample_count; i++)
        end += p->values[type][i] > 0 ? p->values[type][i] : 0;
    json_open_lines(j, '{');
    json_key(j, "type");
    json_puts(j, "sampled");
    json_key(j, "name");
    json_str(j, profile_str(p, p->sample_types[type].type));
    json_key(j, "unit");
    json_puts(j, unit_name(profile_str(p, p->sample_types[type].unit).ptr));
    json_key(j, "startValue");
    json_int(j, 0);
    json_key(j, "endValue");
    json_int(j, end);
    add_samples(j, p, p->values[type]);
    json_close(j);
}

void speedscope_profile(struct out *o, const struct profile *flat, size_t value)
{
    struct json j = {.out = o};
    json_open_lines(&j, '{');
    json_key(&j, "$schema");
    json_puts(&j, "https://www.speedscope.app/file-format-schema.json");
    json_key(&j, "exporter");
    json_puts(&j, "cpprof");
    json_key(&j, "activeProfileIndex");
    json_int(&j, (int64_t)value);
    json_key(&j, "shared");
    json_open(&j, '{');
    json_key(&j, "frames");
    json_open_lines(&j, '[');
    for (size_t i = 0; i < flat->location_count; i++)
        add_frame(&j, flat, &flat->locations[i]);
    json_close(&j);
    json_close(&j);
    json_key(&j, "profiles");
    json_open_lines(&j, '[');
    for (size_t t = 0; t < flat->sample_type_count; t++)
        add_type(&j, flat, t);
    json_close(&j);
    json_close(&j);
}
