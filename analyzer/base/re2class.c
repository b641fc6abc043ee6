#include "analyzer/base/re2class.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/utf8.h"

#include <stdlib.h>
#include <string.h>

/* The only other cases of ASCII letters outside ASCII. */
#define LONG_S 0x17fu
#define KELVIN 0x212au

void re2_class_clear(struct re2_class *c, bool fold)
{
    c->count = 0;
    c->fold = fold;
    c->plain = true;
}

void re2_class_release(struct re2_class *c)
{
    free(c->ranges);
    *c = (struct re2_class){0};
}

static void add_item(struct re2_class *c, struct re2_range item)
{
    c->ranges = xgrow(c->ranges, &c->cap, c->count + 1, sizeof *c->ranges);
    c->ranges[c->count++] = item;
    c->plain = c->plain && !item.property && !item.folds;
}

static void add_range(struct re2_class *c, uint32_t lo, uint32_t hi)
{
    add_item(c, (struct re2_range){.lo = lo, .hi = hi});
}

static bool is_letter(uint32_t rune)
{
    return (rune | 0x20) >= 'a' && (rune | 0x20) <= 'z';
}

void re2_class_add(struct re2_class *c, uint32_t lo, uint32_t hi)
{
    bool has_all_cases = lo <= RE2_FIRST_CASED && hi >= RE2_LAST_CASED;
    if (!c->fold || hi < RE2_FIRST_CASED || lo > RE2_LAST_CASED || has_all_cases) {
        add_range(c, lo, hi);
        return;
    }
    for (uint32_t rune = lo; rune <= hi && rune < 0x80; rune++) {
        add_range(c, rune, rune);
        if (!is_letter(rune))
            continue;
        add_range(c, rune ^ 0x20, rune ^ 0x20);
        if ((rune | 0x20) == 'k')
            add_range(c, KELVIN, KELVIN);
        if ((rune | 0x20) == 's')
            add_range(c, LONG_S, LONG_S);
    }
    if (hi >= 0x80)
        add_item(c, (struct re2_range){.lo = lo < 0x80 ? 0x80 : lo, .hi = hi, .folds = true});
}

/* The named sets are all ASCII: pairs of first and last character. */
struct ascii_set {
    const char *name, *pairs;
    size_t length;
};
/* clang-format off */
#define SET(name, pairs) {name, pairs, sizeof(pairs) - 1}
/* clang-format on */

static const struct ascii_set posix_sets[] = {
    SET("alnum", "09AZaz"),
    SET("alpha", "AZaz"),
    SET("ascii", "\0\x7f"),
    SET("blank", "\t\t  "),
    SET("cntrl", "\0\x1f\x7f\x7f"),
    SET("digit", "09"),
    SET("graph", "!~"),
    SET("lower", "az"),
    SET("print", " ~"),
    SET("punct", "!/:@[`{~"),
    SET("space", "\t\r  "),
    SET("upper", "AZ"),
    SET("word", "09AZ__az"),
    SET("xdigit", "09AFaf"),
};

static const struct ascii_set perl_sets[] = {
    SET("d", "09"),
    SET("s", "\t\n\f\r  "),
    SET("w", "09AZ__az"),
};

static const struct ascii_set *find_set(const struct ascii_set *sets, size_t count,
                                        const char *name, size_t len)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(sets[i].name) == len && memcmp(sets[i].name, name, len) == 0)
            return &sets[i];
    return NULL;
}

static void add_set(struct re2_class *c, const struct ascii_set *set, bool outside)
{
    bool in[0x80] = {false};
    for (size_t i = 0; i < set->length; i += 2)
        for (int ch = set->pairs[i]; ch <= set->pairs[i + 1]; ch++) {
            in[ch] = true;
            if (c->fold && is_letter((uint32_t)ch))
                in[ch ^ 0x20] = true;
        }
    for (uint32_t ch = 0; ch < 0x80; ch++)
        if (in[ch] != outside)
            add_range(c, ch, ch);
    if ((c->fold && in['s']) != outside)
        add_range(c, LONG_S, LONG_S);
    if ((c->fold && in['k']) != outside)
        add_range(c, KELVIN, KELVIN);
    if (outside) {
        add_range(c, 0x80, LONG_S - 1);
        add_range(c, LONG_S + 1, KELVIN - 1);
        add_range(c, KELVIN + 1, UTF8_MAX_RUNE);
    }
}

bool re2_class_add_posix(struct re2_class *c, const char *name, size_t len, bool outside)
{
    const struct ascii_set *set =
        find_set(posix_sets, sizeof posix_sets / sizeof *posix_sets, name, len);
    if (set)
        add_set(c, set, outside);
    return set;
}

bool re2_class_add_perl(struct re2_class *c, char letter)
{
    bool outside = letter < 'a';
    char name = outside ? (char)(letter + 0x20) : letter;
    const struct ascii_set *set =
        find_set(perl_sets, sizeof perl_sets / sizeof *perl_sets, &name, 1);
    if (set)
        add_set(c, set, outside);
    return set;
}

