#include "analyzer/live/procfs.h"

#include "analyzer/base/alloc.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static FILE *open_file(pid_t pid, const char *name)
{
    char path[96];
    snprintf(path, sizeof path, "/proc/%ld/%s", (long)pid, name);
    return fopen(path, "re");
}

static int no_process(pid_t pid, struct error *err)
{
    return error_set(err, ERROR_DATA, "there is no process %ld", (long)pid);
}

/* --- memory */

static bool parse_map(struct procfs_map *m, const char *line)
{
    char permissions[5];
    int name = 0;
    *m = (struct procfs_map){0};
    if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s %" SCNx64 " %x:%x %" SCNu64 " %n", &m->start,
               &m->limit, permissions, &m->offset, &m->major, &m->minor, &m->inode, &name) != 7 ||
        !name)
        return false;
    m->executable = permissions[2] == 'x';
    m->file = line + name;
    return true;
}

int procfs_maps_read(struct procfs_maps *m, pid_t pid, struct error *err)
{
    char *line = NULL;
    size_t cap = 0;
    ssize_t len;
    *m = (struct procfs_maps){0};
    arena_init(&m->names);
    FILE *f = open_file(pid, "maps");
    if (!f)
        return errno == ENOENT
                   ? no_process(pid, err)
                   : error_set(err, ERROR_DATA, "the memory of process %ld cannot be looked at: %s",
                               (long)pid, strerror(errno));
    while ((len = getline(&line, &cap, f)) > 0) {
        struct procfs_map map;
        if (line[len - 1] == '\n')
            line[--len] = '\0';
        if (!parse_map(&map, line))
            continue;
        map.file = arena_strndup(&m->names, map.file, strlen(map.file));
        m->items = xgrow(m->items, &m->cap, m->count + 1, sizeof *m->items);
        m->items[m->count++] = map;
    }
    free(line);
    fclose(f);
    if (m->count)
        return 0;
    procfs_maps_release(m);
    return error_set(err, ERROR_DATA, "process %ld is ending, or a thread of the kernel's",
                     (long)pid);
}

void procfs_maps_release(struct procfs_maps *m)
{
    free(m->items);
    arena_release(&m->names);
    *m = (struct procfs_maps){0};
}

const struct procfs_map *procfs_maps_find(const struct procfs_maps *m, uint64_t address)
{
    size_t low = 0, high = m->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (address >= m->items[middle].limit)
            low = middle + 1;
        else
            high = middle;
    }
    return low < m->count && address >= m->items[low].start ? &m->items[low] : NULL;
}

/* --- threads */

static bool has_id(const struct procfs_ids *ids, pid_t id)
{
    for (size_t i = 0; i < ids->count; i++)
        if (ids->items[i] == id)
            return true;
    return false;
}

void procfs_add_threads(struct procfs_ids *ids, pid_t pid)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%ld/task", (long)pid);
    DIR *dir = opendir(path);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        pid_t tid = (pid_t)strtol(entry->d_name, NULL, 10);
        if (tid <= 0 || has_id(ids, tid))
            continue;
        ids->items = xgrow(ids->items, &ids->cap, ids->count + 1, sizeof *ids->items);
        ids->items[ids->count++] = tid;
    }
    if (dir)
        closedir(dir);
}

void procfs_ids_release(struct procfs_ids *ids)
{
    free(ids->items);
    *ids = (struct procfs_ids){0};
}

void procfs_add_comm(struct buf *out, pid_t pid, pid_t tid)
{
    char name[40], comm[64];
    snprintf(name, sizeof name, "task/%ld/comm", (long)tid);
    FILE *f = open_file(pid, name);
    if (f && fgets(comm, sizeof comm, f))
        buf_add(out, comm, strcspn(comm, "\n"));
    if (f)
        fclose(f);
}

/* --- what kind of process */

/* The text after KEY in FILE of PID, its "status" or a thread's. */
static bool read_status(pid_t pid, const char *file, const char *key, char *value, size_t cap)
{
    char line[256];
    bool found = false;
    FILE *f = open_file(pid, file);
    while (f && !found && fgets(line, sizeof line, f)) {
        size_t len = strlen(key);
        if (strncmp(line, key, len) != 0 || line[len] != ':')
            continue;
        const char *text = line + len + 1;
        while (isspace((unsigned char)*text))
            text++;
        snprintf(value, cap, "%.*s", (int)strcspn(text, "\n"), text);
        found = true;
    }
    if (f)
        fclose(f);
    return found;
}

bool procfs_has_ended(pid_t pid, pid_t tid)
{
    char file[40], state[64];
    snprintf(file, sizeof file, "task/%ld/status", (long)tid);
    return !read_status(pid, file, "State", state, sizeof state) || *state == 'Z' || *state == 'X';
}

int procfs_check(pid_t pid, struct error *err)
{
    char state[64], leader[32], memory[32];
    if (!read_status(pid, "status", "State", state, sizeof state) ||
        !read_status(pid, "status", "Tgid", leader, sizeof leader))
        return no_process(pid, err);
    if (strtol(leader, NULL, 10) != pid)
        return error_set(err, ERROR_DATA, "%ld is a thread of process %s: give that number",
                         (long)pid, leader);
    if (*state == 'Z' || *state == 'X')
        return error_set(err, ERROR_DATA,
                         "process %ld has ended already (its parent has yet to "
                         "take note)",
                         (long)pid);
    if (!read_status(pid, "status", "VmSize", memory, sizeof memory))
        return error_set(err, ERROR_DATA, "process %ld is a thread of the kernel's", (long)pid);
    return 0;
}

uid_t procfs_owner(pid_t pid)
{
    char path[64];
    struct stat st;
    snprintf(path, sizeof path, "/proc/%ld", (long)pid);
    return stat(path, &st) == 0 ? st.st_uid : (uid_t)-1;
}
