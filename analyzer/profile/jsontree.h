/* A JSON file as a tree of values that know where they stand.
 *
 * Readers go from the root to what they need; whatever is missing or of another kind ends in a
 * sentence with the way to it: "profiles[0].weights[3]: it is a text where a number belongs".
 *
 *     struct jtree root = jtree_root(json), profiles, one;
 *     if (jtree_array(&root, "profiles", &profiles, err)) return -1;
 *     for (size_t i = 0; i < jtree_count(&profiles); i++)
 *         one = jtree_item(&profiles, i) ...
 *
 * A value is good as long as the values it was reached through, which it points to. Nothing here
 * goes deeper than the caller does.
 */
#ifndef CPPROF_PROFILE_JSONTREE_H
#define CPPROF_PROFILE_JSONTREE_H

#include "analyzer/base/error.h"
#include "analyzer/base/strtab.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct jtree {
    const json_t *value;
    const struct jtree *in; /* NULL: the root */
    const char *key;        /* in an object, else NULL */
    size_t index;           /* in an array */
};

/* Parses IN, which the caller ends with json_decref. NULL and ERR (the line, the column and the
 * defect), also for JSON that would take too much memory. */
json_t *jtree_parse(struct str in, struct error *err);

static inline struct jtree jtree_root(const json_t *value)
{
    return (struct jtree){.value = value};
}

/* The member KEY of IN; false if IN has none, is no object, or if it is null. */
bool jtree_find(const struct jtree *in, const char *key, struct jtree *out);

/* The same, where it must be there and be an object or an array. */
int jtree_object(const struct jtree *in, const char *key, struct jtree *out, struct error *err);
int jtree_array(const struct jtree *in, const char *key, struct jtree *out, struct error *err);

/* Items of an array; no other value has any. */
size_t jtree_count(const struct jtree *t);
struct jtree jtree_item(const struct jtree *array, size_t index);

static inline bool jtree_is_null(const struct jtree *t)
{
    return json_is_null(t->value);
}

/* The value itself; -1 and ERR if it is of another kind. */
int jtree_real(const struct jtree *t, double *v, struct error *err);
int jtree_text(const struct jtree *t, struct str *s, struct error *err);

/* A whole number; a fraction is rounded. -1 and ERR also if it does not fit. */
int jtree_int(const struct jtree *t, int64_t *v, struct error *err);

/* T times FACTOR, rounded; exact if both are whole. -1 and ERR also if it does not fit. */
int jtree_scaled(const struct jtree *t, double factor, int64_t *v, struct error *err);

/* A number from 0 to LIMIT - 1. */
int jtree_index(const struct jtree *t, size_t limit, uint32_t *v, struct error *err);

/* Members that may be missing or null, and are then what is given. */
int jtree_int_or(const struct jtree *in, const char *key, int64_t otherwise, int64_t *v,
                 struct error *err);
int jtree_real_or(const struct jtree *in, const char *key, double otherwise, double *v,
                  struct error *err);
int jtree_text_or(const struct jtree *in, const char *key, const char *otherwise, struct str *s,
                  struct error *err);

/* Fills ERR with "WAY: DEFECT" and returns -1. */
int jtree_wrong(const struct jtree *t, struct error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
