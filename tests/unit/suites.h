/* The unit tests' suites, one row per file of tests.
 *
 * tests/unit/STAGE/NAME.c (or tests/unit/NAME.c) defines `CU_TestInfo NAME_tests[]`, ended by
 * CU_TEST_INFO_NULL; a row runs it.
 */
/* clang-format off */
SUITE(error)
SUITE(arena)
SUITE(buf)
SUITE(tables)
SUITE(units)
SUITE(path)
SUITE(pdqsort)
SUITE(suggest)
SUITE(regex)
SUITE(profile)
SUITE(decode)
SUITE(hostile)
SUITE(legacy)
SUITE(merge)
SUITE(scale)
SUITE(filter)
SUITE(tagfilter)
SUITE(prune)
SUITE(graph)
SUITE(trim)
SUITE(report)
SUITE(shorten)
SUITE(out)
SUITE(palette)
SUITE(cli)
SUITE(diff)
SUITE(json)
SUITE(page)
