#include "analyzer/transform/prune.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/buf.h"

#include <stdlib.h>
#include <string.h>

/* A function's name without its arguments: cut at the first "(" that
 * does not belong to the name. */
static struct str without_arguments(struct str name)
{
    static const char *const reserved[] = {"(anonymous namespace)", "operator()"};
    if (name.len && name.ptr[0] == '.') { /* PowerPC's ELFv1 entry points */
        name.ptr++;
        name.len--;
    }
    for (size_t i = 0; i < name.len; i++) {
        struct str rest = {name.ptr + i, name.len - i};
        if (str_starts(rest, reserved[0]))
            i += strlen(reserved[0]) - 1;
        else if (str_starts(rest, reserved[1]))
            i += strlen(reserved[1]) - 1;
        else if (name.ptr[i] == '(')
            return (struct str){name.ptr, i};
    }
    return name;
}

struct pruner {
    const struct profile *p;
    struct regex *drop, *keep; /* keep may be NULL */
    signed char *answers;      /* per function: 0 not asked, 1 yes, -1 no */
};

static bool is_dropped(struct pruner *pr, uint32_t function)
{
    if (!pr->answers[function]) {
        struct str name = profile_str(pr->p, pr->p->functions[function].name);
        bool drop = false;
        if (name.len) {
            struct str bare = without_arguments(name);
            drop = regex_match(pr->drop, bare.ptr, bare.len) &&
                   !(pr->keep && regex_match(pr->keep, bare.ptr, bare.len));
        }
        pr->answers[function] = drop ? 1 : -1;
    }
    return pr->answers[function] > 0;
}

enum fate { FATE_STAY, FATE_BENEATH, FATE_WHOLE };

/* The outermost dropped line takes itself and all inlined into it away. */
static enum fate prune_lines(struct pruner *pr, struct profile *p, struct location *l)
{
    for (uint32_t i = l->line_count; i-- > 0;) {
        if (!is_dropped(pr, p->lines[l->first_line + i].function))
            continue;
        if (i + 1 == l->line_count)
            return FATE_WHOLE;
        l->first_line += i + 1;
        l->line_count -= i + 1;
        return FATE_BENEATH;
    }
    return FATE_STAY;
}

static struct regex *whole_word(const struct profile *p, strid pattern)
{
    struct buf b = {0};
    buf_printf(&b, "^(%s)$", profile_str(p, pattern).ptr);
    struct regex *re = regex_compile(b.data, "drop_frames", NULL);
    buf_release(&b);
    return re;
}

void prune_uninteresting(struct profile *p)
{
    if (!p->drop_frames)
        return;
    struct pruner pr = {.p = p, .drop = whole_word(p, p->drop_frames)};
    if (p->keep_frames)
        pr.keep = whole_word(p, p->keep_frames);
    if (!pr.drop || (p->keep_frames && !pr.keep)) {
        regex_free(pr.drop);
        regex_free(pr.keep);
        return;
    }
    pr.answers = xcalloc(p->function_count + 1, 1);
    unsigned char *fates = xcalloc(p->location_count + 1, 1);
    for (size_t i = 0; i < p->location_count; i++)
        fates[i] = prune_lines(&pr, p, &p->locations[i]);

    for (size_t s = 0; s < p->stack_count; s++) {
        struct stack *stack = &p->stacks[s];
        bool found_user = false;
        for (uint32_t i = stack->count; i-- > 0;) {
            enum fate fate = fates[p->frames[stack->first + i]];
            if (fate == FATE_STAY) {
                found_user = true;
                continue;
            }
            if (!found_user)
                continue;
            uint32_t cut = fate == FATE_WHOLE ? i + 1 : i;
            stack->first += cut;
            stack->count -= cut;
            break;
        }
    }
    profile_forget_stack_index(p);
    free(fates);
    free(pr.answers);
    regex_free(pr.drop);
    regex_free(pr.keep);
}

void prune_from(struct profile *p, struct regex *re)
{
    struct pruner pr = {.p = p, .drop = re};
    pr.answers = xcalloc(p->function_count + 1, 1);
    bool *from = xcalloc(p->location_count + 1, sizeof *from);
    for (size_t i = 0; i < p->location_count; i++) {
        struct location *l = &p->locations[i];
        for (uint32_t k = 0; k < l->line_count; k++) {
            if (!is_dropped(&pr, p->lines[l->first_line + k].function))
                continue;
            from[i] = true;
            l->first_line += k;
            l->line_count -= k;
            break;
        }
    }
    for (size_t s = 0; s < p->stack_count; s++) {
        struct stack *stack = &p->stacks[s];
        for (uint32_t i = 0; i < stack->count; i++) {
            if (!from[p->frames[stack->first + i]])
                continue;
            stack->first += i;
            stack->count -= i;
            break;
        }
    }
    profile_forget_stack_index(p);
    free(from);
    free(pr.answers);
}
