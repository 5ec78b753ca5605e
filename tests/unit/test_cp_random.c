// SPDX-License-Identifier: GPL-2.0
/*
 * Random channel programs, each run by the oracle as the guest wrote it and as it was translated.
 * CP_SEED=n starts elsewhere, CP_PROGRAMS=n runs that many; a failure names the seed to repeat it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/unit/cp_gen.h"

static const struct cp_limits wide = {
	.segments = 256, .ccws = 4096, .idaws = 16384, .pages = 8192
};
static const struct cp_limits tight = { .segments = 5, .ccws = 300, .idaws = 40, .pages = 12 };

static unsigned long number(const char *name, unsigned long otherwise)
{
	const char *s = getenv(name);

	return s && *s ? strtoul(s, NULL, 0) : otherwise;
}

static void run_many(const struct cp_limits *max, unsigned long n, unsigned int *compared,
		     unsigned int *resumed)
{
	unsigned long seed = number("CP_SEED", 1), i;
	struct cp cp, next;

	assert_int_equal(cp_init(&cp, &guest_ops, NULL, max), 0);
	assert_int_equal(cp_init(&next, &guest_ops, NULL, max), 0);
	for (*compared = *resumed = 0, i = 0; i < n; i++) {
		struct bytes b = { .seed = seed + i };
		struct guest *g = guest_new();
		struct gen_result res;
		const char *wrong;
		u32 cpa;

		cp.ctx = g;
		next.ctx = g;
		cpa = gen_program(&b, g);
		wrong = gen_check(&b, g, &cp, &next, cpa, &res);
		*compared += res.compared;
		*resumed += res.resumed;
		guest_free(g);
		if (wrong)
			fail_msg("CP_SEED=%lu CP_PROGRAMS=1: %s", seed + i, wrong);
	}
	cp_destroy(&cp);
	cp_destroy(&next);
}

static void translation_does_what_the_program_does(void **state)
{
	unsigned long n = number("CP_PROGRAMS", 20000);
	unsigned int compared, resumed;

	(void)state;
	run_many(&wide, n, &compared, &resumed);
	/* The generator must not have drifted into programs that nobody can compare. */
	if (n >= 1000) {
		assert_true(compared > n / 2);
		assert_true(resumed > n / 1000);
	}
}

static void bounds_that_are_met_do_no_harm(void **state)
{
	unsigned int compared, resumed;

	(void)state;
	run_many(&tight, number("CP_PROGRAMS", 20000) / 2 + 1, &compared, &resumed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(translation_does_what_the_program_does),
		cmocka_unit_test(bounds_that_are_met_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
