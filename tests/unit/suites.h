/* The unit tests' suites, one row per file of tests.
 *
 * tests/unit/NAME.c defines `CU_TestInfo NAME_tests[]`, ended by CU_TEST_INFO_NULL; a row runs it.
 */
/* clang-format off */
SUITE(error)
