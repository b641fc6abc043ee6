/* Booleans and numbers as Go's flag package reads them, which is what pprof's users type.
 *
 * Each function takes the whole text or nothing: VALUE_SYNTAX and VALUE_RANGE leave *V alone.
 */
#ifndef CPPROF_CLI_VALUES_H
#define CPPROF_CLI_VALUES_H

#include <stdbool.h>
#include <stdint.h>

enum value_result { VALUE_OK, VALUE_SYNTAX, VALUE_RANGE };

/* 1 t T true TRUE True, 0 f F false FALSE False. */
enum value_result value_bool(const char *s, bool *v);

/* Decimal, 0x1F, 0b11, 0o17 or 017, with a sign and with underscores between digits. */
enum value_result value_int(const char *s, int64_t *v);

/* Decimal, 0x1.8p3, inf or nan, with underscores between digits. */
enum value_result value_float(const char *s, double *v);

#endif
