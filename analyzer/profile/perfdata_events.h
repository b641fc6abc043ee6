/* What the events of a perf.data file are called, and what they count. */
#ifndef CPPROF_PROFILE_PERFDATA_EVENTS_H
#define CPPROF_PROFILE_PERFDATA_EVENTS_H

#include "analyzer/profile/perfdata_file.h"
#include "analyzer/profile/profile.h"

/* "cycles", "cpu-clock:u": as perf wrote it down, or from what the event is. */
strid perfdata_event_name(struct profile *p, const struct perfdata_event *e);

/* "nanoseconds" for clocks, else "count". */
const char *perfdata_event_unit(const struct perfdata_event *e);

/* Gives P its sample types and its period. COLUMNS gets, for each event of F that has samples,
 * where its two values are: how many samples, and how much they stand for in the next one. */
void perfdata_set_types(struct profile *p, const struct perfdata_file *f, uint32_t *columns);

#endif
