#include "analyzer/cli/shell.h"

#include "analyzer/base/alloc.h"
#include "analyzer/cli/settings.h"
#include "analyzer/cli/shell_help.h"
#include "analyzer/cli/shell_parse.h"
#include "analyzer/cli/shell_report.h"
#include "analyzer/profile/profile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DEEPEST = 16,      /* files that source each other */
    LARGEST = 1 << 20, /* bytes of one */
};

void shell_init(struct shell *sh, const struct session *s, const struct config *cfg)
{
    *sh = (struct shell){.session = s, .config = *cfg};
    arena_init(&sh->memory);
    sh->config.report.compact_labels = true;
    for (size_t i = 0; i < s->profile->sample_type_count; i++)
        string_list_add(&sh->types, profile_str(s->profile, s->profile->sample_types[i].type).ptr);
}

void shell_release(struct shell *sh)
{
    string_list_release(&sh->types);
    free(sh->before);
    arena_release(&sh->memory);
    *sh = (struct shell){0};
}

/* --- assignments */

/* A sample type is checked when it is assigned, and kept by its name. */
static int find_type(const struct shell *sh, const char **value, struct error *err)
{
    int index = profile_sample_index(sh->session->profile, *value, err);
    if (index < 0 && !sh->types.count)
        return error_set(err, ERROR_USAGE, "the profile has no samples");
    if (index < 0)
        return -1;
    *value = sh->types.items[index];
    return 0;
}

static int assign(struct shell *sh, struct config *to, const struct shell_assignment *one,
                  struct error *err)
{
    const char *value = one->value;
    if (one->option->offset == offsetof(struct config, report.sample_index) &&
        find_type(sh, &value, err))
        return -1;
    value = arena_strndup(&sh->memory, value, strlen(value));
    return setting_assign(to, one->option, one->choice, value, err);
}

static bool differ(const struct config *a, const struct config *b)
{
    for (size_t i = 0; i < option_count; i++)
        if (option_is_setting(&options[i]) && !setting_equal(a, b, &options[i]))
            return true;
    return false;
}

/* All of them or none; one step for undo. */
static int assign_all(struct shell *sh, const struct shell_assignment *items, size_t count,
                      bool *changed, struct error *err)
{
    struct config next = sh->config;
    for (size_t i = 0; i < count; i++)
        if (assign(sh, &next, &items[i], err))
            return -1;
    *changed = differ(&sh->config, &next);
    if (!*changed)
        return 0;
    sh->before = xgrow(sh->before, &sh->before_cap, sh->before_count + 1, sizeof *sh->before);
    sh->before[sh->before_count++] = sh->config;
    sh->config = next;
    return 0;
}

int shell_assign(struct shell *sh, const char *name, const char *value, struct error *err)
{
    struct shell_assignment one = {.value = value};
    bool changed;
    one.option = setting_find((struct str){name, strlen(name)}, &one.choice);
    if (!one.option)
        return error_set(err, ERROR_USAGE, "there is no option `%.200s`", name);
    return assign_all(sh, &one, 1, &changed, err);
}

/* --- what a line may ask for */

static int do_nothing(struct shell *sh, const struct shell_action *action, struct shell_answer *a,
                      struct error *err)
{
    (void)sh, (void)action, (void)a, (void)err;
    return 0;
}

static int do_assign(struct shell *sh, const struct shell_action *action, struct shell_answer *a,
                     struct error *err)
{
    return assign_all(sh, action->assignments, action->assignment_count, &a->changed, err);
}

static int do_report(struct shell *sh, const struct shell_action *action, struct shell_answer *a,
                     struct error *err)
{
    return shell_report(sh, action, a, err);
}

static int do_options(struct shell *sh, const struct shell_action *action, struct shell_answer *a,
                      struct error *err)
{
    struct buf text = {0};
    shell_options(&text, sh);
    int rc = shell_print(&text, action, a, err);
    buf_release(&text);
    return rc;
}

static int do_help(struct shell *sh, const struct shell_action *action, struct shell_answer *a,
                   struct error *err)
{
    (void)sh;
    struct buf text = {0};
    int rc = shell_help(&text, action->operand, err);
    if (!rc)
        rc = shell_print(&text, action, a, err);
    buf_release(&text);
    return rc;
}

