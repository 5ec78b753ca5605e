// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/ccwtop/log.h"

/* How many lines back, and how long ago, the same counts as a repetition. */
#define NEAR_LINES 16
#define NEAR_NS 10000000000ULL

struct top_log {
	uint64_t total; /* lines ever */
	struct top_log_line at[TOP_LOG_LINES];
};

struct top_log *top_log_new(void)
{
	return calloc(1, sizeof(struct top_log));
}

void top_log_free(struct top_log *log)
{
	free(log);
}

void top_log_clear(struct top_log *log)
{
	log->total = 0;
}

size_t top_log_count(const struct top_log *log)
{
	return log->total < TOP_LOG_LINES ? log->total : TOP_LOG_LINES;
}

uint64_t top_log_gone(const struct top_log *log)
{
	return log->total - top_log_count(log);
}

static struct top_log_line *line(const struct top_log *log, size_t back)
{
	return (struct top_log_line *)&log->at[(log->total - 1 - back) % TOP_LOG_LINES];
}

const struct top_log_line *top_log_at(const struct top_log *log, size_t back)
{
	return back < top_log_count(log) ? line(log, back) : NULL;
}

static bool same(const struct top_log_line *a, const struct top_log_line *b)
{
	return a->kind == b->kind && a->whole == b->whole &&
	       ccw_sch_key(a->sch) == ccw_sch_key(b->sch) && !strcmp(a->text, b->text);
}

/*
 * What was said a moment ago and still stands near is said once, with the newer time, and becomes
 * the newest line.
 */
static bool repeated(struct top_log *log, const struct top_log_line *new)
{
	size_t i, n = top_log_count(log);

	for (i = 0; i < n && i < NEAR_LINES; i++) {
		struct top_log_line old = *line(log, i);

		if (!same(&old, new) || (new->ts > old.ts && new->ts - old.ts > NEAR_NS))
			continue;
		old.times++;
		if (new->ts > old.ts)
			old.ts = new->ts;
		for (; i; i--)
			*line(log, i) = *line(log, i - 1);
		*line(log, 0) = old;
		return true;
	}
	return false;
}

void top_log_add(struct top_log *log, uint64_t ts, enum top_log_kind kind,
		 const struct ccw_sch *sch, const char *fmt, ...)
{
	struct top_log_line new = { .ts = ts, .first = ts, .times = 1, .kind = kind };
	va_list ap;

	if (sch)
		new.sch = *sch;
	else
		new.whole = true;
	va_start(ap, fmt);
	vsnprintf(new.text, sizeof(new.text), fmt, ap);
	va_end(ap);
	if (repeated(log, &new))
		return;
	log->at[log->total++ % TOP_LOG_LINES] = new;
}

const char *top_log_name(enum top_log_kind kind)
{
	static const char *const names[TOP_NR_LOGS] = {
		[TOP_LOG_SOURCE] = "source", [TOP_LOG_DEVICE] = "device", [TOP_LOG_PATH] = "path",
		[TOP_LOG_CRW] = "report", [TOP_LOG_ERROR] = "error", [TOP_LOG_SLOW] = "slow",
		[TOP_LOG_LOST] = "lost",
	};

	return kind < TOP_NR_LOGS ? names[kind] : "?";
}
