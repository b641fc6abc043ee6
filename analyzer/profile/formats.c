#include "analyzer/profile/formats.h"

#include "analyzer/base/buf.h"
#include "analyzer/profile/cpuprofile.h"
#include "analyzer/profile/firefox.h"
#include "analyzer/profile/folded.h"
#include "analyzer/profile/jsontree.h"
#include "analyzer/profile/perfscript.h"
#include "analyzer/profile/speedscope.h"

#include <string.h>

#define WORDS(id, name, help) [id] = {name, help},
static const struct {
    const char *name, *help;
} words[FILE_FORMAT_COUNT] = {FILE_FORMATS_WRITTEN(WORDS) FILE_FORMATS_READ(WORDS)};

const struct format file_formats[FILE_FORMAT_COUNT] = {
    [FILE_PROTO] =
        {
            .extensions = {"pb.gz", "pb", "pprof"},
            .holds = HOLDS_ALL,
        },
    [FILE_SPEEDSCOPE] =
        {
            .extensions = {"speedscope.json", "speedscope"},
            .holds = HOLDS_TYPES | HOLDS_UNITS | HOLDS_FILES | HOLDS_LINES | HOLDS_EMPTY_STACKS |
                     HOLDS_NANOSECONDS | HOLDS_PARALLEL,
            .knows_json = speedscope_knows,
            .read_json = speedscope_read,
        },
    [FILE_FIREFOX] =
        {
            .extensions = {"firefox.json", "firefox"},
            .holds = HOLDS_TYPES | HOLDS_UNITS | HOLDS_ODD_UNITS | HOLDS_NEGATIVE | HOLDS_FILES |
                     HOLDS_LINES | HOLDS_STARTS | HOLDS_INLINES | HOLDS_ADDRESSES | HOLDS_BINARIES |
                     HOLDS_EMPTY_STACKS | HOLDS_THREADS | HOLDS_TIME | HOLDS_DURATION |
                     HOLDS_PERIOD | HOLDS_NANOSECONDS | HOLDS_PARALLEL,
            .knows_json = firefox_knows,
            .read_json = firefox_read,
        },
    [FILE_CPUPROFILE] =
        {
            .extensions = {"cpuprofile"},
            .holds = HOLDS_FILES | HOLDS_STARTS | HOLDS_TIME | HOLDS_DURATION | HOLDS_EMPTY_STACKS,
            .value_type = "cpu/nanoseconds",
            .second_type = "samples/count",
            .knows_json = cpuprofile_knows,
            .read_json = cpuprofile_read,
        },
    [FILE_PERFSCRIPT] =
        {
            .knows_text = perfscript_knows,
            .read_text = perfscript_read,
        },
    [FILE_FOLDED] =
        {
            .extensions = {"folded", "collapsed"},
            .holds = HOLDS_NANOSECONDS | HOLDS_PARALLEL,
            .value_type = "samples/count",
            .knows_text = folded_knows,
            .read_text = folded_read,
        },
};

const char *format_name(enum file_format f)
{
    return words[f].name;
}

const char *format_help(enum file_format f)
{
    return words[f].help;
}

bool format_is_json(struct str in)
{
    size_t i = 0;
    while (i < in.len && strchr(" \t\r\n", in.ptr[i]) && in.ptr[i])
        i++;
    return i < in.len && in.ptr[i] == '{';
}

static struct profile *parse_text(struct str in, struct error *err)
{
    for (size_t f = 0; f < FILE_FORMAT_COUNT; f++)
        if (file_formats[f].knows_text && file_formats[f].knows_text(in))
            return file_formats[f].read_text(in, err);
    return NULL;
}

static struct profile *read_tree(const json_t *root, struct error *err)
{
    for (size_t f = 0; f < FILE_FORMAT_COUNT; f++)
        if (file_formats[f].knows_json && file_formats[f].knows_json(root))
            return file_formats[f].read_json(root, err);
    struct buf names = {0};
    for (size_t f = 0; f < FILE_FORMAT_COUNT; f++)
        if (file_formats[f].knows_json)
            buf_printf(&names, "%s%s", names.len ? ", " : "", words[f].name);
    error_set(err, ERROR_DATA, "it is JSON, but of no format that is known here (%s)", names.data);
    buf_release(&names);
    return NULL;
}

static struct profile *parse_json(struct str in, struct error *err)
{
    json_t *root = jtree_parse(in, err);
    struct profile *p = root ? read_tree(root, err) : NULL;
    json_decref(root);
    return p;
}

struct profile *format_parse(struct str in, struct error *err)
{
    return format_is_json(in) ? parse_json(in, err) : parse_text(in, err);
}

/* --- by name */

/* Does PATH end in "." and EXTENSION, after at least one character? */
static bool has_extension(const char *path, const char *extension)
{
    size_t len = strlen(path), tail = strlen(extension);
    return len > tail + 1 && path[len - tail - 1] == '.' &&
           strcmp(path + len - tail, extension) == 0;
}

static bool has_extension_of(const char *path, enum file_format f)
{
    for (const char *const *e = file_formats[f].extensions; *e; e++)
        if (has_extension(path, *e))
            return true;
    return false;
}

enum file_format format_by_name(const char *path, struct error *err)
{
#define TRY(id, name, help)                                                                        \
    if (has_extension_of(path, id))                                                                \
        return id;
    FILE_FORMATS_WRITTEN(TRY)
#define ADD(id, name, help) buf_printf(&names, "%s%s", names.len ? ", " : "", name);
    struct buf names = {0};
    FILE_FORMATS_WRITTEN(ADD)
    error_set(err, ERROR_USAGE, "%s: the name does not say in which format; say it with --to: %s",
              *path ? path : "standard output", names.data);
    buf_release(&names);
    return FILE_UNKNOWN;
}
