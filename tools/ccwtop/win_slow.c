// SPDX-License-Identifier: GPL-2.0
/*
 * Panels: the last I/Os of a subchannel that failed, with what their status means, and those that
 * took long, with where the time went; both with their channel programs where those are known.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tools/ccwtop/tap.h"
#include "tools/ccwtop/win.h"
#include "trace/ccw_explain.h"
#include "trace/ccw_names.h"
#include "trace/ccw_raw.h"

#define SHOWN 8 /* I/Os looked at: of the first ones the programs as well */
#define PROGRAM 6 /* lines of a program */
#define NUMBER 68 /* column of the request number, where there is room */
#define ORB_FMT1 0x00800000U

static const struct top_told *told(const struct top_win *w, enum top_sort sort, struct ccw_sch sch,
				   size_t i)
{
	return top_tolds_at(top_past_tolds(w->v->past), sort, sch, i);
}

static int program_lines(const struct top_told *t)
{
	if (!t->known)
		return 0;
	return t->program.count < PROGRAM ? t->program.count : PROGRAM + 1;
}

static int lines(const struct top_win *w, const struct top_detail *d, enum top_sort sort, int each)
{
	const struct top_told *t;
	int n = 0, i;

	for (i = 0; i < SHOWN && (t = told(w, sort, d->sch, i)); i++)
		n += each + program_lines(t);
	return n ? n + 2 : 2;
}

int top_last_errors_lines(const struct top_win *w, const struct top_detail *d)
{
	return lines(w, d, TOP_FAILED, 2);
}

int top_slow_lines(const struct top_win *w, const struct top_detail *d)
{
	return lines(w, d, TOP_SLOW, 1) + 1;
}

static int draw_program(const struct top_area *a, int y, const struct top_told *t)
{
	const struct top_program *p = &t->program;
	int i, n = p->count < PROGRAM ? p->count : PROGRAM;
	char text[128];

	for (i = 0; i < n && t->known; i++)
		top_area_put(a, y++, 4, TOP_C_FAINT, "%08" PRIx32 " %s", p->addr[i],
			     ccw_ccw_raw_str(p->ccw[i], 8, p->orb1 & ORB_FMT1, text, sizeof(text)));
	if (t->known && (p->total > n || p->cut))
		top_area_put(a, y++, 4, TOP_C_FAINT, "... %d of %u CCWs", n, p->total);
	return y;
}

/* Programs that are missing have a reason, too. */
static const char *no_programs(const struct top_win *w)
{
	const struct top_view *v = w->v;

	if (strcmp(top_gather_info(v->gather)->driver, "vfio_ccw"))
		return "CCWs: only with this project's driver";
	if (v->tap)
		return top_tap_why_no_programs(v->tap);
	if (top_gather_is_file(v->gather))
		return "CCWs: not recorded (ccwtrace record -e vfio_ccw_ccw)";
	return "";
}

static int draw_failed(const struct top_area *a, int y, const struct top_told *t)
{
	char time[32], text[128], why[160];
	int x;

	x = top_area_put(a, y, 0, TOP_C_PLAIN, "%s #%" PRIu32 " ",
			 top_view_time(a->w->v, t->io.ts, time, sizeof(time)), t->io.seq);
	x = top_area_put(a, y, x, TOP_C_ERROR, "%s", ccw_io_error_str(&t->io, text, sizeof(text)));
	if (t->io.ccws || t->io.cmd)
		top_area_put(a, y, x, TOP_C_PLAIN, " %s", ccw_cmd_name(t->io.cmd));
	top_area_put(a, y + 1, 4, TOP_C_PLAIN, "%s", ccw_explain_io(&t->io, why, sizeof(why)));
	return draw_program(a, y + 2, t);
}

void top_draw_last_errors(const struct top_area *a, const struct top_detail *d)
{
	uint64_t failed = d->st ? d->st->ios - d->st->result[CCW_OK] : 0;
	const struct top_told *t;
	int i, y = 1;

	top_area_title(a, "LAST ERRORS  of %" PRIu64 ", newest first", failed);
	for (i = 0; i < SHOWN && y < a->rows && (t = told(a->w, TOP_FAILED, d->sch, i)); i++)
		y = draw_failed(a, y, t);
	if (!i)
		top_area_put(a, 1, 0, TOP_C_PLAIN, failed ? "none was told one by one" : "none");
}

static int draw_slow(const struct top_area *a, int y, const struct top_told *t)
{
	char time[32], ns[16];
	int s, x;

	x = top_area_put(a, y, 0, TOP_C_PLAIN, "%-12s",
			 top_view_time(a->w->v, t->io.ts, time, sizeof(time)));
	for (s = 0; s < CCW_NR_STAGES; s++) {
		int i = (s + CCW_TOTAL) % CCW_NR_STAGES; /* the total comes first */

		x = top_area_put(a, y, x, i == CCW_TOTAL ? TOP_C_STRONG : TOP_C_PLAIN, " %7s",
				 t->io.have & 1U << i ? ccw_ns_str(t->io.ns[i], ns, sizeof(ns)) :
							"-");
	}
	if (t->io.ccws || t->io.cmd)
		top_area_put(a, y, x, TOP_C_PLAIN, " %02x %s", t->io.cmd, ccw_cmd_name(t->io.cmd));
	top_area_put(a, y, NUMBER, TOP_C_PLAIN, "%8" PRIu32, t->io.seq);
	return draw_program(a, y + 1, t);
}

void top_draw_slow(const struct top_area *a, const struct top_detail *d)
{
	const struct top_told *t = told(a->w, TOP_SLOW, d->sch, 0);
	char limit[16];
	int i, y = 2;

	top_area_title(a, "SLOW I/OS  over %s, newest first",
		       ccw_ns_str(top_past_slow_ns(a->w->v->past), limit, sizeof(limit)));
	if (!t) {
		top_area_put(a, 1, 0, TOP_C_PLAIN, "none");
		return;
	}
	top_area_put(a, 1, 0, TOP_C_STRONG, "%-12s %7s %7s %7s %7s %7s %s", "TIME", "TOTAL",
		     "TRANSL.", "START", "DEVICE", "DELIVER", "COMMAND");
	top_area_put(a, 1, NUMBER, TOP_C_STRONG, "%8s", "NUMBER");
	if (!t->known)
		top_area_put(a, y++, 4, TOP_C_FAINT, "%s", no_programs(a->w));
	for (i = 0; i < SHOWN && y < a->rows && (t = told(a->w, TOP_SLOW, d->sch, i)); i++)
		y = draw_slow(a, y, t);
}
