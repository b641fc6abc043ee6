/* Tests of analyzer/cli/shell_parse.h: pprof's grammar for a line, with quotes and pipes. */
#include "analyzer/cli/shell_parse.h"

#include "analyzer/base/buf.h"
#include "analyzer/cli/commands.h"
#include "analyzer/cli/options.h"

#include <CUnit/CUnit.h>
#include <stdio.h>
#include <string.h>

static const char *names[] = {"samples", "cpu", "odd type"};
static const struct string_list types = {names, 3, 3};

static void put(struct buf *b, const char *label, const char *value)
{
    if (value)
        buf_printf(b, " %s<%s>", label, value);
}

static void put_action(struct buf *b, const struct shell_action *a)
{
    static const char *const verbs[] = {
        [SHELL_NOTHING] = "nothing", [SHELL_ASSIGN] = "",   [SHELL_OPTIONS] = "options",
        [SHELL_HELP] = "help",       [SHELL_UNDO] = "undo", [SHELL_SOURCE] = "source",
        [SHELL_TUI] = "tui",         [SHELL_QUIT] = "quit",
    };
    buf_puts(b, a->verb == SHELL_REPORT ? a->command->name : verbs[a->verb]);
    for (size_t i = 0; i < a->assignment_count; i++) {
        const struct shell_assignment *s = &a->assignments[i];
        buf_printf(b, "%s%s%s%s=<%s>", i ? " " : "", s->option->name, s->choice ? ":" : "",
                   s->choice ? s->choice->name : "", s->value);
    }
    put(b, "operand", a->operand);
    if (a->counted)
        buf_printf(b, " %d", a->nodecount);
    if (a->cum)
        buf_puts(b, " cum");
    put(b, "focus", a->focus);
    put(b, "ignore", a->ignore);
    put(b, "to", a->output);
    put(b, "pipe", a->pipe);
}

/* LINE must mean WANT; if it is an error, the sentence with "! " before it. */
static void means(const char *line, const char *want)
{
    struct shell_action a;
    struct error err = {0};
    struct buf got = {0};
    if (shell_parse(&a, line, &types, &err) == 0)
        put_action(&got, &a);
    else
        buf_printf(&got, "! %s", err.text);
    CU_ASSERT_STRING_EQUAL(got.data, want);
    if (strcmp(got.data, want) != 0)
        fprintf(stderr, "\n%s\n  means %s\n  not   %s\n", line, got.data, want);
    buf_release(&got);
    shell_action_release(&a);
}

static void test_reports(void)
{
    means("top", "top");
    means("  tree\t\n", "tree");
    means("top10", "top 10");
    means("top 5", "top 5");
    means("top5 7", "top 7");
    means("top -3", "top -3");
    means("top +3", "top 3");
    means("topproto3", "topproto 3");
    means("peek main", "peek operand<main>");
    means("peek -main", "peek operand<-main>");
    means("list5 main", "list operand<main> 5");
    means("diff old.pb.gz", "diff operand<old.pb.gz>");
    means("flame >x.html", "flame to<x.html>");
}

static void test_regular_expressions_add_up(void)
{
    means("top a b", "top focus<a|b>");
    means("top a -b c -d", "top focus<a|c> ignore<b|d>");
    means("top -cum --cum a|b", "top cum focus<a|b>");
    means("top -", "top");
    means("tags a -b", "tags focus<a> ignore<b>");
    means("top 99999999999", "top focus<99999999999>");
    means("top 0x10", "top focus<0x10>");
    means("top operator\"\" it's", "top focus<operator\"\"|it's>");
    means("list foo=bar", "list operand<foo=bar>");
}

static void test_output(void)
{
    means("top >x", "top to<x>");
    means("top > x y", "top focus<y> to<x>");
    means("top >x >y", "top to<y>");
    means("top >", "! unexpected end of line after >");
    means("options >x", "options to<x>");
}

static void test_quotes_keep_spaces(void)
{
    means("top 'a b' \"c d\"", "top focus<a b|c d>");
    means("top -'a b' >'x y'", "top ignore<a b> to<x y>");
    means("top \"a\\\"b\\.c\"", "top focus<a\"b\\.c>");
    means("top '10' '-a' '>x' '|y'", "top focus<10|-a|>x||y>");
    means("top '' x", "top focus<x>");
    means("top 'a b'c", "top focus<a bc>");
    means("peek 'a b", "! a quote is not closed: a b");
}