/* General categories: the short name, which PCRE2 shares, and others for the same. */
static const char categories[] =
    "C Other;Cc Control cntrl;Cf Format;Cn Unassigned;Co Private_Use;Cs Surrogate;L Letter;"
    "LC Cased_Letter;Ll Lowercase_Letter;Lm Modifier_Letter;Lo Other_Letter;"
    "Lt Titlecase_Letter;Lu Uppercase_Letter;M Mark Combining_Mark;Mc Spacing_Mark;"
    "Me Enclosing_Mark;Mn Nonspacing_Mark;N Number;Nd Decimal_Number digit;Nl Letter_Number;"
    "No Other_Number;P Punctuation punct;Pc Connector_Punctuation;Pd Dash_Punctuation;"
    "Pe Close_Punctuation;Pf Final_Punctuation;Pi Initial_Punctuation;Po Other_Punctuation;"
    "Ps Open_Punctuation;S Symbol;Sc Currency_Symbol;Sk Modifier_Symbol;Sm Math_Symbol;"
    "So Other_Symbol;Z Separator;Zl Line_Separator;Zp Paragraph_Separator;Zs Space_Separator";

/* PCRE2 calls scripts the same, with "sc:" in front: without
 * it, it would take script extensions. */
static const char scripts[] =
    "Adlam Ahom Anatolian_Hieroglyphs Arabic Armenian Avestan Balinese Bamum Bassa_Vah Batak "
    "Bengali Bhaiksuki Bopomofo Brahmi Braille Buginese Buhid Canadian_Aboriginal Carian "
    "Caucasian_Albanian Chakma Cham Cherokee Chorasmian Common Coptic Cuneiform Cypriot "
    "Cypro_Minoan Cyrillic Deseret Devanagari Dives_Akuru Dogra Duployan Egyptian_Hieroglyphs "
    "Elbasan Elymaic Ethiopic Georgian Glagolitic Gothic Grantha Greek Gujarati Gunjala_Gondi "
    "Gurmukhi Han Hangul Hanifi_Rohingya Hanunoo Hatran Hebrew Hiragana Imperial_Aramaic "
    "Inherited Inscriptional_Pahlavi Inscriptional_Parthian Javanese Kaithi Kannada Katakana "
    "Kawi Kayah_Li Kharoshthi Khitan_Small_Script Khmer Khojki Khudawadi Lao Latin Lepcha "
    "Limbu Linear_A Linear_B Lisu Lycian Lydian Mahajani Makasar Malayalam Mandaic Manichaean "
    "Marchen Masaram_Gondi Medefaidrin Meetei_Mayek Mende_Kikakui Meroitic_Cursive "
    "Meroitic_Hieroglyphs Miao Modi Mongolian Mro Multani Myanmar Nabataean Nag_Mundari "
    "Nandinagari New_Tai_Lue Newa Nko Nushu Nyiakeng_Puachue_Hmong Ogham Ol_Chiki "
    "Old_Hungarian Old_Italic Old_North_Arabian Old_Permic Old_Persian Old_Sogdian "
    "Old_South_Arabian Old_Turkic Old_Uyghur Oriya Osage Osmanya Pahawh_Hmong Palmyrene "
    "Pau_Cin_Hau Phags_Pa Phoenician Psalter_Pahlavi Rejang Runic Samaritan Saurashtra Sharada "
    "Shavian Siddham SignWriting Sinhala Sogdian Sora_Sompeng Soyombo Sundanese Syloti_Nagri "
    "Syriac Tagalog Tagbanwa Tai_Le Tai_Tham Tai_Viet Takri Tamil Tangsa Tangut Telugu Thaana "
    "Thai Tibetan Tifinagh Tirhuta Toto Ugaritic Vai Vithkuqi Wancho Warang_Citi Yezidi Yi "
    "Zanabazar_Square";

/* What (?i) adds to a property: runes outside with a case inside. */
static const struct {
    const char *property, *instead;
    struct {
        uint32_t lo, hi;
    } more[8];
} property_cases[] = {
    {"L", "L", {{0x345, 0x345}}},
    {"LC", "LC", {{0x345, 0x345}}},
    {"Lu", "LC", {{0x345, 0x345}}},
    {"Ll", "LC", {{0x345, 0x345}}},
    {"Lt",
     "Lt",
     {{0x1c4, 0x1cc},
      {0x1f1, 0x1f3},
      {0x1f80, 0x1faf},
      {0x1fb3, 0x1fb3},
      {0x1fc3, 0x1fc3},
      {0x1ff3, 0x1ff3}}},
    {"M", "M", {{0x399, 0x399}, {0x3b9, 0x3b9}, {0x1fbe, 0x1fbe}}},
    {"Mn", "Mn", {{0x399, 0x399}, {0x3b9, 0x3b9}, {0x1fbe, 0x1fbe}}},
    {"sc:Common", "sc:Common", {{0x39c, 0x39c}, {0x3bc, 0x3bc}}},
    {"sc:Greek", "sc:Greek", {{0xb5, 0xb5}, {0x345, 0x345}}},
    {"sc:Inherited", "sc:Inherited", {{0x399, 0x399}, {0x3b9, 0x3b9}, {0x1fbe, 0x1fbe}}},
};

