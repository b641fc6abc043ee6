/* Tests of analyzer/profile/decode.h and encode.h: our decoder against protobuf-c's on every
 * profile there is, and what is written against what was read. */
#include "analyzer/profile/decode.h"

#include "analyzer/base/buf.h"
#include "analyzer/profile/encode.h"
#include "proto/inflate.h"
#include "proto/profile.pb-c.h"

#include <CUnit/CUnit.h>
#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef Perftools__Profiles__Profile message;

/* Everything a profile says, as text in the file's order, with ids and string indices resolved. The
 * two decoders share nothing but this form. */

static void add_text(struct buf *b, const char *s, size_t len)
{
    buf_printf(b, "%zu'", len);
    buf_add(b, s, len);
    buf_putc(b, '\'');
}

static void add_str(struct buf *b, const struct profile *p, strid id)
{
    struct str s = profile_str(p, id);
    add_text(b, s.ptr, s.len);
}

static void add_string(struct buf *b, const message *m, int64_t index)
{
    add_text(b, m->string_table[index], strlen(m->string_table[index]));
}

/* --- our model */

static void describe_labels(struct buf *b, const struct profile *p, uint32_t labelset)
{
    struct labelset set = p->labelsets[labelset];
    for (uint32_t i = 0; i < set.count; i++) {
        const struct label *l = &p->labels[set.first + i];
        buf_puts(b, " label ");
        add_str(b, p, l->key);
        buf_putc(b, l->is_number ? '#' : '=');
        if (l->is_number)
            buf_printf(b, "%" PRId64, l->number);
        add_str(b, p, l->str);
    }
}

static void describe_location(struct buf *b, const struct profile *p, uint32_t index)
{
    const struct location *l = &p->locations[index];
    buf_printf(b, "%" PRIx64 "%s", l->address, l->folded ? " folded" : "");
    if (l->mapping != NO_INDEX) {
        const struct mapping *m = &p->mappings[l->mapping];
        buf_printf(b, " in %" PRIx64 "-%" PRIx64, m->start, m->limit);
        add_str(b, p, m->file);
    }
    for (uint32_t i = 0; i < l->line_count; i++) {
        const struct line *line = &p->lines[l->first_line + i];
        const struct function *f = &p->functions[line->function];
        buf_printf(b, " line %" PRId64 ":%" PRId64 " ", line->line, line->column);
        add_str(b, p, f->name);
        add_str(b, p, f->system_name);
        add_str(b, p, f->filename);
        buf_printf(b, "%" PRId64, f->start_line);
    }
}

static char *describe_model(const struct profile *p)
{
    struct buf b = {0};
    for (size_t t = 0; t < p->sample_type_count; t++) {
        buf_puts(&b, "\ntype ");
        add_str(&b, p, p->sample_types[t].type);
        add_str(&b, p, p->sample_types[t].unit);
    }
    for (size_t i = 0; i < p->sample_count; i++) {
        buf_puts(&b, "\nsample");
        for (size_t t = 0; t < p->sample_type_count; t++)
            buf_printf(&b, " %" PRId64, p->values[t][i]);
        struct stack s = p->stacks[p->sample_stack[i]];
        for (uint32_t k = 0; k < s.count; k++) {
            buf_puts(&b, "\n  at ");
            describe_location(&b, p, p->frames[s.first + k]);
        }
        describe_labels(&b, p, p->sample_labels[i]);
    }
    for (size_t i = 0; i < p->location_count; i++) {
        buf_puts(&b, "\nlocation ");
        describe_location(&b, p, (uint32_t)i);
    }
    for (size_t i = 0; i < p->mapping_count; i++) {
        const struct mapping *m = &p->mappings[i];
        buf_printf(&b, "\nmapping %" PRIx64 " %" PRIx64 " %" PRIx64 " %d%d%d%d ", m->start,
                   m->limit, m->offset, m->has_functions, m->has_filenames, m->has_line_numbers,
                   m->has_inline_frames);
        add_str(&b, p, m->file);
        add_str(&b, p, m->build_id);
    }
    buf_printf(&b, "\n%zu functions", p->function_count);
    for (size_t i = 0; i < p->comment_count; i++) {
        buf_puts(&b, "\ncomment ");
        add_str(&b, p, p->comments[i]);
    }
    buf_printf(&b, "\ntime %" PRId64 " duration %" PRId64 " period %" PRId64 " ", p->time_nanos,
               p->duration_nanos, p->period);
    add_str(&b, p, p->period_type.type);
    add_str(&b, p, p->period_type.unit);
    add_str(&b, p, p->default_sample_type);
    add_str(&b, p, p->drop_frames);
    add_str(&b, p, p->keep_frames);
    add_str(&b, p, p->doc_url);
    return buf_detach(&b);
}

/* --- protobuf-c's messages */

