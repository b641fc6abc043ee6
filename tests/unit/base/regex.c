/* Tests of analyzer/base/regex.h and what it is made of. */
#include "analyzer/base/regex.h"

#include "analyzer/base/buf.h"

#include <CUnit/CUnit.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The tables hold what Go's regexp package (1.19) answers. To extend
 * them, ask Go, not this code. */

#define TEXT(s)                                                                                    \
    {                                                                                              \
        (s), sizeof(s) - 1                                                                         \
    }

struct accepted {
    const char *pattern;
    const char *matches; /* a character per text: 1 where it matches */
};

struct refused {
    const char *pattern, *sentence;
};

static const struct str texts[] = {
    TEXT(""),
    TEXT("a"),
    TEXT("abc"),
    TEXT("ABC"),
    TEXT("a\n"),
    TEXT("a\nb"),
    TEXT("std::vector<int>::push_back"),
    TEXT("runtime.mallocgc"),
    TEXT("main.(*T).Foo"),
    TEXT("operator new[](unsigned long)"),
    TEXT("foo bar"),
    TEXT("foobar"),
    TEXT("aaaa"),
    TEXT("0x1F"),
    TEXT("a.c"),
    TEXT("a-b]"),
    TEXT("x{,5}"),
    TEXT("a{b}"),
    TEXT("k"),
    TEXT("s"),
    TEXT("é"),
    TEXT("ÉA"),
    TEXT("\342\204\252"),
    TEXT("ſ"),
    TEXT("σΣς"),
    TEXT("ß"),
    TEXT("日本"),
    TEXT("😀"),
    TEXT("\302\240_"),
    TEXT("\000"),
    TEXT("\377"),
    TEXT("a\377b"),
    TEXT("a\342\202"),
    TEXT("\357\277\275"),
    TEXT("a\tb\013"),
    TEXT("\\d+"),
};

