#include "analyzer/cli/makers.h"

#include "analyzer/base/num.h"
#include "analyzer/binary/find.h"
#include "analyzer/cli/commands.h"
#include "analyzer/cli/config.h"
#include "analyzer/cli/terminal.h"
#include "analyzer/profile/clone.h"
#include "analyzer/render/callgraph.h"
#include "analyzer/render/csv.h"
#include "analyzer/render/flame.h"
#include "analyzer/render/json.h"
#include "analyzer/render/picture.h"
#include "analyzer/render/proto.h"
#include "analyzer/render/raw.h"
#include "analyzer/render/text.h"
#include "analyzer/render/text_assembly.h"
#include "analyzer/render/text_listing.h"
#include "analyzer/render/weblist_html.h"
#include "analyzer/report/flame.h"
#include "analyzer/report/topproto.h"

void divide_samples(struct profile *p, double ratio)
{
    if (!(ratio > 0) || ratio == 1)
        return;
    profile_own(p, COLUMNS_SAMPLES);
    for (size_t t = 0; t < p->sample_type_count; t++)
        for (size_t i = 0; i < p->sample_count; i++)
            p->values[t][i] = f64_to_i64((double)p->values[t][i] * ratio);
}

/* --- rows and their formats */

/* What one format makes of each kind of rows. */
static const struct {
    void (*top)(struct out *o, const struct report *r, const struct top *t);
    void (*tree)(struct out *o, const struct report *r, const struct tree *t);
    void (*traces)(struct out *o, const struct report *r, struct traces *t);
    void (*tags)(struct out *o, const struct report *r, const struct tags *t);
} formats[] = {
    [FORMAT_TEXT] = {text_top, text_tree, text_traces, text_tags},
    [FORMAT_JSON] = {json_top, json_tree, json_traces, json_tags},
    [FORMAT_CSV] = {csv_top, csv_tree, csv_traces, csv_tags},
};

static int make_top(const struct making *m, struct error *err)
{
    (void)err;
    struct top t;
    top_init(&t, m->r);
    formats[m->cfg->output.format].top(m->out, m->r, &t);
    top_release(&t);
    return 0;
}

static int make_tree(const struct making *m, struct error *err)
{
    struct tree t;
    int rc = tree_init(&t, m->r, m->only, err);
    if (rc == 0)
        formats[m->cfg->output.format].tree(m->out, m->r, &t);
    tree_release(&t);
    return rc;
}

static int make_list(const struct making *m, struct error *err)
{
    struct listing l;
    int rc = listing_init(&l, m->r, m->only, err);
    if (rc == 0)
        text_listing(m->out, m->r, &l);
    listing_release(&l);
    return rc;
}

/* PATH holds what the answer refers to; the caller releases it. */
static struct codefiles_spec codefiles_spec_of(const struct config *cfg, struct buf *path)
{
    binary_search_path(path);
    return (struct codefiles_spec){
        .syntax = cfg->output.intel_syntax ? DISASM_INTEL : DISASM_ATT,
        .search_path = path->data,
    };
}

static int make_disasm(const struct making *m, struct error *err)
{
    struct assembly a;
    struct buf path = {0};
    struct codefiles_spec spec = codefiles_spec_of(m->cfg, &path);
    int rc = assembly_init(&a, m->r, m->only, &spec, err);
    if (rc == 0) {
        terminal_say_all(&a.problems);
        text_assembly(m->out, m->r, &a);
    }
    assembly_release(&a);
    buf_release(&path);
    return rc;
}

static int make_weblist(const struct making *m, struct error *err)
{
    struct weblist w;
    struct buf path = {0};
    struct codefiles_spec spec = codefiles_spec_of(m->cfg, &path);
    int rc = weblist_init(&w, m->r, m->only, &spec, err);
    if (rc == 0) {
        weblist_html(m->out, m->r, &w);
        terminal_say_all(&w.code.problems);
    }
    weblist_release(&w);
    buf_release(&path);
    return rc;
}

static int make_traces(const struct making *m, struct error *err)
{
    (void)err;
    struct traces t;
    traces_init(&t, m->r);
    formats[m->cfg->output.format].traces(m->out, m->r, &t);
    traces_release(&t);
    return 0;
}

static int make_tags(const struct making *m, struct error *err)
{
    (void)err;
    struct tags t;
    tags_init(&t, m->r, m->cfg->output.format != FORMAT_TEXT);
    formats[m->cfg->output.format].tags(m->out, m->r, &t);
    tags_release(&t);
    return 0;
}

static int make_comments(const struct making *m, struct error *err)
{
    (void)err;
    text_comments(m->out, m->r->p);
    return 0;
}

