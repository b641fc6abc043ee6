/* Tests of analyzer/cli/flags.h: both grammars, the first of several arguments, suggestions. */
#include "analyzer/cli/flags.h"

#include "analyzer/base/buf.h"
#include "analyzer/cli/binary_arg.h"
#include "analyzer/cli/commands.h"
#include "analyzer/cli/options.h"
#include "analyzer/cli/suggest.h"

#include <CUnit/CUnit.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- one command line, parsed */

struct outcome {
    struct command_line line;
    struct error err;
    int result;
    char words[2000];
    char *args[40];
};

/* Parses TEXT, its words separated by spaces; "''" is an empty word. */
static void parse(struct outcome *o, const char *text)
{
    memset(o, 0, sizeof *o);
    snprintf(o->words, sizeof o->words, "%s", text);
    int count = 0;
    for (char *word = strtok(o->words, " "); word; word = strtok(NULL, " "))
        o->args[count++] = strcmp(word, "''") == 0 ? word + 2 : word;
    o->result = command_line_parse(&o->line, count, o->args, &o->err);
}

static void release(struct outcome *o)
{
    command_line_release(&o->line);
}

/* TEXT must be refused as wrong usage in a sentence with PART in it. */
static void refused(const char *text, const char *part)
{
    struct outcome o;
    parse(&o, text);
    CU_ASSERT_EQUAL(o.result, -1);
    CU_ASSERT_EQUAL(o.err.kind, ERROR_USAGE);
    CU_ASSERT_PTR_NOT_NULL(strstr(o.err.text, part));
    CU_ASSERT_PTR_NULL(strchr(o.err.text, '\n'));
    if (!strstr(o.err.text, part))
        fprintf(stderr, "\ncpprof %s: %s\n", text, o.err.text);
    release(&o);
}

/* TEXT must be taken as COMMAND with these sources (joined by spaces). */
static const struct config *taken(struct outcome *o, const char *text, const char *command,
                                  const char *sources)
{
    parse(o, text);
    CU_ASSERT_EQUAL(o->result, 0);
    if (o->result < 0)
        fprintf(stderr, "\ncpprof %s: %s\n", text, o->err.text);
    CU_ASSERT_STRING_EQUAL(o->line.command ? o->line.command->name : "(none)", command);
    struct buf joined = {0};
    const struct string_list *list = &o->line.config.source.sources;
    for (size_t i = 0; i < list->count; i++)
        buf_printf(&joined, "%s%s", i ? " " : "", list->items[i]);
    CU_ASSERT_STRING_EQUAL(joined.data ? joined.data : "", sources);
    buf_release(&joined);
    return &o->line.config;
}

/* --- defaults */

static void test_defaults_are_pprofs(void)
{
    struct config cfg;
    config_init(&cfg);
    CU_ASSERT_STRING_EQUAL(cfg.report.unit, "minimum");
    CU_ASSERT_EQUAL(cfg.report.nodecount, -1);
    CU_ASSERT_EQUAL(cfg.report.nodefraction, 0.005);
    CU_ASSERT_EQUAL(cfg.report.edgefraction, 0.001);
    CU_ASSERT_EQUAL(cfg.report.divide_by, 1.0);
    CU_ASSERT_TRUE(cfg.report.trim);
    CU_ASSERT_FALSE(cfg.report.cum_sort);
    CU_ASSERT_EQUAL(cfg.aggregate.granularity, GRANULARITY_FUNCTIONS);
    CU_ASSERT_STRING_EQUAL(cfg.report.sample_index, "");
    CU_ASSERT_STRING_EQUAL(cfg.filter.focus, "");
    CU_ASSERT_STRING_EQUAL(cfg.output.file, "");
    CU_ASSERT_EQUAL(cfg.output.format, FORMAT_TEXT);
    CU_ASSERT_EQUAL(cfg.output.color, COLOR_AUTO);
    CU_ASSERT_TRUE(isinf(cfg.output.fail_above));
    CU_ASSERT_EQUAL(cfg.source.seconds, -1);
    config_release(&cfg);
}

/* --- pprof's grammar */

static void test_pprof_takes_flags_up_to_the_first_source(void)
{
    struct outcome o;
    const struct config *cfg =
        taken(&o, "-top -cum --focus=x -ignore y a.pb -lines b.pb", "top", "a.pb -lines b.pb");
    CU_ASSERT_TRUE(cfg->report.cum_sort);
    CU_ASSERT_STRING_EQUAL(cfg->filter.focus, "x");
    CU_ASSERT_STRING_EQUAL(cfg->filter.ignore, "y");
    CU_ASSERT_EQUAL(cfg->aggregate.granularity, GRANULARITY_FUNCTIONS);
    release(&o);
    taken(&o, "-top -- -a", "top", "-a");
    release(&o);
    taken(&o, "-top - -cum", "top", "- -cum"); /* a lone dash is a source */
    release(&o);
}