static const struct accepted accepted[] = {
    {"", "111111111111111111111111111111111111"},
    {"a", ".11.111111111.11.1.............11.1."},
    {"abc", "..1................................."},
    {"^abc$", "..1................................."},
    {"^a$", ".1.................................."},
    {"a$", ".1..........1......................."},
    {"^", "111111111111111111111111111111111111"},
    {"$", "111111111111111111111111111111111111"},
    {"b|c", "..1..111..11..11.1.............1..1."},
    {"abc|x", "..1..........1..1..................."},
    {"foo|bar|baz", "..........11........................"},
    {"std::", "......1............................."},
    {"^std::.*push", "......1............................."},
    {"runtime\\.", ".......1............................"},
    {"malloc(gc)?$", ".......1............................"},
    {"\\(\\*T\\)", "........1..........................."},
    {"new\\[\\]", ".........1.........................."},
    {"[[]", ".........1.........................."},
    {"[.]c", "..............1....................."},
    {"a.c", "..1...........1....................."},
    {"a.b", "...............1.1.............1..1."},
    {"(?s)a.b", ".....1.........1.1.............1..1."},
    {"(?s:.)b", "..1..11...11...1.1.............1..1."},
    {"^.$", ".1................111.11.1.1.11..1.."},
    {"^..$", ".....................1....1.1......."},
    {"^.{2}$", ".....................1....1.1......."},
    {"(?m)a$", ".1..11......1......................."},
    {"(?m)^b", ".....1.............................."},
    {"(?m)^$", "1...1..............................."},
    {"(?m:^a$)", ".1..11.............................."},
    {"a\\z", ".1..........1......................."},
    {"\\Aa", ".11.11......1.11.1.............11.1."},
    {"\\Aa\\z", ".1.................................."},
    {"(?m)\\Ab", "...................................."},
    {"a$\\n", "...................................."},
    {"(?i)abc", "..11................................"},
    {"(?i)ABC", "..11................................"},
    {"(?i:a)bc", "..1................................."},
    {"(?i:a)BC", "...1................................"},
    {"A(?i)bc", "...1................................"},
    {"(?i)a(?-i)BC", "...1................................"},
    {"((?i)a)BC", "...1................................"},
    {"(?i-s).", ".11111111111111111111111111111111111"},
    {"(?-i)A", "...1.................1.............."},
    {"(?i)k", "......1...........1...1............."},
    {"(?i)K", "......1...........1...1............."},
    {"(?i)\342\204\252", "......1...........1...1............."},
    {"(?i)s", "......1..1.........1...1............"},
    {"(?i)ſ", "......1..1.........1...1............"},
    {"(?i)[k]", "......1...........1...1............."},
    {"(?i)[a-s]", ".111111111111111.111.111.......11.11"},
    {"(?i)[^k]", ".11111111111111111.111.1111111111111"},
    {"(?i)é", "....................11.............."},
    {"(?i)[à-ý]", "....................11.............."},
    {"(?i)σ", "........................1..........."},
    {"(?i)ς", "........................1..........."},
    {"(?i)ß", ".........................1.........."},
    {"(?i)ẞ", ".........................1.........."},
    {"(?i)\\w", ".1111111111111111111.111....1..11.11"},
    {"(?i)\\W", "....1111111...1111..11..111111111111"},
    {"(?i)^\\W$", "....................1....1.1.11..1.."},
    {"(?i)[\\W_]", "....1111111...1111..11..111111111111"},
    {"(?i)[[:upper:]]", ".1111111111111111111.111.......11.11"},
    {"(?i)[^[:lower:]]", "....1111111..11111..11..111111111111"},
    {"(?i)\\x{e9}", "....................11.............."},
    {"\\d", ".............1..1..................."},
    {"\\D", ".11111111111111111111111111111111111"},
    {"\\w", ".1111111111111111111.1......1..11.11"},
    {"\\W", "....1111111...1111..1111111111111111"},
    {"\\s", "....11...11.......................1."},
    {"\\S", ".11111111111111111111111111111111111"},
    {"^\\s", "...................................."},
    {"[\\d]", ".............1..1..................."},
    {"[^\\d]", ".11111111111111111111111111111111111"},
    {"[\\D]", ".11111111111111111111111111111111111"},
    {"[\\w.]", ".1111111111111111111.1......1..11.11"},
    {"[^\\w]", "....1111111...1111..1111111111111111"},
    {"[\\s\\S]", ".11111111111111111111111111111111111"},
    {"[^\\s\\S]", "...................................."},
    {"[[:alpha:]]", ".1111111111111111111.1.........11.11"},
    {"[[:^alpha:]]", "....1111111..11111..1111111111111111"},
    {"[^[:alpha:]]", "....1111111..11111..1111111111111111"},
    {"[[:alnum:]_]", ".1111111111111111111.1......1..11.11"},
    {"[[:ascii:]]", ".1111111111111111111.1......11.11.11"},
    {"[[:^ascii:]]", "....................111111111.1111.."},
    {"[[:blank:]]", ".........11.......................1."},
    {"[[:cntrl:]]", "....11.......................1....1."},
    {"[[:digit:]]", ".............1..1..................."},
    {"[[:graph:]]", ".1111111111111111111.1......1..11.11"},
    {"[[:lower:]]", ".11.1111111111111111...........11.11"},
    {"[[:print:]]", ".1111111111111111111.1......1..11.11"},
    {"[[:punct:]]", "......1111....1111..........1......1"},
    {"[[:space:]]", "....11...11.......................1."},
    {"[[:upper:]]", "...1....1....1.......1.............."},
    {"[[:word:]]", ".1111111111111111111.1......1..11.11"},
    {"[[:xdigit:]]", ".11111111111111111...1.........11.11"},
    {"[:alpha:]", ".11.111111111.11.1.............11.1."},
    {"[[:alpha:]-z]", ".1111111111111111111.1.........11.11"},
    {"\\pL", ".11111111111111111111111111....11.11"},
    {"\\PL", "....1111111..11111.........111111111"},
    {"\\p{L}", ".11111111111111111111111111....11.11"},
    {"\\p{^L}", "....1111111..11111.........111111111"},
    {"\\P{^L}", ".11111111111111111111111111....11.11"},
    {"\\pN", ".............1..1..................."},
    {"\\p{Lu}", "...1....1....1.......11.1..........."},
    {"\\p{Ll}", ".11.11111111111111111..111.....11.11"},
    {"\\p{Greek}", "........................1..........."},
    {"\\P{Greek}", ".11111111111111111111111.11111111111"},
    {"^\\P{Greek}", ".11111111111111111111111.11111111111"},
    {"\\p{Han}", "..........................1........."},
    {"\\p{Latin}", ".11111111111111111111111.1.....11.11"},
    {"[\\p{Greek}\\d]", ".............1..1.......1..........."},
    {"[^\\p{Greek}\\p{L}]", "....1111111..11111.........111111111"},
    {"\\p{Any}", ".11111111111111111111111111111111111"},
    {"\\P{Any}", "...................................."},
    {"\\p{So}", "...........................1..1111.."},
    {"\\pZ", ".........11.................1......."},
    {"(?i)\\p{Greek}", "........................1..........."},
    {"(?i)[\\p{Han}é]", "....................11....1........."},
    {"(?i)[^\\p{L}é]", "....1111111..11111.........111111111"},
    {"\\p{Zs}", ".........11.................1......."},
    {"\\p{M}", "...................................."},
    {"\\bfoo\\b", "..........1........................."},
    {"\\bbar", "..........1........................."},
    {"\\Bbar", "...........1........................"},
    {"\\b", ".1111111111111111111.1......1..11.11"},
    {"\\B", "1.111.11111111.111..11111111111.1111"},
    {"^\\b", ".1111111111111111111...........11.1."},
    {"\\bé", "...................................."},
    {"\\B_", "......1............................."},
    {"\\x41", "...1.................1.............."},
    {"\\x{41}", "...1.................1.............."},
    {"\\x{1F600}", "...........................1........"},
    {"\\x{e9}", "....................1..............."},
    {"\\x00", ".............................1......"},
    {"\\0", ".............................1......"},
    {"\\101", "...1.................1.............."},
    {"\\12", "....11.............................."},
    {"\\141", ".11.111111111.11.1.............11.1."},
    {"\\x{D800}", "...................................."},
    {"[\\x{D7FF}-\\x{E000}]", "...................................."},
    {"\\x{10FFFF}", "...................................."},
    {"\357\277\275", "..............................1111.."},
    {"\\x{fffd}", "..............................1111.."},
    {"a\357\277\275b", "...............................1...."},
    {"[^a]b", ".....11...11...1.1.............1..1."},
    {"^[^a]$", "..................111.11.1.1.11..1.."},
    {"[\\x{80}-\\x{10FFFF}]", "....................111111111.1111.."},
    {"[^\\x00-\\x{10FFFF}]", "...................................."},
    {"\\a|\\f|\\n", "....11.............................."},
    {"\\t", "..................................1."},
    {"\\v", "..................................1."},
    {"\\r", "...................................."},
    {"\\Qa.c\\E", "..............1....................."},
    {"\\Qa.c", "..............1....................."},
    {"\\Q\\E", "111111111111111111111111111111111111"},
    {"\\Qx{,5}\\E", "................1..................."},
    {"\\Qa\\E*b", "..1..11...11...1.1.............1..1."},
    {"\\Q\\d\\E", "...................................1"},
    {"\\Q\\", "...................................1"},
    {"a\\Q\\E{2}", "............1......................."},
    {"x{,5}", "................1..................."},
    {"a{b}", ".................1.................."},
    {"a{", ".................1.................."},
    {"a{}", "...................................."},
    {"a{,", "...................................."},
    {"{", "................11.................."},
    {"}", "................11.................."},
    {"]", ".........1.....1...................."},
    {"a{1", "...................................."},
    {"a{1,", "...................................."},
    {"a{01}", "...................................."},
    {"a{1,2,}", "...................................."},
    {"^a{4}$", "............1......................."},
    {"^a{2}$", "...................................."},
    {"a{5}", "...................................."},
    {"a{3,}", "............1......................."},
    {"^a{1,3}$", ".1.................................."},
    {"^a{0}$", "1..................................."},
    {"a{0,0}b", "..1..11...11...1.1.............1..1."},
    {"(?:a{2}){2}", "............1......................."},
    {"(?:aa|b)+?c", "..1................................."},
    {"a{1000}", "...................................."},
    {"(a{10}){100}", "...................................."},
    {"a{0}{b}", ".................1.................."},
    {"a*", "111111111111111111111111111111111111"},
    {"a+", ".11.111111111.11.1.............11.1."},
    {"^a?$", "11.................................."},
    {"a*?b", "..1..11...11...1.1.............1..1."},
    {"a+?b", "..1................................."},
    {"a?\?b", "..1..11...11...1.1.............1..1."},
    {"(?U)a+b", "..1................................."},
    {"(?U:a+?)b", "..1................................."},
    {"^(?:a|b)*$", "11..........1......................."},
    {"(a)(b)(c)", "..1................................."},
    {"(?P<name>a)b", "..1................................."},
    {"(?:a)b", "..1................................."},
    {"()", "111111111111111111111111111111111111"},
    {"(|a)b", "..1..11...11...1.1.............1..1."},
    {"(a|)b", "..1..11...11...1.1.............1..1."},
    {"|", "111111111111111111111111111111111111"},
    {"a||b", "111111111111111111111111111111111111"},
    {"^(?:)*$", "1..................................."},
    {"(?:a*)*b", "..1..11...11...1.1.............1..1."},
    {"(a+)+b", "..1................................."},
    {"^*a", ".11.111111111.11.1.............11.1."},
    {"(?:^)*a", ".11.111111111.11.1.............11.1."},
    {"(?:\\b)+a", ".11.11......1.11.1.............11.1."},
    {"$+", "111111111111111111111111111111111111"},
    {"()*", "111111111111111111111111111111111111"},
    {"[a-c]", ".11.111111111.11.1.............11.1."},
    {"[^a-c]", "...111111111.11111111111111111111111"},
    {"[]a]", ".11.111111111.11.1.............11.1."},
    {"[^]a]", "..1111111111.11111111111111111111111"},
    {"[a-]", ".11.111111111.11.1.............11.1."},
    {"[-a]", ".11.111111111.11.1.............11.1."},
    {"[a-b-c]", ".11.111111111.11.1.............11.1."},
    {"[a^]", ".11.111111111.11.1.............11.1."},
    {"[\\]]", ".........1.....1...................."},
    {"[\\-b]", "..1..11...11...1.1.............1..1."},
    {"[a\\-b]", ".11.111111111.11.1.............11.1."},
    {"[\\x41-\\x43]", "...1.................1.............."},
    {"[*-.]", ".......11.....111..................1"},
    {"[(]", "........11.........................."},
    {"[日-本]", "..........................1........."},
    {"[[a]", ".11.111111111.11.1.............11.1."},
    {"[[:a]", ".11.111111111.11.1.............11.1."},
    {"[a[:]", ".11.111111111.11.1.............11.1."},
    {"[:]", "......1............................."},
    {"[é-ÿ]", "....................1..............."},
    {"(1|)b*1", ".............1......................"},
    {"(?:[^a]|\\A)[^b]*[^b]", ".11111111111111111111111111111111111"},
    {"(?:a|ab)(?:c|bcd)", "..1...1............................."},
    {"^(?:a?){4}a{4}$", "............1......................."},
    {"\\.\\(\\*", "........1..........................."},
    {"\\_", "......1.....................1......."},
    {"\\-", "...............1...................."},
    {"\\~", "...................................."},
    {"^[[:alpha:]]+$", ".111.......11.....11................"},
    {"(?i)FOO.*BAR", "..........11........................"},
    {"^[^(]*\\(", "........11.........................."},
    {"::.*::", "......1............................."},
    {"o{2}", "........1.11........................"},
};