static int do_undo(struct shell *sh, const struct shell_action *action, struct shell_answer *a,
                   struct error *err)
{
    if (!sh->before_count)
        return error_set(err, ERROR_USAGE, "nothing to undo: no option was changed");
    struct config now = sh->config;
    struct buf text = {0};
    sh->config = sh->before[--sh->before_count];
    a->changed = true;
    for (size_t i = 0; i < option_count; i++) {
        const struct option *o = &options[i];
        if (!option_is_setting(o) || setting_equal(&now, &sh->config, o))
            continue;
        buf_printf(&text, "%s=", o->name);
        setting_text(&text, &sh->config, o);
        buf_putc(&text, '\n');
    }
    int rc = shell_print(&text, action, a, err);
    buf_release(&text);
    return rc;
}

/* All of it at once: children inherit an open file, and with it the place in it. */
static int read_file(struct buf *text, const char *name, struct error *err)
{
    FILE *f = fopen(name, "re");
    char piece[4096];
    size_t n = 1;
    while (f && n && text->len <= LARGEST) {
        n = fread(piece, 1, sizeof piece, f);
        buf_add(text, piece, n);
    }
    int rc = 0;
    if (!f || ferror(f))
        rc = error_set(err, ERROR_DATA, "%.300s: cannot be read: %s", name, strerror(errno));
    else if (text->len > LARGEST)
        rc = error_set(err, ERROR_DATA, "%.300s: more than %d bytes are no lines for a shell", name,
                       LARGEST);
    if (f)
        fclose(f);
    return rc;
}

static int source_lines(struct shell *sh, char *text, const char *name, struct shell_answer *a,
                        struct error *err)
{
    size_t number = 0;
    int rc = 0;
    bool changed = false;
    for (char *line = text, *next; line && !rc && a->next == SHELL_GOES_ON; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        number++;
        rc = shell_exec(sh, line, a, err);
        changed |= a->changed;
        if (a->interrupted)
            break;
    }
    if (rc) {
        char where[400];
        snprintf(where, sizeof where, "%.300s:%zu", name, number);
        error_prefix(err, where);
    }
    a->changed = changed;
    return rc;
}

/* Ends at the first line that makes no sense: what follows may build on it. So does Ctrl-C. */
static int do_source(struct shell *sh, const struct shell_action *action, struct shell_answer *a,
                     struct error *err)
{
    const char *name = action->operand;
    struct buf text = {0};
    if (sh->sourcing == DEEPEST)
        return error_set(err, ERROR_USAGE, "%.300s: files source each other too deeply", name);
    int rc = read_file(&text, name, err);
    sh->sourcing++;
    if (!rc && text.len)
        rc = source_lines(sh, text.data, name, a, err);
    sh->sourcing--;
    buf_release(&text);
    return rc;
}

static int do_tui(struct shell *sh, const struct shell_action *action, struct shell_answer *a,
                  struct error *err)
{
    (void)sh, (void)action, (void)err;
    a->next = SHELL_OPENS_TUI;
    return 0;
}

static int do_quit(struct shell *sh, const struct shell_action *action, struct shell_answer *a,
                   struct error *err)
{
    (void)sh, (void)action, (void)err;
    a->next = SHELL_ENDS;
    return 0;
}

int shell_exec(struct shell *sh, const char *line, struct shell_answer *a, struct error *err)
{
    static int (*const doers[])(struct shell *, const struct shell_action *, struct shell_answer *,
                                struct error *) = {
        [SHELL_NOTHING] = do_nothing, [SHELL_ASSIGN] = do_assign, [SHELL_REPORT] = do_report,
        [SHELL_OPTIONS] = do_options, [SHELL_HELP] = do_help,     [SHELL_UNDO] = do_undo,
        [SHELL_SOURCE] = do_source,   [SHELL_TUI] = do_tui,       [SHELL_QUIT] = do_quit,
    };
    struct shell_action action;
    a->next = SHELL_GOES_ON;
    a->changed = a->interrupted = false;
    int rc = shell_parse(&action, line, &sh->types, err);
    if (!rc)
        rc = doers[action.verb](sh, &action, a, err);
    shell_action_release(&action);
    return rc;
}
