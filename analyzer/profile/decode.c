#include "analyzer/profile/decode.h"

#include "analyzer/base/alloc.h"
#include "analyzer/profile/decoder.h"
#include "analyzer/profile/formats.h"
#include "analyzer/profile/legacy.h"
#include "analyzer/profile/perfdata.h"
#include "analyzer/source/whole.h"
#include "proto/wire.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void decoder_release(struct decoder *d)
{
    free(d->strings);
    free(d->sample_types);
    free(d->comments);
    free(d->mapping_ids);
    free(d->function_ids);
    free(d->location_mappings);
    free(d->line_functions);
    free(d->mapping_strings);
    free(d->function_strings);
    idmap_release(&d->sparse);
    free(d->sparse_ids);
    free(d->frames);
    free(d->values);
    free(d->labels);
}

/* Puts the byte offset of the guilty message before what ERR says. Few files need it, so they are
 * read a second time rather than every offset kept the first time. */
static void name_offset(struct decoder *d, struct source *s)
{
    struct window w = {0};
    struct error ignored;
    uint64_t offset = 0;
    size_t index = d->guilty_index;
    bool found = false;
    if (source_rewind(s, &ignored))
        return;
    struct chunks *chunks = chunks_new(s, NULL);
    while (!found && chunks_more(chunks, &w, &ignored) > 0) {
        while (w.p < w.end && !found) {
            size_t extent = wire_extent(w.p, w.end);
            struct wire_field f = {0};
            if (extent == 0 || extent > (size_t)(w.end - w.p))
                break;
            wire_next(w.p, w.end, &f);
            if (f.number == (uint64_t)d->guilty_field) {
                offset = window_offset(&w, w.p);
                /* Comments may come packed, several in a field. */
                size_t count = 1;
                if (f.number == FIELD_COMMENT && f.type == WIRE_BYTES)
                    for (size_t i = count = 0; i < f.len; i++)
                        count += f.data[i] < 0x80;
                found = index < count;
                index -= count;
            }
            w.p += extent;
        }
    }
    chunks_free(chunks);
    char where[40];
    snprintf(where, sizeof where, "byte %" PRIu64, offset);
    error_prefix(d->err, where);
}

enum verdict { VERDICT_GOOD, VERDICT_TRY_LEGACY, VERDICT_BAD };

static enum verdict decode(struct source *s, const struct progress *progress, struct profile **out,
                           struct error *err)
{
    struct decoder *d = xcalloc(1, sizeof *d);
    struct chunks *chunks = chunks_new(s, progress);
    enum verdict verdict = VERDICT_BAD;
    d->p = profile_new();
    d->err = err;
    d->width = SIZE_MAX;

    int rc = decoder_read_fields(d, chunks);
    chunks_free(chunks);
    if (rc == 0 && d->base == 0) {
        error_set(err, ERROR_DATA, "it is empty");
        goto out;
    }
    if (rc) {
        verdict = d->unreadable || d->concatenated ? VERDICT_BAD : VERDICT_TRY_LEGACY;
        goto out;
    }
    switch (decoder_resolve(d)) {
    case RESOLUTION_GOOD:
        verdict = VERDICT_GOOD;
        break;
    case RESOLUTION_BAD_STRINGS:
        verdict = VERDICT_TRY_LEGACY;
        break;
    case RESOLUTION_BAD_REFERENCES:
        break;
    }
out:
    if (d->guilty_field)
        name_offset(d, s);
    if (verdict == VERDICT_GOOD)
        *out = d->p;
    else
        profile_free(d->p);
    decoder_release(d);
    free(d);
    return verdict;
}

/* Formats that are read as a whole are small; a larger file is none of them. */
static const size_t most_text = (size_t)1 << 30;

/* pprof's old formats come first, but none of those begins as JSON does. */
static struct profile *parse(struct str in, struct error *err)
{
    struct error of_format = {0};
    struct profile *p = format_is_json(in) ? NULL : legacy_parse(in.ptr, in.len, err);
    if (!p)
        p = format_parse(in, &of_format);
    if (of_format.kind)
        *err = of_format;
    return p;
}

static struct profile *read_other(struct source *s, struct error *err)
{
    struct whole w = {0};
    struct error reason = {0};
    int rc = whole_read(&w, s, most_text, &reason);
    struct profile *p = NULL;
    /* What is too long to be read again is too long for these formats. */
    if (rc < 0 && !source_rewind(s, NULL))
        *err = reason;
    else if (rc == 0)
        p = parse((struct str){(const char *)w.data, w.len}, err);
    whole_release(&w);
    return p;
}

/* Every encoder begins a profile.proto with its sample types. What begins otherwise is hardly a
 * damaged one, so what that reader found wrong with it is only a detail. */
static void say_unknown(struct str head, struct error *err)
{
    char why[sizeof err->text];
    if (!head.len || head.ptr[0] == (FIELD_SAMPLE_TYPE << 3 | WIRE_BYTES))
        return;
    if (str_starts(head, "\177ELF")) {
        error_set(err, ERROR_DATA,
                  "it is a program: name a profile of it behind it, or make one "
                  "with cpprof record");
        return;
    }
    snprintf(why, sizeof why, "%s", err->text);
    error_set(err, ERROR_DATA, "it is in no format cpprof reads (as profile.proto: %s)", why);
}

struct profile *profile_read(struct source *s, const struct progress *progress, struct lines *notes,
                             struct error *err)
{
    struct profile *p = NULL;
    char head[8];
    size_t head_len = whole_head(s, head, sizeof head);
    if (perfdata_knows(head, head_len)) {
        p = perfdata_read(s, progress, notes, err);
        if (!p)
            error_prefix(err, source_name(s));
        return p;
    }
    enum verdict verdict = decode(s, progress, &p, err);
    if (verdict == VERDICT_TRY_LEGACY) {
        /* What a parser objects to only counts if the file is of its format. */
        struct error other_err = {0};
        p = read_other(s, &other_err);
        if (!p && other_err.kind)
            *err = other_err;
        else if (!p)
            say_unknown((struct str){head, head_len}, err);
    }
    if (!p)
        error_prefix(err, source_name(s));
    return p;
}
