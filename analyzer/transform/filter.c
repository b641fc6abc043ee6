#include "analyzer/transform/filter.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/regex.h"
#include "analyzer/profile/clone.h"
#include "analyzer/profile/tagunits.h"
#include "analyzer/transform/match.h"
#include "analyzer/transform/prune.h"
#include "analyzer/transform/relabel.h"
#include "analyzer/transform/tagfilter.h"

#include <stdlib.h>

enum { FOCUS, IGNORE, HIDE, SHOW, SHOW_FROM, PRUNE_FROM, TAGSHOW, TAGHIDE, REGEX_COUNT };

/* One run over a profile: what was compiled from the spec. */
struct filter {
    struct profile *p;
    struct lines *notes;
    struct regex *re[REGEX_COUNT];
    struct tagfilter *tagfocus, *tagignore;
    struct tagunits units;
};

static int compile(struct filter *f, const struct filter_spec *spec, struct error *err)
{
    const struct {
        const char *name, *pattern;
    } options[REGEX_COUNT] = {
        [FOCUS] = {"focus", spec->focus},
        [IGNORE] = {"ignore", spec->ignore},
        [HIDE] = {"hide", spec->hide},
        [SHOW] = {"show", spec->show},
        [SHOW_FROM] = {"show_from", spec->show_from},
        [PRUNE_FROM] = {"prune_from", spec->prune_from},
        [TAGSHOW] = {"tagshow", spec->tagshow},
        [TAGHIDE] = {"taghide", spec->taghide},
    };
    for (size_t i = 0; i < REGEX_COUNT; i++) {
        if (!options[i].pattern || !*options[i].pattern)
            continue;
        f->re[i] = regex_compile(options[i].pattern, options[i].name, err);
        if (!f->re[i])
            return -1;
    }
    if (spec->tagfocus && *spec->tagfocus) {
        f->tagfocus = tagfilter_new("tagfocus", spec->tagfocus, f->p, &f->units, f->notes, err);
        if (!f->tagfocus)
            return -1;
    }
    if (spec->tagignore && *spec->tagignore) {
        f->tagignore = tagfilter_new("tagignore", spec->tagignore, f->p, &f->units, f->notes, err);
        if (!f->tagignore)
            return -1;
    }
    return 0;
}

static void keep_stacks(struct profile *p, const bool *keep)
{
    bool *samples = xcalloc(p->sample_count + 1, sizeof *samples);
    for (size_t i = 0; i < p->sample_count; i++)
        samples[i] = keep[p->sample_stack[i]];
    profile_keep_samples(p, samples);
    free(samples);
}

static void remark(struct filter *f, bool matched, const char *option)
{
    if (!matched)
        lines_add(f->notes, "%s expression matched no samples", option);
}

/* Gives L the lines for which KEEP says so; lines are shared by nobody else. */
static void keep_lines(struct profile *p, struct location *l, struct matcher *m, bool keep)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < l->line_count; i++) {
        struct line line = p->lines[l->first_line + i];
        if (matcher_line(m, &line) == keep)
            p->lines[l->first_line + kept++] = line;
    }
    l->line_count = kept;
}

/* focus, ignore, hide and show decide on locations first, then on the samples that hold them. */
static void filter_by_name(struct filter *f)
{
    struct profile *p = f->p;
    struct regex *const *re = f->re;
    if (!re[FOCUS] && !re[IGNORE] && !re[HIDE] && !re[SHOW])
        return;
    enum { NEITHER, FOCUSED, IGNORED };
    struct matcher m[REGEX_COUNT] = {{0}};
    bool matched[REGEX_COUNT] = {false};
    for (int i = FOCUS; i <= SHOW; i++)
        if (re[i])
            matcher_init(&m[i], re[i], p);
    unsigned char *state = xcalloc(p->location_count + 1, 1);
    bool *hidden = xcalloc(p->location_count + 1, sizeof *hidden);
    bool any_hidden = false;

    for (size_t i = 0; i < p->location_count; i++) {
        struct location *l = &p->locations[i];
        if (re[IGNORE] && matcher_location(&m[IGNORE], l)) {
            matched[IGNORE] = true;
            state[i] = IGNORED;
        } else if (!re[FOCUS] || matcher_location(&m[FOCUS], l)) {
            matched[FOCUS] = true;
            state[i] = FOCUSED;
        }
        if (re[HIDE] && matcher_location(&m[HIDE], l)) {
            matched[HIDE] = true;
            if (matcher_mapping(&m[HIDE], l))
                l->line_count = 0;
            else
                keep_lines(p, l, &m[HIDE], false);
            hidden[i] = l->line_count == 0;
        }
        if (re[SHOW]) {
            if (!matcher_mapping(&m[SHOW], l))
                keep_lines(p, l, &m[SHOW], true);
            if (l->line_count == 0)
                hidden[i] = true;
            else
                matched[SHOW] = true;
        }
        any_hidden |= hidden[i];
    }

    if (any_hidden)
        profile_own(p, COLUMNS_FRAMES);
    bool *keep = xcalloc(p->stack_count + 1, sizeof *keep);
    for (size_t s = 0; s < p->stack_count; s++) {
        struct stack *stack = &p->stacks[s];
        uint32_t *frames = p->frames + stack->first, kept = 0;
        bool focused = false, ignored = false;
        for (uint32_t i = 0; i < stack->count; i++) {
            focused |= state[frames[i]] == FOCUSED;
            ignored |= state[frames[i]] == IGNORED;
        }
        if (!focused || ignored)
            continue;
        if (any_hidden) {
            for (uint32_t i = 0; i < stack->count; i++)
                if (!hidden[frames[i]])
                    frames[kept++] = frames[i];
            stack->count = kept;
        }
        keep[s] = stack->count > 0;
    }
    profile_forget_stack_index(p);
    keep_stacks(p, keep);

    remark(f, !re[FOCUS] || matched[FOCUS], "Focus");
    remark(f, !re[IGNORE] || matched[IGNORE], "Ignore");
    remark(f, !re[HIDE] || matched[HIDE], "Hide");
    remark(f, !re[SHOW] || matched[SHOW], "Show");
    for (int i = FOCUS; i <= SHOW; i++)
        matcher_release(&m[i]);
    free(state);
    free(hidden);
    free(keep);
}

