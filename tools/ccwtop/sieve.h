/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which subchannels and which I/Os a person wants to see, and how that was said.
 */
#ifndef CCWTOP_SIEVE_H
#define CCWTOP_SIEVE_H

#include "trace/ccw_filter.h"
#include "trace/ccw_select.h"

/* All zero: everything. */
struct top_sieve {
	struct ccw_filter *filter; /* NULL: every subchannel */
	struct ccw_select *select; /* NULL: every I/O */
	char subchannels[256], expression[256]; /* as they were written; empty: none */
};

/*
 * Both add to what is there, as a repeated option does. 0, or a negative errno with err telling
 * what is wrong with text.
 */
int top_sieve_subchannels(struct top_sieve *s, const char *text, struct ccw_error *err);
int top_sieve_expression(struct top_sieve *s, const char *text, struct ccw_error *err);

/*
 * Makes *to out of what a person typed while from was in force: a list of subchannels instead of
 * the one in from, or an expression instead of its own; the other part stays. Nothing typed:
 * everything. 0, or a negative errno with err filled.
 */
int top_sieve_typed(struct top_sieve *to, const struct top_sieve *from, const char *text,
		    struct ccw_error *err);

/* How it would be typed, for the screen: both parts; empty: everything. Returns buf. */
const char *top_sieve_text(const struct top_sieve *s, char *buf, size_t len);

void top_sieve_free(struct top_sieve *s);

#endif /* CCWTOP_SIEVE_H */