static void test_pipes(void)
{
    means("top | head -n 3", "top pipe<head -n 3>");
    means("top |less -S", "top pipe<less -S>");
    means("top a|b | grep 'x y' | sort >z", "top focus<a|b> pipe<grep 'x y' | sort >z>");
    means("help top | less", "help operand<top> pipe<less>");
    means("top |", "! a program is missing after |");
    means("| less", "! a command is missing before |");
}

static void test_assignments(void)
{
    means("focus=main", "focus=<main>");
    means(" focus = a b ", "focus=<a b>");
    means("focus=a=b|c", "focus=<a=b|c>");
    means("focus=", "focus=<>");
    means("focus=\"\"", "focus=<>");
    means("focus='a b'", "focus=<a b>");
    means("focus=x //: why", "focus=<x>");
    means("nodecount = -1   //: default", "nodecount=<-1>");
    means("granularity=lines //: [a | b]", "granularity=<lines>");
    means("source_path=http://x", "source_path=<http://x>");
    means("mean", "mean=<>");
    means("mean=n", "mean=<n>");
    means("lines", "granularity:lines=<>");
    means("cum=true", "sort:cum=<true>");
    means("focus", "! please specify a value, e.g. focus=<val>");
    means("focus main", "! did you mean: focus=main");
    means("granularity", "! please specify a value, e.g. granularity=<val>");
    means("n=5", "! unrecognized command: \"n=5\"");
    means("base=x", "! unrecognized command: \"base=x\"");
}

static void test_shortcuts(void)
{
    means(":", "focus=<> ignore=<> hide=<> tagfocus=<> tagignore=<>");
    means("cpu", "sample_index=<cpu>");
    means("total_cpu", "mean=<false> sample_index=<cpu>");
    means(" mean_samples ", "mean=<true> sample_index=<samples>");
    means("odd type", "sample_index=<odd type>");
    means("cpu 5", "! unrecognized command: \"cpu\"");
}

static void test_own_words(void)
{
    means("", "nothing");
    means(" \t\n", "nothing");
    means("# top", "nothing");
    means("o", "options");
    means("options", "options");
    means("q", "quit");
    means("exit 0", "quit");
    means("o all >x", "options to<x>");
    means("help", "help");
    means("help focus", "help operand<focus>");
    means("undo", "undo");
    means("tui", "tui");
    means("source 'a b'", "source operand<a b>");
    means("source", "! command source requires an argument: source FILE");
    means("undo 3", "! `undo` has no use for `3`");
    means("help a b", "! `help` has no use for `b`");
}

static void test_unknown_lines(void)
{
    means("frobnicate", "! unrecognized command: \"frobnicate\"");
    means("tpo", "! unrecognized command: \"tpo\": did you mean top or tui?");
    means("10", "! unrecognized command: \"10\"");
    means("merge", "! unrecognized command: \"merge\"");
    means("peek", "! command peek requires an argument: peek REGEX");
    means("diff", "! command diff requires an argument: diff FILE");
}

static void test_words_are_sound(void)
{
    for (size_t i = 0; i < shell_word_count; i++) {
        const struct shell_word *w = &shell_words[i];
        CU_ASSERT_PTR_NOT_NULL(w->help);
        CU_ASSERT_PTR_EQUAL(shell_word_find(w->name), w);
        CU_ASSERT_TRUE(!command_find(w->name) || !command_find(w->name)->on);
        CU_ASSERT_PTR_NULL(option_find(w->name));
        for (size_t k = 0; k < 2 && w->aliases[k]; k++)
            CU_ASSERT_PTR_EQUAL(shell_word_find(w->aliases[k]), w);
    }
}

CU_TestInfo shell_parse_tests[] = {
    {"reports", test_reports},
    {"regular expressions add up", test_regular_expressions_add_up},
    {"output", test_output},
    {"quotes keep spaces", test_quotes_keep_spaces},
    {"pipes", test_pipes},
    {"assignments", test_assignments},
    {"shortcuts", test_shortcuts},
    {"the shell's own words", test_own_words},
    {"unknown lines", test_unknown_lines},
    {"the table of words", test_words_are_sound},
    CU_TEST_INFO_NULL,
};
