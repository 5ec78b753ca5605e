// SPDX-License-Identifier: GPL-2.0
/*
 * Panel: the driver's state machine, where it spent its time and what moved it.
 */
#include <inttypes.h>
#include <string.h>

#include "tools/ccwtop/tap.h"
#include "tools/ccwtop/win.h"
#include "trace/ccw_names.h"

#define STATES VFIO_CCW_NR_STATES
#define EVENTS VFIO_CCW_NR_EVENTS
#define MOVES 28 /* column of the second table */

static const struct ccw_residency *residency(const struct top_win *w, struct ccw_sch sch)
{
	const struct top_view *v = w->v;
	const struct ccw_residency *r = top_past_residency(v->past, sch);

	return r ? r : v->tap ? top_tap_residency(v->tap) : NULL;
}

static int moves(const struct ccw_residency *r)
{
	int s, e, n = 0;

	for (s = 0; s < STATES; s++) {
		for (e = 0; e < EVENTS; e++)
			n += !!r->count[s][e];
	}
	return n;
}

int top_states_lines(const struct top_win *w, const struct top_detail *d)
{
	const struct ccw_residency *r = residency(w, d->sch);
	int n = r && r->transitions ? moves(r) : 0;

	return n ? 2 + (n > STATES ? n : STATES) : 3;
}

/* Why nothing is known: never an empty table. */
static void draw_unknown(const struct top_area *a, const struct ccw_residency *r)
{
	const struct top_view *v = a->w->v;
	const struct ccw_source_info *info = top_gather_info(v->gather);

	if (strcmp(info->driver, "vfio_ccw"))
		top_area_put(a, 1, 0, TOP_C_PLAIN, "not known: only this project's driver tells "
			     "its states");
	else if (r)
		top_area_put(a, 1, 0, TOP_C_PLAIN, "no transition since this was opened");
	else if (v->tap && *top_tap_why_no_states(v->tap))
		top_area_put(a, 1, 0, TOP_C_PLAIN, "%s", top_tap_why_no_states(v->tap));
	else if (top_gather_is_file(v->gather))
		top_area_put(a, 1, 0, TOP_C_PLAIN, "no vfio_ccw_fsm so far in this recording "
			     "(ccwtrace record -e vfio_ccw_fsm takes it)");
	else
		top_area_put(a, 1, 0, TOP_C_PLAIN, "no transition yet");
}

/* The present stay counts until now. */
static void draw_times(const struct top_area *a, const struct ccw_residency *r)
{
	uint64_t now = top_gather_pos(a->w->v->gather), ns[STATES], all = 0;
	char t[16];
	int s;

	memcpy(ns, r->ns, sizeof(ns));
	if (r->state < STATES && now > r->since)
		ns[r->state] += now - r->since;
	for (s = 0; s < STATES; s++)
		all += ns[s];
	top_area_put(a, 1, 0, TOP_C_STRONG, "%-9s %8s %7s", "STATE", "TIME", "SHARE");
	for (s = 0; s < STATES; s++) {
		enum top_color color = s == r->state ? TOP_C_STRONG : TOP_C_PLAIN;

		top_area_put(a, 2 + s, 0, color, "%-9s %8s %6.2f%%", ccw_state_name(s),
			     ccw_ns_str(ns[s], t, sizeof(t)), all ? 100.0 * ns[s] / all : 0);
	}
}

static void draw_moves(const struct top_area *a, const struct ccw_residency *r)
{
	char n[16];
	int s, e, y = 2;

	top_area_put(a, 1, MOVES, TOP_C_STRONG, "%-9s %-10s %7s %7s", "FROM", "EVENT", "TIMES",
		     "REFUSED");
	for (s = 0; s < STATES; s++) {
		for (e = 0; e < EVENTS; e++) {
			int x;

			if (!r->count[s][e])
				continue;
			x = top_area_put(a, y, MOVES, TOP_C_PLAIN, "%-9s %-10s %7s",
					 ccw_state_name(s), ccw_event_name(e),
					 ccw_count_str(r->count[s][e], n, sizeof(n)));
			top_area_put(a, y++, x, r->refused[s][e] ? TOP_C_ERROR : TOP_C_PLAIN,
				     " %7s", ccw_count_str(r->refused[s][e], n, sizeof(n)));
		}
	}
}

void top_draw_states(const struct top_area *a, const struct top_detail *d)
{
	const struct ccw_residency *r = residency(a->w, d->sch);

	if (!r || !r->transitions) {
		top_area_title(a, "STATES");
		draw_unknown(a, r);
		return;
	}
	if (r->gaps)
		top_area_title(a, "STATES  %s now, %" PRIu64 " transitions, some are missing",
			       ccw_state_name(r->state), r->transitions);
	else
		top_area_title(a, "STATES  %s now, %" PRIu64 " transitions",
			       ccw_state_name(r->state), r->transitions);
	draw_times(a, r);
	draw_moves(a, r);
}