static void test_pprof_value_may_begin_with_a_dash(void)
{
    struct outcome o;
    const struct config *cfg = taken(&o, "-top -focus -cum -nodecount -5 a", "top", "a");
    CU_ASSERT_STRING_EQUAL(cfg->filter.focus, "-cum");
    CU_ASSERT_EQUAL(cfg->report.nodecount, -5);
    CU_ASSERT_FALSE(cfg->report.cum_sort);
    release(&o);
    cfg = taken(&o, "-top -focus=a=b -tagfocus= a", "top", "a");
    CU_ASSERT_STRING_EQUAL(cfg->filter.focus, "a=b");
    CU_ASSERT_STRING_EQUAL(cfg->filter.tagfocus, "");
    release(&o);
}

static void test_pprof_bool_takes_a_value_only_after_equals(void)
{
    struct outcome o;
    const struct config *cfg = taken(&o, "-top -trim=F -mean=1 false a", "top", "false a");
    CU_ASSERT_FALSE(cfg->report.trim);
    CU_ASSERT_TRUE(cfg->report.mean);
    release(&o);
    refused("-top -mean=yes a", "-mean is either true or false");
    refused("-top -mean= a", "-mean is either true or false");
    refused("-top --no-mean a", "no flag -no-mean");
}

static void test_pprof_last_value_wins(void)
{
    struct outcome o;
    const struct config *cfg =
        taken(&o, "-top -focus=a -focus=b -base=x -base=y -cum=true -cum=false a", "top", "a");
    CU_ASSERT_STRING_EQUAL(cfg->filter.focus, "b");
    CU_ASSERT_EQUAL(cfg->source.base.count, 1);
    CU_ASSERT_STRING_EQUAL(cfg->source.base.items[0], "y");
    CU_ASSERT_FALSE(cfg->report.cum_sort);
    release(&o);
    cfg = taken(&o, "-top -base=x -base= -diff_base=z a", "top", "a");
    CU_ASSERT_EQUAL(cfg->source.base.count, 0);
    CU_ASSERT_EQUAL(cfg->source.diff_base.count, 1);
    release(&o);
}

static void test_pprof_regex_commands_take_it_as_value(void)
{
    struct outcome o;
    taken(&o, "-peek=main a", "peek", "a");
    CU_ASSERT_STRING_EQUAL(o.line.operand, "main");
    release(&o);
    taken(&o, "-peek main a", "peek", "a");
    CU_ASSERT_STRING_EQUAL(o.line.operand, "main");
    release(&o);
    taken(&o, "-peek= -top a", "top", "a"); /* an empty one is none */
    CU_ASSERT_PTR_NULL(o.line.operand);
    release(&o);
}

/* TEXT names no command: what happens depends on whether the tests run on a terminal. */
static void interactive(struct outcome *o, const char *text)
{
    parse(o, text);
    CU_ASSERT_EQUAL_FATAL(o->result, 0);
    CU_ASSERT_TRUE(strcmp(o->line.command->name, "shell") == 0 ||
                   strcmp(o->line.command->name, "tui") == 0);
    CU_ASSERT_EQUAL(o->line.config.source.sources.count, 1);
}

static void test_pprof_takes_one_format(void)
{
    struct outcome o;
    refused("-top -tree a", "two output formats");
    refused("-top -text a", "two output formats");
    refused("-peek=x -raw a", "two output formats");
    refused("a.pb -top", "no command");
    interactive(&o, "-cum a");
    CU_ASSERT_TRUE(o.line.config.report.cum_sort);
    release(&o);
    interactive(&o, "-top=false -seconds=5 a");
    release(&o);
    taken(&o, "-tree=false -top a", "top", "a");
    release(&o);
}

static void test_pprof_refuses_bad_flags(void)
{
    refused("-top ---cum a", "not a flag");
    refused("-top -=x a", "not a flag");
    refused("-top --=x a", "not a flag");
    refused("-top -focus", "-focus needs a value");
    refused("-top -frob a", "no flag -frob");
    refused("-top -sort=cum a", "no flag -sort");
    refused("-top -diff a", "no flag -diff");
    refused("-top -nodecount=ten a", "whole number");
    refused("-top -nodecount=1e3 a", "whole number");
    refused("-top -nodecount=99999999999999999999 a", "out of range");
    refused("-top -nodefraction=1,5 a", "needs a number");
    refused("-top -nodefraction=1e999 a", "out of range");
}

