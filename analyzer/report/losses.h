/* What a profile has and a file format has no place for. */
#ifndef CPPROF_REPORT_LOSSES_H
#define CPPROF_REPORT_LOSSES_H

#include "analyzer/base/lines.h"
#include "analyzer/profile/formats.h"
#include "analyzer/profile/profile.h"

/* Adds a line to NOTES, if anything is lost, that names what is when P is written as F: "speedscope
 * has no place for: labels; addresses". VALUE is the sample type that stays where there can be only
 * one. */
void losses_note(struct lines *notes, const struct profile *p, enum file_format f, size_t value);

#endif
