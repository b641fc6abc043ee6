#include "analyzer/cli/spool.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/buf.h"
#include "analyzer/base/path.h"
#include "analyzer/cli/config.h"
#include "analyzer/cli/load.h"
#include "analyzer/cli/record_output.h"
#include "analyzer/profile/profile.h"
#include "analyzer/transform/compact.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

char *spool_new(struct error *err)
{
    const char *tmp = getenv("TMPDIR");
    struct buf b = {0};
    buf_printf(&b, "%s/cpprof-XXXXXX", tmp && *tmp == '/' ? tmp : "/tmp");
    if (!mkdtemp(b.data)) {
        error_set(err, ERROR_DATA, "%s: cannot be made: %s (set TMPDIR to another folder)", b.data,
                  strerror(errno));
        buf_release(&b);
        return NULL;
    }
    return buf_detach(&b);
}

bool spool_is_full(const char *folder)
{
    enum { PIECE = 16384 }; /* larger than most that a process writes at a time */
    struct statvfs disk;
    return statvfs(folder, &disk) == 0 && disk.f_bavail < PIECE / disk.f_frsize + 1;
}

void spool_remove(const char *folder)
{
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && (entry = readdir(dir));)
        if (*entry->d_name != '.')
            unlinkat(dirfd(dir), entry->d_name, 0);
    if (dir)
        closedir(dir);
    rmdir(folder);
}

/* --- one file */

struct spool {
    char *path;
    pid_t pid;
    int number; /* of the program in the process */
    off_t size;
};

/* Reads "PID-N.KIND.pb"; false if the name is another one. */
static bool parse_name(struct spool *s, const char *name, const char *kind)
{
    long pid;
    int end = 0;
    if (sscanf(name, "%ld-%d.%n", &pid, &s->number, &end) != 2 || !end)
        return false;
    size_t len = strlen(kind);
    s->pid = (pid_t)pid;
    return strncmp(name + end, kind, len) == 0 && strcmp(name + end + len, ".pb") == 0;
}

/* By process, the last program of each first. */
static int compare(const void *a, const void *b)
{
    const struct spool *x = a, *y = b;
    if (x->pid != y->pid)
        return x->pid < y->pid ? -1 : 1;
    return y->number - x->number;
}

struct spools {
    struct spool *items;
    size_t count, cap;
};

static int find_spools(struct spools *s, const char *folder, const char *kind, struct error *err)
{
    DIR *dir = opendir(folder);
    if (!dir)
        return error_set(err, ERROR_DATA, "%s: cannot be read: %s", folder, strerror(errno));
    for (struct dirent *entry; (entry = readdir(dir));) {
        struct spool one = {0};
        struct stat st;
        struct buf path = {0};
        if (!parse_name(&one, entry->d_name, kind) ||
            fstatat(dirfd(dir), entry->d_name, &st, 0) != 0)
            continue;
        buf_printf(&path, "%s/%s", folder, entry->d_name);
        one.path = buf_detach(&path);
        one.size = st.st_size;
        s->items = xgrow(s->items, &s->cap, s->count + 1, sizeof *s->items);
        s->items[s->count++] = one;
    }
    closedir(dir);
    if (s->count)
        qsort(s->items, s->count, sizeof *s->items, compare);
    return 0;
}

static void spools_release(struct spools *s)
{
    for (size_t i = 0; i < s->count; i++)
        free(s->items[i].path);
    free(s->items);
}

/* With names, so that the profile is good on other machines. */
static struct profile *read_spool(const struct spool *s, const struct spool_plan *plan,
                                  struct lines *notes, struct error *err)
{
    struct source_spec spec = *plan->source;
    const char *path = s->path;
    spec.pid = (uint64_t)s->pid;
    spec.sources = (struct string_list){.items = &path, .count = 1};
    struct profile *p = load_symbolized(&spec, NULL, notes, err);
    return p ? profile_compact(p) : NULL;
}

/* --- profiles out of them */

static struct str program_name(const struct profile *p)
{
    struct str none = {"", 0};
    return p->mapping_count ? path_base(profile_str(p, p->mappings[0].file)) : none;
}

static struct value_type intern_value(struct profile *p, const struct spool_value *value)
{
    struct value_type interned = {.type = profile_intern(p, value->type)};
    interned.unit = profile_intern(p, value->unit);
    return interned;
}

/* A process that had no sample still has a profile if it is the one that was asked for. */
static struct profile *empty_profile(const struct spool_plan *plan)
{
    struct value_type types[8];
    size_t count = 0;
    struct profile *p = profile_new();
    for (; count < sizeof types / sizeof *types && plan->values[count].type; count++)
        types[count] = intern_value(p, &plan->values[count]);
    profile_set_sample_types(p, types, count);
    p->period_type = intern_value(p, &plan->period_type);
    p->period = plan->period;
    return p;
}

static int write_other(const struct spool *s, const struct spool_plan *plan, struct lines *said,
                       struct error *err)
{
    struct buf name = {0}, infix = {0};
    int rc = 0;
    struct profile *p = read_spool(s, plan, said, err);
    if (p && p->sample_count) {
        buf_str(&name, program_name(p));
        buf_printf(&infix, ".%s-%ld", name.data ? name.data : "", (long)s->pid);
        char *path = record_path_with(plan->path, infix.data);
        rc = record_write(p, path, name.data ? name.data : "", plan->kind, said, err);
        free(path);
    }
    if (!p)
        lines_add(said, "the profile of process %ld is lost: %s", (long)s->pid, err->text);
    profile_free(p);
    buf_release(&infix);
    buf_release(&name);
    return rc;
}

static int write_main(const struct spool *s, const struct spool_plan *plan, struct lines *said,
                      struct error *err)
{
    struct profile *p = s && s->size ? read_spool(s, plan, said, err) : empty_profile(plan);
    if (!p)
        return -1;
    int rc = record_write(p, plan->path, plan->program, plan->kind, said, err);
    profile_free(p);
    return rc;
}

int spool_write_profiles(const char *folder, const struct spool_plan *plan, struct lines *said,
                         struct error *err)
{
    struct spools all = {0};
    const struct spool *first = NULL;
    int rc = find_spools(&all, folder, plan->kind, err);
    for (size_t i = 0; i < all.count && !rc; i++) {
        const struct spool *s = &all.items[i];
        if (s->pid == plan->main && !first)
            first = s;
        else if (s->size)
            rc = write_other(s, plan, said, err);
    }
    if (!rc)
        rc = write_main(first, plan, said, err);
    spools_release(&all);
    return rc;
}
