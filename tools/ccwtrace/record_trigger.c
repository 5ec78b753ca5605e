// SPDX-License-Identifier: GPL-2.0
/*
 * --on-latency TIME[:EXPR] and --on-error KINDS[:EXPR]: what a flight recorder writes for.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/ccwtrace/record.h"
#include "tools/units.h"
#include "trace/ccw_io.h"
#include "trace/text.h"

#define ANY_ERROR (((1U << CCW_NR_RESULTS) - 1) & ~(1U << CCW_OK))

static int kind(const char *name, size_t len, uint32_t *bits)
{
	static const struct {
		const char *name;
		uint32_t bits;
	} kinds[] = {
		{ "any", ANY_ERROR },
		{ "refused", 1U << CCW_ERR_REFUSED },
		{ "cc", 1U << CCW_ERR_CC },
		{ "aborted", 1U << CCW_ERR_ABORTED },
		{ "channel", 1U << CCW_ERR_CHANNEL },
		{ "unit-check", 1U << CCW_ERR_UNIT_CHECK },
		{ "unit-exception", 1U << CCW_ERR_UNIT_EXCEPTION },
		{ "length", 1U << CCW_ERR_LENGTH },
	};
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (strlen(kinds[i].name) == len && !strncmp(kinds[i].name, name, len)) {
			*bits |= kinds[i].bits;
			return 0;
		}
	}
	return -1;
}

static int add_kinds(const char *list, size_t len, uint32_t *bits)
{
	const char *end = list + len, *comma;

	for (; (comma = memchr(list, ',', end - list)); list = comma + 1) {
		if (kind(list, comma - list, bits))
			return -1;
	}
	return kind(list, end - list, bits);
}

static struct ccw_flight_trigger *new_trigger(struct record_options *o)
{
	struct ccw_flight_options *f = &o->rec.flight;
	struct ccw_flight_trigger *all =
		realloc(o->triggers, (f->nr_triggers + 1) * sizeof(*all));

	if (!all)
		return NULL;
	f->triggers = o->triggers = all;
	all[f->nr_triggers] = (struct ccw_flight_trigger){ .errors = 0 };
	return &all[f->nr_triggers++];
}

/* 0, -1 with err filled */
static int set_expression(struct ccw_flight_trigger *t, const char *text, struct ccw_error *err)
{
	struct ccw_select *select = ccw_select_new();

	if (!select)
		return ccw_fail(err, -1, "out of memory");
	if (ccw_select_add(select, text, err)) {
		ccw_select_free(select);
		return -1;
	}
	t->select = select;
	return 0;
}

int record_on_latency(struct record_options *o, const char *arg)
{
	struct ccw_flight_trigger *t = new_trigger(o);
	const char *colon = strchr(arg, ':');
	struct ccw_error err = { "" };
	char *time = strndup(arg, colon ? (size_t)(colon - arg) : strlen(arg));
	int rc;

	if (!t || !time) {
		free(time);
		return usage_error("record", "out of memory");
	}
	rc = parse_time(time, &t->latency_ns);
	free(time);
	if (rc)
		return usage_error("record", "--on-latency %s: want a time, as 20ms, or one and an "
				   "expression, as '20ms:sch == 0.0.0003'", arg);
	if (colon && set_expression(t, colon + 1, &err))
		return usage_error("record", "--on-latency %s: %s", arg, err.text);
	return EXIT_FINE;
}

/* "cc" alone is a kind, and would mean the same as an expression. */
int record_on_error(struct record_options *o, const char *arg)
{
	struct ccw_flight_trigger *t = new_trigger(o);
	const char *colon = strchr(arg, ':');
	struct ccw_error err = { "" };

	if (!t)
		return usage_error("record", "out of memory");
	if (!add_kinds(arg, colon ? (size_t)(colon - arg) : strlen(arg), &t->errors)) {
		if (colon && set_expression(t, colon + 1, &err))
			return usage_error("record", "--on-error %s: %s", arg, err.text);
		return EXIT_FINE;
	}
	t->errors = ANY_ERROR;
	if (colon || set_expression(t, arg, &err))
		return usage_error("record", "--on-error %s: want any, refused, cc, aborted, "
				   "channel, unit-check, unit-exception or length, or an "
				   "expression%s%s%s", arg, *err.text ? " (" : "", err.text,
				   *err.text ? ")" : "");
	return EXIT_FINE;
}

void record_free_triggers(struct record_options *o)
{
	size_t i;

	for (i = 0; i < o->rec.flight.nr_triggers; i++)
		ccw_select_free((struct ccw_select *)o->triggers[i].select);
	free(o->triggers);
}
