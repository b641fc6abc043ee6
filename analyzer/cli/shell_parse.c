#include "analyzer/cli/shell_parse.h"

#include "analyzer/base/buf.h"
#include "analyzer/cli/commands.h"
#include "analyzer/cli/settings.h"
#include "analyzer/cli/suggest.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { QUESTION = 400 }; /* room for a "did you mean" */

static const char spaces[] = " \t\n\v\f\r";

static bool is_space(char c)
{
    return c && strchr(spaces, c);
}

static struct str trim(struct str s)
{
    while (s.len && is_space(s.ptr[0]))
        s = (struct str){s.ptr + 1, s.len - 1};
    while (s.len && is_space(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

static const char *keep(struct shell_action *a, struct str s)
{
    return arena_strndup(&a->memory, s.ptr, s.len);
}

/* --- assignments */

static void add_assignment(struct shell_action *a, const char *name, const char *value)
{
    struct shell_assignment *to = &a->assignments[a->assignment_count++];
    to->option = setting_find((struct str){name, strlen(name)}, &to->choice);
    to->value = value;
    a->verb = SHELL_ASSIGN;
}

/* ":" and the names of sample types, with or without total_ and mean_ before them. */
static bool parse_shortcut(struct shell_action *a, struct str line, const struct string_list *types)
{
    static const char *const filters[] = {"focus", "ignore", "hide", "tagfocus", "tagignore"};
    static const struct {
        const char *prefix, *mean;
    } kinds[] = {{"", NULL}, {"total_", "false"}, {"mean_", "true"}};
    if (line.len == 1 && *line.ptr == ':') {
        for (size_t i = 0; i < sizeof filters / sizeof *filters; i++)
            add_assignment(a, filters[i], "");
        return true;
    }
    for (size_t i = 0; i < types->count; i++) {
        struct str type = {types->items[i], strlen(types->items[i])};
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
            size_t skip = strlen(kinds[k].prefix);
            if (!str_starts(line, kinds[k].prefix) ||
                str_cmp((struct str){line.ptr + skip, line.len - skip}, type) != 0)
                continue;
            if (kinds[k].mean)
                add_assignment(a, "mean", kinds[k].mean);
            add_assignment(a, "sample_index", keep(a, type));
            return true;
        }
    }
    return false;
}

/* VALUE without its comment; without the quotes around it. */
static struct str clean_value(struct str value)
{
    for (size_t i = value.len; i-- > 0;) {
        if (value.len - i >= 3 && memcmp(value.ptr + i, "//:", 3) == 0) {
            value.len = i;
            break;
        }
    }
    value = trim(value);
    if (value.len >= 2 && (*value.ptr == '"' || *value.ptr == '\'') &&
        value.ptr[value.len - 1] == *value.ptr)
        value = (struct str){value.ptr + 1, value.len - 2};
    return value;
}

/* 1 if LINE is one, 0 if not, -1 and ERR. */
static int parse_assignment(struct shell_action *a, struct str line, struct error *err)
{
    const char *equals = memchr(line.ptr, '=', line.len);
    struct str name = trim((struct str){line.ptr, equals ? (size_t)(equals - line.ptr) : line.len});
    const struct choice *choice;
    const struct option *o = setting_find(name, &choice);
    if (!o)
        return 0;
    if (!equals && !choice && o->kind != OPTION_BOOL)
        return error_set(err, ERROR_USAGE, "please specify a value, e.g. %s=<val>", o->name);
    struct str value = {"", 0};
    if (equals)
        value = clean_value((struct str){equals + 1, line.len - (size_t)(equals + 1 - line.ptr)});
    a->verb = SHELL_ASSIGN;
    a->assignments[0] = (struct shell_assignment){o, choice, keep(a, value)};
    a->assignment_count = 1;
    return 1;
}

/* --- words */

char *shell_next_word(struct arena *memory, const char **at, bool *quoted, bool *open)
{
    const char *s = *at;
    *quoted = *open = false;
    while (is_space(*s))
        s++;
    if (!*s) {
        *at = s;
        return NULL;
    }
    struct buf word = {0};
    const char *q = s + (*s == '-' || *s == '>');
    if (*q == '"' || *q == '\'') {
        *quoted = true;
        buf_add(&word, s, (size_t)(q - s));
        for (s = q + 1; *s && *s != *q; s++) {
            if (*q == '"' && s[0] == '\\' && s[1] == '"')
                s++;
            buf_putc(&word, *s);
        }
        *open = !*s;
        s += *s != '\0';
    }
    while (*s && !is_space(*s))
        buf_putc(&word, *s++);
    *at = s;
    char *kept = arena_strndup(memory, word.data ? word.data : "", word.len);
    buf_release(&word);
    return kept;
}

/* The words of a line up to a pipe. */
struct words {
    char **items;
    bool *literal; /* quoted from the first character on: no count, no -, no > */
    size_t count, next;
};

static int split(struct shell_action *a, struct words *words, const char *line, struct error *err)
{
    size_t most = strlen(line) / 2 + 1;
    words->items = arena_calloc(&a->memory, most + 1, sizeof *words->items);
    words->literal = arena_calloc(&a->memory, most + 1, sizeof *words->literal);
    for (;;) {
        bool quoted, open;
        const char *before = line;
        char *word = shell_next_word(&a->memory, &line, &quoted, &open);
        if (!word)
            return 0;
        if (open)
            return error_set(err, ERROR_USAGE, "a quote is not closed: %.200s", word);
        if (*word == '|' && !quoted) {
            struct str program = trim((struct str){before, strlen(before)});
            program = trim((struct str){program.ptr + 1, program.len - 1});
            if (!program.len)
                return error_set(err, ERROR_USAGE, "a program is missing after |");
            a->pipe = keep(a, program);
            return 0;
        }
        const char *first = before + strspn(before, spaces);
        words->literal[words->count] = quoted && (*first == '"' || *first == '\'');
        words->items[words->count++] = word;
    }
}

/* --- reports */

/* A decimal number of 32 bits, with a sign or without. */
static bool parse_count(const char *word, int *count)
{
    const char *digits = word + (*word == '-' || *word == '+');
    if (!*digits || digits[strspn(digits, "0123456789")])
        return false;
    errno = 0;
    long value = strtol(word, NULL, 10);
    if (errno || value > INT_MAX || value < INT_MIN)
        return false;
    *count = (int)value;
    return true;
}

static const struct command *find_report(const char *name)
{
    const struct command *cmd = command_find(name);
    return cmd && cmd->on ? cmd : NULL;
}

/* "top10" is top, and a count. */
static const struct command *find_counted(struct shell_action *a, const char *name)
{
    size_t len = strlen(name), bare = len;
    while (bare && isdigit((unsigned char)name[bare - 1]))
        bare--;
    if (!bare || bare == len || !parse_count(name + bare, &a->nodecount))
        return NULL;
    a->counted = true;
    return find_report(keep(a, (struct str){name, bare}));
}

static int unknown(const char *name, const struct words *words, struct error *err)
{
    const struct choice *choice;
    const char *value = words->next < words->count ? words->items[words->next] : "<val>";
    if (setting_find((struct str){name, strlen(name)}, &choice))
        return error_set(err, ERROR_USAGE, "did you mean: %s=%.200s", name, value);
    const char *names[2 * COMMAND_LIMIT];
    size_t count = 0;
    for (size_t i = 0; i < command_count; i++)
        if (commands[i].on)
            names[count++] = commands[i].name;
    for (size_t i = 0; i < shell_word_count; i++)
        names[count++] = shell_words[i].name;
    char question[QUESTION];
    suggest_question(question, sizeof question, name, "", names, count);
    return error_set(err, ERROR_USAGE, "unrecognized command: \"%.200s\"%s", name, question);
}

static void alternate(struct shell_action *a, const char **to, const char *regex)
{
    if (!*regex)
        return;
    struct buf b = {0};
    buf_printf(&b, "%s%s%s", *to ? *to : "", *to ? "|" : "", regex);
    *to = keep(a, buf_view(&b));
    buf_release(&b);
}

static int take_output(struct shell_action *a, const char *word, struct words *words,
                       struct error *err)
{
    a->output = word + 1;
    if (*a->output)
        return 0;
    if (words->next == words->count)
        return error_set(err, ERROR_USAGE, "unexpected end of line after >");
    a->output = words->items[words->next++];
    return 0;
}

static int parse_report(struct shell_action *a, const char *name, struct words *words,
                        struct error *err)
{
    a->verb = SHELL_REPORT;
    a->command = find_report(name);
    if (!a->command)
        a->command = find_counted(a, name);
    if (!a->command)
        return unknown(name, words, err);
    const struct command *cmd = a->command;
    const char *needed = cmd->does & DOES_PAIR ? "FILE" : cmd->operand;
    if (needed) {
        if (words->next == words->count)
            return error_set(err, ERROR_USAGE, "command %s requires an argument: %s %s", cmd->name,
                             cmd->name, needed);
        a->operand = words->items[words->next++];
    }
    while (words->next < words->count) {
        bool literal = words->literal[words->next];
        const char *word = words->items[words->next++];
        char mark = literal ? '\0' : *word;
        if (!literal && parse_count(word, &a->nodecount)) {
            a->counted = true;
        } else if (mark == '>') {
            if (take_output(a, word, words, err))
                return -1;
        } else if (mark == '-' && (strcmp(word, "-cum") == 0 || strcmp(word, "--cum") == 0)) {
            a->cum = true;
        } else if (mark == '-') {
            alternate(a, &a->ignore, word + 1);
        } else {
            alternate(a, &a->focus, word);
        }
    }
    return 0;
}

/* --- the shell's own words */

static int parse_word(struct shell_action *a, const struct shell_word *w, struct words *words,
                      struct error *err)
{
    a->verb = w->verb;
    while (words->next < words->count) {
        bool literal = words->literal[words->next];
        const char *word = words->items[words->next++];
        if (*word == '>' && !literal) {
            if (take_output(a, word, words, err))
                return -1;
        } else if (w->operand && !a->operand) {
            a->operand = word;
        } else if (!w->ignores_rest) {
            return error_set(err, ERROR_USAGE, "`%s` has no use for `%.200s`", w->name, word);
        }
    }
    if (w->operand && *w->operand != '[' && !a->operand)
        return error_set(err, ERROR_USAGE, "command %s requires an argument: %s %s", w->name,
                         w->name, w->operand);
    return 0;
}

int shell_parse(struct shell_action *a, const char *line, const struct string_list *types,
                struct error *err)
{
    *a = (struct shell_action){.verb = SHELL_NOTHING};
    arena_init(&a->memory);
    struct str text = trim((struct str){line, strlen(line)});
    if (!text.len || *text.ptr == '#' || parse_shortcut(a, text, types))
        return 0;
    int assigned = parse_assignment(a, text, err);
    if (assigned)
        return assigned < 0 ? -1 : 0;
    struct words words = {0};
    if (split(a, &words, keep(a, text), err))
        return -1;
    if (!words.count)
        return error_set(err, ERROR_USAGE, "a command is missing before |");
    const char *name = words.items[words.next++];
    const struct shell_word *w = shell_word_find(name);
    return w ? parse_word(a, w, &words, err) : parse_report(a, name, &words, err);
}

void shell_action_release(struct shell_action *a)
{
    arena_release(&a->memory);
    a->verb = SHELL_NOTHING;
}
