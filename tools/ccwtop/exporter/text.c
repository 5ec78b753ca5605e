// SPDX-License-Identifier: GPL-2.0
#include <sys/types.h>

#include "tools/ccwtop/exporter/text.h"

/* The text format knows neither info nor stateset, and calls counters as their lines are called. */
static const char *type_name(const struct exp_family *f, enum exp_format format)
{
	switch (f->type) {
	case EXP_COUNTER:
		return "counter";
	case EXP_HISTOGRAM:
		return "histogram";
	case EXP_INFO:
		return format == EXP_OPENMETRICS ? "info" : "gauge";
	case EXP_STATESET:
		return format == EXP_OPENMETRICS ? "stateset" : "gauge";
	default:
		return "gauge";
	}
}

static void put_name(struct exp_buf *b, const struct exp_family *f, enum exp_format format)
{
	exp_puts(b, f->name);
	if (format == EXP_OPENMETRICS)
		return;
	if (f->type == EXP_COUNTER)
		EXP_PUT(b, "_total");
	else if (f->type == EXP_INFO)
		EXP_PUT(b, "_info");
}

static void put_head(struct exp_buf *b, const struct exp_family *f, enum exp_format format)
{
	EXP_PUT(b, "# HELP ");
	put_name(b, f, format);
	EXP_PUT(b, " ");
	exp_puts(b, f->help);
	EXP_PUT(b, "\n# TYPE ");
	put_name(b, f, format);
	EXP_PUT(b, " ");
	exp_puts(b, type_name(f, format));
	EXP_PUT(b, "\n");
	if (f->unit && format == EXP_OPENMETRICS) {
		EXP_PUT(b, "# UNIT ");
		put_name(b, f, format);
		EXP_PUT(b, " ");
		exp_puts(b, f->unit);
		EXP_PUT(b, "\n");
	}
}

static void next_family(struct exp_cursor *c)
{
	c->family++;
	c->key = 0;
	c->index = 0;
	c->head = false;
}

/* Most often the one that comes after the last one. */
static const struct exp_sub *next_sub(struct exp_cursor *c)
{
	const struct exp_store *store = c->v->store;
	const struct exp_sub *s = exp_store_at(store, c->index);
	const struct exp_sub *last = c->index ? exp_store_at(store, c->index - 1) : NULL;

	if (c->key > UINT32_MAX)
		return NULL;
	if (!s || ccw_sch_key(s->sch) < c->key || (last && ccw_sch_key(last->sch) >= c->key)) {
		c->index = exp_store_from(store, c->key);
		s = exp_store_at(store, c->index);
	}
	if (s) {
		c->index++;
		c->key = (uint64_t)ccw_sch_key(s->sch) + 1;
	}
	return s;
}

/* One item. Subchannels are found by number: others can come while a slow client is served. */
static void put_item(struct exp_cursor *c, struct exp_buf *b)
{
	const struct exp_family *f = &exp_families[c->family];
	const struct exp_sub *s;

	if (c->family == exp_nr_families) {
		if (c->format == EXP_OPENMETRICS)
			EXP_PUT(b, "# EOF\n");
		c->ended = true;
		return;
	}
	if (f->known && !f->known(c->v)) {
		next_family(c);
		return;
	}
	if (!c->head) {
		put_head(b, f, c->format);
		c->head = true;
		if (f->once) {
			f->once(b, f, c->v);
			next_family(c);
		}
		return;
	}
	s = next_sub(c);
	if (!s) {
		next_family(c);
		return;
	}
	f->sub(b, f, s);
}

ssize_t exp_text(struct exp_cursor *c, char *buf, size_t len)
{
	struct exp_buf b = { .at = buf, .end = buf + len };

	while (!c->ended && (size_t)(b.end - b.at) >= EXP_ITEM)
		put_item(c, &b);
	return b.full ? -1 : b.at - buf;
}