static void test_pprof_long_or_odd_names_are_just_unknown(void)
{
    char text[400], name[301];
    memset(name, 'c', 300);
    name[300] = '\0';
    snprintf(text, sizeof text, "-top -%s=x a", name);
    refused(text, "no flag -ccc");
    refused("-top -\x1b[31m a", "no flag");
}

static void test_values_out_of_int_keep_their_meaning(void)
{
    struct outcome o;
    const struct config *cfg =
        taken(&o, "-top -nodecount=9_000_000_000 -seconds=0x1F a", "top", "a");
    CU_ASSERT(cfg->report.nodecount > 2000000000);
    CU_ASSERT_EQUAL(cfg->source.seconds, 31);
    release(&o);
}

/* --- our grammar */

static void test_own_takes_options_anywhere(void)
{
    struct outcome o;
    const struct config *cfg =
        taken(&o, "top a.pb -cum b.pb --focus x -nodecount=3", "top", "a.pb b.pb");
    CU_ASSERT_TRUE(cfg->report.cum_sort);
    CU_ASSERT_STRING_EQUAL(cfg->filter.focus, "x");
    CU_ASSERT_EQUAL(cfg->report.nodecount, 3);
    release(&o);
    cfg = taken(&o, "top x -- -cum --", "top", "x -cum --");
    CU_ASSERT_FALSE(cfg->report.cum_sort);
    release(&o);
    taken(&o, "top -", "top", "-");
    release(&o);
}

static void test_own_no_switches_off(void)
{
    struct outcome o;
    const struct config *cfg =
        taken(&o, "top --no-trim -lines --no-lines -mean -no-mean a", "top", "a");
    CU_ASSERT_FALSE(cfg->report.trim);
    CU_ASSERT_FALSE(cfg->report.mean);
    CU_ASSERT_EQUAL(cfg->aggregate.granularity, GRANULARITY_FUNCTIONS);
    release(&o);
    cfg = taken(&o, "top -noinlines a", "top", "a"); /* begins with "no" by itself */
    CU_ASSERT_TRUE(cfg->aggregate.noinlines);
    release(&o);
    refused("top --no-trim=true a", "takes no value");
    refused("top --no-focus a", "no flag -no-focus");
    refused("top --no-frob a", "no flag -no-frob");
}

static void test_own_adds_up_bases(void)
{
    struct outcome o;
    const struct config *cfg = taken(&o, "top -base=x a -base y -base=", "top", "a");
    CU_ASSERT_EQUAL(cfg->source.base.count, 2);
    CU_ASSERT_STRING_EQUAL(cfg->source.base.items[0], "x");
    CU_ASSERT_STRING_EQUAL(cfg->source.base.items[1], "y");
    release(&o);
}

static void test_own_takes_the_operand_first(void)
{
    struct outcome o;
    taken(&o, "peek -cum main x y", "peek", "x y");
    CU_ASSERT_STRING_EQUAL(o.line.operand, "main");
    release(&o);
    refused("peek", "needs REGEX");
    refused("peek main", "no profile to read");
    refused("completion", "needs SHELL");
}

static void test_own_spells_groups_both_ways(void)
{
    struct outcome o;
    const struct config *cfg = taken(&o, "top -sort=cum --granularity lines a", "top", "a");
    CU_ASSERT_TRUE(cfg->report.cum_sort);
    CU_ASSERT_EQUAL(cfg->aggregate.granularity, GRANULARITY_LINES);
    release(&o);
    refused("top -sort=size a", "-sort is flat or cum");
    refused("top -format=xml a", "-format is text, json, csv, html or svg");
    refused("top -format=svg a", "-format is text, json or csv");
    refused("flame -format=csv a", "-format is html, svg or json");
}

static void test_dash_and_underscore_are_one(void)
{
    struct outcome o;
    const struct config *cfg =
        taken(&o, "diff --fail_above=2.5 --drop-negative a b", "diff", "a b");
    CU_ASSERT_EQUAL(cfg->output.fail_above, 2.5);
    CU_ASSERT_TRUE(cfg->report.drop_negative);
    release(&o);
}