static const struct refused refused[] = {
    {"(", "missing closing ): `(`"},
    {"(a", "missing closing ): `(a`"},
    {"((a)", "missing closing ): `((a)`"},
    {")", "unexpected ): `)`"},
    {"a)", "unexpected ): `a)`"},
    {"(a))", "unexpected ): `(a))`"},
    {"a|(", "missing closing ): `a|(`"},
    {"[", "missing closing ]: `[`"},
    {"[a", "missing closing ]: `[a`"},
    {"[^", "missing closing ]: `[^`"},
    {"[]", "missing closing ]: `[]`"},
    {"[^]", "missing closing ]: `[^]`"},
    {"[a-", "missing closing ]: `[a-`"},
    {"[[:alpha:]", "missing closing ]: `[[:alpha:]`"},
    {"[\\", "trailing backslash at end of expression: ``"},
    {"[a\\]", "missing closing ]: `[a\\]`"},
    {"*", "missing argument to repetition operator: `*`"},
    {"+", "missing argument to repetition operator: `+`"},
    {"?", "missing argument to repetition operator: `?`"},
    {"+a", "missing argument to repetition operator: `+`"},
    {"a**", "invalid nested repetition operator: `**`"},
    {"a*+", "invalid nested repetition operator: `*+`"},
    {"a++", "invalid nested repetition operator: `++`"},
    {"a?+", "invalid nested repetition operator: `?+`"},
    {"a+*", "invalid nested repetition operator: `+*`"},
    {"a?\?\?", "invalid nested repetition operator: `?\?\?`"},
    {"a*?\?", "invalid nested repetition operator: `*?\?`"},
    {"a{2}{3}", "invalid nested repetition operator: `{2}{3}`"},
    {"a{2}*", "invalid nested repetition operator: `{2}*`"},
    {"a*{2}", "invalid nested repetition operator: `*{2}`"},
    {"(*)", "missing argument to repetition operator: `*`"},
    {"(+a)", "missing argument to repetition operator: `+`"},
    {"a|*", "missing argument to repetition operator: `*`"},
    {"|+", "missing argument to repetition operator: `+`"},
    {"(?i)+", "missing argument to repetition operator: `+`"},
    {"(?i)*", "missing argument to repetition operator: `*`"},
    {"{2}", "missing argument to repetition operator: `{2}`"},
    {"^{2}{2}", "invalid nested repetition operator: `{2}{2}`"},
    {"a{1001}", "invalid repeat count: `{1001}`"},
    {"a{2,1}", "invalid repeat count: `{2,1}`"},
    {"a{1000000000}", "invalid repeat count: `{1000000000}`"},
    {"a{1,1001}", "invalid repeat count: `{1,1001}`"},
    {"a{1001,}", "invalid repeat count: `{1001,}`"},
    {"(a{100}){11}", "invalid repeat count: `{11}`"},
    {"((a{100}){10}){10}", "invalid repeat count: `{10}`"},
    {"((a{1000}){1000}){1000}", "invalid repeat count: `{1000}`"},
    {"(a{501}b|c{3}){2}", "invalid repeat count: `{2}`"},
    {"((a{2}){2}){251}", "invalid repeat count: `{251}`"},
    {"\\", "trailing backslash at end of expression: ``"},
    {"a\\", "trailing backslash at end of expression: ``"},
    {"\\1", "invalid escape sequence: `\\1`"},
    {"\\8", "invalid escape sequence: `\\8`"},
    {"\\9", "invalid escape sequence: `\\9`"},
    {"(a)\\1", "invalid escape sequence: `\\1`"},
    {"\\C", "invalid escape sequence: `\\C`"},
    {"\\Z", "invalid escape sequence: `\\Z`"},
    {"\\G", "invalid escape sequence: `\\G`"},
    {"\\K", "invalid escape sequence: `\\K`"},
    {"\\R", "invalid escape sequence: `\\R`"},
    {"\\X", "invalid escape sequence: `\\X`"},
    {"\\h", "invalid escape sequence: `\\h`"},
    {"\\H", "invalid escape sequence: `\\H`"},
    {"\\V", "invalid escape sequence: `\\V`"},
    {"\\N", "invalid escape sequence: `\\N`"},
    {"\\E", "invalid escape sequence: `\\E`"},
    {"\\e", "invalid escape sequence: `\\e`"},
    {"\\c", "invalid escape sequence: `\\c`"},
    {"\\g{1}", "invalid escape sequence: `\\g`"},
    {"\\k<a>", "invalid escape sequence: `\\k`"},
    {"\\l", "invalid escape sequence: `\\l`"},
    {"\\u0041", "invalid escape sequence: `\\u`"},
    {"\\o{101}", "invalid escape sequence: `\\o`"},
    {"\\i", "invalid escape sequence: `\\i`"},
    {"\\é", "invalid escape sequence: `\\é`"},
    {"\\日", "invalid escape sequence: `\\日`"},
    {"[\\b]", "invalid escape sequence: `\\b`"},
    {"[\\Z]", "invalid escape sequence: `\\Z`"},
    {"[\\A]", "invalid escape sequence: `\\A`"},
    {"[\\Q]", "invalid escape sequence: `\\Q`"},
    {"[\\Qa\\E]", "invalid escape sequence: `\\Q`"},
    {"[\\8]", "invalid escape sequence: `\\8`"},
    {"\\x", "invalid escape sequence: `\\x`"},
    {"\\x1", "invalid escape sequence: `\\x1`"},
    {"\\x{", "invalid escape sequence: `\\x{`"},
    {"\\x{}", "invalid escape sequence: `\\x{}`"},
    {"\\x{1", "invalid escape sequence: `\\x{1`"},
    {"\\xg", "invalid escape sequence: `\\xg`"},
    {"\\x{110000}", "invalid escape sequence: `\\x{110000`"},
    {"\\x{g}", "invalid escape sequence: `\\x{g`"},
    {"\\x{41 }", "invalid escape sequence: `\\x{41 `"},
    {"\\p", "invalid character class range: `\\p`"},
    {"\\pX", "invalid character class range: `\\pX`"},
    {"\\p{", "invalid character class range: `\\p{`"},
    {"\\p{Lx}", "invalid character class range: `\\p{Lx}`"},
    {"\\p{}", "invalid character class range: `\\p{}`"},
    {"\\p{Foo}", "invalid character class range: `\\p{Foo}`"},
    {"\\P{Foo}", "invalid character class range: `\\P{Foo}`"},
    {"\\p{^Foo}", "invalid character class range: `\\p{^Foo}`"},
    {"\\pé", "invalid character class range: `\\pé`"},
    {"[\\p{Foo}]", "invalid character class range: `\\p{Foo}`"},
    {"[\\p", "invalid character class range: `\\p`"},
    {"\\p{Latin", "invalid character class range: `\\p{Latin`"},
    {"\\p{Script=Greek}", "invalid character class range: `\\p{Script=Greek}`"},
    {"[z-a]", "invalid character class range: `z-a`"},
    {"[b-a]", "invalid character class range: `b-a`"},
    {"[a-\\d]", "invalid escape sequence: `\\d`"},
    {"[\\d-", "missing closing ]: `[\\d-`"},
    {"[[:foo:]]", "invalid character class range: `[:foo:]`"},
    {"[[:ALPHA:]]", "invalid character class range: `[:ALPHA:]`"},
    {"[[:^foo:]]", "invalid character class range: `[:^foo:]`"},
    {"[[::]]", "invalid character class range: `[::]`"},
    {"[[:alpha]]:]", "invalid character class range: `[:alpha]]:]`"},
    {"[a-\\x{1}]", "invalid character class range: `a-\\x{1}`"},
    {"[é-a]", "invalid character class range: `é-a`"},
    {"(?", "invalid or unsupported Perl syntax: `(?`"},
    {"(?i", "invalid or unsupported Perl syntax: `(?i`"},
    {"(?P", "invalid or unsupported Perl syntax: `(?P`"},
    {"(?P<", "invalid or unsupported Perl syntax: `(?P`"},
    {"(?P<a", "invalid named capture: `(?P<a`"},
    {"(?P<a>", "missing closing ): `(?P<a>`"},
    {"(?P<>a)", "invalid named capture: `(?P<>`"},
    {"(?P<a b>c)", "invalid named capture: `(?P<a b>`"},
    {"(?P<é>a)", "invalid named capture: `(?P<é>`"},
    {"(?P<a-b>c)", "invalid named capture: `(?P<a-b>`"},
    {"(?P=a)", "invalid or unsupported Perl syntax: `(?P`"},
    {"(?P>a)", "invalid or unsupported Perl syntax: `(?P`"},
    {"(?=a)", "invalid or unsupported Perl syntax: `(?=`"},
    {"(?!a)", "invalid or unsupported Perl syntax: `(?!`"},
    {"(?>a)", "invalid or unsupported Perl syntax: `(?>`"},
    {"(?|a)", "invalid or unsupported Perl syntax: `(?|`"},
    {"(?#a)", "invalid or unsupported Perl syntax: `(?#`"},
    {"(?R)", "invalid or unsupported Perl syntax: `(?R`"},
    {"(?1)", "invalid or unsupported Perl syntax: `(?1`"},
    {"(?&a)", "invalid or unsupported Perl syntax: `(?&`"},
    {"(?'a'b)", "invalid or unsupported Perl syntax: `(?'`"},
    {"(?(1)a)", "invalid or unsupported Perl syntax: `(?(`"},
    {"(?x)a", "invalid or unsupported Perl syntax: `(?x`"},
    {"(?i-)a", "invalid or unsupported Perl syntax: `(?i-)`"},
    {"(?-)a", "invalid or unsupported Perl syntax: `(?-)`"},
    {"(?--i)a", "invalid or unsupported Perl syntax: `(?--`"},
    {"(?i-i-s)", "invalid or unsupported Perl syntax: `(?i-i-`"},
    {"(?ix)", "invalid or unsupported Perl syntax: `(?ix`"},
    {"(?^)", "invalid or unsupported Perl syntax: `(?^`"},
    {"(?i:", "missing closing ): `(?i:`"},
    {"(?:a", "missing closing ): `(?:a`"},
    {"(?a", "invalid or unsupported Perl syntax: `(?a`"},
    {"(?é", "invalid or unsupported Perl syntax: `(?é`"},
    {"(?C)", "invalid or unsupported Perl syntax: `(?C`"},
    {"(*FAIL)", "missing argument to repetition operator: `*`"},
    {"(?J)", "invalid or unsupported Perl syntax: `(?J`"},
    {"(?-:a)", "invalid or unsupported Perl syntax: `(?-:`"},
    {"a(?=b)", "invalid or unsupported Perl syntax: `(?=`"},
    {"(?i)(", "missing closing ): `(?i)(`"},
    {"\377", "invalid UTF-8: `\\xff`"},
    {"a\377", "invalid UTF-8: `\\xff`"},
    {"[\377]", "invalid UTF-8: `\\xff]`"},
    {"a[b\377c]d", "invalid UTF-8: `\\xffc]d`"},
    {"(?\377)", "invalid UTF-8: `\\xff)`"},
    {"\\\377", "invalid UTF-8: `\\xff`"},
    {"\\x\377", "invalid UTF-8: `\\xff`"},
    {"\\x{\377}", "invalid UTF-8: `\\xff}`"},
    {"\\p{\377}", "invalid UTF-8: `\\xff`"},
    {"\\p\377", "invalid UTF-8: `\\xff`"},
    {"(?P<\377>a)", "invalid UTF-8: `\\xff`"},
    {"(?P<\377", "invalid UTF-8: `\\xff`"},
    {"\\Q\377\\E", "invalid UTF-8: `\\xff`"},
    {"[a-\377]", "invalid UTF-8: `\\xff]`"},
    {"\342\202", "invalid UTF-8: `\\xe2\\x82`"},
    {"\300\200", "invalid UTF-8: `\\xc0\\x80`"},
    {"\355\240\200", "invalid UTF-8: `\\xed\\xa0\\x80`"},
    {"\364\220\200\200", "invalid UTF-8: `\\xf4\\x90\\x80\\x80`"},
};

