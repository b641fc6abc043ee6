/* Runs every unit test and prints CUnit's summary. With arguments, runs only the suites named. */
#include <CUnit/Basic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define SUITE(name) extern CU_TestInfo name##_tests[];
#include "tests/unit/suites.h"
#undef SUITE

#define SUITE(name) {#name, NULL, NULL, NULL, NULL, name##_tests},
static const CU_SuiteInfo suites[] = {
#include "tests/unit/suites.h"
};
#undef SUITE

#define SUITE_COUNT (sizeof suites / sizeof suites[0])

static bool is_wanted(const char *suite, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], suite) == 0)
            return true;
    return argc <= 1;
}

int main(int argc, char **argv)
{
    if (CU_initialize_registry() != CUE_SUCCESS) {
        fprintf(stderr, "unit-tests: %s\n", CU_get_error_msg());
        return 1;
    }
    for (size_t i = 0; i < SUITE_COUNT; i++) {
        CU_SuiteInfo one[] = {suites[i], CU_SUITE_INFO_NULL};
        if (is_wanted(suites[i].pName, argc, argv) && CU_register_suites(one) != CUE_SUCCESS) {
            fprintf(stderr, "unit-tests: suite %s: %s\n", suites[i].pName, CU_get_error_msg());
            return 1;
        }
    }
    if (CU_get_registry()->uiNumberOfTests == 0) {
        fprintf(stderr, "unit-tests: no such suite\n");
        return 1;
    }
    CU_basic_set_mode(CU_BRM_NORMAL);
    CU_basic_run_tests();
    bool failed = CU_get_number_of_failure_records() > 0;
    CU_cleanup_registry();
    return failed ? 1 : 0;
}
