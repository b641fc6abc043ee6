/* The commands: one table from which dispatch, pprof's format flags, help and completion are made.
 *
 * A command of a later version has a row without a run function, so that its name is recognized and
 * answered honestly; help and completion leave it out.
 */
#ifndef CPPROF_CLI_COMMANDS_H
#define CPPROF_CLI_COMMANDS_H

#include "analyzer/base/error.h"
#include "analyzer/cli/config.h"

#include <stdbool.h>
#include <stddef.h>

struct command;
struct profile;

/* Carries a command out. OPERAND is its argument that is not a source (peek's regular expression),
 * or NULL. Returns the exit status, 0 or what the command documents, or -1 and ERR. */
typedef int command_run(const struct config *cfg, const struct command *cmd, const char *operand,
                        struct error *err);

/* The same on a profile that is there already, whose contents it uses up: what a line of the shell
 * does. */
typedef int command_on(struct profile *p, const struct config *cfg, const struct command *cmd,
                       const char *operand, struct error *err);

enum report_kind {
    REPORT_NONE,
    REPORT_TOP,
    REPORT_TREE,
    REPORT_PEEK,
    REPORT_LIST,
    REPORT_DISASM,
    REPORT_WEBLIST,
    REPORT_TRACES,
    REPORT_TAGS,
    REPORT_COMMENTS,
    REPORT_RAW,
    REPORT_PROTO,
    REPORT_TOPPROTO,
    REPORT_CALLGRIND,
    REPORT_DOT,
    REPORT_SVG,
    REPORT_PNG,
    REPORT_PDF,
    REPORT_PS,
    REPORT_GIF,
    REPORT_FLAME,
};

/* What a command is like. */
enum {
    COMMAND_PPROF = 1 << 0,            /* one of pprof's formats: a flag in pprof's grammar */
    COMMAND_NEEDS_OPERAND = 1 << 1,    /* does nothing without its operand */
    COMMAND_FIRST_IS_BINARY = 1 << 2,  /* the first of several arguments may name the binary */
    COMMAND_NO_TRIM = 1 << 3,          /* shows every node and edge, whatever the options say */
    COMMAND_UNLIMITED_NODES = 1 << 4,  /* a nodecount of -1 is no limit here (elsewhere 80) */
    COMMAND_FORCES_ADDRESSES = 1 << 5, /* keeps addresses and inlined frames, whatever is asked */
    COMMAND_FORCES_LINES = 1 << 6,     /* tells lines apart, whatever is asked */
    COMMAND_FORCES_NOINLINES = 1 << 7, /* charges inlined frames to what they are inlined into */
    COMMAND_FORCES_INLINES = 1 << 8,   /* keeps inlined frames apart */
    COMMAND_RUNS_PROGRAM = 1 << 9, /* arguments from the first that is no option are a program */
    COMMAND_FILTERS = 1 << 10, /* has a viewer only for terminals: elsewhere it is written there */
};

/* What a command does: an option means something to the commands that share a bit with it. */
enum {
    DOES_READ = 1 << 0,      /* reads profiles */
    DOES_COMPARE = 1 << 1,   /* can subtract a base from them */
    DOES_FILTER = 1 << 2,    /* drops samples and frames */
    DOES_VALUE = 1 << 3,     /* shows one of the sample values, in a unit */
    DOES_GRANULE = 1 << 4,   /* keeps frames apart by function, line, ... */
    DOES_SORT = 1 << 5,      /* orders rows */
    DOES_TRIM = 1 << 6,      /* leaves small nodes out */
    DOES_EDGES = 1 << 7,     /* leaves small edges out */
    DOES_CONTEXT = 1 << 8,   /* can keep call paths apart */
    DOES_HEADER = 1 << 9,    /* says what it shows before showing it */
    DOES_TABLE = 1 << 10,    /* has rows that JSON and CSV can carry */
    DOES_TERMINAL = 1 << 11, /* dresses up for a terminal */
    DOES_WRITE = 1 << 12,    /* can write to a file */
    DOES_GATE = 1 << 13,     /* can fail on what it finds */
    DOES_ASSEMBLY = 1 << 14, /* shows instructions */
    DOES_MANUAL = 1 << 15,   /* can print the manual page */
    DOES_FETCH = 1 << 16,    /* reads profiles from servers: no command of this version */
    DOES_SERVE = 1 << 17,    /* shows web pages: no command of this version */
    DOES_PAIR = 1 << 18,     /* sets two profiles side by side */
    DOES_PAINT = 1 << 19,    /* shows weights as colours of a palette */
    DOES_SOURCE = 1 << 20,   /* shows source lines */
    DOES_CONVERT = 1 << 21,  /* writes other formats of profiles */
    DOES_LAYOUT = 1 << 22,   /* has Graphviz lay a graph out */
    DOES_CELLS = 1 << 23,    /* draws a tree of cells, as a page, a picture or JSON */
    DOES_RECORD = 1 << 24,   /* makes profiles of a program */
    DOES_THREADS = 1 << 29,  /* looks at the threads of a process */
};

struct command {
    const char *name;
    command_run *run;        /* NULL: in a later version */
    command_on *on;          /* NULL: no command of the shell */
    enum report_kind report; /* which report pipeline_run makes */
    unsigned flags, does;
    const char *operand;   /* placeholder of the argument before the sources, or NULL */
    const char *extension; /* binary: never written to a terminal but to profileNNN.EXTENSION */
    const char *viewer;    /* program that is shown a file with the result, or BROWSER */
    const char *sources;   /* placeholder of its sources, or NULL if it takes none */
    unsigned source_count; /* how many sources it takes; 0: one or more */
    const char *help;      /* one line */
    const char *details;   /* more lines, or NULL */
};

enum { COMMAND_LIMIT = 64 }; /* rows the table may have; for arrays that go along with it */

extern const struct command commands[];
extern const size_t command_count;

/* All that the commands of this version do together; help leaves out options for anything else. */
unsigned commands_do(void);

/* Tables are text, JSON or CSV, flame graphs pages, pictures or JSON: -1 and ERR for anything else.
 */
int command_check_format(const struct command *cmd, enum output_format format, struct error *err);

/* The command of that name, or NULL. */
const struct command *command_find(const char *name);

#endif