static void expect(bool good, const char *pattern, const char *what)
{
    if (!good)
        fprintf(stderr, "  regex `%s`: %s\n", pattern, what);
    CU_ASSERT(good);
}

static struct regex *compile(const char *pattern)
{
    struct error err = {0};
    struct regex *re = regex_compile(pattern, "focus", &err);
    expect(re, pattern, err.text);
    return re;
}

static bool matches(const char *pattern, const char *text)
{
    struct regex *re = compile(pattern);
    bool answer = re && regex_match(re, text, strlen(text));
    regex_free(re);
    return answer;
}

static char *repeated(const char *s, size_t count, const char *end)
{
    struct buf b = {0};
    for (size_t i = 0; i < count; i++)
        buf_puts(&b, s);
    buf_puts(&b, end);
    return buf_detach(&b);
}

static void matches_what_go_matches(void)
{
    for (size_t i = 0; i < sizeof accepted / sizeof *accepted; i++) {
        struct regex *re = compile(accepted[i].pattern);
        if (!re)
            continue;
        CU_ASSERT_STRING_EQUAL(regex_text(re), accepted[i].pattern);
        for (size_t j = 0; j < sizeof texts / sizeof *texts; j++) {
            char what[32];
            snprintf(what, sizeof what, "text %zu", j);
            bool wanted = accepted[i].matches[j] == '1';
            expect(regex_match(re, texts[j].ptr, texts[j].len) == wanted, accepted[i].pattern,
                   what);
        }
        CU_ASSERT_FALSE(regex_failed(re, NULL));
        regex_free(re);
    }
}

