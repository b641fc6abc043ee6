#include "analyzer/profile/threadlabels.h"

#include <string.h>

const char *const thread_label_keys[THREAD_LABEL_COUNT] = {
    [THREAD_LABEL_COMM] = "comm",
    [THREAD_LABEL_TID] = "tid",
    [THREAD_LABEL_PROCESS] = "process",
    [THREAD_LABEL_PID] = "pid",
};

enum thread_label thread_label_of(const struct profile *p, const struct label *l)
{
    const char *key = profile_str(p, l->key).ptr;
    size_t i = 0;
    while (i < THREAD_LABEL_COUNT && strcmp(key, thread_label_keys[i]) != 0)
        i++;
    return (enum thread_label)i;
}
