/* The mappings of this process, for a profile whose frames are addresses. */
#ifndef CPPROF_COLLECTOR_MAPPINGS_H
#define CPPROF_COLLECTOR_MAPPINGS_H

struct cpprof_builder;

/* Adds the executable segments of every module that is or was loaded, the program's own first. */
void mappings_add(struct cpprof_builder *b);

#endif
