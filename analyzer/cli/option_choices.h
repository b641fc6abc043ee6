/* The words that options with a choice take, and what each stands for. An empty row ends a list. */
#ifndef CPPROF_CLI_OPTION_CHOICES_H
#define CPPROF_CLI_OPTION_CHOICES_H

#include "analyzer/cli/options.h"

extern const struct choice granularity_choices[], sort_choices[], format_choices[], to_choices[],
    color_choices[], palette_choices[];

#endif
