/* The part of cpprof.h that finds profiles by name and writes them. */
#include "collector/kind_write.h"
#include "collector/writer.h"

#include <errno.h>

struct cpprof_profile *cpprof_lookup(const char *name)
{
    return (struct cpprof_profile *)kinds_find(name);
}

const char *cpprof_profile_name(const struct cpprof_profile *profile)
{
    return profile->name;
}

int64_t cpprof_profile_count(const struct cpprof_profile *profile)
{
    int saved = errno;
    struct stackset now = {0};
    int64_t count = profile->take(profile, &now) == 0 ? stackset_total(&now, 0) : 0;
    stackset_release(&now);
    errno = saved;
    return count;
}

int cpprof_profile_write_fd(const struct cpprof_profile *profile, int fd, int debug)
{
    int saved = errno;
    int error = kind_take_and_write(profile, debug, fd);
    errno = saved;
    return error;
}

int cpprof_profile_write(const struct cpprof_profile *profile, const char *path, int debug)
{
    struct writer_file file;
    int saved = errno;
    int error = writer_open(&file, path);
    if (!error)
        error = writer_close(&file, kind_take_and_write(profile, debug, file.fd));
    errno = saved;
    return error;
}

int cpprof_write(const char *name, const char *path, int debug)
{
    const struct cpprof_profile *p = kinds_find(name);
    return p ? cpprof_profile_write(p, path, debug) : ENOENT;
}

int cpprof_write_fd(const char *name, int fd, int debug)
{
    const struct cpprof_profile *p = kinds_find(name);
    return p ? cpprof_profile_write_fd(p, fd, debug) : ENOENT;
}
