/* What a profile is: what was measured when and how long, of which binaries, and which of them have
 * names; as rows of a label and a text.
 *
 *     info_init(&i); info_add_measurement(&i, &r, old); info_add_contents(&i, &r);
 *     ... i.rows ...
 *     info_release(&i)
 *
 * Numbers of stacks, addresses and binaries are those of the samples that the filters have left.
 * The profile has kept its addresses.
 */
#ifndef CPPROF_REPORT_INFO_H
#define CPPROF_REPORT_INFO_H

#include "analyzer/base/arena.h"
#include "analyzer/report/report.h"

enum info_kind {
    INFO_SECTION, /* label: the title of what follows */
    INFO_FACT,
};

struct info_row {
    enum info_kind kind;
    struct str label, text;
};

struct info {
    struct info_row *rows;
    size_t count, cap;
    struct arena texts;
};

/* Strings are the info's own. */
void info_init(struct info *i);
void info_release(struct info *i);

/* When, how long, how often; the sample types with their sums. OLD: of the base; NULL: there is
 * none. */
void info_add_measurement(struct info *i, const struct report *new, const struct report *old);

/* What samples consist of, the binaries, the comments. */
void info_add_contents(struct info *i, const struct report *r);

/* For more of the same. TEXT is copied. */
void info_add_section(struct info *i, const char *title);
void info_add(struct info *i, const char *label, struct str text);

#endif