/* Drops the root's side above the highest frame that matches, and samples where none does. */
static void filter_show_from(struct filter *f)
{
    struct profile *p = f->p;
    if (!f->re[SHOW_FROM])
        return;
    struct matcher m;
    matcher_init(&m, f->re[SHOW_FROM], p);
    bool *from = xcalloc(p->location_count + 1, sizeof *from), matched = false;
    for (size_t i = 0; i < p->location_count; i++) {
        struct location *l = &p->locations[i];
        if (matcher_mapping(&m, l)) {
            from[i] = true;
        } else {
            for (uint32_t k = l->line_count; k-- > 0 && !from[i];) {
                if (!matcher_line(&m, &p->lines[l->first_line + k]))
                    continue;
                l->line_count = k + 1;
                from[i] = true;
            }
        }
        matched |= from[i];
    }
    bool *keep = xcalloc(p->stack_count + 1, sizeof *keep);
    for (size_t s = 0; s < p->stack_count; s++) {
        struct stack *stack = &p->stacks[s];
        for (uint32_t i = stack->count; i-- > 0 && !keep[s];) {
            if (!from[p->frames[stack->first + i]])
                continue;
            stack->count = i + 1;
            keep[s] = true;
        }
    }
    profile_forget_stack_index(p);
    keep_stacks(p, keep);
    remark(f, matched, "ShowFrom");
    matcher_release(&m);
    free(from);
    free(keep);
}

static void filter_by_tag(struct filter *f)
{
    struct profile *p = f->p;
    if (!f->tagfocus && !f->tagignore)
        return;
    bool focus_matched = false, ignore_matched = false;
    signed char *verdicts = xcalloc(p->labelset_count, 1); /* per set: 0 not asked */
    bool *keep = xcalloc(p->sample_count + 1, sizeof *keep);
    for (size_t i = 0; i < p->sample_count; i++) {
        uint32_t set = p->sample_labels[i];
        if (!verdicts[set]) {
            const struct labelset *labels = &p->labelsets[set];
            bool focused = !f->tagfocus || tagfilter_match(f->tagfocus, labels);
            bool ignored = f->tagignore && tagfilter_match(f->tagignore, labels);
            focus_matched |= focused;
            ignore_matched |= ignored;
            verdicts[set] = focused && !ignored ? 1 : -1;
        }
        keep[i] = verdicts[set] > 0;
    }
    profile_keep_samples(p, keep);
    remark(f, !f->tagfocus || focus_matched, "TagFocus");
    remark(f, !f->tagignore || ignore_matched, "TagIgnore");
    free(verdicts);
    free(keep);
}

struct tag_choice {
    struct matcher *show, *hide; /* NULL: not asked for */
    bool shown, hidden;          /* whether any label matched */
};

static size_t choose_tags(void *ctx, struct label *labels, size_t count)
{
    struct tag_choice *c = ctx;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        bool is_shown = !c->show || matcher_string(c->show, labels[i].key);
        bool is_hidden = c->hide && matcher_string(c->hide, labels[i].key);
        c->shown |= is_shown;
        c->hidden |= is_hidden;
        if (is_shown && !is_hidden)
            labels[kept++] = labels[i];
    }
    return kept;
}

/* Drops labels by key; only the sets that samples still use count as matches. */
static void filter_tags(struct filter *f)
{
    struct regex *show = f->re[TAGSHOW], *hide = f->re[TAGHIDE];
    if (!show && !hide)
        return;
    struct matcher ms = {0}, mh = {0};
    if (show)
        matcher_init(&ms, show, f->p);
    if (hide)
        matcher_init(&mh, hide, f->p);
    struct tag_choice c = {.show = show ? &ms : NULL, .hide = hide ? &mh : NULL};
    relabel_samples(f->p, choose_tags, &c);
    remark(f, !show || c.shown, "TagShow");
    remark(f, !hide || c.hidden, "TagHide");
    matcher_release(&ms);
    matcher_release(&mh);
}

static bool any_failed(const struct filter *f, struct error *err)
{
    for (size_t i = 0; i < REGEX_COUNT; i++)
        if (f->re[i] && regex_failed(f->re[i], err))
            return true;
    return tagfilter_failed(f->tagfocus, err) || tagfilter_failed(f->tagignore, err);
}

int filter_apply(struct profile *p, const struct filter_spec *spec, struct lines *notes,
                 struct error *err)
{
    struct filter f = {.p = p, .notes = notes};
    tagunits_init(&f.units, p, NULL);
    int rc = compile(&f, spec, err);
    if (!rc) {
        filter_by_name(&f);
        filter_show_from(&f);
        filter_by_tag(&f);
        filter_tags(&f);
        if (f.re[PRUNE_FROM])
            prune_from(p, f.re[PRUNE_FROM]);
        rc = any_failed(&f, err) ? -1 : 0;
    }
    for (size_t i = 0; i < REGEX_COUNT; i++)
        regex_free(f.re[i]);
    tagfilter_free(f.tagfocus);
    tagfilter_free(f.tagignore);
    tagunits_release(&f.units);
    return rc;
}
