#include "analyzer/report/flame.h"

#include "analyzer/base/num.h"
#include "analyzer/base/units.h"

static void add_value(struct lines *out, const struct report *r, const char *label, int64_t value,
                      int64_t total)
{
    struct buf v = {0}, share = {0};
    report_value(&v, r, value);
    units_percentage(&share, value, total);
    lines_add(out, "%s %s, %s", label, v.data, share.data + strspn(share.data, " "));
    buf_release(&v);
    buf_release(&share);
}

static void add_totals(struct lines *out, const struct flame *f, const struct report *r)
{
    struct buf b = {0};
    report_value(&b, r, f->total.old);
    buf_puts(&b, " to ");
    report_value(&b, r, f->total.new);
    if (f->total.old && f->total.old != f->total.new)
        buf_printf(&b, ", %+.2f%%", 100 * ((double)f->total.new / (double)f->total.old - 1));
    lines_add(out, "Total: %s", b.data);
    buf_release(&b);
}

static void make_header(struct flame *f, const struct report *r, const struct flame_spec *spec)
{
    struct lines *out = &f->header;
    if (f->has_old && spec->old && spec->new) {
        lines_add(out, "Old: %s", spec->old);
        lines_add(out, "New: %s", spec->new);
    }
    if (f->has_old) {
        report_identity_header(out, r);
        add_totals(out, f, r);
    } else {
        report_profile_header(out, r);
    }
    report_filter_header(out, r);
    const struct calltree *tree = f->tree.count ? &f->tree : &f->inverse;
    const struct calltree_cell *root = &tree->cells[0];
    int64_t total = add_up64(f->total.old, f->total.new);
    int64_t shown = add_up64(root->cum.old, root->cum.new);
    int64_t merged = add_up64(tree->merged.old, tree->merged.new);
    if (shown != total)
        add_value(out, r, "Showing", shown, total);
    if (merged)
        add_value(out, r, "In cells too small to be told apart:", merged, total);
}

int flame_init(struct flame *f, struct report *r, const struct flame_spec *spec, struct error *err)
{
    *f = (struct flame){.total = {r->total_below, r->total_above}};
    if (report_check_sums(r, "a flame graph", err))
        return -1;
    report_nodes(&f->nodes, r, false);
    if (spec->only_inverse)
        calltree_init(&f->inverse, &f->nodes, r->value, true, &spec->limits);
    else
        calltree_init(&f->tree, &f->nodes, r->value, false, &spec->limits);
    if (spec->inverse && !spec->only_inverse) {
        struct calltree_limits half = {spec->limits.cells / 2, spec->limits.text / 2};
        calltree_init(&f->inverse, &f->nodes, r->value, true, &half);
    }
    f->has_old = f->total.old > 0;
    report_select_total_unit(r);
    make_header(f, r, spec);
    return 0;
}

void flame_release(struct flame *f)
{
    lines_release(&f->header);
    calltree_release(&f->tree);
    calltree_release(&f->inverse);
    nodes_release(&f->nodes);
}

struct str flame_name(const struct flame *f, const struct calltree_cell *c)
{
    return c->node == NO_INDEX ? (struct str){"", 0} : f->nodes.names[c->node];
}
