#include "analyzer/cli/shell_complete.h"

#include "analyzer/base/alloc.h"
#include "analyzer/cli/commands.h"
#include "analyzer/cli/settings.h"
#include "analyzer/cli/shell.h"
#include "analyzer/cli/shell_parse.h"
#include "analyzer/profile/profile.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* --- names, sorted */

struct names {
    const char **items;
    size_t count, cap;
};

struct completer {
    const struct shell *shell;
    struct names functions;
};

static void names_add(struct names *n, const char *name)
{
    n->items = xgrow(n->items, &n->cap, n->count + 1, sizeof *n->items);
    n->items[n->count++] = name;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void names_sort(struct names *n)
{
    size_t kept = 0;
    if (!n->items)
        return;
    qsort(n->items, n->count, sizeof *n->items, compare);
    for (size_t i = 0; i < n->count; i++)
        if (!kept || strcmp(n->items[kept - 1], n->items[i]) != 0)
            n->items[kept++] = n->items[i];
    n->count = kept;
}

struct completer *completer_new(const struct shell *sh)
{
    struct completer *c = xcalloc(1, sizeof *c);
    c->shell = sh;
    return c;
}

void completer_free(struct completer *c)
{
    if (c)
        free(c->functions.items);
    free(c);
}

static const struct names *functions_of(struct completer *c)
{
    const struct profile *p = c->shell->session->profile;
    struct names *n = &c->functions;
    if (n->items)
        return n;
    for (size_t i = 0; i < p->function_count; i++)
        if (p->functions[i].name)
            names_add(n, profile_str(p, p->functions[i].name).ptr);
    names_sort(n);
    return n;
}

/* The keys of labels, or, given a KEY, the texts that go with it. */
static void add_labels(struct names *n, const struct profile *p, struct str key)
{
    for (size_t i = 0; i < p->label_count; i++) {
        const struct label *l = &p->labels[i];
        if (!key.ptr)
            names_add(n, profile_str(p, l->key).ptr);
        else if (!l->is_number && str_cmp(profile_str(p, l->key), key) == 0)
            names_add(n, profile_str(p, l->str).ptr);
    }
    names_sort(n);
}

/* --- what has been typed, and what may take its place */

struct typed {
    const char *text;   /* without quotes and a leading - */
    const char *before; /* goes before a word: "-", ">" or what of a list stands already */
    const char *after;  /* goes behind it: "=" */
    bool regex, quotes; /* words are regular expressions; may be put in quotes */
};

static void put_word(struct completion *found, const struct typed *t, const char *name)
{
    struct buf b = {0}, word = {0};
    for (; *name; name++) {
        if (t->regex && strchr("\\()[]{}*+?^$|", *name))
            buf_putc(&b, '\\');
        buf_putc(&b, *name);
    }
    const char *text = b.data ? b.data : "";
    bool quote = t->quotes && (strpbrk(text, " \t") || *text == '"' || *text == '\'');
    buf_puts(&word, t->before);
    if (quote)
        buf_putc(&word, '"');
    for (; *text; text++)
        buf_printf(&word, quote && *text == '"' ? "\\%c" : "%c", *text);
    if (quote)
        buf_putc(&word, '"');
    buf_puts(&word, t->after);
    lines_add_str(&found->words, "", buf_view(&word));
    buf_release(&b);
    buf_release(&word);
}

/* Does NAME begin with TEXT, in which a backslash makes the next character one like any other? */
static bool begins(const char *name, const char *text)
{
    for (; *text; text++, name++) {
        if (*text == '\\' && text[1])
            text++;
        if (*name != *text)
            return false;
    }
    return true;
}

static bool contains(const char *name, const char *text)
{
    for (; *name; name++)
        if (begins(name, text))
            return true;
    return false;
}

static void offer(struct completion *found, const struct typed *t, const struct names *n)
{
    for (size_t i = 0; i < n->count; i++)
        if (begins(n->items[i], t->text))
            put_word(found, t, n->items[i]);
    for (size_t i = 0; !found->words.count && i < n->count; i++)
        if (contains(n->items[i], t->text))
            put_word(found, t, n->items[i]);
}

static void offer_all(struct completion *found, const struct typed *t, struct names *n)
{
    names_sort(n);
    offer(found, t, n);
    free(n->items);
}

static void offer_functions(struct completer *c, struct completion *found, struct typed t)
{
    t.regex = true;
    offer(found, &t, functions_of(c));
}

/* --- files */

static bool is_folder(const char *folder, const char *name)
{
    struct buf path = {0};
    struct stat st;
    buf_printf(&path, "%s/%s", *folder ? folder : ".", name);
    bool yes = stat(path.data, &st) == 0 && S_ISDIR(st.st_mode);
    buf_release(&path);
    return yes;
}

static void offer_files(struct completion *found, struct typed t)
{
    const char *slash = strrchr(t.text, '/');
    char *folder = slash ? xstrndup(t.text, (size_t)(slash + 1 - t.text)) : xstrdup("");
    const char *base = slash ? slash + 1 : t.text;
    struct names n = {0};
    DIR *d = opendir(*folder ? folder : ".");
    for (struct dirent *e; d && (e = readdir(d));) {
        if (!begins(e->d_name, base) || (*e->d_name == '.' && *base != '.'))
            continue;
        struct buf name = {0};
        buf_printf(&name, "%s%s%s", folder, e->d_name, is_folder(folder, e->d_name) ? "/" : "");
        names_add(&n, buf_detach(&name));
    }
    if (d)
        closedir(d);
    if (n.count)
        qsort(n.items, n.count, sizeof *n.items, compare);
    for (size_t i = 0; i < n.count; i++) {
        put_word(found, &t, n.items[i]);
        free((char *)n.items[i]);
    }
    free(n.items);
    free(folder);
}

/* --- values of options */

/* What the values of an option are, where its kind does not say it. */
enum values { VALUES_FUNCTIONS, VALUES_KEYS, VALUES_LABELS, VALUES_TYPES, VALUES_FILES };

static const struct {
    size_t offset;
    enum values values;
} valued[] = {
    {offsetof(struct config, report.sample_index), VALUES_TYPES},
    {offsetof(struct config, filter.focus), VALUES_FUNCTIONS},
    {offsetof(struct config, filter.ignore), VALUES_FUNCTIONS},
    {offsetof(struct config, filter.show), VALUES_FUNCTIONS},
    {offsetof(struct config, filter.hide), VALUES_FUNCTIONS},
    {offsetof(struct config, filter.show_from), VALUES_FUNCTIONS},
    {offsetof(struct config, filter.prune_from), VALUES_FUNCTIONS},
    {offsetof(struct config, filter.tagfocus), VALUES_LABELS},
    {offsetof(struct config, filter.tagignore), VALUES_LABELS},
    {offsetof(struct config, filter.tagshow), VALUES_KEYS},
    {offsetof(struct config, filter.taghide), VALUES_KEYS},
    {offsetof(struct config, tagroot.root), VALUES_KEYS},
    {offsetof(struct config, tagroot.leaf), VALUES_KEYS},
    {offsetof(struct config, output.file), VALUES_FILES},
    {offsetof(struct config, report.source_path), VALUES_FILES},
};

/* "key=" and the texts of key; MANY: behind a comma comes another. */
static void offer_labels(struct completer *c, struct completion *found, struct typed t, bool values)
{
    const char *comma = strrchr(t.text, ',');
    const char *text = comma ? comma + 1 : t.text;
    const char *equals = values ? strchr(text, '=') : NULL;
    const char *from = equals ? equals + 1 : text;
    struct str key = {equals ? text : NULL, equals ? (size_t)(equals - text) : 0};
    struct buf before = {0};
    struct names n = {0};
    buf_puts(&before, t.before);
    buf_add(&before, t.text, (size_t)(from - t.text));
    struct typed rest = {from, before.data ? before.data : "", values && !equals ? "=" : "",
                         equals != NULL, t.quotes};
    add_labels(&n, c->shell->session->profile, key);
    offer_all(found, &rest, &n);
    buf_release(&before);
}

static void offer_names(struct completion *found, const struct typed *t, const char *const *items,
                        size_t count)
{
    struct names n = {0};
    for (size_t i = 0; i < count; i++)
        names_add(&n, items[i]);
    offer_all(found, t, &n);
}

static void offer_values(struct completer *c, struct completion *found, const struct option *o,
                         bool is_choice, struct typed t)
{
    static const char *const bools[] = {"false", "true"};
    const struct string_list *types = &c->shell->types;
    struct names n = {0};
    if (is_choice || o->kind == OPTION_BOOL) {
        offer_names(found, &t, bools, 2);
        return;
    }
    for (const struct choice *choice = o->choices; choice && choice->name; choice++)
        names_add(&n, choice->name);
    offer_all(found, &t, &n);
    for (size_t i = 0; i < sizeof valued / sizeof *valued; i++) {
        if (valued[i].offset != o->offset)
            continue;
        switch (valued[i].values) {
        case VALUES_FUNCTIONS:
            offer_functions(c, found, t);
            break;
        case VALUES_KEYS:
        case VALUES_LABELS:
            offer_labels(c, found, t, valued[i].values == VALUES_LABELS);
            break;
        case VALUES_TYPES:
            offer_names(found, &t, types->items, types->count);
            break;
        case VALUES_FILES:
            offer_files(found, t);
            break;
        }
    }
}

/* --- words */

static void add_settings(struct names *n)
{
    for (size_t i = 0; i < option_count; i++) {
        const struct option *o = &options[i];
        if (!option_is_setting(o))
            continue;
        names_add(n, o->name);
        for (const struct choice *c = o->choices;
             c && c->name && (o->flags & OPTION_CHOICES_ARE_FLAGS); c++)
            names_add(n, c->name);
    }
}

static void add_commands(struct names *n)
{
    for (size_t i = 0; i < command_count; i++)
        if (commands[i].on)
            names_add(n, commands[i].name);
    for (size_t i = 0; i < shell_word_count; i++)
        names_add(n, shell_words[i].name);
}

/* The first word: a command, an option to assign, a sample type. */
static void offer_first(struct completer *c, struct completion *found, struct typed t)
{
    static const char *const kinds[] = {"", "total_", "mean_"};
    const struct string_list *types = &c->shell->types;
    struct arena made;
    struct names n = {0};
    arena_init(&made);
    add_commands(&n);
    add_settings(&n);
    for (size_t i = 0; i < types->count; i++) {
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
            struct buf b = {0};
            buf_printf(&b, "%s%s", kinds[k], types->items[i]);
            names_add(&n, arena_strndup(&made, b.data, b.len));
            buf_release(&b);
        }
    }
    for (size_t i = 0; i < n.count; i++) {
        const struct choice *choice;
        struct str name = {n.items[i], strlen(n.items[i])};
        const struct option *o = setting_find(name, &choice);
        if (o && !choice && o->kind != OPTION_BOOL) {
            char *with = arena_alloc(&made, name.len + 2);
            memcpy(with, name.ptr, name.len);
            memcpy(with + name.len, "=", 2);
            n.items[i] = with;
        }
    }
    offer_all(found, &t, &n);
    arena_release(&made);
}

