/* All stages in order: what a report command, diff, flame, merge and symbolize do.
 *
 * The signature is that of a row in the command table (commands.h).
 */
#ifndef CPPROF_CLI_PIPELINE_H
#define CPPROF_CLI_PIPELINE_H

#include "analyzer/base/error.h"
#include "analyzer/transform/aggregate.h"

struct command;
struct config;
struct lines;
struct profile;
struct report;
struct report_spec;

/* Reads the sources and carries CMD out on them. REGEX is peek's, or NULL. 0, or -1 and ERR. */
int pipeline_run(const struct config *cfg, const struct command *cmd, const char *regex,
                 struct error *err);

/* Prints CMD's report on P, whose contents it uses up: filters and aggregation change them. */
int pipeline_report(struct profile *p, const struct config *cfg, const struct command *cmd,
                    const char *regex, struct error *err);

/* Compares two profiles, old and new. 0, 3 when a function grew by more than output.fail_above, or
 * -1 and ERR. */
int diff_run(const struct config *cfg, const struct command *cmd, const char *regex,
             struct error *err);

/* The same with P as the new profile and the file OLD; uses P up. */
int diff_report(struct profile *p, const struct config *cfg, const struct command *cmd,
                const char *old, struct error *err);

/* Draws a flame graph of the sources, or of the difference to a base. 0, or -1 and ERR. */
int flame_run(const struct config *cfg, const struct command *cmd, const char *regex,
              struct error *err);

/* The same on P, which it uses up. A base whose samples are not marked is drawn as a sum. */
int flame_report(struct profile *p, const struct config *cfg, const struct command *cmd,
                 const char *regex, struct error *err);

/* Merges the sources into one file. 0, or -1 and ERR. */
int merge_run(const struct config *cfg, const struct command *cmd, const char *operand,
              struct error *err);

/* Writes a profile of the sources with the names of their addresses in it. 0, or -1 and ERR. */
int symbolize_run(const struct config *cfg, const struct command *cmd, const char *operand,
                  struct error *err);

/* Writes the profile in another format. 0, or -1 and ERR. */
int convert_run(const struct config *cfg, const struct command *cmd, const char *regex,
                struct error *err);
int convert_report(struct profile *p, const struct config *cfg, const struct command *cmd,
                   const char *regex, struct error *err);

/* The stages between reading and rows: tag roots, total, filters, aggregation. Fills R, and SPEC
 * with what CMD makes of CFG; P and SPEC must live as long as R, which the caller releases even
 * after a failure. -1 and ERR. */
int pipeline_prepare(struct report *r, struct report_spec *spec, struct profile *p,
                     const struct config *cfg, const struct command *cmd, struct lines *notes,
                     struct error *err);

/* Parts of it, for those who look at one profile in several ways: what CMD makes of CFG; what FLAGS
 * (COMMAND_FORCES_...) make of the granularity asked for; the filters in force, added to R's. */
struct report_spec pipeline_report_spec(const struct config *cfg, const struct command *cmd);
struct aggregate_spec pipeline_aggregate_spec(const struct config *cfg, unsigned flags);
void pipeline_note_filters(struct report *r, const struct config *cfg);

#endif
