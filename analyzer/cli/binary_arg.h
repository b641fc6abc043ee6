/* Telling `cpprof top PROGRAM PROFILE` from `cpprof top PROFILE PROFILE`. */
#ifndef CPPROF_CLI_BINARY_ARG_H
#define CPPROF_CLI_BINARY_ARG_H

#include <stdbool.h>

/* Is PATH a regular file that begins like an ELF, Mach-O or PE binary? Others are not opened:
 * looking into a pipe would take its first bytes away from the reader. */
bool binary_arg_is_program(const char *path);

/* Could TEXT be a build id, hexadecimal digits only? */
bool binary_arg_is_build_id(const char *text);

#endif
