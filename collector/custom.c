#include "collector/custom.h"

#include "collector/calls.h"
#include "collector/forks.h"
#include "collector/quiet.h"
#include "collector/threads.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* A key that is in a profile, in a chain of those with the same hash. */
struct live {
    const void *key;
    uint32_t row; /* the stack that added it */
    struct live *next;
};

struct custom {
    struct cpprof_profile profile; /* first: a pointer to one is a pointer to the other */
    pthread_mutex_t lock;          /* of what follows */
    struct stackset stacks;
    struct live **chains;
    size_t chain_count; /* a power of two */
    size_t live_count;
    struct custom *next; /* of all */
};

static struct {
    pthread_mutex_t lock; /* held while a profile is added */
    struct custom *first; /* they are added at the end and stay */
} state = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* --- all of them */

static struct custom *next_of(const struct custom *c)
{
    return __atomic_load_n(c ? &c->next : &state.first, __ATOMIC_ACQUIRE);
}

const struct cpprof_profile *custom_find(const char *name)
{
    for (struct custom *c = next_of(NULL); c; c = next_of(c))
        if (strcmp(c->profile.name, name) == 0)
            return &c->profile;
    return NULL;
}

void custom_each(void (*each)(void *context, const struct cpprof_profile *p), void *context)
{
    for (struct custom *c = next_of(NULL); c; c = next_of(c))
        each(context, &c->profile);
}

void custom_lock(void)
{
    quiet_lock(&state.lock);
    for (struct custom *c = next_of(NULL); c; c = next_of(c))
        quiet_lock(&c->lock);
}

void custom_unlock(void)
{
    for (struct custom *c = next_of(NULL); c; c = next_of(c))
        quiet_unlock(&c->lock);
    quiet_unlock(&state.lock);
}

/* --- the keys of one; with its lock */

static struct live **chain_of(const struct custom *c, const void *key)
{
    return &c->chains[index_mix(0, (uintptr_t)key) & (c->chain_count - 1)];
}

static struct live **find_live(const struct custom *c, const void *key)
{
    if (!c->chain_count)
        return NULL;
    struct live **at = chain_of(c, key);
    while (*at && (*at)->key != key)
        at = &(*at)->next;
    return *at ? at : NULL;
}

/* Chains of one key on average. */
static bool make_room(struct custom *c)
{
    struct live **old = c->chains;
    size_t old_count = c->chain_count, count = old_count ? 2 * old_count : 64;
    if (c->live_count < old_count)
        return true;
    struct live **chains = calloc(count, sizeof(struct live *));
    if (!chains)
        return false;
    c->chains = chains;
    c->chain_count = count;
    for (size_t i = 0; i < old_count; i++) {
        for (struct live *l = old[i], *next; l; l = next) {
            struct live **to = chain_of(c, l->key);
            next = l->next;
            l->next = *to;
            *to = l;
        }
    }
    free(old);
    return true;
}

static int add_live(struct custom *c, const void *key, const uintptr_t *pcs, size_t depth)
{
    if (find_live(c, key))
        return EEXIST;
    struct live *l = malloc(sizeof *l);
    uint32_t row = stackset_row(&c->stacks, pcs, depth, NULL, 0);
    if (!l || row == INDEX_NONE || !make_room(c)) {
        free(l);
        return ENOMEM;
    }
    struct live **chain = chain_of(c, key);
    *l = (struct live){key, row, *chain};
    *chain = l;
    c->live_count++;
    c->stacks.rows[row].values[0]++;
    return 0;
}

/* --- for the table of kinds */

static int take(const struct cpprof_profile *p, struct stackset *to)
{
    struct custom *c = (struct custom *)p;
    quiet_lock(&c->lock);
    int error = stackset_add(to, &c->stacks, 1);
    quiet_unlock(&c->lock);
    return error;
}

/* NULL: P is not a custom one. */
static struct custom *custom_of(struct cpprof_profile *p)
{
    return p && p->take == take ? (struct custom *)p : NULL;
}

/* --- API */

static struct custom *custom_new(const char *name)
{
    struct custom *c = calloc(1, sizeof *c);
    char *copy = strdup(name);
    if (!c || !copy) {
        free(c);
        free(copy);
        return NULL;
    }
    pthread_mutex_init(&c->lock, NULL);
    c->profile = (struct cpprof_profile){.name = copy,
                                         .about = "a profile of this program's own",
                                         .shape = &kind_counts,
                                         .take = take};
    return c;
}

/* With the lock held. */
static int append(struct cpprof_profile **to, const char *name)
{
    if (kinds_find(name))
        return EEXIST;
    struct custom *c = custom_new(name), *last = NULL;
    if (!c)
        return ENOMEM;
    for (struct custom *at = next_of(NULL); at; at = next_of(at))
        last = at;
    __atomic_store_n(last ? &last->next : &state.first, c, __ATOMIC_RELEASE);
    *to = &c->profile;
    return 0;
}

int cpprof_profile_new(struct cpprof_profile **profile, const char *name)
{
    int saved = errno, error = profile && name && *name ? forks_watch() : EINVAL;
    if (!error)
        error = modules_refresh(threads_read_modules);
    if (!error) {
        quiet_lock(&state.lock);
        error = append(profile, name);
        quiet_unlock(&state.lock);
    }
    errno = saved;
    return error;
}

int cpprof_profile_add(struct cpprof_profile *profile, const void *key, int skip)
{
    uintptr_t pcs[CALLS_DEPTH];
    struct custom *c = custom_of(profile);
    if (!c || skip < 0)
        return EINVAL;
    int saved = errno;
    size_t depth = calls_walk_fresh(__builtin_return_address(0), pcs);
    size_t first = (size_t)skip < depth ? (size_t)skip : depth;
    quiet_lock(&c->lock);
    int error = add_live(c, key, pcs + first, depth - first);
    quiet_unlock(&c->lock);
    errno = saved;
    return error;
}

int cpprof_profile_remove(struct cpprof_profile *profile, const void *key)
{
    struct custom *c = custom_of(profile);
    if (!c)
        return EINVAL;
    quiet_lock(&c->lock);
    struct live **at = find_live(c, key), *found = at ? *at : NULL;
    if (found) {
        *at = found->next;
        c->stacks.rows[found->row].values[0]--;
        c->live_count--;
    }
    quiet_unlock(&c->lock);
    free(found);
    return found ? 0 : ENOENT;
}
