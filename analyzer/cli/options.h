/* The options: one table that serves both grammars, help, the manual page and completion.
 *
 * A row says by which name a field of struct config is set, what values it takes and which commands
 * it means something to. Front ends look a name up with option_find or flag_find and store a value
 * with option_set; config_init takes the initial values from here as well.
 */
#ifndef CPPROF_CLI_OPTIONS_H
#define CPPROF_CLI_OPTIONS_H

#include "analyzer/base/error.h"
#include "analyzer/cli/config.h"

#include <stdbool.h>
#include <stddef.h>

enum option_kind {
    OPTION_BOOL,
    OPTION_INT,
    OPTION_FLOAT,
    OPTION_STRING,
    OPTION_STRINGS,   /* a string_list: may be given several times */
    OPTION_CHOICE,    /* one of a few names, stored as a number */
    OPTION_SHORTHAND, /* a bool that stands for -sample_index=SETS */
};

enum option_group {
    GROUP_VALUE,
    GROUP_FILTER,
    GROUP_LABEL,
    GROUP_GRANULARITY,
    GROUP_SORT,
    GROUP_TRIM,
    GROUP_OUTPUT,
    GROUP_COMPARE,
    GROUP_RECORD,
    GROUP_SOURCE,
    GROUP_WEB,
    GROUP_LEGACY,
    GROUP_COUNT,
};

enum {
    OPTION_CHOICES_ARE_FLAGS = 1 << 0, /* -cum, not -sort=cum, in pprof's grammar */
    OPTION_NOT_PPROF = 1 << 1,         /* our own */
    OPTION_STRICT = 1 << 2,            /* refused by commands it means nothing to */
    OPTION_NOT_NEGATIVE = 1 << 3,      /* negative numbers and NaN are refused */
    OPTION_SETS_MEAN = 1 << 4,         /* a shorthand that also means -mean */
};

struct choice {
    const char *name;
    unsigned value;
    const char *help;
};

struct option {
    const char *name;
    const char *alias; /* a second, shorter name, or NULL */
    enum option_kind kind;
    enum option_group group;
    size_t offset, size;          /* of the field in struct config; size 0: none */
    const char *initial;          /* as one would type it; NULL: false, 0, "" */
    const char *environment;      /* variable that gives the initial value, or NULL */
    const struct choice *choices; /* up to one without a name */
    const char *sets;             /* the sample type a shorthand stands for */
    unsigned flags;               /* OPTION_... */
    unsigned means;               /* DOES_... of commands.h: to which commands it means something */
    const char *value;            /* placeholder of its value in help */
    const char *help;             /* one line */
    const char *details;          /* more lines, or NULL */
};

enum { OPTION_LIMIT = 96 }; /* rows the table may have; for arrays that go along with it */

extern const struct option options[];
extern const size_t option_count;

extern const char *const option_group_titles[GROUP_COUNT];

/* The option of that name, "-" and "_" being the same; NULL if there is none. */
const struct option *option_find(const char *name);

/* The same for a choice that is a flag of its own: "cum" finds sort, and its choice in *CHOICE. */
const struct option *option_find_choice(const char *name, const struct choice **choice);

/* Are these names the same, "-" and "_" being one character? */
bool option_name_equal(const char *a, const char *b);

/* Stores TEXT as the value of O in CFG; a string_list grows. -1 and ERR if O takes no such value.
 * Not for shorthands, which need to know what else was given. */
int option_set(struct config *cfg, const struct option *o, const char *text, struct error *err);

/* Stores C, one of O's choices. */
void option_set_choice(struct config *cfg, const struct option *o, const struct choice *c);

/* Reads the value of a flag that is on or off, as Go's flag
 * package does. NAME is for the sentence. */
int option_parse_bool(const char *name, const char *text, bool *value, struct error *err);

/* Does O stand with a value of its own ("-x v"), not alone ("-x")? */
bool option_takes_value(const struct option *o);

#endif