static void refuses_what_go_refuses(void)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        char wanted[1000];
        struct error err = {0};
        struct regex *re = regex_compile(refused[i].pattern, "focus", &err);
        expect(!re, refused[i].pattern, "is not refused");
        snprintf(wanted, sizeof wanted, "parsing focus regexp: error parsing regexp: %s",
                 refused[i].sentence);
        expect(strcmp(err.text, wanted) == 0, refused[i].pattern, err.text);
        CU_ASSERT_EQUAL(err.kind, ERROR_USAGE);
        regex_free(re);
        CU_ASSERT_PTR_NULL(regex_compile(refused[i].pattern, "focus", NULL));
    }
}

static void names_the_option(void)
{
    struct error err = {0};
    CU_ASSERT_PTR_NULL(regex_compile("foo(", "tagignore", &err));
    CU_ASSERT_STRING_EQUAL(
        err.text, "parsing tagignore regexp: error parsing regexp: missing closing ): `foo(`");
}

/* Go 1.22 and 1.25 take more than the one that made the tables. */
static void knows_what_later_go_accepts(void)
{
    static const char *const patterns[] = {
        "(?<name>a)b",
        "(?<n1>a)(?<n2>b)",
        "\\p{greek}|ab",
        "\\p{LATIN}",
        "\\p{Uppercase_Letter}|b",
        "\\p{lowercase letter}",
        "\\p{ASCII}{2}",
        "\\p{Assigned}",
        "\\p{LC}",
        "\\P{Cn}",
        "\\p{Old_Italic}|b",
        "\\p{olditalic}|b",
        "[\\p{sign-writing}b]",
        "[\\P{Assigned}a]",
        "\\p{Cased_Letter}",
    };
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        expect(matches(patterns[i], "ab"), patterns[i], "does not match ab");
    CU_ASSERT_FALSE(matches("\\P{ASCII}", "ab"));
    CU_ASSERT_FALSE(matches("\\P{Assigned}", "ab"));
    struct error err = {0};
    CU_ASSERT_PTR_NULL(regex_compile("(?<=a)b>", "show", &err));
    CU_ASSERT_STRING_EQUAL(
        err.text, "parsing show regexp: error parsing regexp: invalid named capture: `(?<=a)b>`");
    CU_ASSERT_PTR_NULL(regex_compile("(?<!a)", "show", &err));
    CU_ASSERT_STRING_EQUAL(
        err.text, "parsing show regexp: error parsing regexp: invalid named capture: `(?<!a)`");
}

