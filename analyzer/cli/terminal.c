#include "analyzer/cli/terminal.h"

#include "analyzer/base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static int64_t now(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

static int terminal_width(void)
{
    const char *columns = getenv("COLUMNS");
    struct winsize size;
    if (columns && atoi(columns) > 0)
        return atoi(columns);
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 0;
}

/* Where pprof saves files, too. */
static int open_numbered(struct out *o, const char *extension, struct error *err)
{
    for (int n = 1; n < 10000; n++) {
        char name[64];
        snprintf(name, sizeof name, "profile%03d.%s", n, extension);
        int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd < 0 && errno == EEXIST)
            continue;
        if (fd < 0)
            return error_set(err, ERROR_DATA,
                             "%s: cannot be written: %s (name another file with -output)", name,
                             strerror(errno));
        close(fd);
        char sentence[128];
        snprintf(sentence, sizeof sentence, "writing the report to %s", name);
        terminal_say(sentence);
        return out_init_claimed(o, name, err);
    }
    return error_set(err, ERROR_DATA, "no free name of the form profileNNN.%s here", extension);
}

bool terminal_is_dumb(void)
{
    const char *term = getenv("TERM");
    return !term || !*term || strcmp(term, "dumb") == 0;
}

int terminal_open(struct out *o, const struct config *cfg, const struct command *cmd,
                  struct error *err)
{
    const struct output_spec *spec = &cfg->output;
    bool terminal = isatty(STDOUT_FILENO);
    if (spec->file && *spec->file)
        return out_init_file(o, spec->file, err);
    if ((terminal || spec->off_stdout) && cmd->extension)
        return open_numbered(o, cmd->extension, err);
    out_init_fd(o, STDOUT_FILENO);
    const char *no_color = getenv("NO_COLOR");
    bool dressed = (cmd->does & DOES_TERMINAL) && spec->format == FORMAT_TEXT;
    o->terminal = terminal;
    o->color = dressed && (spec->color == COLOR_ALWAYS ||
                           (spec->color == COLOR_AUTO && terminal && !(no_color && *no_color)));
    o->width = terminal && dressed && !spec->wide ? terminal_width() : 0;
    return 0;
}

void terminal_say(const char *sentence)
{
    fputs("cpprof: ", stderr);
    size_t len = strlen(sentence), n;
    for (size_t i = 0; i < len; i += n) {
        uint32_t rune;
        n = utf8_decode(sentence + i, len - i, &rune);
        bool control = rune < ' ' || (rune >= 0x7F && rune < 0xA0);
        bool broken = n == 1 && rune == UTF8_BAD_RUNE; /* may be a C1 control of eight bits */
        if (control || broken)
            putc('?', stderr);
        else
            fwrite(sentence + i, 1, n, stderr);
    }
    putc('\n', stderr);
}

void terminal_say_all(struct lines *notes)
{
    for (size_t i = 0; i < notes->count; i++)
        terminal_say(notes->items[i]);
    lines_release(notes);
}

/* Is it time for the line to be written once more? */
static bool is_due(struct progress_line *l)
{
    int64_t time = now();
    if (!l->possible || time < l->next)
        return false;
    l->shown = true;
    l->next = time + 100 * INT64_C(1000000);
    return true;
}

static void show_progress(void *context, const char *what, uint64_t done, uint64_t total)
{
    if (!is_due(context))
        return;
    fprintf(stderr, "\r\033[Kreading %.60s: %.1f MB", what, (double)done / 1e6);
    if (total)
        fprintf(stderr, " of %.1f MB", (double)total / 1e6);
    fflush(stderr);
}

static void show_wait(void *context, const char *what, double seconds, double limit)
{
    if (!is_due(context))
        return;
    fprintf(stderr, "\r\033[K%.60s: %.1f s", what, seconds);
    if (limit > 0)
        fprintf(stderr, " of %g s", limit);
    fflush(stderr);
}

void progress_line_begin(struct progress_line *l)
{
    *l = (struct progress_line){.progress = {show_progress, show_wait, l},
                                .next = now() + 500 * INT64_C(1000000),
                                .possible = isatty(STDERR_FILENO)};
}

void progress_line_end(struct progress_line *l)
{
    if (l->shown)
        fputs("\r\033[K", stderr);
    l->shown = false;
}
