#include "analyzer/transform/compact.h"

#include "analyzer/base/alloc.h"
#include "analyzer/profile/clone.h"
#include "analyzer/transform/renumber.h"

#include <stdlib.h>
#include <string.h>

bool profile_sample_is_zero(const struct profile *p, size_t sample)
{
    for (size_t t = 0; t < p->sample_type_count; t++)
        if (p->values[t][sample])
            return false;
    return true;
}

void profile_unify_comments(struct profile *p)
{
    if (p->comment_count < 2)
        return;
    bool *seen = xcalloc(p->strings.count, sizeof *seen);
    size_t kept = 0;
    for (size_t i = 0; i < p->comment_count; i++) {
        strid comment = p->comments[i];
        if (!seen[comment])
            p->comments[kept++] = comment;
        seen[comment] = true;
    }
    p->comment_count = kept;
    free(seen);
}

/* Two locations that became one may have made stacks equal: names each stack by its first equal. */
static void unify_stacks(struct profile *p)
{
    uint32_t *renamed = xmalloc((p->stack_count + 1) * sizeof *renamed);
    memset(renamed, 0xFF, (p->stack_count + 1) * sizeof *renamed); /* NO_INDEX */
    struct stack *stacks = p->stacks;
    uint32_t *frames = p->frames;
    p->stacks = NULL;
    p->frames = NULL;
    p->stack_count = p->stack_cap = p->frame_count = p->frame_cap = 0;
    profile_forget_stack_index(p);
    for (size_t i = 0; i < p->sample_count; i++) {
        uint32_t s = p->sample_stack[i];
        if (renamed[s] == NO_INDEX)
            renamed[s] = profile_add_stack(p, frames + stacks[s].first, stacks[s].count);
        p->sample_stack[i] = renamed[s];
    }
    free(stacks);
    free(frames);
    free(renamed);
}

static uint64_t sample_hash(uint32_t stack, uint32_t labels)
{
    uint64_t h = ((uint64_t)stack << 32 | labels) * 0x9E3779B97F4A7C15;
    return h ^ h >> 32;
}

/* Adds up samples with the same stack and labels, in place. True if that left one without a value.
 */
static bool unify_samples(struct profile *p)
{
    size_t slot_count = 64, kept = 0;
    while (slot_count < p->sample_count * 2)
        slot_count *= 2;
    uint32_t *slots = xcalloc(slot_count, sizeof *slots); /* index + 1 */
    bool any_zero = false;
    for (size_t i = 0; i < p->sample_count; i++) {
        uint32_t stack = p->sample_stack[i], labels = p->sample_labels[i];
        size_t at = sample_hash(stack, labels) & (slot_count - 1);
        while (slots[at] && (p->sample_stack[slots[at] - 1] != stack ||
                             p->sample_labels[slots[at] - 1] != labels))
            at = (at + 1) & (slot_count - 1);
        if (slots[at]) {
            size_t same = slots[at] - 1;
            for (size_t t = 0; t < p->sample_type_count; t++)
                p->values[t][same] += p->values[t][i];
            continue;
        }
        p->sample_stack[kept] = stack;
        p->sample_labels[kept] = labels;
        for (size_t t = 0; t < p->sample_type_count; t++)
            p->values[t][kept] = p->values[t][i];
        slots[at] = (uint32_t)++kept;
    }
    p->sample_count = kept;
    for (size_t i = 0; i < kept && !any_zero; i++)
        any_zero = profile_sample_is_zero(p, i);
    free(slots);
    return any_zero;
}

/* The decoder may leave equal sets apart. */
static void unify_labelsets(struct profile *p)
{
    uint32_t *renamed = xmalloc(p->labelset_count * sizeof *renamed);
    struct label *labels = p->labels;
    struct labelset *sets = p->labelsets;
    size_t count = p->labelset_count;
    p->labels = NULL;
    p->labelsets = NULL;
    p->label_count = p->label_cap = p->labelset_count = p->labelset_cap = 0;
    profile_forget_label_index(p);
    for (size_t i = 0; i < count; i++)
        renamed[i] = profile_add_labels(p, labels + sets[i].first, sets[i].count);
    for (size_t i = 0; i < p->sample_count; i++)
        p->sample_labels[i] = renamed[p->sample_labels[i]];
    free(renamed);
    free(labels);
    free(sets);
}

static void drop_zero_samples(struct profile *p)
{
    bool *keep = xcalloc(p->sample_count + 1, sizeof *keep);
    for (size_t i = 0; i < p->sample_count; i++)
        keep[i] = !profile_sample_is_zero(p, i);
    profile_keep_samples(p, keep);
    free(keep);
}

/* The frames of all stacks that samples have, renumbered; others lose theirs, which mean nothing
 * any more. */
static void renumber_frames(struct profile *p, struct renumbered *to, struct renumbering *r)
{
    bool *done = xcalloc(p->stack_count + 1, sizeof *done);
    for (size_t i = 0; i < p->sample_count; i++) {
        uint32_t index = p->sample_stack[i];
        if (done[index])
            continue;
        done[index] = true;
        struct stack s = p->stacks[index];
        for (uint32_t k = 0; k < s.count; k++) {
            uint32_t *frame = &p->frames[s.first + k];
            uint32_t known = r->locations[*frame];
            *frame = known != NO_INDEX ? known : renumber_location(to, r, *frame);
        }
    }
    for (size_t i = 0; i < p->stack_count; i++)
        if (!done[i])
            p->stacks[i].count = 0;
    free(done);
    profile_forget_stack_index(p);
}

/* The tables are made anew next to the old ones; strings and frames stay where they are, because
 * the frames of a large profile are most of the memory there is. */
static void renumber_tables(struct profile *p)
{
    struct profile old = *p;
    struct renumbered to = {.p = p};
    struct renumbering r;
    p->mappings = NULL;
    p->functions = NULL;
    p->locations = NULL;
    p->lines = NULL;
    p->mapping_count = p->mapping_cap = p->function_count = p->function_cap = 0;
    p->location_count = p->location_cap = p->line_count = p->line_cap = 0;
    renumbering_init(&r, &old, false);
    if (old.mapping_count)
        renumber_mapping(&to, &r, 0);
    renumber_frames(p, &to, &r);
    if (r.collapsed)
        unify_stacks(p);
    renumbering_release(&r);
    renumbered_release(&to);
    free(old.mappings);
    free(old.functions);
    free(old.locations);
    free(old.lines);
}

struct profile *profile_compact(struct profile *p)
{
    profile_own(p, COLUMNS_ALL);
    profile_unify_comments(p);
    unify_labelsets(p);
    do {
        drop_zero_samples(p);
        renumber_tables(p);
    } while (unify_samples(p));
    return p;
}
