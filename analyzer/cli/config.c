#include "analyzer/cli/config.h"

#include "analyzer/base/alloc.h"
#include "analyzer/cli/options.h"

#include <assert.h>
#include <stdlib.h>

void string_list_add(struct string_list *l, const char *item)
{
    l->items = xgrow(l->items, &l->cap, l->count + 1, sizeof *l->items);
    l->items[l->count++] = item;
}

void string_list_clear(struct string_list *l)
{
    l->count = 0;
}

void string_list_release(struct string_list *l)
{
    free(l->items);
    *l = (struct string_list){0};
}

void source_spec_mark_base(struct source_spec *s)
{
    if (!s->base.count)
        return;
    s->diff_base = s->base;
    s->base = (struct string_list){0};
}

static const char *initial_text(const struct option *o)
{
    const char *value = o->environment ? getenv(o->environment) : NULL;
    if (value)
        return value;
    return o->initial || o->kind != OPTION_STRING ? o->initial : "";
}

void config_init(struct config *cfg)
{
    *cfg = (struct config){.source.exec_name = ""};
    for (size_t i = 0; i < option_count; i++) {
        const char *text = initial_text(&options[i]);
        if (!text)
            continue;
        int failed = option_set(cfg, &options[i], text, NULL);
        assert(!failed && "the option table has a bad initial value");
        (void)failed;
    }
}

void config_release(struct config *cfg)
{
    string_list_release(&cfg->then);
    string_list_release(&cfg->record.program);
    string_list_release(&cfg->record.pids);
    string_list_release(&cfg->source.sources);
    string_list_release(&cfg->source.base);
    string_list_release(&cfg->source.diff_base);
}