static void matches_literals_where_they_are_anchored(void)
{
    CU_ASSERT_TRUE(matches("^ab|cd$", "abx"));
    CU_ASSERT_TRUE(matches("^ab|cd$", "xcd"));
    CU_ASSERT_FALSE(matches("^ab|cd$", "xabcdx"));
    CU_ASSERT_FALSE(matches("^ab$|^cd$", "abcd"));
    CU_ASSERT_FALSE(matches("^ab$", "a"));
    CU_ASSERT_TRUE(matches("^$", ""));
    CU_ASSERT_FALSE(matches("a^b", "a^b"));
    CU_ASSERT_FALSE(matches("a$b", "a$b"));
    CU_ASSERT_TRUE(matches("(foo|ba)r", "xbar"));
    CU_ASSERT_TRUE(matches("ü[.]é", "xü.éx"));
    CU_ASSERT_TRUE(matches(".*a.c.*", "xxa.cx"));
    CU_ASSERT_TRUE(matches("aé.*😀b", "xaé--😀b"));
    CU_ASSERT_FALSE(matches("aé.*😀b", "xaé--\nxx😀b"));
}

static void takes_texts_of_any_bytes(void)
{
    struct regex *re = compile("a.c");
    CU_ASSERT_TRUE(regex_match(re, "xxa\0c", 5));
    CU_ASSERT_TRUE(regex_match(re, "a\377c", 3));
    CU_ASSERT_FALSE(regex_match(re, "a\377\377c", 4));
    CU_ASSERT_FALSE(regex_match(re, "a\342\202c", 4));
    CU_ASSERT_TRUE(regex_match(re, "a\342\202\254c", 5));
    CU_ASSERT_FALSE(regex_match(re, "a\355\240\200c", 5));
    CU_ASSERT_FALSE(regex_match(re, NULL, 0));
    CU_ASSERT_FALSE(regex_match(re, "abc", 2));
    regex_free(re);
    re = compile("^[^a]*$|x");
    CU_ASSERT_TRUE(regex_match(re, NULL, 0));
    CU_ASSERT_TRUE(regex_match(re, "\xf0\x9f\x98", 3));
    regex_free(re);
    regex_free(NULL);
}

