#include "analyzer/cli/commands.h"

#include "analyzer/cli/browser.h"
#include "analyzer/cli/completion.h"
#include "analyzer/cli/help.h"
#include "analyzer/cli/pipeline.h"
#include "analyzer/cli/record.h"
#include "analyzer/cli/shell_loop.h"
#include "analyzer/cli/threads.h"
#include "tui/tui.h"

#include <string.h>

enum {
    /* what every report on one value does */
    DOES_REPORT = DOES_READ | DOES_COMPARE | DOES_FILTER | DOES_VALUE | DOES_WRITE,
    /* what every report does that sees the profile as nodes */
    DOES_GRAPH = DOES_REPORT | DOES_GRANULE | DOES_HEADER,
    /* what every drawing of the call graph does */
    DOES_DRAW = DOES_GRAPH | DOES_SORT | DOES_TRIM | DOES_EDGES | DOES_CONTEXT | DOES_PAINT,

    IS_FORMAT = COMMAND_PPROF | COMMAND_FIRST_IS_BINARY,
};

#define SOURCES "[BINARY] SOURCE..."

const struct command commands[] = {
    {.name = "top",
     .run = pipeline_run,
     .on = pipeline_report,
     .report = REPORT_TOP,
     .flags = IS_FORMAT | COMMAND_UNLIMITED_NODES,
     .does = DOES_GRAPH | DOES_SORT | DOES_TRIM | DOES_TABLE | DOES_TERMINAL,
     .sources = SOURCES,
     .help = "the functions with the largest values",
     .details = "flat is what a function spent itself, cum with all it called; sum% adds up flat."},
    {.name = "text",
     .run = pipeline_run,
     .on = pipeline_report,
     .report = REPORT_TOP,
     .flags = IS_FORMAT | COMMAND_UNLIMITED_NODES,
     .does = DOES_GRAPH | DOES_SORT | DOES_TRIM | DOES_TABLE | DOES_TERMINAL,
     .sources = SOURCES,
     .help = "the same as top"},
    {.name = "tree",
     .run = pipeline_run,
     .on = pipeline_report,
     .report = REPORT_TREE,
     .flags = IS_FORMAT,
     .does = DOES_GRAPH | DOES_SORT | DOES_TRIM | DOES_EDGES | DOES_TABLE | DOES_TERMINAL,
     .sources = SOURCES,
     .help = "each function between its callers and its callees"},
    {.name = "peek",
     .run = pipeline_run,
     .on = pipeline_report,
     .report = REPORT_PEEK,
     .flags = IS_FORMAT | COMMAND_NEEDS_OPERAND | COMMAND_NO_TRIM,
     .does = DOES_GRAPH | DOES_SORT | DOES_TABLE | DOES_TERMINAL,
     .operand = "REGEX",
     .sources = SOURCES,
     .help = "callers and callees of the functions whose name matches"},
    {.name = "list",
     .run = pipeline_run,
     .on = pipeline_report,
     .report = REPORT_LIST,
     .flags = IS_FORMAT | COMMAND_NEEDS_OPERAND | COMMAND_NO_TRIM | COMMAND_FORCES_LINES,
     .does = DOES_REPORT | DOES_SOURCE | DOES_TERMINAL,
     .operand = "REGEX",
     .sources = SOURCES,
     .help = "source lines with what was spent on them, of functions that match",
     .details = "Sources are looked for in the folders of -source_path and in those above them."},
    {.name = "disasm",
     .run = pipeline_run,
     .on = pipeline_report,
     .report = REPORT_DISASM,
     .flags = IS_FORMAT | COMMAND_NEEDS_OPERAND | COMMAND_NO_TRIM | COMMAND_FORCES_ADDRESSES |
              COMMAND_FORCES_NOINLINES,
     .does = DOES_REPORT | DOES_ASSEMBLY | DOES_TERMINAL,
     .operand = "REGEX",
     .sources = SOURCES,
     .help = "instructions with what was spent on them, of symbols that match",
     .details = "REGEX is matched with the names of the binaries' symbols; a number (0x401136) is "
                "the address of one, too. Addresses shown are the binary's own."},
    {.name = "weblist",
     .run = pipeline_run,
     .on = pipeline_report,
     .report = REPORT_WEBLIST,
     .flags = IS_FORMAT | COMMAND_NEEDS_OPERAND | COMMAND_NO_TRIM | COMMAND_FORCES_ADDRESSES |
              COMMAND_FORCES_INLINES | COMMAND_FILTERS,
     .does = DOES_REPORT | DOES_SOURCE | DOES_ASSEMBLY,
     .operand = "REGEX",
     .extension = "html",
     .viewer = BROWSER,
     .sources = SOURCES,
     .help = "a page with the source and the instructions of functions that match",
     .details = "REGEX is matched with the names of functions, their files and their binaries; a "
                "number (0x401136) is an address of the process, too. The page is one file and "
                "needs no network. On a terminal it is opened in the browser; -output names a file "
                "for it, and a pipe gets it as it is."},
    {.name = "traces",
     .run = pipeline_run,
     .on = pipeline_report,
     .report = REPORT_TRACES,
     .flags = IS_FORMAT,
     .does = DOES_GRAPH | DOES_TABLE | DOES_TERMINAL,
     .sources = SOURCES,
     .help = "every distinct stack with its value and labels"},
    {.name = "tags",
     .run = pipeline_run,
     .on = pipeline_report,
     .report = REPORT_TAGS,
     .flags = IS_FORMAT,
     .does = DOES_REPORT | DOES_HEADER | DOES_TABLE | DOES_TERMINAL,
     .sources = SOURCES,
     .help = "how the value spreads over the values of each label"},
    {.name = "comments",
     .run = pipeline_run,
     .on = pipeline_report,
     .report = REPORT_COMMENTS,
     .flags = IS_FORMAT,
     .does = DOES_READ | DOES_COMPARE | DOES_WRITE,
     .sources = SOURCES,
     .help = "the comments in the profile"},
    {.name = "raw",
     .run = pipeline_run,
     .on = pipeline_report,
     .report = REPORT_RAW,
     .flags = IS_FORMAT | COMMAND_NO_TRIM | COMMAND_FORCES_ADDRESSES,
     .does = DOES_REPORT,
     .sources = SOURCES,
     .help = "the profile's samples, locations and mappings as text"},
    {.name = "proto",
     .run = pipeline_run,
     .on = pipeline_report,
     .report = REPORT_PROTO,
     .flags = IS_FORMAT | COMMAND_NO_TRIM | COMMAND_FORCES_ADDRESSES,
     .does = DOES_REPORT,
     .extension = "pb.gz",
     .sources = SOURCES,
     .help = "the profile, filtered, as a profile again",
     .details = "Written in gzipped profile.proto form, whatever form it was read in."},
    {.name = "topproto",
     .run = pipeline_run,
     .on = pipeline_report,
     .report = REPORT_TOPPROTO,
     .flags = IS_FORMAT | COMMAND_UNLIMITED_NODES,
     .does = DOES_GRAPH | DOES_SORT | DOES_TRIM,
     .extension = "pb.gz",
     .sources = SOURCES,
     .help = "the rows of top as a profile"},
    {.name = "callgrind",
     .run = pipeline_run,
     .on = pipeline_report,
     .report = REPORT_CALLGRIND,
     .flags = IS_FORMAT | COMMAND_NO_TRIM | COMMAND_FORCES_ADDRESSES,
     .does = DOES_REPORT | DOES_CONTEXT,
     .extension = "callgraph.out",
     .sources = SOURCES,
     .help = "the call graph for KCachegrind and QCachegrind"},
    {.name = "dot",
     .run = pipeline_run,
     .on = pipeline_report,
     .report = REPORT_DOT,
     .flags = IS_FORMAT,
     .does = DOES_DRAW,
     .sources = SOURCES,
     .help = "the call graph for Graphviz"},
    {.name = "svg",
     .run = pipeline_run,
     .on = pipeline_report,
     .report = REPORT_SVG,
     .flags = IS_FORMAT,
     .does = DOES_DRAW | DOES_LAYOUT,
     .extension = "svg",
     .sources = SOURCES,
     .help = "the call graph as a page for the browser: SVG that pans and zooms",
     .details = "Drag to pan; wheel, pinch, + and - zoom, 0 or a double click shows all; the "
                "pointer shows "
                "full names, a click on a node its edges alone."},
    {.name = "png",
     .run = pipeline_run,
     .on = pipeline_report,
     .report = REPORT_PNG,
     .flags = IS_FORMAT,
     .does = DOES_DRAW | DOES_LAYOUT,
     .extension = "png",
     .sources = SOURCES,
     .help = "the call graph as a PNG picture"},
    {.name = "pdf",
     .run = pipeline_run,
     .on = pipeline_report,
     .report = REPORT_PDF,
     .flags = IS_FORMAT,
     .does = DOES_DRAW | DOES_LAYOUT,
     .extension = "pdf",
     .sources = SOURCES,
     .help = "the call graph as a PDF page"},
    {.name = "ps",
     .run = pipeline_run,
     .on = pipeline_report,
     .report = REPORT_PS,
     .flags = IS_FORMAT,
     .does = DOES_DRAW | DOES_LAYOUT,
     .extension = "ps",
     .sources = SOURCES,
     .help = "the call graph as PostScript"},
    {.name = "gif",
     .run = pipeline_run,
     .on = pipeline_report,
     .report = REPORT_GIF,
     .flags = IS_FORMAT,
     .does = DOES_DRAW | DOES_LAYOUT,
     .extension = "gif",
     .sources = SOURCES,
     .help = "the call graph as a GIF picture"},
    {.name = "web",
     .run = pipeline_run,
     .on = pipeline_report,
     .report = REPORT_SVG,
     .flags = IS_FORMAT,
     .does = DOES_DRAW | DOES_LAYOUT,
     .extension = "svg",
     .viewer = BROWSER,
     .sources = SOURCES,
     .help = "the call graph as svg makes it, in the browser"},
    {.name = "gv",
     .run = pipeline_run,
     .on = pipeline_report,
     .report = REPORT_PS,
     .flags = IS_FORMAT,
     .does = DOES_DRAW | DOES_LAYOUT,
     .extension = "ps",
     .viewer = "gv --noantialias",
     .sources = SOURCES,
     .help = "the call graph as PostScript, in gv"},
    {.name = "evince",
     .run = pipeline_run,
     .on = pipeline_report,
     .report = REPORT_PDF,
     .flags = IS_FORMAT,
     .does = DOES_DRAW | DOES_LAYOUT,
     .extension = "pdf",
     .viewer = "evince",
     .sources = SOURCES,
     .help = "the call graph as PDF, in evince"},
    {.name = "eog",
     .run = pipeline_run,
     .on = pipeline_report,
     .report = REPORT_SVG,
     .flags = IS_FORMAT,
     .does = DOES_DRAW | DOES_LAYOUT,
     .extension = "svg",
     .viewer = "eog",
     .sources = SOURCES,
     .help = "the call graph as SVG, in eog"},
    {.name = "kcachegrind",
     .run = pipeline_run,
     .on = pipeline_report,
     .report = REPORT_CALLGRIND,
     .flags = IS_FORMAT | COMMAND_NO_TRIM | COMMAND_FORCES_ADDRESSES,
     .does = DOES_REPORT | DOES_CONTEXT,
     .extension = "grind",
     .viewer = "kcachegrind",
     .sources = SOURCES,
     .help = "the call graph in KCachegrind"},
    {.name = "diff",
     .run = diff_run,
     .on = diff_report,
     .does = DOES_READ | DOES_FILTER | DOES_VALUE | DOES_GRANULE | DOES_SORT | DOES_TRIM |
             DOES_HEADER | DOES_TABLE | DOES_TERMINAL | DOES_WRITE | DOES_GATE | DOES_PAIR,
     .sources = "OLD NEW",
     .source_count = 2,
     .help = "what became larger and smaller between two profiles",
     .details =
         "The old and the new value of each function, their difference, and the difference in "
         "percent and in percentage points of the total; the largest change comes first. -cum "
         "compares what functions spent with all they called. -drop_negative leaves out what "
         "shrank, -nodefraction what changed by less than this fraction of the total."},
    {.name = "flame",
     .run = flame_run,
     .on = flame_report,
     .report = REPORT_FLAME,
     .flags = COMMAND_FIRST_IS_BINARY | COMMAND_UNLIMITED_NODES,
     .does = DOES_GRAPH | DOES_CELLS | DOES_PAINT,
     .extension = "html",
     .sources = SOURCES,
     .help = "a flame graph: a page or a picture to zoom and search in, in one file",
     .details =
         "The end of the name given with -o says what is written: .html, .svg or .json. The tree "
         "of "
         "calls is cut to the heaviest cells, those below each together become one; -nodecount "
         "says "
         "how many (0 or -trim=false: all of them). With -base or -diff_base both profiles are "
         "kept "
         "apart: colours say how much a frame grew or shrank, and what appeared and what vanished "
         "is marked."},
    {.name = "merge",
     .run = merge_run,
     .does = DOES_READ | DOES_WRITE,
     .extension = "pb.gz",
     .sources = "SOURCE...",
     .help = "one profile that is the sum of many",
     .details = "Profiles are read one after another: memory grows with the result, not with their "
                "number."},
    {.name = "convert",
     .run = convert_run,
     .on = convert_report,
     .flags = COMMAND_NO_TRIM | COMMAND_FORCES_ADDRESSES,
     .does = DOES_READ | DOES_COMPARE | DOES_FILTER | DOES_VALUE | DOES_WRITE | DOES_CONVERT,
     .sources = SOURCES,
     .help = "the profile, filtered, in another tool's format",
     .details = "The output file's extension says which, else --to does. What the format has no "
                "place for is named on standard error. Every command reads these formats, too, and "
                "knows them by their content."},
    {.name = "shell",
     .run = shell_run,
     .flags = COMMAND_FIRST_IS_BINARY,
     .does = DOES_DRAW | DOES_TABLE | DOES_TERMINAL | DOES_ASSEMBLY | DOES_SOURCE | DOES_LAYOUT |
             DOES_CELLS | DOES_CONVERT | DOES_PAIR,
     .sources = SOURCES,
     .help = "read a profile once and ask for many reports",
     .details = "Reads lines from the terminal or from a script: commands, and options to change. "
                "What pprof's shell understands means the same here. `help` in the shell says "
                "more. This is what happens without a command, too, where standard input or output "
                "is no terminal."},
    {.name = "record",
     .run = record_run,
     .flags = COMMAND_RUNS_PROGRAM,
     .does = DOES_RECORD,
     .sources = "PROGRAM [ARG...] | -pid PID",
     .help = "run a program and record where its time and its memory go",
     .details =
         "The program need know nothing of it. Into a statically linked one nothing can be put: "
         "its CPU time is recorded through perf events, from outside, as that of a process that "
         "runs already is with -pid. The profiles go to cpprof.cpu.pb.gz, cpprof.heap.pb.gz, or "
         "to the file that -output names (with the kind before its extension when there are "
         "several); those of processes it starts get their name and number as well. However it "
         "ends, by a signal too, its profile is written; Ctrl-C and SIGTERM end the program, not "
         "the recording. The exit status is the program's."},
    {.name = "threads",
     .run = threads_run,
     .flags = COMMAND_NEEDS_OPERAND,
     .does = DOES_THREADS | DOES_WRITE,
     .operand = "PID",
     .help = "what every thread of a running process is doing now",
     .details =
         "The stacks of all its threads, equal ones together, the largest group first, as Go's "
         "goroutine profile shows them. Each thread stops for the moment that its stack is read "
         "in; the process goes on. With -output=FILE.pb.gz it is a profile: a sample per thread, "
         "its name and its number as labels."},
    {.name = "symbolize",
     .run = symbolize_run,
     .flags = COMMAND_FIRST_IS_BINARY,
     .does = DOES_READ | DOES_WRITE,
     .extension = "pb.gz",
     .sources = SOURCES,
     .help = "the profile with names in it, to be read without its binaries",
     .details = "Functions, inlined frames, files and lines are written into the profile, so that "
                "it can be looked at where the binaries are not. Several sources are merged."},
    {.name = "tui",
     .run = tui_run,
     .flags = COMMAND_FIRST_IS_BINARY,
     .does = (DOES_REPORT & ~DOES_WRITE) | DOES_GRANULE | DOES_SORT | DOES_TERMINAL | DOES_SOURCE |
             DOES_ASSEMBLY,
     .sources = SOURCES,
     .help = "look around in a profile on the terminal",
     .details = "? shows the keys, F1 explains flat and cum, Q quits. With -base or -diff_base "
                "every view shows old, new and change."},
    {.name = "help",
     .run = help_run,
     .does = DOES_MANUAL,
     .operand = "[COMMAND]",
     .help = "this text, or a command's own"},
    {.name = "completion",
     .run = completion_run,
     .flags = COMMAND_NEEDS_OPERAND,
     .operand = "SHELL",
     .help = "a completion script for bash, zsh or fish"},
    {.name = "version", .run = version_run, .help = "the version of cpprof"},
};

const size_t command_count = sizeof commands / sizeof *commands;
_Static_assert(sizeof commands / sizeof *commands <= COMMAND_LIMIT, "raise COMMAND_LIMIT");

const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < command_count; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

int command_check_format(const struct command *cmd, enum output_format format, struct error *err)
{
    bool drawn = format == FORMAT_HTML || format == FORMAT_SVG;
    if (drawn && !(cmd->does & DOES_CELLS))
        return error_set(err, ERROR_USAGE, "%s is a table: -format is text, json or csv",
                         cmd->name);
    if (format == FORMAT_CSV && (cmd->does & DOES_CELLS))
        return error_set(err, ERROR_USAGE, "%s is a tree: -format is html, svg or json", cmd->name);
    return 0;
}

unsigned commands_do(void)
{
    unsigned all = 0;
    for (size_t i = 0; i < command_count; i++)
        if (commands[i].run)
            all |= commands[i].does;
    return all;
}