static int make_raw(const struct making *m, struct error *err)
{
    (void)err;
    raw_profile(m->out, m->r->p);
    return 0;
}

static int make_proto(const struct making *m, struct error *err)
{
    (void)err;
    divide_samples(m->r->p, m->r->ratio);
    proto_profile(m->out, m->r->p);
    return 0;
}

static int make_topproto(const struct making *m, struct error *err)
{
    (void)err;
    struct top t;
    top_init(&t, m->r);
    struct profile *p = topproto_new(m->r, &t);
    proto_profile(m->out, p);
    profile_free(p);
    top_release(&t);
    return 0;
}

static int make_dot(const struct making *m, struct error *err)
{
    (void)err;
    struct callgraph c;
    callgraph_init(&c, m->r, true);
    dot_graph(m->out, m->r, &c, &(struct dot_style){.palette = m->cfg->output.palette});
    callgraph_release(&c);
    return 0;
}

static int make_picture(const struct making *m, enum picture_format format, struct error *err)
{
    const struct output_spec *output = &m->cfg->output;
    const struct picture_spec spec = {format, output->palette, output->layout_timeout, m->progress};
    struct callgraph c;
    callgraph_init(&c, m->r, true);
    int rc = picture_graph(m->out, m->r, &c, &spec, m->notes, err);
    callgraph_release(&c);
    return rc;
}

static int make_svg(const struct making *m, struct error *err)
{
    return make_picture(m, PICTURE_SVG, err);
}

static int make_png(const struct making *m, struct error *err)
{
    return make_picture(m, PICTURE_PNG, err);
}

static int make_pdf(const struct making *m, struct error *err)
{
    return make_picture(m, PICTURE_PDF, err);
}

static int make_ps(const struct making *m, struct error *err)
{
    return make_picture(m, PICTURE_PS, err);
}

static int make_gif(const struct making *m, struct error *err)
{
    return make_picture(m, PICTURE_GIF, err);
}

static int make_callgrind(const struct making *m, struct error *err)
{
    (void)err;
    struct callgraph c;
    callgraph_init(&c, m->r, false);
    callgrind_graph(m->out, m->r, &c);
    callgraph_release(&c);
    return 0;
}

/* A file of at most 2 MB, scripts included, has room for so much. */
enum { MOST_CELLS = 16000, MOST_NAME_BYTES = 500000 };

static const char *only_source(const struct string_list *sources)
{
    return sources->count == 1 ? sources->items[0] : NULL;
}

static void write_flame(const struct making *m, const struct flame *f)
{
    /* pprof's palette goes from red to green, which not everybody can tell apart. */
    enum palette palette = m->cfg->output.palette;
    if (palette == PALETTE_DEFAULT)
        palette = PALETTE_COLORBLIND;
    if (m->cfg->output.format == FORMAT_JSON)
        json_flame(m->out, m->r, f);
    else
        (m->cfg->output.format == FORMAT_SVG ? flame_svg : flame_html)(m->out, m->r, f, palette);
}

static int make_flame(const struct making *m, struct error *err)
{
    const struct config *cfg = m->cfg;
    int nodecount = cfg->report.trim ? cfg->report.nodecount : 0;
    struct flame_spec spec = {
        .limits = {.cells = MOST_CELLS, .text = MOST_NAME_BYTES},
        .inverse = cfg->output.format != FORMAT_JSON,
        .old = only_source(&cfg->source.diff_base),
        .new = only_source(&cfg->source.sources),
    };
    if (nodecount >= 0)
        spec.limits = (struct calltree_limits){.cells = (size_t)nodecount};
    struct flame f;
    int rc = flame_init(&f, m->r, &spec, err);
    if (!rc)
        write_flame(m, &f);
    flame_release(&f);
    return rc;
}

maker *const makers[] = {
    [REPORT_TOP] = make_top,
    [REPORT_TREE] = make_tree,
    [REPORT_PEEK] = make_tree,
    [REPORT_LIST] = make_list,
    [REPORT_DISASM] = make_disasm,
    [REPORT_WEBLIST] = make_weblist,
    [REPORT_TRACES] = make_traces,
    [REPORT_TAGS] = make_tags,
    [REPORT_COMMENTS] = make_comments,
    [REPORT_RAW] = make_raw,
    [REPORT_PROTO] = make_proto,
    [REPORT_TOPPROTO] = make_topproto,
    [REPORT_CALLGRIND] = make_callgrind,
    [REPORT_DOT] = make_dot,
    [REPORT_SVG] = make_svg,
    [REPORT_PNG] = make_png,
    [REPORT_PDF] = make_pdf,
    [REPORT_PS] = make_ps,
    [REPORT_GIF] = make_gif,
    [REPORT_FLAME] = make_flame,
};
