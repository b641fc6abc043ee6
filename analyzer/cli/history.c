#include "analyzer/cli/history.h"

#include "analyzer/base/buf.h"
#include "analyzer/base/path.h"
#include "analyzer/render/out.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { LONGEST = 4096 }; /* bytes of a line that is worth keeping */

/* $XDG_STATE_HOME/cpprof/history, where a relative name is none; NULL if there is no such place. */
static char *find_path(void)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    struct buf path = {0};
    if (state && *state == '/')
        buf_puts(&path, state);
    else if (home && *home == '/')
        buf_printf(&path, "%s/.local/state", home);
    else
        return NULL;
    buf_puts(&path, "/cpprof/history");
    return buf_detach(&path);
}

static bool is_text(const char *line, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)line[i] < ' ' && line[i] != '\t')
            return false;
    return len > 0 && len <= LONGEST;
}

static void read_lines(struct history *h)
{
    FILE *f = h->path ? fopen(h->path, "re") : NULL;
    char *line = NULL;
    size_t cap = 0;
    ssize_t len;
    lines_release(&h->lines);
    while (f && (len = getline(&line, &cap, f)) >= 0) {
        len -= len && line[len - 1] == '\n';
        if (is_text(line, (size_t)len))
            lines_add_str(&h->lines, "", (struct str){line, (size_t)len});
    }
    free(line);
    if (f)
        fclose(f);
}

void history_load(struct history *h)
{
    *h = (struct history){.path = find_path()};
    read_lines(h);
}

void history_release(struct history *h)
{
    lines_release(&h->lines);
    free(h->path);
    *h = (struct history){0};
}

/* Makes the folder PATH is in, and those above it, for the user alone. */
static void make_folders(const char *path)
{
    struct buf part = {0};
    for (const char *slash = path; (slash = strchr(slash + 1, '/'));) {
        buf_clear(&part);
        buf_add(&part, path, (size_t)(slash - path));
        mkdir(part.data, 0700);
    }
    buf_release(&part);
}

static int write_lines(const struct history *h, struct error *err)
{
    struct out o;
    const struct lines *l = &h->lines;
    make_folders(h->path);
    if (out_init_file(&o, h->path, err))
        return -1;
    fchmod(o.fd, 0600);
    for (size_t i = l->count > HISTORY_LINES ? l->count - HISTORY_LINES : 0; i < l->count; i++) {
        out_add(&o, l->items[i], l->lens[i]);
        out_puts(&o, "\n");
    }
    return out_close(&o, err);
}

int history_add(struct history *h, const char *line, struct error *err)
{
    size_t len = strlen(line);
    if (!is_text(line, len))
        return 0;
    if (h->path)
        read_lines(h); /* another shell may have added some */
    if (h->lines.count && strcmp(h->lines.items[h->lines.count - 1], line) == 0)
        return 0;
    lines_add_str(&h->lines, "", (struct str){line, len});
    return h->path ? write_lines(h, err) : 0;
}
