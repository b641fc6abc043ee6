/* A walk of the tables of commands and options, and of what is made from them: help, the manual
 * page, completion. */
#include "analyzer/cli/commands.h"
#include "analyzer/cli/completion.h"
#include "analyzer/cli/help.h"
#include "analyzer/cli/manual.h"
#include "analyzer/cli/options.h"

#include <CUnit/CUnit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void test_option_table_is_sound(void)
{
    for (size_t i = 0; i < option_count; i++) {
        const struct option *o = &options[i];
        CU_ASSERT_FATAL(o->name && o->help && *o->help);
        CU_ASSERT_NOT_EQUAL(o->means, 0);
        CU_ASSERT_EQUAL(o->value != NULL, option_takes_value(o));
        CU_ASSERT_EQUAL(o->choices != NULL, o->kind == OPTION_CHOICE);
        CU_ASSERT_EQUAL(o->sets != NULL, o->kind == OPTION_SHORTHAND);
        static const size_t sizes[] = {
            [OPTION_BOOL] = sizeof(bool),
            [OPTION_INT] = sizeof(int),
            [OPTION_FLOAT] = sizeof(double),
            [OPTION_STRING] = sizeof(char *),
            [OPTION_STRINGS] = sizeof(struct string_list),
            [OPTION_CHOICE] = sizeof(enum granularity),
            [OPTION_SHORTHAND] = 0,
        };
        bool stored_as_bool = o->kind == OPTION_CHOICE && o->size == sizeof(bool);
        CU_ASSERT(o->size == sizes[o->kind] || stored_as_bool);
        CU_ASSERT(option_group_titles[o->group] != NULL);
        CU_ASSERT_PTR_EQUAL(option_find(o->name), o); /* the first of its name is itself */
        if (o->alias)
            CU_ASSERT_PTR_EQUAL(option_find(o->alias), o);
        CU_ASSERT_PTR_NULL(strchr(o->help, '\n'));
    }
}

static void test_flag_names_are_unique(void)
{
    const char *names[4 * OPTION_LIMIT + COMMAND_LIMIT] = {"h", "help", "version"};
    size_t count = 3;
    for (size_t i = 0; i < option_count; i++) {
        names[count++] = options[i].name;
        if (options[i].alias)
            names[count++] = options[i].alias;
        if (options[i].flags & OPTION_CHOICES_ARE_FLAGS)
            for (const struct choice *c = options[i].choices; c->name; c++)
                names[count++] = c->name;
    }
    for (size_t i = 0; i < command_count; i++)
        if (commands[i].flags & COMMAND_PPROF)
            names[count++] = commands[i].name;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i + 1; j < count; j++) {
            CU_ASSERT_FALSE(option_name_equal(names[i], names[j]));
            if (option_name_equal(names[i], names[j]))
                fprintf(stderr, "\n-%s is defined twice\n", names[i]);
        }
        CU_ASSERT(strlen(names[i]) < 60 && names[i][0] != '-' && !strchr(names[i], '='));
    }
}

static void test_choices_are_sound(void)
{
    for (size_t i = 0; i < option_count; i++) {
        if (!options[i].choices)
            continue;
        for (const struct choice *c = options[i].choices; c->name; c++) {
            CU_ASSERT(c->help && *c->help);
            for (const struct choice *d = c + 1; d->name; d++)
                CU_ASSERT(strcmp(c->name, d->name) != 0 && c->value != d->value);
        }
    }
}

static void test_every_option_can_be_set(void)
{
    struct config cfg;
    for (size_t i = 0; i < option_count; i++) {
        const struct option *o = &options[i];
        struct error err = {0};
        const char *value = o->kind == OPTION_CHOICE ? o->choices[0].name : "1";
        config_init(&cfg);
        CU_ASSERT_EQUAL(option_set(&cfg, o, value, &err), o->kind == OPTION_SHORTHAND ? -1 : 0);
        config_release(&cfg);
    }
}

