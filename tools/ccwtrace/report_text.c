// SPDX-License-Identifier: GPL-2.0
/*
 * The report for people: tables with fixed columns, numbers right-aligned with their units.
 */
#include <limits.h>
#include <string.h>
#include <sys/ioctl.h>

#include "tools/ccwtrace/report.h"
#include "trace/ccw_names.h"

#define WIDTH 100 /* of the widest table */

static const char *name_of(const struct report *r, const struct ccw_stat *st, char buf[16])
{
	return st == r->scan.all ? "all" : ccw_sch_str(st->sch, buf, 16);
}

static uint64_t failed(const struct ccw_stat *st)
{
	return st->ios - st->result[CCW_OK];
}

/* Thousands apart: "1,234,567" */
const char *report_grouped(uint64_t n, char buf[32])
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)n), i, o = 0;

	for (i = 0; i < len; i++) {
		if (i && !((len - i) % 3))
			buf[o++] = ',';
		buf[o++] = digits[i];
	}
	buf[o] = 0;
	return buf;
}

bool report_narrow(FILE *f)
{
	struct winsize ws;

	return !ioctl(fileno(f), TIOCGWINSZ, &ws) && ws.ws_col && ws.ws_col < WIDTH;
}

/* What I/Os put together from events of the kernel cannot tell, and what did not fit together. */
static void joined(const struct report *r, FILE *f)
{
	const struct ccw_joined *j = &r->info.joined;

	if (!j->used)
		return;
	fprintf(f, "NOTE: no vfio_ccw_io in it: I/Os are made of the kernel's own events, which "
		   "tell the time from %s alone\n",
		r->scan.all->have & 1U << CCW_TOTAL ? "request to end" : "SSCH to interrupt");
	if (j->early)
		fprintf(f, "NOTE: %llu I/O%s ended before the SSCH was stamped (several CPUs): "
			   "no device time is known\n", (unsigned long long)j->early,
			ccw_s(j->early));
	if (j->orphans || j->unfinished)
		fprintf(f, "NOTE: no record of the start of %llu I/O%s, of the end of %llu\n",
			(unsigned long long)j->orphans, ccw_s(j->orphans),
			(unsigned long long)j->unfinished);
	if (j->unsolicited || j->running)
		fprintf(f, "NOTE: %llu unsolicited interrupt%s; %llu I/O%s under way at the end\n",
			(unsigned long long)j->unsolicited, ccw_s(j->unsolicited),
			(unsigned long long)j->running, ccw_s(j->running));
	if (j->untracked)
		fprintf(f, "NOTE: too many subchannels: %llu record%s left out\n",
			(unsigned long long)j->untracked, ccw_s(j->untracked));
}

void report_head(const struct report *r, FILE *f)
{
	char n[32], name[PATH_MAX];

	fprintf(f, "%s: %s I/O%s", ccw_plain_str(r->path, name, sizeof(name)),
		report_grouped(r->scan.all->ios, n), ccw_s(r->scan.all->ios));
	fprintf(f, " of %zu subchannel%s", ccw_stats_count(r->scan.stats),
		ccw_s(ccw_stats_count(r->scan.stats)));
	fprintf(f, " in %llu.%03llu s, %u CPU%s, %s endian\n",
		(unsigned long long)(r->duration / 1000000000),
		(unsigned long long)(r->duration / 1000000 % 1000), r->info.cpus,
		ccw_s(r->info.cpus), r->info.big_endian ? "big" : "little");
	if (r->info.note[0])
		fprintf(f, "NOTE: %s\n", r->info.note);
	joined(r, f);
}

static void traffic_row(const struct report *r, const struct ccw_stat *st, bool narrow, FILE *f)
{
	char name[16], rate[16], bytes[16], per_s[16];
	uint64_t avg = st->ios ? (st->ccws * 10 + st->ios / 2) / st->ios : 0;
	bool shape = !r->info.joined.used;

	fprintf(f, "%-10s %12llu %8s %9llu", name_of(r, st, name), (unsigned long long)st->ios,
		ccw_count_str(report_rate(r, st->ios), rate, sizeof(rate)),
		(unsigned long long)failed(st));
	if (shape)
		fprintf(f, " %6llu.%llu", (unsigned long long)(avg / 10),
			(unsigned long long)(avg % 10));
	if (shape && !narrow)
		fprintf(f, " %8u", st->max_ccws);
	if (shape)
		fprintf(f, " %10s %10s", ccw_bytes_str(st->bytes, bytes, sizeof(bytes)),
			ccw_bytes_str(report_rate(r, st->bytes), per_s, sizeof(per_s)));
	else
		fprintf(f, narrow ? " %8s %10s %10s" : " %8s %8s %10s %10s", "-", "-", "-", "-");
	if (r->verbose && !shape)
		fprintf(f, " %10s %10s %10s %10llu", "-", "-", "-", (unsigned long long)st->irqs);
	else if (r->verbose)
		fprintf(f, " %10llu %10llu %10llu %10llu", (unsigned long long)st->segments,
			(unsigned long long)st->idaws, (unsigned long long)st->pages,
			(unsigned long long)st->irqs);
	fputc('\n', f);
}