/* PCRE2 up to 10.42 gets some of these wrong when its JIT looks for a place to start. */
static void finds_matches_behind_empty_alternatives(void)
{
    CU_ASSERT_TRUE(matches("(1|)b*1", "1"));
    CU_ASSERT_TRUE(matches("(?:[^a]|\\A)[^b]*[^b]", "x"));
    CU_ASSERT_TRUE(matches("z(?:[^a]|)x*[wx]\\d", "zx1"));
}

static void nested_repetition_is_no_trouble(void)
{
    static const size_t lengths[] = {100, 5000, 60000};
    static const struct {
        const char *pattern;
        const char *matches; /* a character per length */
    } bombs[] = {
        {"(a+)+$", "..."},
        {"(a|aa)+$", "..."},
        {"(a|aa)+!", "111"},
        {"(.*)*x", "..."},
        {"(.*)*[xy]", "..."},
        {"^(a+)+$", "..."},
        {"(a*)*[bc]", "..."},
        {"(a|a?)+[bc]", "..."},
        {"((a+)+b?)+$", "..."},
        {"(\\w+\\s?)*[$%]", "..."},
        {"(a?){500}a{500}!", ".11"},
        {"a*a*a*a*a*a*a*a*[bc]", "..."},
        {"^(a?){90}a{90}!", "1.."},
        {"(x+x+)+y", "..."},
        {"(?:a|a|a|a|a|a|a|a)*[bc]", "..."},
    };
    clock_t start = clock();
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        char *text = repeated("a", lengths[i], "!");
        for (size_t j = 0; j < sizeof bombs / sizeof *bombs; j++) {
            struct regex *re = compile(bombs[j].pattern);
            bool wanted = bombs[j].matches[i] == '1';
            for (int k = 0; k < 10; k++)
                expect(regex_match(re, text, strlen(text)) == wanted, bombs[j].pattern, "is wrong");
            expect(!regex_failed(re, NULL), bombs[j].pattern, "has failed");
            regex_free(re);
        }
        free(text);
    }
    CU_ASSERT((clock() - start) / CLOCKS_PER_SEC < 20);
}

