#include "analyzer/transform/fold.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/buf.h"
#include "analyzer/base/path.h"
#include "analyzer/profile/clone.h"
#include "analyzer/transform/match.h"

#include <stdlib.h>

enum { FOLD_MAPPING, FOLD_FILE, FOLD_COUNT };

/* One run over a profile. */
struct folder {
    struct profile *p;
    uint32_t *folded; /* per string, a file's name: the function that stands for it, or NO_INDEX */
    strid *runs;      /* per function: frames with equal ones are a run; 0: of no run */
    size_t run_count, run_cap;
};

static void set_run(struct folder *f, uint32_t function, strid run)
{
    f->runs = xgrow(f->runs, &f->run_cap, f->p->function_count, sizeof *f->runs);
    while (f->run_count < f->p->function_count)
        f->runs[f->run_count++] = 0;
    f->runs[function] = run;
}

/* The function that stands for all of FILE, a string the profile had from the beginning. */
static uint32_t function_of(struct folder *f, strid file)
{
    struct profile *p = f->p;
    if (f->folded[file] == NO_INDEX) {
        struct buf name = {0};
        struct str base = path_base(profile_str(p, file));
        buf_printf(&name, "[%.*s]", (int)base.len, base.ptr);
        strid id = strtab_add(&p->strings, name.data, name.len);
        f->folded[file] = profile_add_function(p, (struct function){.name = id, .system_name = id});
        set_run(f, f->folded[file], id);
        buf_release(&name);
    }
    return f->folded[file];
}

/* All frames of L become one line. */
static void fold_location(struct folder *f, struct location *l, uint32_t function)
{
    struct profile *p = f->p;
    if (!l->line_count) {
        p->lines = xgrow(p->lines, &p->line_cap, p->line_count + 1, sizeof *p->lines);
        l->first_line = (uint32_t)p->line_count++;
    }
    p->lines[l->first_line] = (struct line){.function = function};
    l->line_count = 1;
    l->address = 0;
}

static bool fold_mappings(struct folder *f, struct matcher *m)
{
    bool any = false;
    for (size_t i = 0; i < f->p->location_count; i++) {
        struct location *l = &f->p->locations[i];
        if (!matcher_mapping(m, l))
            continue;
        fold_location(f, l, function_of(f, f->p->mappings[l->mapping].file));
        any = true;
    }
    return any;
}

static bool fold_files(struct folder *f, struct matcher *m)
{
    struct profile *p = f->p;
    bool any = false;
    for (size_t i = 0; i < p->location_count; i++) {
        struct location *l = &p->locations[i];
        for (uint32_t k = 0; k < l->line_count; k++) {
            struct line *line = &p->lines[l->first_line + k];
            strid file = p->functions[line->function].filename;
            if (!file || !matcher_string(m, file))
                continue;
            *line = (struct line){.function = function_of(f, file)};
            l->address = 0;
            any = true;
        }
    }
    return any;
}

static strid run_of(const struct folder *f, const struct location *l, uint32_t line)
{
    return f->runs[f->p->lines[l->first_line + line].function];
}

/* Of the frames inlined into each other at L, runs become their innermost one. */
static void unite_lines(struct folder *f, struct location *l)
{
    uint32_t kept = 1;
    for (uint32_t k = 1; k < l->line_count; k++) {
        if (run_of(f, l, k) && run_of(f, l, k) == run_of(f, l, kept - 1))
            continue;
        f->p->lines[l->first_line + kept++] = f->p->lines[l->first_line + k];
    }
    if (l->line_count)
        l->line_count = kept;
}

/* What is left of a location whose innermost frame went into the run before it. */
static uint32_t rest_of(struct profile *p, uint32_t *rests, uint32_t location)
{
    if (rests[location] == NO_INDEX) {
        struct location l = p->locations[location];
        rests[location] = (uint32_t)p->location_count;
        p->locations =
            xgrow(p->locations, &p->location_cap, p->location_count + 1, sizeof *p->locations);
        l.id = ++p->location_count;
        l.first_line++;
        l.line_count--;
        p->locations[rests[location]] = l;
    }
    return rests[location];
}

/* The same across locations, in every stack. */
static void unite_frames(struct folder *f)
{
    struct profile *p = f->p;
    size_t count = p->location_count;
    strid *inner = xcalloc(count + 1, sizeof *inner), *outer = xcalloc(count + 1, sizeof *outer);
    uint32_t *rests = xmalloc((count + 1) * sizeof *rests);
    for (size_t i = 0; i < count; i++) {
        struct location *l = &p->locations[i];
        unite_lines(f, l);
        rests[i] = NO_INDEX;
        if (l->line_count) {
            inner[i] = run_of(f, l, 0);
            outer[i] = run_of(f, l, l->line_count - 1);
        }
    }
    profile_own(p, COLUMNS_FRAMES);
    for (size_t s = 0; s < p->stack_count; s++) {
        struct stack *stack = &p->stacks[s];
        uint32_t *frames = p->frames + stack->first, kept = 0;
        strid run = 0;
        for (uint32_t i = 0; i < stack->count; i++) {
            uint32_t at = frames[i];
            bool continues = run && inner[at] == run;
            if (continues && p->locations[at].line_count == 1)
                continue;
            frames[kept++] = continues ? rest_of(p, rests, at) : at;
            run = outer[at];
        }
        stack->count = kept;
    }
    profile_forget_stack_index(p);
    free(inner);
    free(outer);
    free(rests);
}

static int fold_matching(struct folder *f, int what, const char *pattern, struct lines *notes,
                         struct error *err)
{
    static const struct {
        const char *option;
        bool (*fold)(struct folder *f, struct matcher *m);
    } kinds[FOLD_COUNT] = {
        [FOLD_MAPPING] = {"fold_mapping", fold_mappings},
        [FOLD_FILE] = {"fold_file", fold_files},
    };
    if (!pattern || !*pattern)
        return 0;
    struct regex *re = regex_compile(pattern, kinds[what].option, err);
    if (!re)
        return -1;
    struct matcher m;
    matcher_init(&m, re, f->p);
    f->folded = xmalloc(m.count * sizeof *f->folded);
    for (size_t i = 0; i < m.count; i++)
        f->folded[i] = NO_INDEX;
    bool any = kinds[what].fold(f, &m);
    matcher_release(&m);
    free(f->folded);
    int rc = regex_failed(re, err) ? -1 : 0;
    regex_free(re);
    if (!rc && !any)
        lines_add(notes, "%s expression matched no frames", kinds[what].option);
    return rc;
}

int fold_apply(struct profile *p, const struct fold_spec *spec, struct lines *notes,
               struct error *err)
{
    struct folder f = {.p = p};
    int rc = 0;
    if (fold_matching(&f, FOLD_MAPPING, spec->mapping, notes, err) ||
        fold_matching(&f, FOLD_FILE, spec->file, notes, err))
        rc = -1;
    for (uint32_t i = 0; spec->recursion && i < p->function_count; i++)
        set_run(&f, i, p->functions[i].name);
    if (!rc && f.run_count) {
        set_run(&f, 0, f.runs[0]); /* functions that came last have a place, too */
        unite_frames(&f);
    }
    free(f.runs);
    return rc;
}
