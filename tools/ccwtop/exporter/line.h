/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lines that differ in subchannel and number alone, which is nearly all of them: put together once,
 * then copied in blocks of a fixed size. It makes a scrape four times as cheap.
 */
#ifndef CCWTOP_EXPORTER_LINE_H
#define CCWTOP_EXPORTER_LINE_H

#include "tools/ccwtop/exporter/buf.h"
#include "tools/ccwtop/exporter/store.h"

#define EXP_PART 64 /* of a line, at most */

struct exp_line {
	char head[EXP_PART], rest[EXP_PART]; /* before and behind the name of the subchannel */
	unsigned char head_len, rest_len; /* 0: not made yet */
};

struct exp_digits {
	char text[20]; /* not terminated */
	unsigned int len;
};

/* NAME SUFFIX {subchannel="...",LABELS} with commas in the labels. Too long is a bug: it ends. */
void exp_line_make(struct exp_line *l, const char *name, const char *suffix, const char *labels);

static inline void exp_digits(struct exp_digits *d, uint64_t n)
{
	char turned[20];
	unsigned int i = 0, j;

	do {
		turned[i++] = '0' + n % 10;
		n /= 10;
	} while (n);
	d->len = i;
	for (j = 0; i; j++)
		d->text[j] = turned[--i];
}

/* Everything before the number. False: no room, and the buffer is full. */
static inline bool exp_line_begin(struct exp_buf *b, const struct exp_line *l,
				  const struct exp_sub *s)
{
	if ((size_t)(b->end - b->at) < 2 * EXP_PART + sizeof(s->name) + 32) {
		b->full = true;
		return false;
	}
	/* whole blocks: what is copied too much is written over by what follows */
	memcpy(b->at, l->head, EXP_PART);
	b->at += l->head_len;
	memcpy(b->at, s->name, sizeof(s->name));
	b->at += s->name_len;
	memcpy(b->at, l->rest, EXP_PART);
	b->at += l->rest_len;
	return true;
}

static inline void exp_line_digits(struct exp_buf *b, const struct exp_line *l,
				   const struct exp_sub *s, const struct exp_digits *d)
{
	if (!exp_line_begin(b, l, s))
		return;
	memcpy(b->at, d->text, sizeof(d->text));
	b->at += d->len;
	*b->at++ = '\n';
}

static inline void exp_line(struct exp_buf *b, const struct exp_line *l, const struct exp_sub *s,
			    uint64_t n)
{
	struct exp_digits d;

	exp_digits(&d, n);
	exp_line_digits(b, l, s, &d);
}

#endif /* CCWTOP_EXPORTER_LINE_H */