static void test_commands_refuse_what_they_cannot_obey(void)
{
    struct outcome o;
    refused("top --fail-above=1 a", "`top` has no use for -fail-above");
    refused("raw --format=json a", "`raw` has no use for -format");
    refused("-raw --format=json a", "`raw` has no use for -format");
    refused("merge -focus=x a", "`merge` has no use for -focus");
    refused("diff -base=x a b", "`diff` has no use for -base");
    refused("diff a", "takes 2 sources, not 1");
    refused("diff a b c", "takes 2 sources, not 3");
    refused("diff --fail-above=-1 a b", "from 0 on");
    refused("diff --fail-above=nan a b", "from 0 on");
    refused("version a", "no use for `a`");
    taken(&o, "raw -nodecount=3 a", "raw", "a"); /* pprof's formats let pprof's options pass */
    release(&o);
}

static void test_help_and_version_are_flags_too(void)
{
    struct outcome o;
    taken(&o, "--help", "help", "");
    CU_ASSERT_PTR_NULL(o.line.operand);
    release(&o);
    taken(&o, "top a -h", "help", "");
    CU_ASSERT_STRING_EQUAL(o.line.operand, "top");
    release(&o);
    taken(&o, "-top -help", "help", "");
    release(&o);
    taken(&o, "-version", "version", "");
    release(&o);
    taken(&o, "help diff", "help", "");
    CU_ASSERT_STRING_EQUAL(o.line.operand, "diff");
    release(&o);
    taken(&o, "top -focus -h a", "top", "a"); /* a value, not a flag */
    release(&o);
}

/* --- both */

static void test_two_of_a_group_exclude_each_other(void)
{
    struct outcome o;
    refused("-top -lines -files a", "exclude each other");
    refused("top -cum -flat a", "exclude each other");
    const struct config *cfg = taken(&o, "-top -lines -files=false -lines=true a", "top", "a");
    CU_ASSERT_EQUAL(cfg->aggregate.granularity, GRANULARITY_LINES);
    release(&o);
    cfg = taken(&o, "-top -lines -lines=0 a", "top", "a");
    CU_ASSERT_EQUAL(cfg->aggregate.granularity, GRANULARITY_FUNCTIONS);
    release(&o);
}

static void test_bases_and_normalize(void)
{
    struct outcome o;
    refused("-top -base=x -diff_base=y a", "exclude each other");
    refused("-top -normalize a", "-normalize needs");
    refused("top -normalize -base= a", "-normalize needs");
    const struct config *cfg = taken(&o, "-top -normalize -diff_base=y a", "top", "a");
    CU_ASSERT_TRUE(cfg->source.normalize);
    release(&o);
    cfg = taken(&o, "diff -normalize a b", "diff", "a b"); /* old to new's total */
    CU_ASSERT_TRUE(cfg->source.normalize);
    release(&o);
    refused("-top -divide_by=0 a", "divides by zero");
}

static void test_shorthands_choose_the_sample_type(void)
{
    static const char *const pairs[][2] = {
        {"total_delay", "delay"},           {"mean_delay", "delay"},
        {"contentions", "contentions"},     {"inuse_space", "inuse_space"},
        {"inuse_objects", "inuse_objects"}, {"alloc_space", "alloc_space"},
        {"alloc_objects", "alloc_objects"},
    };
    struct outcome o;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char text[100];
        snprintf(text, sizeof text, "-top -%s a", pairs[i][0]);
        const struct config *cfg = taken(&o, text, "top", "a");
        CU_ASSERT_STRING_EQUAL(cfg->report.sample_index, pairs[i][1]);
        CU_ASSERT_EQUAL(cfg->report.mean, strcmp(pairs[i][0], "mean_delay") == 0);
        CU_ASSERT_EQUAL(o.line.notes.count, 0);
        release(&o);
    }
}

static void test_shorthands_give_way_with_a_remark(void)
{
    struct outcome o;
    const struct config *cfg =
        taken(&o, "-top -sample_index=cpu -inuse_space -mean_delay=true a", "top", "a");
    CU_ASSERT_STRING_EQUAL(cfg->report.sample_index, "cpu");
    CU_ASSERT_TRUE(cfg->report.mean); /* -mean_delay still means -mean, as in pprof */
    CU_ASSERT_EQUAL(o.line.notes.count, 2);
    release(&o);
    cfg = taken(&o, "-top -inuse_space -alloc_space=false -total_delay a", "top", "a");
    CU_ASSERT_STRING_EQUAL(cfg->report.sample_index, "delay"); /* pprof's order, not ours */
    CU_ASSERT_EQUAL(o.line.notes.count, 1);
    release(&o);
}

