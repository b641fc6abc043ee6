#include "analyzer/binary/symbol_map.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/arena.h"
#include "analyzer/binary/intervals.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct entry {
    uint64_t start, size;
    const char *name;
    bool is_code;
    size_t order; /* in the file */
};

struct symbol_map {
    struct arena names;
    struct entry *entries;
    size_t count, cap;
    struct intervals where; /* values index ENTRIES */
};

/* How far the kernel's last function may reach; it says no sizes. */
enum { LAST_SIZE = 1 << 16 };

static void add(struct symbol_map *m, uint64_t start, uint64_t size, const char *name, bool is_code)
{
    m->entries = xgrow(m->entries, &m->cap, m->count + 1, sizeof *m->entries);
    m->entries[m->count] = (struct entry){start, size, arena_strndup(&m->names, name, strlen(name)),
                                          is_code, m->count};
    m->count++;
}

/* A hexadecimal number and one space; *TEXT moves behind them. */
static bool take_hex(char **text, uint64_t *value)
{
    char *end;
    if (**text == '-' || **text == '+' || **text == ' ')
        return false;
    errno = 0;
    *value = strtoull(*text, &end, 16);
    if (end == *text || *end != ' ' || errno)
        return false;
    *text = end + 1;
    return true;
}

static void read_perf_line(struct symbol_map *m, char *line)
{
    uint64_t start, size;
    if (take_hex(&line, &start) && take_hex(&line, &size) && *line)
        add(m, start, size, line, true);
}

static void read_kernel_line(struct symbol_map *m, char *line)
{
    uint64_t start;
    if (!take_hex(&line, &start) || !*line || line[1] != ' ')
        return;
    char *name = line + 2;
    name[strcspn(name, " \t")] = '\0';
    if (*name && start)
        add(m, start, 0, name, strchr("tTwW", *line) != NULL);
}

static struct symbol_map *
read_lines(const char *path, void (*read_line)(struct symbol_map *m, char *line), struct error *err)
{
    struct stat st;
    if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
        error_set(err, ERROR_DATA, "%s is no file", path);
        return NULL;
    }
    FILE *f = fopen(path, "re");
    if (!f) {
        error_set(err, ERROR_DATA, "%s cannot be opened: %s", path, strerror(errno));
        return NULL;
    }
    struct symbol_map *m = xcalloc(1, sizeof *m);
    arena_init(&m->names);
    char *line = NULL;
    size_t cap = 0;
    while (getline(&line, &cap, f) > 0) {
        line[strcspn(line, "\r\n")] = '\0';
        read_line(m, line);
    }
    free(line);
    fclose(f);
    return m;
}

struct symbol_map *symbol_map_read_perf(const char *path, struct error *err)
{
    struct symbol_map *m = read_lines(path, read_perf_line, err);
    for (size_t i = 0; m && i < m->count; i++) {
        const struct entry *e = &m->entries[i];
        uint64_t end = e->size > UINT64_MAX - e->start ? UINT64_MAX : e->start + e->size;
        intervals_add(&m->where, (struct interval){e->start, end, (uint32_t)i, (uint32_t)i});
    }
    if (m)
        intervals_settle(&m->where);
    return m;
}

static int by_start(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return x->order < y->order ? -1 : 1;
}

struct symbol_map *symbol_map_read_kernel(const char *path, struct error *err)
{
    struct symbol_map *m = read_lines(path, read_kernel_line, err);
    if (!m || !m->count)
        return m;
    qsort(m->entries, m->count, sizeof *m->entries, by_start);
    for (size_t i = 0, next; i < m->count; i = next) { /* of several names the first one counts */
        const struct entry *e = &m->entries[i];
        for (next = i + 1; next < m->count && m->entries[next].start == e->start; next++)
            ;
        uint64_t end = next < m->count ? m->entries[next].start : e->start + LAST_SIZE;
        if (e->is_code)
            intervals_add(&m->where, (struct interval){e->start, end, 0, (uint32_t)i});
    }
    intervals_settle(&m->where);
    return m;
}

void symbol_map_free(struct symbol_map *m)
{
    if (!m)
        return;
    arena_release(&m->names);
    intervals_release(&m->where);
    free(m->entries);
    free(m);
}

const char *symbol_map_find(const struct symbol_map *m, uint64_t address)
{
    uint32_t found = intervals_find(&m->where, address);
    return found == INTERVALS_NONE ? NULL : m->entries[found].name;
}

uint64_t symbol_map_address(const struct symbol_map *m, const char *name)
{
    for (size_t i = 0; i < m->count; i++)
        if (strcmp(m->entries[i].name, name) == 0)
            return m->entries[i].start;
    return 0;
}