#define FIND(array, count, wanted)                                                                 \
    for (size_t find = 0; find < (count); find++)                                                  \
        if ((array)[find]->id == (wanted))                                                         \
            return (array)[find];                                                                  \
    return NULL

static const Perftools__Profiles__Location *location_of(const message *m, uint64_t id)
{
    FIND(m->location, m->n_location, id);
}

static const Perftools__Profiles__Mapping *mapping_of(const message *m, uint64_t id)
{
    FIND(m->mapping, m->n_mapping, id);
}

static const Perftools__Profiles__Function *function_of(const message *m, uint64_t id)
{
    FIND(m->function, m->n_function, id);
}

/* Text before numbers, each by key, values of a key in file order: the model's order. */
static void message_labels(struct buf *b, const message *m, const Perftools__Profiles__Sample *s)
{
    bool *done = calloc(s->n_label + 1, sizeof *done);
    for (int numbers = 0; numbers < 2; numbers++) {
        for (;;) {
            const Perftools__Profiles__Label *first = NULL;
            size_t at = 0;
            for (size_t i = 0; i < s->n_label; i++) {
                const Perftools__Profiles__Label *l = s->label[i];
                bool is_number = !l->str && (l->num || l->num_unit);
                if (done[i] || is_number != numbers || (!l->str && !is_number))
                    continue;
                if (first && strcmp(m->string_table[l->key], m->string_table[first->key]) >= 0)
                    continue;
                first = l;
                at = i;
            }
            if (!first)
                break;
            done[at] = true;
            buf_puts(b, " label ");
            add_string(b, m, first->key);
            buf_putc(b, numbers ? '#' : '=');
            if (numbers)
                buf_printf(b, "%" PRId64, first->num);
            add_string(b, m, numbers ? first->num_unit : first->str);
        }
    }
    free(done);
}

static void message_location(struct buf *b, const message *m,
                             const Perftools__Profiles__Location *l)
{
    CU_ASSERT_PTR_NOT_NULL_FATAL(l);
    buf_printf(b, "%" PRIx64 "%s", l->address, l->is_folded ? " folded" : "");
    const Perftools__Profiles__Mapping *mapping = mapping_of(m, l->mapping_id);
    if (mapping) {
        buf_printf(b, " in %" PRIx64 "-%" PRIx64, mapping->memory_start, mapping->memory_limit);
        add_string(b, m, mapping->filename);
    }
    for (size_t i = 0; i < l->n_line; i++) {
        const Perftools__Profiles__Function *f = function_of(m, l->line[i]->function_id);
        CU_ASSERT_PTR_NOT_NULL_FATAL(f);
        buf_printf(b, " line %" PRId64 ":%" PRId64 " ", l->line[i]->line, l->line[i]->column);
        add_string(b, m, f->name);
        add_string(b, m, f->system_name);
        add_string(b, m, f->filename);
        buf_printf(b, "%" PRId64, f->start_line);
    }
}

static char *describe_message(const message *m)
{
    struct buf b = {0};
    for (size_t t = 0; t < m->n_sample_type; t++) {
        buf_puts(&b, "\ntype ");
        add_string(&b, m, m->sample_type[t]->type);
        add_string(&b, m, m->sample_type[t]->unit);
    }
    for (size_t i = 0; i < m->n_sample; i++) {
        const Perftools__Profiles__Sample *s = m->sample[i];
        buf_puts(&b, "\nsample");
        for (size_t t = 0; t < s->n_value; t++)
            buf_printf(&b, " %" PRId64, s->value[t]);
        for (size_t k = 0; k < s->n_location_id; k++) {
            buf_puts(&b, "\n  at ");
            message_location(&b, m, location_of(m, s->location_id[k]));
        }
        message_labels(&b, m, s);
    }
    for (size_t i = 0; i < m->n_location; i++) {
        buf_puts(&b, "\nlocation ");
        message_location(&b, m, m->location[i]);
    }
    for (size_t i = 0; i < m->n_mapping; i++) {
        const Perftools__Profiles__Mapping *x = m->mapping[i];
        buf_printf(&b, "\nmapping %" PRIx64 " %" PRIx64 " %" PRIx64 " %d%d%d%d ", x->memory_start,
                   x->memory_limit, x->file_offset, x->has_functions, x->has_filenames,
                   x->has_line_numbers, x->has_inline_frames);
        add_string(&b, m, x->filename);
        add_string(&b, m, x->build_id);
    }
    buf_printf(&b, "\n%zu functions", m->n_function);
    for (size_t i = 0; i < m->n_comment; i++) {
        buf_puts(&b, "\ncomment ");
        add_string(&b, m, m->comment[i]);
    }
    buf_printf(&b, "\ntime %" PRId64 " duration %" PRId64 " period %" PRId64 " ", m->time_nanos,
               m->duration_nanos, m->period);
    add_string(&b, m, m->period_type ? m->period_type->type : 0);
    add_string(&b, m, m->period_type ? m->period_type->unit : 0);
    add_string(&b, m, m->default_sample_type);
    add_string(&b, m, m->drop_frames);
    add_string(&b, m, m->keep_frames);
    add_string(&b, m, m->doc_url);
    return buf_detach(&b);
}

