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

/* What became of a program, for those who count. */
struct gen_result {
	int rc; /* of cp_translate() */
	bool restless; /* memory changed while it was read */
	bool bound; /* it met a bound, or nearly */
	bool compared; /* the runs were comparable and equal */
	bool resumed; /* so was what a suspended one went on with */
};

/*
 * Translates the program at cpa with cp and runs both: NULL, or what is wrong in words (static
 * storage). With g->keep pages may stay pinned, else none does. next, if not NULL, is for what a
 * suspended program goes on with.
 */
const char *gen_check(struct bytes *b, struct guest *g, struct cp *cp, struct cp *next, u32 cpa,
		      struct gen_result *res);

#endif /* TESTS_UNIT_CP_GEN_H */
