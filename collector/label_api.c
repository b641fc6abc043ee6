#include "collector/cpprof.h"
#include "collector/quiet.h"
#include "collector/threads.h"

#include <errno.h>

int cpprof_label_set(const char *key, const char *value)
{
    struct labels *next;
    if (!key)
        return EINVAL;
    int saved = errno;
    quiet_begin();
    struct thread *t = threads_self();
    int error = t ? labels_with(&next, atomic_load(&t->labels), key, value) : ENOMEM;
    if (!error)
        threads_set_labels(t, next);
    quiet_end();
    errno = saved;
    return error;
}

void cpprof_label_clear(void)
{
    struct thread *t = threads_self_known();
    if (t)
        threads_set_labels(t, NULL);
}
