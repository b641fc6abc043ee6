/* How much work a Rust name of the v0 form would make for a demangler.
 *
 * A few bytes can ask for nearly endless work: a binder for 2^64 lifetimes ("for<'a, 'b, …>"), or
 * back references that double what they refer to each time. libiberty does that work, and prints
 * part of it to nowhere. So names are walked through here first, in the way it walks through them.
 *
 * The grammar: https://doc.rust-lang.org/rustc/symbol-mangling/v0.html
 */
#ifndef CPPROF_BINARY_RUST_COST_H
#define CPPROF_BINARY_RUST_COST_H

#include <stdbool.h>
#include <stddef.h>

/* Can the LEN bytes of NAME, which begin with "_R", be demangled in about a millisecond? False as
 * well for what is not of that form. */
bool rust_is_affordable(const char *name, size_t len);

#endif
