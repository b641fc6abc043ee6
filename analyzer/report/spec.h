/* What the user asked a report to show, shared by all reports. Strings are borrowed. */
#ifndef CPPROF_REPORT_SPEC_H
#define CPPROF_REPORT_SPEC_H

#include <stdbool.h>

struct report_spec {
    /* which value */
    const char *sample_index; /* a number, a type, or "" for the profile's default */
    bool mean;                /* divide by the first value (the count) */
    double divide_by;
    const char *unit; /* "minimum", "auto", or a unit */

    /* which rows */
    bool cum_sort;
    bool call_tree;     /* contexts stay apart (dot, callgrind) */
    bool drop_negative; /* rows below zero are left out */
    bool trim;          /* false: every node, whatever the next three say */
    int nodecount; /* 0: no limit; -1: the command's own default, put in before reports see it */
    double nodefraction, edgefraction;

    /* how it is written */
    bool compact_labels;
    const char *source_path, *trim_path;
};

#endif
