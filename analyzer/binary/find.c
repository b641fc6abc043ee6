#include "analyzer/binary/find.h"

#include "analyzer/base/path.h"
#include "analyzer/binary/binary.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct search {
    struct buf *found;
    struct buf joined; /* scratch */
    const char *build_id;
    struct lines *notes;
};

/* Is this a binary, and the right one? */
static bool try(struct search *s)
{
    buf_clear(s->found);
    path_clean(s->found, (struct str){s->joined.data, s->joined.len});
    if (access(s->found->data, F_OK) != 0)
        return false;
    struct binary *b = binary_open(s->found->data, NULL);
    if (!b)
        return false;
    bool right = !*s->build_id || strcmp(s->build_id, binary_build_id(b)) == 0;
    if (!right)
        lines_add(s->notes, "Ignoring local file %s: build-id mismatch (%s != %s)", s->found->data,
                  s->build_id, binary_build_id(b));
    binary_close(b);
    return right;
}

/* Tries the PARTS, up to a NULL, joined. */
static bool try_joined(struct search *s, struct str folder, const char *const *parts)
{
    buf_clear(&s->joined);
    buf_str(&s->joined, folder);
    for (; *parts; parts++)
        buf_puts(&s->joined, *parts);
    return try(s);
}

#define TRY(...) try_joined(s, folder, (const char *const[]){__VA_ARGS__, NULL})

/* Every file in FOLDER/ID, by name. */
static bool try_all(struct search *s, struct str folder)
{
    struct buf path = {0};
    struct dirent **entries;
    bool found = false;
    buf_str(&path, folder);
    buf_printf(&path, "/%s", s->build_id);
    int count = scandir(path.data, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        if (!found && *entries[i]->d_name != '.')
            found = TRY("/", s->build_id, "/", entries[i]->d_name);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    buf_release(&path);
    return found;
}

static bool search_folder(struct search *s, struct str folder, const char *file, const char *dir,
                          const char *name)
{
    const char *id = s->build_id;
    if (*id) {
        char first[3] = {id[0], id[1], '\0'};
        if (TRY("/", id, "/", name) || try_all(s, folder) || TRY("/", file, "/", id) ||
            (id[1] && TRY("/", first, "/", id + 2, ".debug")))
            return true;
    }
    return *file && (TRY("/", name) || TRY("/", file) || TRY("/", name, ".debug") ||
                     TRY("/", file, ".debug") || TRY("/", dir, "/.debug/", name, ".debug") ||
                     TRY("/usr/lib/debug/", dir, "/", name, ".debug"));
}

bool binary_find(struct buf *found, const char *file, const char *build_id, const char *search_path,
                 struct lines *notes)
{
    struct search s = {.found = found, .build_id = build_id, .notes = notes};
    struct str whole = {file, strlen(file)}, folder;
    struct buf dir = {0}, name = {0};
    bool is_found = false;
    path_dir(&dir, whole);
    buf_puts(&name, "");
    if (*file)
        buf_str(&name, path_base(whole));
    while (!is_found && path_list_next(&search_path, &folder))
        is_found = search_folder(&s, folder, file, dir.data, name.data);
    buf_release(&dir);
    buf_release(&name);
    buf_release(&s.joined);
    return is_found;
}

void binary_search_path(struct buf *path)
{
    const char *given = getenv("PPROF_BINARY_PATH"), *home = getenv("HOME");
    if (given && *given)
        buf_puts(path, given);
    else
        buf_printf(path, "%s/pprof/binaries", home ? home : "");
}
