/* The tables of one thread of a Firefox profile, made from the stacks of its samples. */
#ifndef CPPROF_RENDER_FIREFOX_TABLES_H
#define CPPROF_RENDER_FIREFOX_TABLES_H

#include "analyzer/profile/builder.h"
#include "analyzer/render/json_writer.h"

/* Rows in the order in which they came up. Start from zeros and a profile; strings are numbered for
 * the whole file. */
struct firefox_rows {
    const struct profile *p;
    struct strtab *strings;

    struct firefox_function {
        uint32_t function; /* of P, or NO_INDEX: named after the address */
        uint32_t mapping;
        uint64_t address; /* of what has no function */
    } * functions;
    struct firefox_frame {
        uint32_t function;       /* of the rows */
        uint32_t location, line; /* LINE is one of the location's, 0 also where it has none */
    } * frames;
    struct firefox_stack {
        uint32_t frame, prefix;
    } * stacks;
    size_t function_count, function_cap, frame_count, frame_cap, stack_count, stack_cap;
    struct pairmap by_function, by_address, by_frame, by_stack;
};

void firefox_rows_release(struct firefox_rows *r);

/* The row of stackTable for stack S of the profile; NO_INDEX if that is empty. */
uint32_t firefox_rows_add(struct firefox_rows *r, struct stack s);

/* The offset of L's address in its binary, or the address itself where that is not known. */
uint64_t firefox_address(const struct profile *p, const struct location *l);

/* Writes stackTable, frameTable, funcTable, resourceTable and nativeSymbols. The libs of the file
 * are the profile's mappings. */
void firefox_rows_write(struct json *j, struct firefox_rows *r);

#endif