static void gives_up_and_says_so(void)
{
    static const char *const patterns[] = {"(.*a){12}[bc]", "(a|b)*a(a|b){300}[cd]"};
    char *text = repeated("a", 5000, "!");
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        char wanted[200];
        struct error err = {0};
        struct regex *re = compile(patterns[i]);
        clock_t start = clock();
        CU_ASSERT_FALSE(regex_failed(re, &err));
        CU_ASSERT_EQUAL(err.kind, ERROR_NONE);
        int matched = 0;
        for (int k = 0; k < 100000; k++)
            matched += regex_match(re, text, 5001);
        CU_ASSERT_EQUAL(matched, 0);
        CU_ASSERT((clock() - start) / CLOCKS_PER_SEC < 20);
        expect(regex_failed(re, &err), patterns[i], "has not failed");
        CU_ASSERT_FALSE(regex_match(re, "aaaaaaaaaaaab", 13));
        CU_ASSERT_EQUAL(err.kind, ERROR_USAGE);
        snprintf(
            wanted, sizeof wanted,
            "the focus regexp '%s' takes too long to match; write it without nested repetition",
            patterns[i]);
        CU_ASSERT_STRING_EQUAL(err.text, wanted);
        regex_free(re);
    }
    free(text);
}

static void refuses_patterns_that_are_too_large(void)
{
    static const struct {
        const char *part;
        size_t count;
        const char *end, *why;
    } large[] = {
        {"(", 3000, "", "missing closing )"},
        {"(a|b", 3000, "", "missing closing )"},
        {"[a-z].", 20000, "", "expression too large"},
        {"abcdefghij", 20000, ".*x", "expression too large"},
        {"(abcdefghijklmnopq|x){1000}y", 3, "z", "expression too large"},
        {"(?i)[\\x{80}-\\x{10fffe}]", 1000, "", "expression too large"},
    };
    clock_t start = clock();
    for (size_t i = 0; i < sizeof large / sizeof *large; i++) {
        struct error err = {0};
        char *pattern = repeated(large[i].part, large[i].count, large[i].end);
        CU_ASSERT_PTR_NULL(regex_compile(pattern, "focus", &err));
        expect(strstr(err.text, large[i].why), large[i].part, err.text);
        free(pattern);
    }
    CU_ASSERT((clock() - start) / CLOCKS_PER_SEC < 20);
}

static void refuses_patterns_that_nest_too_deeply(void)
{
    struct error err = {0};
    for (size_t depth = 250; depth < 4000; depth *= 2) {
        char *open = repeated("(x", depth, "[ab]"), *close = repeated("y?)*z", depth, "");
        char *pattern = malloc(strlen(open) + strlen(close) + 1);
        sprintf(pattern, "%s%s", open, close);
        struct regex *re = regex_compile(pattern, "focus", &err);
        /* A group, a repetition and a sequence each time. */
        CU_ASSERT((re != NULL) == (depth * 3 < 1000));
        CU_ASSERT(!re || !regex_match(re, "xxxxay", 6));
        CU_ASSERT(re || strstr(err.text, "expression nests too deeply"));
        regex_free(re);
        free(open);
        free(close);
        free(pattern);
    }
}

static void cites_patterns_on_one_line(void)
{
    struct error err = {0};
    CU_ASSERT_PTR_NULL(regex_compile("(a\n\x1b", "focus", &err));
    CU_ASSERT_STRING_EQUAL(err.text,
                           "parsing focus regexp: error parsing regexp: missing closing ): "
                           "`(a\\x0a\\x1b`");
    char *pattern = repeated("é", 5000, "(");
    CU_ASSERT_PTR_NULL(regex_compile(pattern, "focus", &err));
    CU_ASSERT(strstr(err.text, "é...`") != NULL);
    free(pattern);
}

CU_TestInfo regex_tests[] = {
    {"matches what Go matches", matches_what_go_matches},
    {"refuses what Go refuses", refuses_what_go_refuses},
    {"names the option", names_the_option},
    {"knows what later Go accepts", knows_what_later_go_accepts},
    {"matches literals where they are anchored", matches_literals_where_they_are_anchored},
    {"takes texts of any bytes", takes_texts_of_any_bytes},
    {"finds matches behind empty alternatives", finds_matches_behind_empty_alternatives},
    {"nested repetition is no trouble", nested_repetition_is_no_trouble},
    {"gives up and says so", gives_up_and_says_so},
    {"refuses patterns that are too large", refuses_patterns_that_are_too_large},
    {"refuses patterns that nest too deeply", refuses_patterns_that_nest_too_deeply},
    {"cites patterns on one line", cites_patterns_on_one_line},
    CU_TEST_INFO_NULL,
};
