/* SPDX-License-Identifier: GPL-2.0 */
/* What outcome counts as success: --expect and the expect statement. */
#ifndef CCWIO_EXPECT_H
#define CCWIO_EXPECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/dev/error.h"
#include "tools/dev/io.h"

#define EXPECT_MAX 16

/* One alternative: every condition that is set must hold. */
struct expect {
	bool ok;
	bool any_rc, has_rc;
	int rc;
	bool has_cc;
	uint8_t cc;
	uint8_t dstat, cstat;	/* bits that must be on */
	uint8_t fctl;		/* bits that must be on: 2 halt, 1 clear */
	bool cancel;
	bool timeout;
	bool has_count;
	uint16_t count;
};

/*
 * Parses conditions joined by commas: ok, rc=-EINVAL, rc (any refusal), cc=N, dstat=UC|SM,
 * cstat=PGMCHK, single status bits by name (uc, pgmchk), count=N (residual), halt, clear, cancel,
 * timeout.
 * Case does not matter. Returns 0 or -EINVAL.
 */
int expect_parse(const char *text, struct expect *out, struct ccwio_error *err);

/* With no alternative (@n 0) what is expected is an I/O that ends well. */
bool expect_match(const struct expect *e, size_t n, const struct io_result *res);

#endif
