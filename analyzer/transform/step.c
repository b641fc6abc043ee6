#include "analyzer/transform/step.h"

#include "analyzer/base/buf.h"
#include "analyzer/transform/filter.h"
#include "analyzer/transform/fold.h"
#include "analyzer/transform/tagroot.h"

#include <stddef.h>
#include <string.h>

/* What a step is to the stages: a field of one of their specs. */
enum stage { STAGE_FILTER, STAGE_FOLD, STAGE_RECURSION, STAGE_TAGROOT };

static const struct {
    const char *name, *option;
    enum stage stage;
    size_t offset; /* of the text in filter_spec or fold_spec */
} kinds[STEP_KIND_COUNT] = {
    [STEP_FOCUS] = {"focus", "focus", STAGE_FILTER, offsetof(struct filter_spec, focus)},
    [STEP_IGNORE] = {"ignore", "ignore", STAGE_FILTER, offsetof(struct filter_spec, ignore)},
    [STEP_HIDE] = {"hide", "hide", STAGE_FILTER, offsetof(struct filter_spec, hide)},
    [STEP_SHOW] = {"show", "show", STAGE_FILTER, offsetof(struct filter_spec, show)},
    [STEP_SHOW_FROM] = {"show_from", "show_from", STAGE_FILTER,
                        offsetof(struct filter_spec, show_from)},
    [STEP_PRUNE_FROM] = {"prune_from", "prune_from", STAGE_FILTER,
                         offsetof(struct filter_spec, prune_from)},
    [STEP_TAGFOCUS] = {"tagfocus", "tagfocus", STAGE_FILTER,
                       offsetof(struct filter_spec, tagfocus)},
    [STEP_TAGIGNORE] = {"tagignore", "tagignore", STAGE_FILTER,
                        offsetof(struct filter_spec, tagignore)},
    [STEP_TAGROOT] = {"tagroot", "tagroot", STAGE_TAGROOT, 0},
    [STEP_FOLD_MAPPING] = {"fold_mapping", "fold_mapping", STAGE_FOLD,
                           offsetof(struct fold_spec, mapping)},
    [STEP_FOLD_FILE] = {"fold_file", "fold_file", STAGE_FOLD, offsetof(struct fold_spec, file)},
    [STEP_COLLAPSE_RECURSION] = {"collapse_recursion", "collapse_recursion", STAGE_RECURSION, 0},
    [STEP_CHARGE] = {"charge", "hide", STAGE_FILTER, offsetof(struct filter_spec, hide)},
};

const char *step_name(enum step_kind kind)
{
    return kinds[kind].name;
}

const char *step_option(enum step_kind kind)
{
    return kinds[kind].option;
}

static void set_text(void *spec, size_t offset, const char *text)
{
    memcpy((char *)spec + offset, &text, sizeof text);
}

bool step_precedes_total(enum step_kind kind)
{
    return kinds[kind].stage == STAGE_TAGROOT;
}

int step_apply(struct profile *p, const struct step *step, const char *unit, struct lines *notes,
               struct error *err)
{
    struct filter_spec filter = {0};
    struct fold_spec fold = {0};
    switch (kinds[step->kind].stage) {
    case STAGE_FILTER:
        set_text(&filter, kinds[step->kind].offset, step->text);
        return filter_apply(p, &filter, notes, err);
    case STAGE_FOLD:
        set_text(&fold, kinds[step->kind].offset, step->text);
        return fold_apply(p, &fold, notes, err);
    case STAGE_RECURSION:
        fold.recursion = true;
        return fold_apply(p, &fold, notes, err);
    case STAGE_TAGROOT:
        tagroot_apply(p, &(struct tagroot_spec){.root = step->text}, unit, notes);
        return 0;
    }
    return 0;
}

int step_parse(struct step *step, const char *text, struct error *err)
{
    size_t len = strcspn(text, "=");
    struct buf all = {0};
    for (int i = 0; i < STEP_KIND_COUNT; i++) {
        if (strlen(kinds[i].name) == len && memcmp(kinds[i].name, text, len) == 0) {
            bool has_text = kinds[i].stage != STAGE_RECURSION;
            *step = (struct step){(enum step_kind)i, has_text && text[len] ? text + len + 1 : ""};
            buf_release(&all);
            return 0;
        }
        buf_printf(&all, "%s%s",
                   i == 0                     ? ""
                   : i == STEP_KIND_COUNT - 1 ? " or "
                                              : ", ",
                   kinds[i].name);
    }
    error_set(err, ERROR_USAGE, "-then takes NAME=VALUE, where NAME is %s, not `%s`", all.data,
              text);
    buf_release(&all);
    return -1;
}
