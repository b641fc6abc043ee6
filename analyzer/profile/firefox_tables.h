/* The tables of one thread of a Firefox profile as a tree of stacks, for firefox.c. */
#ifndef CPPROF_PROFILE_FIREFOX_TABLES_H
#define CPPROF_PROFILE_FIREFOX_TABLES_H

#include "analyzer/base/error.h"
#include "analyzer/profile/builder.h"
#include "analyzer/profile/jsontree.h"
#include "analyzer/profile/prefixtree.h"

/* Where tables are: in the thread, or else shared by all. */
struct firefox_place {
    const struct jtree *thread, *shared; /* SHARED may be NULL */
    const struct jtree *libs;            /* may be NULL */
};

/* A table, of columns or of rows; it must not move while its columns are in use. */
struct firefox_table {
    struct jtree at, rows, schema;
    bool has_rows; /* a gecko file's */
    size_t length;
};

struct firefox_column {
    const struct firefox_table *table;
    struct jtree cells; /* of a table of columns */
    size_t index;       /* in rows; SIZE_MAX: there is no such column */
};

/* Finds the table KEY, whose length is that of its column MEASURE. -1 and ERR if there is none. */
int firefox_table_find(const struct firefox_place *place, const char *key, const char *measure,
                       struct firefox_table *t, struct error *err);

struct firefox_column firefox_column_find(const struct firefox_table *t, const char *key);

/* One value of a column; ROW is room for the row it stands in, if it stands in one. False if it is
 * not there, or null. */
bool firefox_cell(const struct firefox_column *c, size_t row, struct jtree *row_at,
                  struct jtree *cell);

/* The thread's stacks; T is then the caller's to release, also after a failure. */
int firefox_stacks(const struct firefox_place *place, struct builder *b, struct prefix_tree *t,
                   struct error *err);

#endif
