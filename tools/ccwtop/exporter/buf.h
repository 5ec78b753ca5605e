/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Text put together where it is sent from, without printf: a machine with 4,096 subchannels has
 * some 400,000 lines.
 */
#ifndef CCWTOP_EXPORTER_BUF_H
#define CCWTOP_EXPORTER_BUF_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct exp_buf {
	char *at, *end;
	bool full; /* something did not fit: the text is not to be used */
};

static inline void exp_put(struct exp_buf *b, const char *text, size_t len)
{
	if (len > (size_t)(b->end - b->at)) {
		b->full = true;
		return;
	}
	memcpy(b->at, text, len);
	b->at += len;
}

#define EXP_PUT(b, literal) exp_put(b, literal, sizeof(literal) - 1)

static inline void exp_puts(struct exp_buf *b, const char *text)
{
	exp_put(b, text, strlen(text));
}

void exp_put_u64(struct exp_buf *b, uint64_t n);
void exp_put_i64(struct exp_buf *b, int64_t n);
void exp_put_seconds(struct exp_buf *b, uint64_t ns); /* "0.000012345", exact */

/* ,NAME="VALUE", the value with what a label's value needs before it; not printable: a ? */
void exp_put_label(struct exp_buf *b, const char *name, const char *value);

#endif /* CCWTOP_EXPORTER_BUF_H */