static void traffic(const struct report *r, FILE *f)
{
	size_t i, n = ccw_stats_count(r->scan.stats);
	bool narrow = !r->verbose && report_narrow(f);

	fprintf(f, "\nTRAFFIC\n%-10s %12s %8s %9s %8s%s %10s %10s", "SUBCHANNEL", "I/OS",
		"I/OS/S", "FAILED", "CCWS/I/O", narrow ? "" : " MAX CCWS", "BYTES", "BYTES/S");
	if (r->verbose)
		fprintf(f, " %10s %10s %10s %10s", "SEGMENTS", "IDAWS", "PAGES", "IRQS");
	fputc('\n', f);
	for (i = 0; i < n; i++) {
		if (ccw_stats_at(r->scan.stats, i)->ios || !r->select || !ccw_select_any(r->select))
			traffic_row(r, ccw_stats_at(r->scan.stats, i), narrow, f);
	}
	if (n > 1)
		traffic_row(r, r->scan.all, narrow, f);
}

/* Part of the total time, in percent with one decimal. */
static void share(const struct ccw_stat *st, int stage, FILE *f)
{
	uint64_t all = st->hist[CCW_TOTAL].sum, tenths;

	if (!all) {
		fprintf(f, " %7s", "-");
		return;
	}
	tenths = ((unsigned __int128)st->hist[stage].sum * 1000 + all / 2) / all;
	fprintf(f, " %4llu.%llu%%", (unsigned long long)(tenths / 10),
		(unsigned long long)(tenths % 10));
}

static void latency_rows(const struct report *r, const struct ccw_stat *st, bool narrow, FILE *f)
{
	static const double at[] = { 50, 90, 99, 99.9 };
	const size_t nr = narrow ? 3 : 4;
	bool first = true;
	char name[16], t[16];
	int stage;
	size_t i;

	for (stage = 0; stage < CCW_NR_STAGES; stage++) {
		const struct ccw_hist *h = &st->hist[stage];

		/* Not known to this kind of recording: no row of zeros */
		if (r->info.joined.used && !(st->have & 1U << stage))
			continue;
		fprintf(f, "%-10s %-9s %12llu", first ? name_of(r, st, name) : "",
			ccw_stage_name(stage), (unsigned long long)h->count);
		first = false;
		if (!h->count) {
			for (i = 0; i < nr + 1 + !narrow; i++)
				fprintf(f, " %8s", "-");
			fprintf(f, " %7s\n", "-");
			continue;
		}
		for (i = 0; i < nr; i++)
			fprintf(f, " %8s", ccw_ns_str(ccw_hist_percentile(h, at[i]), t, sizeof(t)));
		fprintf(f, " %8s", ccw_ns_str(h->max, t, sizeof(t)));
		if (!narrow)
			fprintf(f, " %8s", ccw_ns_str(h->sum / h->count, t, sizeof(t)));
		share(st, stage, f);
		fputc('\n', f);
	}
}

static void latency(const struct report *r, FILE *f)
{
	size_t i, n = ccw_stats_count(r->scan.stats);
	bool narrow = report_narrow(f);

	fprintf(f, "\nLATENCY\n%-10s %-9s %12s %8s %8s %8s%s %8s%s %7s\n", "SUBCHANNEL",
		"STAGE", "I/OS", "P50", "P90", "P99", narrow ? "" : "    P99.9", "MAX",
		narrow ? "" : "     MEAN", "SHARE");
	for (i = 0; i < n; i++) {
		if (ccw_stats_at(r->scan.stats, i)->ios)
			latency_rows(r, ccw_stats_at(r->scan.stats, i), narrow, f);
	}
	if (n > 1)
		latency_rows(r, r->scan.all, narrow, f);
}

static void errors(const struct report *r, FILE *f)
{
	char name[16], text[128];
	size_t i;

	if (!r->scan.nr_errors)
		return;
	fprintf(f, "\nERRORS\n%-10s %12s  %-16s  %s\n", "SUBCHANNEL", "I/OS", "KIND", "WHAT, "
										      "COMMAND, "
										      "LAST SENSE");
	for (i = 0; i < r->scan.nr_errors; i++) {
		const struct ccw_scan_error *e = &r->scan.errors[i];

		fprintf(f, "%-10s %12llu  %-16s  %s", ccw_sch_str(e->io.sch, name, sizeof(name)),
			(unsigned long long)e->count, ccw_result_name(ccw_io_result(&e->io)),
			ccw_io_error_str(&e->io, text, sizeof(text)));
		if (strstr(text, "cmd="))
			fprintf(f, " (%s)", ccw_cmd_name(e->io.cmd));
		fputc('\n', f);
	}
	if (r->scan.other_errors)
		fprintf(f, "%-10s %12llu  of further kinds\n", "",
			(unsigned long long)r->scan.other_errors);
}

