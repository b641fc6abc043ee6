#include "analyzer/cli/lineedit.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/dynlib.h"
#include "analyzer/cli/history.h"
#include "analyzer/cli/shell_complete.h"
#include "analyzer/cli/terminal.h"
#include "analyzer/render/out.h"

#include <histedit.h>
#include <locale.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define EDIT_FUNCTIONS(F)                                                                          \
    F(el_init)                                                                                     \
    F(el_end)                                                                                      \
    F(el_gets)                                                                                     \
    F(el_set)                                                                                      \
    F(el_get)                                                                                      \
    F(el_line)                                                                                     \
    F(el_insertstr)                                                                                \
    F(el_deletestr)                                                                                \
    F(el_cursor)                                                                                   \
    F(el_source)                                                                                   \
    F(history_init)                                                                                \
    F(history_end)                                                                                 \
    F(history)

struct libedit {
    EDIT_FUNCTIONS(DYNLIB_MEMBER)
};

enum { MOST_SHOWN = 200 }; /* words in one list */

struct lineedit {
    char *line; /* without libedit */
    size_t cap;

    struct libedit lib;
    EditLine *el; /* NULL: lines are read as they come */
    History *recall;
    struct completer *completer;
    struct history history;
    const char *prompt;
    FILE *shown; /* the terminal */
    bool told;   /* that the history is not kept */
};

static int load(struct libedit *lib, struct error *err)
{
    static const char *const names[] = {EDIT_FUNCTIONS(DYNLIB_NAME) NULL};
    static const struct dynlib edit = {"libedit.so.2", "edits lines", "libedit2", names};
    return dynlib_load(&edit, lib, err);
}

/* What libedit's callbacks are about; they get no more than EL. */
static struct lineedit *editor_of(EditLine *el)
{
    struct libedit lib;
    struct error err;
    void *e = NULL;
    if (load(&lib, &err) == 0)
        lib.el_get(el, EL_CLIENTDATA, &e);
    return e;
}

static char *show_prompt(EditLine *el)
{
    return (char *)editor_of(el)->prompt;
}

/* --- keys */

/* How many characters libedit makes of LEN bytes. */
static int characters(const char *s, size_t len)
{
    char *copy = xstrndup(s, len);
    size_t count = mbstowcs(NULL, copy, 0);
    free(copy);
    return (int)(count == (size_t)-1 ? len : count);
}