static void test_later_versions_are_named_honestly(void)
{
    refused("-http=:8080 a", "not in this version yet");
    refused("-top -no_browser a", "only with -http");
}

static void test_no_sources(void)
{
    refused("-top", "no profile to read");
    refused("top -cum", "no profile to read");
    struct outcome o;
    memset(&o, 0, sizeof o);
    CU_ASSERT_EQUAL(command_line_parse(&o.line, 0, o.args, &o.err), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(o.err.text, "cpprof help"));
    release(&o);
}

static void test_environment_gives_tools(void)
{
    struct outcome o;
    setenv("PPROF_TOOLS", "/opt/tools", 1);
    const struct config *cfg = taken(&o, "-top a", "top", "a");
    CU_ASSERT_STRING_EQUAL(cfg->source.tools, "/opt/tools");
    release(&o);
    cfg = taken(&o, "-top -tools=x a", "top", "a");
    CU_ASSERT_STRING_EQUAL(cfg->source.tools, "x");
    release(&o);
    unsetenv("PPROF_TOOLS");
}

/* --- the first of several arguments */

/* A file with these bytes in the folder DIR; its path in PATH. */
static void make_file(char path[200], const char *dir, const char *name, const char *bytes,
                      size_t len)
{
    snprintf(path, 200, "%s/%s", dir, name);
    FILE *f = fopen(path, "wb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(f);
    fwrite(bytes, 1, len, f);
    fclose(f);
}

static void test_first_argument_may_be_the_binary(void)
{
    char dir[] = "/tmp/cpprof-test-XXXXXX", elf[200], text[600], shorter[200], fifo[200], hex[200];
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(dir));
    make_file(elf, dir, "prog",
              "\x7f"
              "ELF....",
              8);
    make_file(shorter, dir, "short", "MZ", 2);
    make_file(hex, dir, "12", "x", 1);
    snprintf(fifo, sizeof fifo, "%s/fifo", dir);
    CU_ASSERT_EQUAL(mkfifo(fifo, 0600), 0);

    CU_ASSERT_TRUE(binary_arg_is_program(elf));
    CU_ASSERT_FALSE(binary_arg_is_program(shorter));
    CU_ASSERT_FALSE(binary_arg_is_program(fifo)); /* and does not wait for a writer */
    CU_ASSERT_FALSE(binary_arg_is_program(dir));
    CU_ASSERT_FALSE(binary_arg_is_program("/nonexistent"));

    struct outcome o;
    snprintf(text, sizeof text, "-top %s a", elf);
    const struct config *cfg = taken(&o, text, "top", "a");
    CU_ASSERT_STRING_EQUAL(cfg->source.exec_name, elf);
    release(&o);
    snprintf(text, sizeof text, "top %s", elf); /* alone it is a source */
    cfg = taken(&o, text, "top", elf);
    CU_ASSERT_STRING_EQUAL(cfg->source.exec_name, "");
    release(&o);
    snprintf(text, sizeof text, "diff %s a", elf); /* OLD and NEW, nothing else */
    cfg = taken(&o, text, "diff", text + 5);
    CU_ASSERT_STRING_EQUAL(cfg->source.exec_name, "");
    release(&o);

    char here[1000];
    CU_ASSERT_PTR_NOT_NULL_FATAL(getcwd(here, sizeof here));
    CU_ASSERT_EQUAL(chdir(dir), 0);
    taken(&o, "top 12 a", "top", "12 a"); /* a profile with a name like a build id */
    release(&o);
    taken(&o, "-top 12 a", "top", "a"); /* pprof does not look */
    release(&o);
    CU_ASSERT_EQUAL(chdir(here), 0);
    unlink(elf);
    unlink(shorter);
    unlink(hex);
    unlink(fifo);
    rmdir(dir);
}

static void test_first_argument_may_be_a_build_id(void)
{
    struct outcome o;
    const struct config *cfg = taken(&o, "-top deadBEEF01 a", "top", "a");
    CU_ASSERT_STRING_EQUAL(cfg->source.build_id, "deadBEEF01");
    release(&o);
    cfg = taken(&o, "-top deadbeef", "top", "deadbeef");
    CU_ASSERT_STRING_EQUAL(cfg->source.build_id, "");
    release(&o);
    cfg = taken(&o, "-top -buildid=1 deadbeef a", "top", "deadbeef a");
    CU_ASSERT_STRING_EQUAL(cfg->source.build_id, "1");
    release(&o);
    cfg = taken(&o, "-top deadbeefs a", "top", "deadbeefs a");
    CU_ASSERT_STRING_EQUAL(cfg->source.build_id, "");
    release(&o);
    cfg = taken(&o, "merge deadbeef a", "merge", "deadbeef a");
    CU_ASSERT_STRING_EQUAL(cfg->source.build_id, "");
    release(&o);
}