static void bits(const char *what, const uint64_t counts[8],
		 const char *(*name)(uint8_t, char *, size_t), FILE *f)
{
	char buf[16];
	int i;

	for (i = 7; i >= 0; i--) {
		if (counts[i])
			fprintf(f, " %s.%s=%llu", what, name(1 << i, buf, sizeof(buf)),
				(unsigned long long)counts[i]);
	}
}

/* Every status bit and condition code ever seen, for those who know what to look for. */
static void status(const struct report *r, FILE *f)
{
	size_t i, n = ccw_stats_count(r->scan.stats);
	char name[16];
	int cc;

	fprintf(f, "\nSTATUS\n");
	for (i = 0; i < n; i++) {
		const struct ccw_stat *st = ccw_stats_at(r->scan.stats, i);

		fprintf(f, "%-10s", ccw_sch_str(st->sch, name, sizeof(name)));
		for (cc = 0; cc < 4; cc++) {
			if (st->cc[cc])
				fprintf(f, " cc%d=%llu", cc, (unsigned long long)st->cc[cc]);
		}
		bits("dstat", st->dstat, ccw_dstat_str, f);
		bits("cstat", st->cstat, ccw_cstat_str, f);
		fprintf(f, " state=%s\n", st->state == 0xff ? "-" : ccw_state_name(st->state));
	}
	fprintf(f, "transitions of the state machine: %llu\n",
		(unsigned long long)r->scan.transitions);
}

static void missing(const struct report *r, FILE *f)
{
	size_t i;

	if (!r->scan.nr_losses && !r->scan.all->missing)
		return;
	fprintf(f, "\nMISSING\n");
	for (i = 0; i < r->scan.nr_losses; i++) {
		const struct ccw_scan_loss *l = &r->scan.losses[i];

		fprintf(f, "CPU %u lost ", l->cpu);
		if (l->count)
			fprintf(f, "%llu event%s%s", (unsigned long long)l->count,
				ccw_s(l->count), l->unknown ? " and " : "");
		fprintf(f, "%s\n", l->unknown ? "events whose number the kernel did not say" : "");
	}
	for (i = 0; i < ccw_stats_count(r->scan.stats); i++) {
		const struct ccw_stat *st = ccw_stats_at(r->scan.stats, i);
		char name[16];

		if (st->missing)
			fprintf(f, "%s: no record of %llu request%s\n",
				ccw_sch_str(st->sch, name, sizeof(name)),
				(unsigned long long)st->missing, ccw_s(st->missing));
	}
}

/* Where on the time line records are missing. */
static void marks(const struct report *r, FILE *f)
{
	size_t n = r->verbose || r->scan.nr_marks < 10 ? r->scan.nr_marks : 10, i;
	char t[32];

	for (i = 0; i < n; i++) {
		const struct ccw_scan_mark *m = &r->scan.marks[i];

		fprintf(f, "  before %s s: CPU %u, ", report_time(r, m->ts, t), m->cpu);
		if (m->count)
			fprintf(f, "%llu event%s\n", (unsigned long long)m->count,
				ccw_s(m->count));
		else
			fprintf(f, "a number that is not known there\n");
	}
	if (n < r->scan.nr_marks)
		fprintf(f, "  and at %zu further place%s (-v)\n", r->scan.nr_marks - n,
			ccw_s(r->scan.nr_marks - n));
}

const char *report_time(const struct report *r, uint64_t ts, char buf[32])
{
	uint64_t ns = ts > r->first ? ts - r->first : r->first - ts;

	snprintf(buf, 32, "%s%llu.%09llu", ts < r->first ? "-" : "",
		 (unsigned long long)(ns / 1000000000), (unsigned long long)(ns % 1000000000));
	return buf;
}

int report_stat_text(const struct report *r, FILE *f)
{
	report_head(r, f);
	if (r->scan.all->ios) {
		traffic(r, f);
		latency(r, f);
	}
	missing(r, f);
	marks(r, f);
	return 0;
}

int report_text(const struct report *r, FILE *f)
{
	report_head(r, f);
	if (ccw_stats_count(r->scan.stats)) {
		traffic(r, f);
		latency(r, f);
		errors(r, f);
		if (r->verbose)
			status(r, f);
	}
	missing(r, f);
	return 0;
}
