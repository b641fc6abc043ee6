/* Label sets: immutable, counted, shared by threads and samples.
 *
 * A thread holds one reference to its present set (NULL: no labels); each sample that is waiting to
 * be written holds another.
 */
#ifndef CPPROF_COLLECTOR_LABELS_H
#define CPPROF_COLLECTOR_LABELS_H

#include <stdatomic.h>
#include <stddef.h>

struct labels {
    _Atomic size_t users;
    size_t count;
    struct {
        char *key, *value;
    } pair[]; /* by key */
};

/* FROM (NULL: none) with KEY=VALUE in place of what KEY had; VALUE NULL: without KEY. The caller
 * owns a reference. *TO is NULL when nothing is left. ENOMEM or 0. */
int labels_with(struct labels **to, const struct labels *from, const char *key, const char *value);

/* One more user; NULL is fine. Async-signal-safe. */
static inline struct labels *labels_hold(struct labels *l)
{
    if (l)
        atomic_fetch_add_explicit(&l->users, 1, memory_order_relaxed);
    return l;
}

/* One less; the last one frees it. NULL is fine. */
void labels_drop(struct labels *l);

#endif
