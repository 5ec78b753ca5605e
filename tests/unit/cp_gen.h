/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Channel programs out of a string of bytes: the same for the random test, which draws them from a
 * seed, and for the fuzzer, which chooses them.
 */
#ifndef TESTS_UNIT_CP_GEN_H
#define TESTS_UNIT_CP_GEN_H

#include "tests/unit/cp_oracle.h"

struct bytes {
	const u8 *p; /* NULL: drawn from seed */
	size_t n;
	u64 seed;
};

u32 bytes_take(struct bytes *b, u32 below); /* 0 .. below - 1; 0 when the string is at its end */

/* Fills a new guest with a program; its address. */
u32 gen_program(struct bytes *b, struct guest *g);

/*
 * Translates the program at cpa with cp and runs both: NULL, or what is wrong in words (static
 * storage). *compared: the runs were comparable and equal.
 */
const char *gen_check(struct bytes *b, struct guest *g, struct cp *cp, u32 cpa, bool *compared);

#endif /* TESTS_UNIT_CP_GEN_H */