/* --- the tests */

static void expect_equal(const char *what, const char *path, const char *a, const char *b)
{
    CU_ASSERT_STRING_EQUAL(a, b);
    if (strcmp(a, b) == 0)
        return;
    size_t same = 0;
    while (a[same] == b[same])
        same++;
    same -= same < 60 ? same : 60;
    fprintf(stderr, "\n%s of %s:\n%.160s\n---\n%.160s\n", what, path, a + same, b + same);
}

static ssize_t read_file(void *file, void *buf, size_t cap)
{
    return (ssize_t)fread(buf, 1, cap, file);
}

static void inflate_file(struct buf *plain, const char *path)
{
    FILE *f = fopen(path, "rb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(f);
    struct inflate *in = inflate_new(read_file, f);
    char piece[4096];
    const char *why;
    ssize_t n;
    while ((n = inflate_read(in, piece, sizeof piece, &why)) > 0)
        buf_add(plain, piece, (size_t)n);
    CU_ASSERT_EQUAL(n, 0);
    inflate_free(in);
    fclose(f);
}

static struct profile *read_path(const char *path)
{
    struct error err = {0};
    struct source *s = source_open(path, &err);
    struct profile *p = s ? profile_read(s, NULL, NULL, &err) : NULL;
    source_close(s);
    CU_ASSERT_PTR_NOT_NULL(p);
    if (!p)
        fprintf(stderr, "\n%s\n", err.text);
    return p;
}

static void compare_decoders(const char *path)
{
    struct buf plain = {0};
    inflate_file(&plain, path);
    message *m = perftools__profiles__profile__unpack(NULL, plain.len, (uint8_t *)plain.data);
    struct profile *p = read_path(path);
    CU_ASSERT_PTR_NOT_NULL(m);
    if (m && p) {
        char *ours = describe_model(p), *theirs = describe_message(m);
        expect_equal("decoding", path, ours, theirs);
        free(ours);
        free(theirs);
    }
    if (m)
        perftools__profiles__profile__free_unpacked(m, NULL);
    profile_free(p);
    buf_release(&plain);
}

static int keep(void *context, const void *data, size_t len)
{
    buf_add(context, data, len);
    return 0;
}

/* What is read, written and read again is what was read; and another writing is the same bytes. */
static void compare_round_trip(const char *path)
{
    struct profile *p = read_path(path);
    if (!p)
        return;
    struct buf once = {0}, twice = {0};
    CU_ASSERT_EQUAL(profile_encode(p, keep, &once), 0);
    struct error err = {0};
    struct source *s = source_open_memory("written", once.data, once.len);
    struct profile *again = profile_read(s, NULL, NULL, &err);
    source_close(s);
    CU_ASSERT_PTR_NOT_NULL_FATAL(again);
    char *before = describe_model(p), *after = describe_model(again);
    expect_equal("writing", path, before, after);
    CU_ASSERT_EQUAL(profile_encode(again, keep, &twice), 0);
    CU_ASSERT_EQUAL(once.len, twice.len);
    CU_ASSERT(once.len == twice.len && memcmp(once.data, twice.data, once.len) == 0);
    free(before);
    free(after);
    buf_release(&once);
    buf_release(&twice);
    profile_free(p);
    profile_free(again);
}

/* Calls CHECK with every file that matches one of the patterns; there must be some. */
static void each(void (*check)(const char *path), const char *const *patterns)
{
    glob_t found = {0};
    for (size_t i = 0; patterns[i]; i++)
        glob(patterns[i], i ? GLOB_APPEND : 0, NULL, &found);
    CU_ASSERT(found.gl_pathc > 0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        check(found.gl_pathv[i]);
    globfree(&found);
}

static const char *const proto_files[] = {"examples/*/*.pb.gz", "tests/data/*.pb",
                                          "tests/data/*.pb.gz", NULL};
static const char *const legacy_files[] = {"examples/*/*.prof", "tests/data/*.txt", NULL};

static void test_both_decoders_agree(void)
{
    each(compare_decoders, proto_files);
}

static void test_round_trip(void)
{
    each(compare_round_trip, proto_files);
}

static void test_round_trip_of_legacy(void)
{
    each(compare_round_trip, legacy_files);
}

CU_TestInfo decode_tests[] = {
    {"both decoders agree on every profile", test_both_decoders_agree},
    {"written and read again", test_round_trip},
    {"written and read again: legacy formats", test_round_trip_of_legacy},
    CU_TEST_INFO_NULL,
};
