// SPDX-License-Identifier: GPL-2.0
/*
 * A line per subchannel and stage for spreadsheets and scripts: plain numbers, nanoseconds and
 * bytes, columns found by name.
 */
#include "tools/ccwtrace/report.h"
#include "trace/ccw_names.h"

static void line(const struct report *r, const struct ccw_stat *st, int stage, FILE *f)
{
	static const double at[] = { 50, 90, 99, 99.9 };
	const struct ccw_hist *h = &st->hist[stage];
	char name[16];
	size_t i;
	int e;

	fprintf(f, "%s,%llu,%llu,%llu,%u,%llu,%llu",
		st == r->scan.all ? "all" : ccw_sch_str(st->sch, name, sizeof(name)),
		(unsigned long long)st->ios, (unsigned long long)r->duration,
		(unsigned long long)st->ccws, st->max_ccws, (unsigned long long)st->bytes,
		(unsigned long long)st->missing);
	for (e = CCW_OK + 1; e < CCW_NR_RESULTS; e++)
		fprintf(f, ",%llu", (unsigned long long)st->result[e]);
	fprintf(f, ",%s,%llu,%llu,%llu", ccw_stage_name(stage), (unsigned long long)h->count,
		(unsigned long long)h->sum, (unsigned long long)h->min);
	for (i = 0; i < sizeof(at) / sizeof(*at); i++)
		fprintf(f, ",%llu", (unsigned long long)ccw_hist_percentile(h, at[i]));
	fprintf(f, ",%llu\n", (unsigned long long)h->max);
}

int report_csv(const struct report *r, FILE *f)
{
	int stage;
	size_t i;

	fprintf(f, "subchannel,ios,duration_ns,ccws,max_ccws,bytes,missing,refused,condition_code,"
		"aborted,channel_check,unit_check,unit_exception,incorrect_length,stage,stage_ios,"
		"sum_ns,min_ns,p50_ns,p90_ns,p99_ns,p999_ns,max_ns\n");
	for (i = 0; i < ccw_stats_count(r->scan.stats) + r->total; i++) {
		const struct ccw_stat *st = i < ccw_stats_count(r->scan.stats) ?
					    ccw_stats_at(r->scan.stats, i) : r->scan.all;

		for (stage = 0; stage < CCW_NR_STAGES; stage++) {
			/* no line for what such a recording cannot know */
			if (!r->info.joined.used || st->have & 1U << stage)
				line(r, st, stage, f);
		}
	}
	return 0;
}
