#include "tui/command_line.h"

#include "analyzer/base/arena.h"
#include "analyzer/cli/command_text.h"
#include "analyzer/cli/commands.h"
#include "analyzer/cli/options.h"

#include <string.h>

/* The command of each view, and what it takes. */
static const struct {
    const char *command;
    bool takes_function;
    bool shows_all; /* trims nothing, as the view does */
} commands_of[VIEW_COUNT] = {
    [VIEW_TOP] = {"top", false, true},         [VIEW_FLAME] = {"flame", false, false},
    [VIEW_SANDWICH] = {"peek", true, false},   [VIEW_TREE] = {"tree", false, true},
    [VIEW_PEEK] = {"peek", true, false},       [VIEW_SOURCE] = {"list", true, false},
    [VIEW_ASSEMBLY] = {"disasm", true, false}, [VIEW_LABELS] = {"tags", false, false},
    [VIEW_INFO] = {"raw", false, false},
};

/* When a command applies a filter: those of the same rank see the same frames, whichever is given
 * first. */
static const unsigned char ranks[STEP_KIND_COUNT] = {
    [STEP_FOCUS] = 1,        [STEP_IGNORE] = 1,    [STEP_HIDE] = 2,
    [STEP_CHARGE] = 2,       [STEP_SHOW] = 2,      [STEP_SHOW_FROM] = 3,
    [STEP_TAGFOCUS] = 4,     [STEP_TAGIGNORE] = 4, [STEP_PRUNE_FROM] = 5,
    [STEP_FOLD_MAPPING] = 6, [STEP_FOLD_FILE] = 7, [STEP_COLLAPSE_RECURSION] = 8,
};

/* The options of CFG that are filters of a higher rank than these steps. */
static unsigned first_rank(const struct config *cfg)
{
    unsigned rank = 0;
    for (int kind = 0; kind < STEP_KIND_COUNT; kind++) {
        const struct option *o = option_find(step_option((enum step_kind)kind));
        const char *field = (const char *)cfg + o->offset;
        bool is_set =
            o->kind == OPTION_BOOL ? *(const bool *)field : **(const char *const *)field != '\0';
        if (is_set && ranks[kind] > rank)
            rank = ranks[kind];
    }
    return rank;
}

/* A tag root goes in front of those before it. */
static void set_tagroot(struct config *cfg, const char *keys, struct arena *arena)
{
    struct buf all = {0};
    buf_puts(&all, keys);
    if (cfg->tagroot.root && *cfg->tagroot.root)
        buf_printf(&all, ",%s", cfg->tagroot.root);
    cfg->tagroot.root = arena_strndup(arena, all.data, all.len);
    buf_release(&all);
}

/* Sets the option that STEP is. False if there is none, or if it would come too late, or twice. */
static bool set_option(struct config *cfg, const struct step *step, unsigned *rank)
{
    const struct option *o = option_find(step_option(step->kind));
    char *field = (char *)cfg + o->offset;
    if (ranks[step->kind] < *rank)
        return false;
    if (o->kind == OPTION_BOOL) {
        if (*(bool *)field)
            return false;
        *(bool *)field = true;
    } else {
        if (**(const char **)field)
            return false;
        *(const char **)field = step->text;
    }
    *rank = ranks[step->kind];
    return true;
}

static void add_then(struct config *cfg, const struct step *step, struct arena *arena)
{
    struct buf text = {0};
    buf_puts(&text, step_name(step->kind));
    if (*step->text)
        buf_printf(&text, "=%s", step->text);
    string_list_add(&cfg->then, arena_strndup(arena, text.data, text.len));
    buf_release(&text);
}

static void add_steps(struct config *cfg, const struct steps *steps, struct arena *arena)
{
    unsigned rank = first_rank(cfg);
    bool can_be_options = true;
    for (size_t i = 0; i < steps->count; i++) {
        const struct step *step = &steps->items[i];
        if (step->kind == STEP_TAGROOT) {
            set_tagroot(cfg, step->text, arena);
            continue;
        }
        can_be_options = can_be_options && set_option(cfg, step, &rank);
        if (!can_be_options)
            add_then(cfg, step, arena);
    }
}

/* Two files side by side have a command of their own. */
static bool is_diff(enum view_id id, const struct config *cfg)
{
    return id == VIEW_TOP && cfg->source.sources.count == 1 && cfg->source.diff_base.count == 1 &&
           !*cfg->source.exec_name;
}

void command_line_add(struct buf *out, const struct command_line_view *view,
                      const struct config *cfg, const struct steps *steps)
{
    struct config own = *cfg;
    struct arena arena;
    struct buf operand = {0};
    const char *name = commands_of[view->id].command;
    const char *both[2];
    arena_init(&arena);
    own.then = (struct string_list){0};
    add_steps(&own, steps, &arena);
    if (commands_of[view->id].shows_all)
        own.report.trim = false;
    if (view->id == VIEW_TOP)
        own.report.cum_sort = view->by_cum;
    if (is_diff(view->id, cfg)) {
        name = "diff";
        both[0] = cfg->source.diff_base.items[0];
        both[1] = cfg->source.sources.items[0];
        own.source.sources = (struct string_list){.items = both, .count = 2};
    }
    if (commands_of[view->id].takes_function && view->symbols)
        buf_puts(&operand, view->symbols);
    else if (commands_of[view->id].takes_function)
        step_quote(&operand, view->function);
    command_text(out, command_find(name), &own, operand.data);
    string_list_release(&own.then);
    buf_release(&operand);
    arena_release(&arena);
}