static void test_command_table_is_sound(void)
{
    for (size_t i = 0; i < command_count; i++) {
        const struct command *cmd = &commands[i];
        CU_ASSERT_PTR_EQUAL(command_find(cmd->name), cmd);
        if (!cmd->run)
            continue;
        CU_ASSERT_FATAL(cmd->help && *cmd->help);
        CU_ASSERT(!(cmd->flags & COMMAND_NEEDS_OPERAND) || cmd->operand);
        CU_ASSERT_EQUAL((cmd->does & (DOES_READ | DOES_RECORD)) != 0, cmd->sources != NULL);
        CU_ASSERT(!(cmd->flags & COMMAND_PPROF) || cmd->report != REPORT_NONE);
    }
}

static void test_help_shows_every_row_of_this_version(void)
{
    struct buf overview = {0}, manual = {0};
    help_overview(&overview);
    manual_write(&manual);
    for (size_t i = 0; i < command_count; i++) {
        char needle[100];
        snprintf(needle, sizeof needle, "\n  %s ", commands[i].name);
        CU_ASSERT_EQUAL(strstr(overview.data, needle) != NULL, commands[i].run != NULL);
        snprintf(needle, sizeof needle, "\n\\fB%s\\fR", commands[i].name);
        CU_ASSERT_EQUAL(strstr(manual.data, needle) != NULL, commands[i].run != NULL);
    }
    for (size_t i = 0; i < option_count; i++) {
        const struct option *o = &options[i];
        bool shown = (o->means & commands_do()) != 0;
        char needle[100];
        snprintf(needle, sizeof needle, "\n  -%s",
                 o->flags & OPTION_CHOICES_ARE_FLAGS ? o->choices[0].name : o->name);
        CU_ASSERT_EQUAL(strstr(overview.data, needle) != NULL, shown);
    }
    buf_release(&overview);
    buf_release(&manual);
}

static void test_help_fits_the_width(void)
{
    struct buf out = {0};
    help_overview(&out);
    for (size_t i = 0; i < command_count; i++)
        if (commands[i].run)
            help_command(&out, &commands[i]);
    for (const char *line = out.data; *line; line += strcspn(line, "\n") + 1)
        CU_ASSERT(strcspn(line, "\n") <= 80);
    buf_release(&out);
}

static void test_manual_has_no_stray_requests(void)
{
    static const char *const requests[] = {".TH ",  ".SH ",  ".SS ", ".TP\n",
                                           ".PP\n", ".br\n", ".B ",  ".BR "};
    struct buf out = {0};
    manual_write(&out);
    for (const char *line = out.data; *line; line += strcspn(line, "\n") + 1) {
        CU_ASSERT(*line != '\'' && *line != '\n');
        bool known = *line != '.';
        for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
            known |= strncmp(line, requests[i], strlen(requests[i])) == 0;
        CU_ASSERT_TRUE(known);
    }
    buf_release(&out);
}

static void test_completion_knows_three_shells(void)
{
    static const char *const shells[] = {"bash", "zsh", "fish"};
    for (size_t i = 0; i < 3; i++) {
        struct buf out = {0};
        struct error err = {0};
        CU_ASSERT_EQUAL(completion_write(&out, shells[i], &err), 0);
        for (size_t c = 0; c < command_count; c++)
            if (commands[c].run)
                CU_ASSERT_PTR_NOT_NULL(strstr(out.data, commands[c].name));
        CU_ASSERT_PTR_NOT_NULL(strstr(out.data, "fail-above"));
        buf_release(&out);
    }
    struct error err = {0};
    struct buf out = {0};
    CU_ASSERT_EQUAL(completion_write(&out, "tcsh", &err), -1);
    CU_ASSERT_EQUAL(err.kind, ERROR_USAGE);
}

CU_TestInfo cli_tables_tests[] = {
    {"option table", test_option_table_is_sound},
    {"flag names are unique", test_flag_names_are_unique},
    {"choices", test_choices_are_sound},
    {"every option can be set", test_every_option_can_be_set},
    {"command table", test_command_table_is_sound},
    {"help shows every row", test_help_shows_every_row_of_this_version},
    {"help fits 80 columns", test_help_fits_the_width},
    {"manual page", test_manual_has_no_stray_requests},
    {"completion", test_completion_knows_three_shells},
    CU_TEST_INFO_NULL,
};
