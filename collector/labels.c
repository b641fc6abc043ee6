#include "collector/labels.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void labels_free(struct labels *l)
{
    for (size_t i = 0; i < l->count; i++) {
        free(l->pair[i].key);
        free(l->pair[i].value);
    }
    free(l);
}

/* Appends a copy; false if there is no memory. */
static int append(struct labels *l, const char *key, const char *value)
{
    char *k = strdup(key), *v = strdup(value);
    if (!k || !v) {
        free(k);
        free(v);
        return ENOMEM;
    }
    l->pair[l->count].key = k;
    l->pair[l->count++].value = v;
    return 0;
}

int labels_with(struct labels **to, const struct labels *from, const char *key, const char *value)
{
    size_t count = from ? from->count : 0, i = 0;
    struct labels *l = malloc(sizeof *l + (count + 1) * sizeof *l->pair);
    *to = NULL;
    if (!l)
        return ENOMEM;
    atomic_init(&l->users, 1);
    l->count = 0;
    int error = 0;
    for (; !error && i < count && strcmp(from->pair[i].key, key) < 0; i++)
        error = append(l, from->pair[i].key, from->pair[i].value);
    if (!error && value)
        error = append(l, key, value);
    if (i < count && strcmp(from->pair[i].key, key) == 0)
        i++;
    for (; !error && i < count; i++)
        error = append(l, from->pair[i].key, from->pair[i].value);
    if (error || !l->count)
        labels_free(l);
    else
        *to = l;
    return error;
}

void labels_drop(struct labels *l)
{
    if (l && atomic_fetch_sub_explicit(&l->users, 1, memory_order_acq_rel) == 1)
        labels_free(l);
}