/* Unicode's rule for comparing names: case, blanks, hyphens and underscores do not matter. */
static bool same_name(const char *name, size_t len, const char *known, size_t known_len)
{
    const char *end = name + len, *known_end = known + known_len;
    for (;;) {
        while (name < end && (*name == '_' || *name == '-' || *name == ' '))
            name++;
        while (known < known_end && *known == '_')
            known++;
        if (name == end || known == known_end)
            return name == end && known == known_end;
        uint32_t a = (unsigned char)*name++, b = (unsigned char)*known++;
        if (a != b && !(is_letter(a) && (a ^ 0x20) == b))
            return false;
    }
}

/* PCRE2's name for the property, or NULL. */
static const char *find_property(struct arena *arena, const char *name, size_t len)
{
    const char *code = categories;
    for (const char *s = categories; *s; s += !!*s) {
        size_t n = strcspn(s, " ;");
        if (same_name(name, len, s, n))
            return arena_strndup(arena, code, strcspn(code, " "));
        s += n;
        if (*s == ';')
            code = s + 1;
    }
    for (const char *s = scripts; *s; s += *s == ' ') {
        size_t n = strcspn(s, " ");
        if (same_name(name, len, s, n)) {
            char *property = arena_alloc(arena, n + sizeof "sc:");
            memcpy(property, "sc:", 3);
            memcpy(property + 3, s, n);
            property[3 + n] = '\0';
            return property;
        }
        s += n;
    }
    return NULL;
}

static void add_property(struct re2_class *c, const char *property, bool outside)
{
    size_t count = c->fold ? sizeof property_cases / sizeof *property_cases : 0;
    size_t i = 0;
    while (i < count && strcmp(property_cases[i].property, property) != 0)
        i++;
    if (i < count)
        property = property_cases[i].instead;
    add_item(c, (struct re2_range){.property = property, .outside = outside});
    /* A class cannot take single runes out of a complement; (?i) with one is rare enough. */
    for (int j = 0; i < count && !outside && j < 8 && property_cases[i].more[j].lo; j++)
        add_range(c, property_cases[i].more[j].lo, property_cases[i].more[j].hi);
}

bool re2_class_add_property(struct re2_class *c, const char *name, size_t len, bool outside)
{
    if (same_name(name, len, "Any", 3)) {
        if (!outside)
            add_range(c, 0, UTF8_MAX_RUNE);
        return true;
    }
    if (same_name(name, len, "ASCII", 5))
        return re2_class_add_posix(c, "ascii", 5, outside);
    if (same_name(name, len, "Assigned", 8)) {
        add_property(c, "Cn", !outside);
        return true;
    }
    const char *property = find_property(c->arena, name, len);
    if (property)
        add_property(c, property, outside);
    return property;
}

static int by_start(const void *a, const void *b)
{
    const struct re2_range *x = a, *y = b;
    return x->lo < y->lo ? -1 : x->lo > y->lo;
}

/* Sorts the ranges and joins those that touch. */
static void merge_ranges(struct re2_class *c)
{
    if (!c->count)
        return;
    qsort(c->ranges, c->count, sizeof *c->ranges, by_start);
    size_t kept = 0;
    for (size_t i = 1; i < c->count; i++) {
        struct re2_range *last = &c->ranges[kept], *r = &c->ranges[i];
        if (r->lo > last->hi + 1)
            c->ranges[++kept] = *r;
        else if (r->hi > last->hi)
            last->hi = r->hi;
    }
    c->count = kept + 1;
}

/* [.] is how many people escape a dot, and should be as fast as a plain one. */
static enum re2_op simplest_op(const struct re2_class *c, bool negated)
{
    const struct re2_range *r = c->ranges;
    bool one_rune = c->count == 1 && r[0].lo == r[0].hi;
    bool one_gap =
        c->count == 2 && r[0].lo == 0 && r[0].hi + 2 == r[1].lo && r[1].hi == UTF8_MAX_RUNE;
    if (negated ? c->count == 0 : c->count == 1 && r[0].lo == 0 && r[0].hi == UTF8_MAX_RUNE)
        return RE2_ANY;
    if (negated ? one_rune && r[0].lo == '\n' : one_gap && r[1].lo == '\n' + 1)
        return RE2_ANY_BUT_NEWLINE;
    return one_rune && !negated ? RE2_RUNE : RE2_CLASS;
}

void re2_class_finish(struct re2_class *c, struct re2_node *node, bool negated)
{
    node->op = RE2_CLASS;
    if (c->plain) {
        merge_ranges(c);
        node->op = simplest_op(c, negated);
    }
    if (node->op == RE2_RUNE)
        node->rune = c->ranges[0].lo;
    if (node->op != RE2_CLASS)
        return;
    node->negated = negated;
    node->range_count = c->count;
    node->ranges = arena_calloc(c->arena, c->count, sizeof *c->ranges);
    if (c->count)
        memcpy(node->ranges, c->ranges, c->count * sizeof *c->ranges);
}