/* A later word of a line that begins with FIRST. */
static void offer_later(struct completer *c, struct completion *found, const char *first,
                        const char *previous, struct typed t)
{
    const struct shell_word *w = shell_word_find(first);
    const struct command *cmd = command_find(first);
    if (*t.before == '>' || strcmp(previous, ">") == 0 || (w && w->verb == SHELL_SOURCE) ||
        (cmd && (cmd->does & DOES_PAIR) && previous == first)) {
        offer_files(found, t);
    } else if (w && w->verb == SHELL_HELP) {
        struct names n = {0};
        add_commands(&n);
        add_settings(&n);
        offer_all(found, &t, &n);
    } else if (cmd && cmd->report == REPORT_TAGS) {
        offer_labels(c, found, t, true);
    } else if (!w) {
        offer_functions(c, found, t);
    }
}

static void complete_word(struct completer *c, struct arena *a, const char *text,
                          struct completion *found)
{
    static const char spaces[] = " \t\n\v\f\r";
    const char *at = text, *first = NULL, *previous = NULL, *word = NULL, *next;
    size_t len = strlen(text), from = strspn(text, spaces);
    bool quoted, open, unfinished = false;
    while ((next = shell_next_word(a, &at, &quoted, &open))) {
        if (*next == '|' && !quoted)
            return; /* what follows is for another program */
        first = first ? first : next;
        previous = word;
        word = next;
        unfinished = open;
        found->start = from;
        from = (size_t)(at - text) + strspn(at, spaces);
    }
    if (!word || (strchr(spaces, text[len - 1]) && !unfinished)) { /* a new word begins */
        previous = word;
        word = "";
        found->start = len;
    }
    bool marked = previous && (*word == '-' || *word == '>');
    const char mark[2] = {marked ? *word : '\0', '\0'};
    const struct typed t = {word + marked, mark, "", false, true};
    if (previous)
        offer_later(c, found, first, previous, t);
    else
        offer_first(c, found, t);
}

