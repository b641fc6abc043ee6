/* The part of cpprof.h that finds profiles by name and writes them. */
#include "collector/kind_write.h"
#include "collector/quiet.h"
#include "collector/writer.h"

#include <errno.h>

struct cpprof_profile *cpprof_lookup(const char *name)
{
    return name ? (struct cpprof_profile *)kinds_find(name) : NULL;
}

const char *cpprof_profile_name(const struct cpprof_profile *profile)
{
    return profile ? profile->name : NULL;
}

int64_t cpprof_profile_count(const struct cpprof_profile *profile)
{
    struct stackset now = {0};
    if (!profile)
        return 0;
    int saved = errno;
    quiet_begin();
    int64_t count = profile->take(profile, &now) == 0 ? stackset_total(&now, 0) : 0;
    stackset_release(&now);
    quiet_end();
    errno = saved;
    return count;
}

int cpprof_profile_write_fd(const struct cpprof_profile *profile, int fd, int debug)
{
    if (!profile)
        return ENOENT;
    int saved = errno;
    quiet_begin();
    int error = kind_take_and_write(profile, debug, fd);
    quiet_end();
    errno = saved;
    return error;
}

int cpprof_profile_write(const struct cpprof_profile *profile, const char *path, int debug)
{
    struct writer_file file;
    if (!profile)
        return ENOENT;
    int saved = errno;
    quiet_begin();
    int error = writer_open(&file, path);
    if (!error)
        error = writer_close(&file, kind_take_and_write(profile, debug, file.fd));
    quiet_end();
    errno = saved;
    return error;
}

int cpprof_write(const char *name, const char *path, int debug)
{
    return cpprof_profile_write(cpprof_lookup(name), path, debug);
}

int cpprof_write_fd(const char *name, int fd, int debug)
{
    return cpprof_profile_write_fd(cpprof_lookup(name), fd, debug);
}
