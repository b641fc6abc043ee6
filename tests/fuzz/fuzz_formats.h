/* What the fuzzers of foreign formats share: read, check, report, and write in all formats. */
#ifndef CPPROF_FUZZ_FUZZ_FORMATS_H
#define CPPROF_FUZZ_FUZZ_FORMATS_H

#include "tests/fuzz/fuzz.h"

#include "analyzer/profile/formats.h"
#include "analyzer/render/convert.h"
#include "analyzer/report/losses.h"

#include <unistd.h>

/* Writes P as F and reads it again: our own files are never refused. */
static inline void fuzz_round(struct profile *p, enum file_format f, size_t value)
{
    char path[] = "/tmp/fuzz-format-XXXXXX";
    int fd = mkstemp(path);
    struct out o;
    struct error err = {0};
    if (fd < 0)
        return;
    unlink(path);
    out_init_fd(&o, fd);
    format_writers[f](&o, p, value);
    fuzz_must(out_close(&o, &err) == 0);
    off_t len = lseek(fd, 0, SEEK_END);
    char *text = malloc((size_t)len + 1);
    fuzz_must(text && pread(fd, text, (size_t)len, 0) == len);
    if (f != FILE_PROTO && len > 0) {
        struct profile *again = format_parse((struct str){text, (size_t)len}, &err);
        /* Folded text of names alone may look like something else; sums may not fit any more. */
        fuzz_must(again || f == FILE_FOLDED || strstr(err.text, "too"));
        if (again)
            fuzz_check_model(again);
        profile_free(again);
    }
    free(text);
    close(fd);
}

static inline int fuzz_format(const uint8_t *data, size_t size, bool json)
{
    /* A copy of its own size: the parsers must not need a NUL behind the text. */
    char *text = malloc(size + !size);
    if (size)
        memcpy(text, data, size);
    struct error err = {0};
    struct str in = {text, size};
    struct profile *p = format_is_json(in) == json ? format_parse(in, &err) : NULL;
    free(text);
    fuzz_must(p || !strchr(err.text, '\n'));
    if (p) {
        uint64_t bits = fuzz_bits(data, size);
        fuzz_check_model(p);
        size_t value = p->sample_type_count ? fuzz_take(&bits, 8) % p->sample_type_count : 0;
        for (enum file_format f = FILE_UNKNOWN + 1; f < FILE_FORMAT_COUNT; f++) {
            struct lines notes = {0};
            if (!format_writers[f] || !p->sample_type_count)
                continue;
            losses_note(&notes, p, f, value);
            lines_release(&notes);
            fuzz_round(p, f, value);
        }
        fuzz_reports(p, bits);
    }
    profile_free(p);
    return 0;
}

#endif