/* --- suggestions */

static void test_suggestions(void)
{
    refused("tpo a", "did you mean top or tui?");
    refused("-topp a", "did you mean -top?");
    refused("top -fcous=x a", "did you mean -focus?");
    refused("top -node=3 a", "did you mean -nodecount or -nodefraction?");
    refused("-top -samples_index=cpu a", "did you mean -sample_index?");
    refused("topp a", "did you mean top?"); /* a slip, although topproto begins like it */
    refused("top -colour=never a", "did you mean -color?");
}

static void test_suggest_names_up_to_three(void)
{
    static const char *const names[] = {"alpha", "alpine", "alpaca", "alphabet", "beta"};
    char text[200];
    suggest_question(text, sizeof text, "alp", "-", names, 5);
    CU_ASSERT_STRING_EQUAL(text, ": did you mean -alpha, -alpine or -alpaca?");
    suggest_question(text, sizeof text, "bata", "", names, 5);
    CU_ASSERT_STRING_EQUAL(text, ": did you mean beta?");
    suggest_question(text, sizeof text, "zzzzzz", "", names, 5);
    CU_ASSERT_STRING_EQUAL(text, "");
    suggest_question(text, sizeof text, "alpha", "", names, 0);
    CU_ASSERT_STRING_EQUAL(text, "");
    suggest_question(text, 10, "alp", "-", names, 5);
    CU_ASSERT(strlen(text) < 10);
}

static void test_a_file_is_a_command_of_its_own(void)
{
    struct outcome o;
    interactive(&o, "/etc/passwd -cum");
    CU_ASSERT_TRUE(o.line.config.report.cum_sort);
    release(&o);
    refused("zzzzzzz", "`cpprof help` lists them");
    refused("/nonexistent.pb.gz", "no file `/nonexistent.pb.gz`");
    refused("nonexistent.pb.gz", "no file `nonexistent.pb.gz`");
}

CU_TestInfo flags_tests[] = {
    {"defaults are pprof's", test_defaults_are_pprofs},
    {"pprof: flags up to the first source", test_pprof_takes_flags_up_to_the_first_source},
    {"pprof: a value may begin with a dash", test_pprof_value_may_begin_with_a_dash},
    {"pprof: a bool's value follows =", test_pprof_bool_takes_a_value_only_after_equals},
    {"pprof: the last value wins", test_pprof_last_value_wins},
    {"pprof: regex commands take it as value", test_pprof_regex_commands_take_it_as_value},
    {"pprof: one format", test_pprof_takes_one_format},
    {"pprof: bad flags", test_pprof_refuses_bad_flags},
    {"pprof: long and odd names", test_pprof_long_or_odd_names_are_just_unknown},
    {"values out of int keep their meaning", test_values_out_of_int_keep_their_meaning},
    {"own: options anywhere", test_own_takes_options_anywhere},
    {"own: --no-x", test_own_no_switches_off},
    {"own: bases add up", test_own_adds_up_bases},
    {"own: the operand comes first", test_own_takes_the_operand_first},
    {"own: groups both ways", test_own_spells_groups_both_ways},
    {"dash and underscore are one", test_dash_and_underscore_are_one},
    {"options without a use are refused", test_commands_refuse_what_they_cannot_obey},
    {"help and version are flags too", test_help_and_version_are_flags_too},
    {"two of a group exclude each other", test_two_of_a_group_exclude_each_other},
    {"bases and normalize", test_bases_and_normalize},
    {"shorthands choose the sample type", test_shorthands_choose_the_sample_type},
    {"shorthands give way", test_shorthands_give_way_with_a_remark},
    {"later versions", test_later_versions_are_named_honestly},
    {"no sources", test_no_sources},
    {"PPROF_TOOLS", test_environment_gives_tools},
    {"first argument: a binary", test_first_argument_may_be_the_binary},
    {"first argument: a build id", test_first_argument_may_be_a_build_id},
    {"suggestions", test_suggestions},
    {"up to three suggestions", test_suggest_names_up_to_three},
    {"a file is a command of its own", test_a_file_is_a_command_of_its_own},
    CU_TEST_INFO_NULL,
};