/* True if TEXT assigns an option. */
static bool complete_value(struct completer *c, const char *text, struct completion *found)
{
    const char *equals = strchr(text, '=');
    if (!equals)
        return false;
    const char *name = text + strspn(text, " \t");
    size_t len = (size_t)(equals - name);
    while (equals >= name && len && (name[len - 1] == ' ' || name[len - 1] == '\t'))
        len--;
    const struct choice *choice;
    const struct option *o = setting_find((struct str){name, len}, &choice);
    if (!o)
        return false;
    const char *value = equals + 1 + strspn(equals + 1, " \t");
    found->start = (size_t)(value - text);
    found->value = true;
    offer_values(c, found, o, choice != NULL, (struct typed){value, "", "", false, false});
    return true;
}

void shell_complete(struct completer *c, const char *line, size_t len, struct completion *found)
{
    struct arena a;
    *found = (struct completion){0};
    arena_init(&a);
    const char *text = arena_strndup(&a, line, len);
    if (!complete_value(c, text, found))
        complete_word(c, &a, text, found);
    arena_release(&a);
}

void completion_release(struct completion *found)
{
    lines_release(&found->words);
}

size_t completion_common(const struct completion *found)
{
    const struct lines *w = &found->words;
    if (!w->count)
        return 0;
    size_t common = w->lens[0];
    for (size_t i = 1; i < w->count; i++) {
        size_t same = 0;
        while (same < common && same < w->lens[i] && w->items[i][same] == w->items[0][same])
            same++;
        common = same;
    }
    /* Not in the middle of a character, nor between a backslash and what it is for. */
    while (common && ((unsigned char)w->items[0][common] & 0xC0) == 0x80)
        common--;
    return common;
}