static int terminal_columns(FILE *f)
{
    struct winsize size;
    return ioctl(fileno(f), TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : 80;
}

/* All of FOUND in columns, below the line. */
static void show_words(const struct lineedit *e, const struct completion *found)
{
    const struct lines *w = &found->words;
    size_t widest = 0, count = w->count < MOST_SHOWN ? w->count : MOST_SHOWN;
    struct out o;
    struct error err;
    for (size_t i = 0; i < count; i++)
        widest = w->lens[i] > widest ? w->lens[i] : widest;
    size_t columns = (size_t)terminal_columns(e->shown) / (widest + 2);
    columns = columns ? columns : 1;
    size_t rows = (count + columns - 1) / columns;
    fflush(e->shown);
    out_init_fd(&o, fileno(e->shown));
    o.terminal = true;
    out_puts(&o, "\n");
    for (size_t row = 0; row < rows; row++) {
        for (size_t i = row; i < count; i += rows) {
            out_str(&o, lines_get(w, i));
            for (size_t at = w->lens[i]; i + rows < count && at < widest + 2; at++)
                out_puts(&o, " ");
        }
        out_puts(&o, "\n");
    }
    if (count < w->count)
        out_printf(&o, "... and %zu more\n", w->count - count);
    out_close(&o, &err);
}

static unsigned char complete(EditLine *el, int key)
{
    (void)key;
    struct lineedit *e = editor_of(el);
    const LineInfo *line = e->lib.el_line(el);
    struct completion found;
    size_t typed = (size_t)(line->cursor - line->buffer);
    shell_complete(e->completer, line->buffer, typed, &found);
    struct lines *w = &found.words;
    size_t common = completion_common(&found), old = typed - found.start;
    const char *now = line->buffer + found.start;
    unsigned char result = CC_ERROR;
    bool longer = common > old || (common && memcmp(w->items[0], now, common) != 0);
    if (w->count == 1 || longer) {
        struct buf text = {0};
        buf_add(&text, w->items[0], common);
        if (w->count == 1 && !found.value && !strchr("=/", w->items[0][common - 1]))
            buf_putc(&text, ' ');
        e->lib.el_deletestr(el, characters(now, old));
        e->lib.el_insertstr(el, text.data);
        buf_release(&text);
        result = CC_REFRESH;
    } else if (w->count) {
        show_words(e, &found);
        result = CC_REDISPLAY;
    }
    completion_release(&found);
    return result;
}

/* Ctrl-C gives the line up, not the shell. */
static unsigned char give_up(EditLine *el, int key)
{
    (void)key;
    struct lineedit *e = editor_of(el);
    const LineInfo *line = e->lib.el_line(el);
    fputs("^C\n", e->shown);
    e->lib.el_cursor(el, characters(line->cursor, (size_t)(line->lastchar - line->cursor)));
    line = e->lib.el_line(el);
    e->lib.el_deletestr(el, characters(line->buffer, (size_t)(line->lastchar - line->buffer)));
    e->lib.el_insertstr(el, "\n");
    return CC_NEWLINE;
}

/* libedit's handler puts the terminal in order before and after. */
static unsigned char suspend(EditLine *el, int key)
{
    (void)el, (void)key;
    raise(SIGTSTP);
    return CC_REDISPLAY;
}

/* --- beginning and ending */

static void bind_keys(struct lineedit *e)
{
    struct libedit *lib = &e->lib;
    EditLine *el = e->el;
    lib->el_set(el, EL_EDITOR, "emacs");
    lib->el_set(el, EL_ADDFN, "cpprof-complete", "complete a word", complete);
    lib->el_set(el, EL_BIND, "^I", "cpprof-complete", NULL);
    lib->el_set(el, EL_ADDFN, "cpprof-give-up", "give the line up", give_up);
    lib->el_set(el, EL_ADDFN, "cpprof-suspend", "suspend the shell", suspend);
    lib->el_set(el, EL_BIND, "^R", "em-inc-search-prev", NULL);
    lib->el_source(el, NULL); /* the user's ~/.editrc */
    /* Keys that send signals are characters while a line is edited: a signal would find the
     * terminal as libedit likes it, and Ctrl-C is not to end the shell. */
    lib->el_set(el, EL_SETTY, "-d", "-isig", NULL);
    lib->el_set(el, EL_BIND, "^C", "cpprof-give-up", NULL);
    lib->el_set(el, EL_BIND, "^Z", "cpprof-suspend", NULL);
}

static void recall(struct lineedit *e, const char *line)
{
    HistEvent event;
    e->lib.history(e->recall, &event, H_ENTER, line);
}

static void begin_editing(struct lineedit *e)
{
    struct libedit *lib = &e->lib;
    HistEvent event;
    setlocale(LC_CTYPE, "");
    e->el = lib->el_init("cpprof", stdin, e->shown, stderr);
    e->recall = lib->history_init();
    lib->history(e->recall, &event, H_SETSIZE, HISTORY_LINES);
    lib->history(e->recall, &event, H_SETUNIQUE, 1);
    lib->el_set(e->el, EL_CLIENTDATA, e);
    lib->el_set(e->el, EL_PROMPT, show_prompt);
    lib->el_set(e->el, EL_HIST, lib->history, e->recall);
    lib->el_set(e->el, EL_SIGNAL, 1);
    bind_keys(e);
    history_load(&e->history);
    for (size_t i = 0; i < e->history.lines.count; i++)
        recall(e, e->history.lines.items[i]);
}

/* Where lines can be edited: standard output, or, if that goes elsewhere, standard error. */
static FILE *find_terminal(void)
{
    if (!isatty(STDIN_FILENO) || terminal_is_dumb())
        return NULL;
    return isatty(STDOUT_FILENO) ? stdout : isatty(STDERR_FILENO) ? stderr : NULL;
}

struct lineedit *lineedit_new(const struct shell *sh)
{
    struct lineedit *e = xcalloc(1, sizeof *e);
    struct error err;
    e->shown = find_terminal();
    if (!e->shown)
        return e;
    if (load(&e->lib, &err)) {
        terminal_say(err.text);
        return e;
    }
    e->completer = completer_new(sh);
    begin_editing(e);
    return e;
}

void lineedit_free(struct lineedit *e)
{
    if (e->el) {
        e->lib.history_end(e->recall);
        e->lib.el_end(e->el);
        history_release(&e->history);
    }
    completer_free(e->completer);
    free(e->line);
    free(e);
}

/* --- lines */

static void remember(struct lineedit *e, const char *line)
{
    struct error err;
    if (!*line)
        return;
    recall(e, line);
    if (history_add(&e->history, line, &err) == 0 || e->told)
        return;
    terminal_say(err.text);
    e->told = true;
}

/* A line of libedit's without its newline; NULL at the end. */
static const char *read_edited(struct lineedit *e)
{
    int len = 0;
    const char *line = e->lib.el_gets(e->el, &len);
    free(e->line);
    e->line = NULL;
    if (!line || len <= 0) {
        fputs("\n", e->shown);
        return NULL;
    }
    e->line = xstrndup(line, strcspn(line, "\n"));
    remember(e, e->line);
    return e->line;
}

const char *lineedit_read(struct lineedit *e, const char *prompt)
{
    e->prompt = prompt;
    if (e->el)
        return read_edited(e);
    fputs(prompt, stdout);
    fflush(stdout);
    return getline(&e->line, &e->cap, stdin) < 0 ? NULL : e->line;
}
