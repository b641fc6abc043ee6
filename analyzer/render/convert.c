#include "analyzer/render/convert.h"

#include "analyzer/render/cpuprofile.h"
#include "analyzer/render/firefox.h"
#include "analyzer/render/folded.h"
#include "analyzer/render/proto.h"
#include "analyzer/render/speedscope.h"
#include "analyzer/transform/flatten.h"

static void write_proto(struct out *o, struct profile *p, size_t value)
{
    (void)value;
    proto_profile(o, p);
}

/* For formats whose frames are functions and lines, and nothing below. */
static void write_flat(struct out *o, const struct profile *p, size_t value, enum file_format f,
                       void (*write)(struct out *o, const struct profile *flat, size_t value))
{
    struct profile *flat = flatten(p, file_formats[f].holds);
    write(o, flat, value);
    profile_free(flat);
}

static void write_folded(struct out *o, struct profile *p, size_t value)
{
    write_flat(o, p, value, FILE_FOLDED, folded_profile);
}

static void write_speedscope(struct out *o, struct profile *p, size_t value)
{
    write_flat(o, p, value, FILE_SPEEDSCOPE, speedscope_profile);
}

static void write_cpuprofile(struct out *o, struct profile *p, size_t value)
{
    write_flat(o, p, value, FILE_CPUPROFILE, cpuprofile_profile);
}

format_writer *const format_writers[FILE_FORMAT_COUNT] = {
    [FILE_PROTO] = write_proto,       [FILE_SPEEDSCOPE] = write_speedscope,
    [FILE_FIREFOX] = firefox_profile, [FILE_CPUPROFILE] = write_cpuprofile,
    [FILE_FOLDED] = write_folded,
};
