#include "analyzer/cli/record_output.h"

#include "analyzer/base/buf.h"
#include "analyzer/render/proto.h"

#include <string.h>

char *record_path_with(const char *path, const char *infix)
{
    struct buf out = {0};
    const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    const char *extension = strstr(base, ".pb");
    if (!extension)
        extension = strrchr(base, '.');
    if (!extension)
        extension = base + strlen(base);
    buf_add(&out, path, (size_t)(extension - path));
    buf_printf(&out, "%s%s", infix, extension);
    return buf_detach(&out);
}

char *record_path(const struct config *cfg, const char *kind, bool only)
{
    bool named = *cfg->output.file;
    struct buf infix = {0};
    buf_printf(&infix, ".%s", kind);
    char *path = record_path_with(named ? cfg->output.file : "cpprof.pb.gz",
                                  named && only ? "" : infix.data);
    buf_release(&infix);
    return path;
}

int record_write(const struct profile *p, const char *path, const char *name, const char *kind,
                 struct lines *said, struct error *err)
{
    struct out o;
    if (out_init_file(&o, path, err))
        return -1;
    proto_profile(&o, p);
    if (out_close(&o, err))
        return -1;
    lines_add(said, "%s: %s profile%s in %s", name, kind, p->sample_count ? "" : " without samples",
              path);
    return 0;
}

void record_say_how(struct lines *said, const char *command, const char *path)
{
    lines_add(said, "to look at it: cpprof %s %s", command, path);
}
