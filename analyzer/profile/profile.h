/* The model: one profile as columns, everything in it named by a dense 32-bit index.
 *
 * Everything refers to mappings, locations and functions by index; the ids they have in a file are
 * kept only to be shown. Stacks and label sets are interned: a sample is a stack, a label set and
 * one value per sample type, so work that depends only on the stack is done once per distinct
 * stack, however many samples share it.
 *
 *     sample i ── sample_stack[i]  ─→ stacks[]    ─→ frames[first .. first+count)   locations, leaf
 * first ├─ sample_labels[i] ─→ labelsets[] ─→ labels[first .. first+count) └─ values[type][i]
 *     locations[] ─→ lines[first .. first+count)  innermost (inlined) first ─→ functions[]
 *
 * Make one with profile_new, fill it with the profile_add_* calls (or let profile_decode do it),
 * end with profile_free. Strings belong to the profile. Not for use by two threads at once.
 */
#ifndef CPPROF_PROFILE_PROFILE_H
#define CPPROF_PROFILE_PROFILE_H

#include "analyzer/base/error.h"
#include "analyzer/base/hashindex.h"
#include "analyzer/base/strtab.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NO_INDEX UINT32_MAX /* "none", for a location without a mapping */

struct value_type {
    strid type, unit; /* "cpu", "nanoseconds" */
};

struct mapping {
    uint64_t id;                   /* 0 until added: then it gets its index plus one */
    uint64_t start, limit, offset; /* addresses [start, limit) show the file from offset on */
    strid file, build_id;
    bool has_functions, has_filenames, has_line_numbers, has_inline_frames;
};

struct function {
    strid name, system_name, filename;
    int64_t start_line;
};

struct line {
    uint32_t function;
    int64_t line, column; /* 0: not known */
};

struct location {
    uint64_t id; /* as mapping's */
    uint64_t address;
    uint32_t mapping; /* or NO_INDEX */
    uint32_t first_line, line_count;
    bool folded;
};

/* Text (`str` is the value) or a number (`str` is its unit, "" if none). */
struct label {
    uint32_t key : 31;
    uint32_t is_number : 1;
    strid str;
    int64_t number;
};

struct stack {
    size_t first;
    uint32_t count;
};

struct labelset {
    uint32_t first,
        count; /* text before numbers, each sorted by key, values of a key in file order */
};

struct profile {
    struct strtab strings;

    struct value_type *sample_types;
    size_t sample_type_count;
    struct value_type period_type;
    strid default_sample_type, drop_frames, keep_frames, doc_url;
    strid *comments;
    size_t comment_count, comment_cap;
    int64_t time_nanos, duration_nanos, period;

    struct mapping *mappings;
    size_t mapping_count, mapping_cap;
    struct function *functions;
    size_t function_count, function_cap;
    struct location *locations;
    size_t location_count, location_cap;
    struct line *lines;
    size_t line_count, line_cap;

    uint32_t *frames;
    size_t frame_count, frame_cap;
    struct stack *stacks;
    size_t stack_count, stack_cap;
    struct label *labels;
    size_t label_count, label_cap;
    struct labelset *labelsets; /* [0] is the empty set */
    size_t labelset_count, labelset_cap;
    struct hashindex stack_index, labelset_index; /* empty until something is looked for */

    size_t sample_count, sample_cap;
    uint32_t *sample_stack, *sample_labels;
    int64_t **values; /* values[type][sample] */

    unsigned shared; /* columns that belong to the profile this one was cloned from (clone.h) */
};

struct profile *profile_new(void);
void profile_free(struct profile *p); /* NULL is fine */

/* The sample types, in order. Call once, before any sample is added. */
void profile_set_sample_types(struct profile *p, const struct value_type *types, size_t count);

void profile_add_comment(struct profile *p, strid comment);
uint32_t profile_add_mapping(struct profile *p, struct mapping m);
uint32_t profile_add_function(struct profile *p, struct function f);

/* Puts mapping INDEX where pprof looks for the program's own: first. What was there takes its place
 * and its id, and locations follow. */
void profile_lead_mapping(struct profile *p, uint32_t index);

/* L's first_line and line_count are set here from LINES, innermost first. */
uint32_t profile_add_location(struct profile *p, struct location l, const struct line *lines,
                              size_t line_count);

/* The stack of these locations, leaf first; the same index for the same content. */
uint32_t profile_add_stack(struct profile *p, const uint32_t *locations, size_t count);

/* As many as PROFILE_BATCH stacks at once, which hides how far apart in memory they are looked up:
 * stack I is LOCATIONS[STARTS[I]] to LOCATIONS[STARTS[I + 1]], its index goes to OUT[I]. */
enum { PROFILE_BATCH = 64 };
void profile_add_stacks(struct profile *p, const uint32_t *locations, const size_t *starts,
                        size_t count, uint32_t *out);

/* The set of these labels (LABELS is put into the set's order in place). */
uint32_t profile_add_labels(struct profile *p, struct label *labels, size_t count);

/* VALUES holds one number per sample type. */
void profile_add_sample(struct profile *p, uint32_t stack, uint32_t labels, const int64_t *values);

/* Short forms. */
static inline struct str profile_str(const struct profile *p, strid id)
{
    return strtab_get(&p->strings, id);
}
static inline strid profile_intern(struct profile *p, const char *s)
{
    return strtab_puts(&p->strings, s);
}
struct label label_text(strid key, strid value);
struct label label_number(strid key, int64_t number, strid unit);

/* For those who rewrite columns in place: drops the index of stacks or label sets (they are rebuilt
 * when needed); puts labels into a set's order; adds sets as they are, a batch as above, in which
 * equal ones may stay apart. */
void profile_forget_stack_index(struct profile *p);
void profile_forget_label_index(struct profile *p);
void profile_sort_labels(const struct profile *p, struct label *labels, size_t count);
void profile_add_raw_labels(struct profile *p, const struct label *labels, const size_t *starts,
                            size_t count, uint32_t *out);

/* Keeps only the samples I for which KEEP[I] is set, in their order. */
void profile_keep_samples(struct profile *p, const bool *keep);

/* Which sample type SAMPLE_INDEX names: a number, a type, "" for the default one. -1 and ERR
 * (ERROR_USAGE, with the nearest names) if there is none. */
int profile_sample_index(const struct profile *p, const char *sample_index, struct error *err);

#endif
