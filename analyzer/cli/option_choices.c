#include "analyzer/cli/option_choices.h"

const struct choice granularity_choices[] = {
    {"functions", GRANULARITY_FUNCTIONS, "one row per function name"},
    {"filefunctions", GRANULARITY_FILEFUNCTIONS, "one row per function name and file"},
    {"files", GRANULARITY_FILES, "one row per source file"},
    {"lines", GRANULARITY_LINES, "one row per source line"},
    {"addresses", GRANULARITY_ADDRESSES, "one row per instruction address"},
    {0},
};

const struct choice sort_choices[] = {
    {"flat", false, "largest own value first"},
    {"cum", true, "largest value with callees first"},
    {0},
};

const struct choice format_choices[] = {
    {"text", FORMAT_TEXT, "as pprof writes it"},
    {"json", FORMAT_JSON, "one JSON document, numbers unrounded"},
    {"csv", FORMAT_CSV, "comma-separated values with a header line, numbers unrounded"},
    {"html", FORMAT_HTML, "one page with everything in it (flame)"},
    {"svg", FORMAT_SVG, "one picture with everything in it (flame)"},
    {0},
};

#define FORMAT_CHOICE(id, name, help) {name, id, help},
const struct choice to_choices[] = {
    {"auto", FILE_UNKNOWN, "what the output file's extension says"},
    FILE_FORMATS_WRITTEN(FORMAT_CHOICE){0},
};

const struct choice color_choices[] = {
    {"auto", COLOR_AUTO, "on a terminal, unless NO_COLOR is set"},
    {"always", COLOR_ALWAYS, "in pipes and files too"},
    {"never", COLOR_NEVER, "plain text"},
    {0},
};

const struct choice palette_choices[] = {
    {"default", PALETTE_DEFAULT, "pprof's: grey to red, green for what went"},
    {"colorblind", PALETTE_COLORBLIND, "grey to orange, blue for what went"},
    {"mono", PALETTE_MONO, "greys, light for what went, for printing"},
    {0},
};
