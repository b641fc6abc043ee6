/* Lines of the shell, taken apart and completed in a few places. Nothing is run. */
#include "tests/fuzz/fuzz.h"

#include "analyzer/cli/commands.h"
#include "analyzer/cli/settings.h"
#include "analyzer/cli/shell.h"
#include "analyzer/cli/shell_complete.h"
#include "analyzer/cli/shell_help.h"
#include "analyzer/cli/shell_parse.h"

enum { COMPLETED = 4 }; /* lines of an input that are completed, each in two places */

/* A profile with names that need quotes and backslashes. */
static struct profile *profile_of_names(void)
{
    static const char *const names[] = {"main", "main.(*T).run", "std::map<int, char>", "a\\b\"c",
                                        "'x'",  "\xc3\xa4",      "operator\"\" _s",     "|"};
    struct profile *p = profile_new();
    strid cpu = profile_intern(p, "cpu");
    profile_set_sample_types(p, &(struct value_type){cpu, cpu}, 1);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        profile_add_function(p, (struct function){.name = profile_intern(p, names[i])});
    return p;
}

static void check_action(const struct shell_action *a)
{
    fuzz_must(a->assignment_count <= SHELL_ASSIGNMENTS);
    for (size_t i = 0; i < a->assignment_count; i++)
        fuzz_must(a->assignments[i].option && a->assignments[i].value);
    fuzz_must(a->verb != SHELL_REPORT || (a->command && a->command->on));
    fuzz_must((a->verb == SHELL_ASSIGN) == (a->assignment_count > 0));
    fuzz_must(!a->pipe || *a->pipe);
}

static void parse(struct shell *sh, const char *line)
{
    struct shell_action a;
    struct error err = {0};
    struct shell_answer answer = {0};
    struct buf text = {0};
    if (shell_parse(&a, line, &sh->types, &err) == 0)
        check_action(&a);
    else
        fuzz_must(err.kind == ERROR_USAGE && *err.text && !strchr(err.text, '\n'));
    bool is_harmless = a.verb == SHELL_ASSIGN || a.verb == SHELL_UNDO || a.verb == SHELL_OPTIONS;
    answer.captured = &text;
    if (!*err.text && is_harmless && !a.pipe && !a.output)
        fuzz_must(shell_exec(sh, line, &answer, &err) == 0 || *err.text);
    shell_action_release(&a);
    buf_release(&text);
}

static void complete(struct completer *c, const char *line, size_t len)
{
    struct completion found;
    shell_complete(c, line, len, &found);
    fuzz_must(found.start <= len);
    for (size_t i = 0; i < found.words.count; i++)
        fuzz_must(completion_common(&found) <= found.words.lens[i]);
    completion_release(&found);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct session session = {.profile = profile_of_names()};
    struct config config;
    struct shell shell;
    char *text = malloc(size + 1);
    memcpy(text, data, size);
    text[size] = '\0';
    config_init(&config);
    shell_init(&shell, &session, &config);
    struct completer *c = completer_new(&shell);
    size_t done = 0;
    for (char *line = text, *next; line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        parse(&shell, line);
        if (!*line || done++ >= COMPLETED || strpbrk(line, "/>"))
            continue; /* of files there is no end */
        complete(c, line, strlen(line));
        complete(c, line, fuzz_bits(data, size) % strlen(line));
    }
    completer_free(c);
    shell_release(&shell);
    config_release(&config);
    profile_free(session.profile);
    free(text);
    return 0;
}
