/* SPDX-License-Identifier: GPL-2.0 */
/* TAP for C programs that run in the guest; their output is judged line by line. */
#ifndef TESTS_E2E_TAP_H
#define TESTS_E2E_TAP_H

#include <stdbool.h>
#include <stdio.h>

static unsigned int tap_tests, tap_failures;

static inline bool ok(bool good, const char *name)
{
	printf("%sok %u - %s\n", good ? "" : "not ", ++tap_tests, name);
	fflush(stdout);
	tap_failures += !good;
	return good;
}

static inline bool is(const char *name, long long have, long long want)
{
	bool good = ok(have == want, name);

	if (!good)
		printf("# got %lld (0x%llx), wanted %lld (0x%llx)\n", have, have, want, want);
	return good;
}

static inline bool between(const char *name, long long have, long long low, long long high)
{
	bool good = ok(have >= low && have <= high, name);

	if (!good)
		printf("# got %lld, wanted %lld to %lld\n", have, low, high);
	return good;
}

static inline int tap_finish(void)
{
	printf("1..%u\n", tap_tests);
	return tap_failures ? 1 : 0;
}

#endif /* TESTS_E2E_TAP_H */
