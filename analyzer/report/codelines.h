/* The instructions around samples of some functions, and the source lines that they come from.
 *
 * Asked are functions whose name, system name or file matches, those of a binary that matches, and
 * what is at a certain address of the process. The code around their samples is cut into ranges;
 * the hottest ranges are disassembled. An instruction belongs to a line of each asked function that
 * is on its chain of inlined calls. Where there is no binary, what the profile says of an address
 * stands in for instructions.
 *
 * The profile has kept its addresses and inlined frames.
 */
#ifndef CPPROF_REPORT_CODELINES_H
#define CPPROF_REPORT_CODELINES_H

#include "analyzer/report/codefiles.h"
#include "analyzer/report/report.h"

/* A place in a source file. */
struct codelines_call {
    strid file;
    int64_t line;
};

struct codelines_instruction {
    uint64_t address;
    size_t length;
    strid text; /* 0: there is none */
    int64_t flat, cum;
    struct codelines_call at; /* the innermost place */
};

/* An instruction under a line. Inlined recursion can make it belong to one line several times: then
 * this is the innermost. */
struct codelines_use {
    struct codelines_call at; /* the line; its file's name is cleaned */
    strid function;
    uint32_t instruction;
    uint32_t first_call, call_count; /* from the line to the instruction: the outermost first */
};

struct codelines {
    struct strtab strings;
    struct codelines_instruction *instructions;
    size_t instruction_count, instruction_cap;
    struct codelines_use *uses; /* as the instructions come */
    size_t use_count, use_cap;
    struct codelines_call *calls;
    size_t call_count, call_cap;
    struct sites sites;
    uint32_t *at_site;            /* per site: the instruction it belongs to, or NO_INDEX */
    size_t range_count, left_out; /* ranges shown, and not */
    struct lines problems;        /* binaries that could not be looked at */
};

/* -1 and ERR if nothing matches. */
int codelines_init(struct codelines *c, struct report *r, struct regex *only,
                   const struct codefiles_spec *spec, struct error *err);
void codelines_release(struct codelines *c);

#endif
