// SPDX-License-Identifier: GPL-2.0
/*
 * ccwtrace hist: how latencies are spread, and over time
 */
#include <string.h>

#include "tools/ccwtrace/hist_heat.h"
#include "tools/json.h"
#include "trace/ccw_names.h"

enum { OPT_STAGE = OPT_LONG, OPT_WIDTH, OPT_ASCII, OPT_NO_HEAT };

#define ALL_STAGES CCW_NR_STAGES
#define MIN_WIDTH 40

static const struct opt hist_options[] = {
	READER_OPTIONS,
	{ OPT_STAGE, "stage", "STAGE", "translate|start|device|deliver|total|all",
	  "this stage (total, or device if that is all there is)" },
	{ OPT_WIDTH, "width", "N", NULL, "columns to use (those of the terminal)" },
	{ OPT_ASCII, "ascii", NULL, NULL, "no block characters" },
	{ OPT_NO_HEAT, "no-heat", NULL, NULL, "no map of the latency over time" },
	OPT_QUIET,
	OPT_READER_THREADS,
	OPT_HELP,
	OPT_END
};

struct hist {
	struct reader reader;
	struct report report;
	struct heat heat[CCW_NR_STAGES];
	int stage; /* -1: not asked for */
	unsigned int width;
	bool utf8, no_heat;
};

static bool wanted(const struct hist *o, int stage)
{
	return (o->stage == ALL_STAGES || o->stage == stage) &&
	       o->report.scan.all->hist[stage].count;
}

/* Counts of a power of two, or of two halves of it: bars for every lines-th part. */
static uint64_t sum(const struct ccw_hist *h, unsigned int from, unsigned int n)
{
	uint64_t all = 0;

	for (; n; n--)
		all += ccw_hist_at(h, from++);
	return all;
}

static void bars_head(const struct hist *o, int stage, FILE *f)
{
	const struct ccw_hist *h = &o->report.scan.all->hist[stage];
	const struct {
		const char *name;
		uint64_t ns;
	} points[] = {
		{ ": min", h->min }, { ", p50", ccw_hist_percentile(h, 50) },
		{ ", p99", ccw_hist_percentile(h, 99) }, { ", max", h->max },
		{ ", mean", h->sum / h->count },
	};
	struct wrap w = { .f = f, .width = o->width };
	char text[64], t[16];
	size_t i;

	fputc('\n', f);
	snprintf(text, sizeof(text), "%s (%llu I/O%s", ccw_stage_name(stage),
		 (unsigned long long)h->count, ccw_s(h->count));
	wrap_add(&w, text);
	for (i = 0; i < sizeof(points) / sizeof(*points); i++) {
		snprintf(text, sizeof(text), "%s %s%s", points[i].name,
			 ccw_ns_str(points[i].ns, t, sizeof(t)), i == 4 ? ")" : "");
		wrap_add(&w, text);
	}
	fputc('\n', f);
}

static void bars(const struct hist *o, int stage, FILE *f)
{
	const struct ccw_hist *h = &o->report.scan.all->hist[stage];
	unsigned int step = CCW_HIST_ROW / 2, low = ccw_hist_bucket(h->min) / step * step, b;
	unsigned int high = ccw_hist_bucket(h->max), width = o->width - 34;
	uint64_t max = 0, n, seen = 0;
	char from[16];

	for (b = low; b <= high; b += step)
		max = sum(h, b, step) > max ? sum(h, b, step) : max;
	bars_head(o, stage, f);
	fprintf(f, "%9s %12s %8s\n", "FROM", "I/OS", "UP TO");
	for (b = low; b <= high; b += step) {
		n = sum(h, b, step);
		seen += n;
		fprintf(f, "%9s %12llu %6.2f%%  ", ccw_ns_str(ccw_hist_low(b), from, 16),
			(unsigned long long)n, (double)seen * 100 / h->count);
		draw_bar(n, max, width, o->utf8, f);
		fputc('\n', f);
	}
}

static int hist_text(const struct hist *o, FILE *f)
{
	int stage;

	report_head(&o->report, f);
	for (stage = 0; stage < CCW_NR_STAGES; stage++) {
		if (!wanted(o, stage))
			continue;
		bars(o, stage, f);
		if (!o->no_heat)
			heat_draw(&o->heat[stage], &o->report, o->utf8, f);
	}
	if (!o->report.scan.all->ios)
		fprintf(f, "\nNo I/Os.\n");
	else if (o->stage < ALL_STAGES && !wanted(o, o->stage))
		fprintf(f, "\nThis recording does not tell the stage %s.\n",
			ccw_stage_name(o->stage));
	return 0;
}

/* Every bucket that is not empty, for each subchannel. */
static int hist_csv(const struct hist *o, FILE *f)
{
	struct ccw_stats *stats = o->report.scan.stats;
	unsigned int b;
	char name[16];
	size_t i;
	int stage;

	fprintf(f, "subchannel,stage,low_ns,high_ns,ios\n");
	for (i = 0; i < ccw_stats_count(stats); i++) {
		const struct ccw_stat *st = ccw_stats_at(stats, i);

		for (stage = 0; stage < CCW_NR_STAGES; stage++) {
			for (b = 0; wanted(o, stage) && b < CCW_HIST_BUCKETS; b++) {
				if (!ccw_hist_at(&st->hist[stage], b))
					continue;
				fprintf(f, "%s,%s,%llu,%llu,%u\n",
					ccw_sch_str(st->sch, name, sizeof(name)),
					ccw_stage_name(stage), (unsigned long long)ccw_hist_low(b),
					(unsigned long long)ccw_hist_high(b),
					ccw_hist_at(&st->hist[stage], b));
			}
		}
	}
	return 0;
}

static void json_buckets(struct json_doc *doc, struct json_object *parent,
			 const struct ccw_hist *h)
{
	struct json_object *o;
	unsigned int b;

	for (b = 0; b < CCW_HIST_BUCKETS; b++) {
		if (!ccw_hist_at(h, b))
			continue;
		o = json_add_object(doc, parent, NULL);
		json_add_u64(doc, o, "low_ns", ccw_hist_low(b));
		json_add_u64(doc, o, "high_ns", ccw_hist_high(b));
		json_add_u64(doc, o, "ios", ccw_hist_at(h, b));
	}
}

static void json_heat(struct json_doc *doc, struct json_object *parent, const struct heat *h,
		      const struct report *r)
{
	struct json_object *o = json_add_object(doc, parent, NULL), *rows, *row, *cells;
	unsigned int i, col;

	json_add_string(doc, o, "stage", ccw_stage_name(h->stage));
	json_add_u64(doc, o, "from_ns", h->from - r->first);
	json_add_u64(doc, o, "to_ns", h->to - r->first);
	rows = json_add_array(doc, o, "rows");
	for (i = 0; i < h->rows; i++) {
		row = json_add_object(doc, rows, NULL);
		json_add_u64(doc, row, "low_ns", heat_row_low(h, i));
		cells = json_add_array(doc, row, "ios");
		for (col = 0; col < h->columns; col++)
			json_add_u64(doc, cells, NULL, h->cell[i * h->columns + col]);
	}
}

static int hist_json(const struct hist *o, FILE *f)
{
	struct ccw_stats *stats = o->report.scan.stats;
	struct json_object *array, *sch, *stages;
	struct json_doc doc;
	char name[16];
	size_t i;
	int stage;

	json_init(&doc);
	json_add_string(&doc, doc.root, "file", o->reader.path);
	array = json_add_array(&doc, doc.root, "subchannels");
	for (i = 0; i < ccw_stats_count(stats); i++) {
		const struct ccw_stat *st = ccw_stats_at(stats, i);

		sch = json_add_object(&doc, array, NULL);
		json_add_string(&doc, sch, "subchannel", ccw_sch_str(st->sch, name, sizeof(name)));
		stages = json_add_object(&doc, sch, "stages");
		for (stage = 0; stage < CCW_NR_STAGES; stage++) {
			if (wanted(o, stage))
				json_buckets(&doc, json_add_array(&doc, stages,
								  ccw_stage_name(stage)),
					     &st->hist[stage]);
		}
	}
	array = json_add_array(&doc, doc.root, "heat");
	for (stage = 0; stage < CCW_NR_STAGES && !o->no_heat; stage++) {
		if (wanted(o, stage))
			json_heat(&doc, array, &o->heat[stage], &o->report);
	}
	return json_print(&doc, f);
}

static int run(struct hist *o)
{
	static int (*const print[])(const struct hist *o, FILE *f) = {
		[FORMAT_TEXT] = hist_text,
		[FORMAT_CSV] = hist_csv,
		[FORMAT_JSON] = hist_json,
	};
	int code = reader_gather(&o->reader, &o->report), stage;

	if (code)
		return code;
	if (o->stage < 0)
		o->stage = o->report.scan.all->hist[CCW_TOTAL].count ? CCW_TOTAL : CCW_DEVICE;
	if (o->reader.format == FORMAT_CSV)
		o->no_heat = true;
	for (stage = 0; stage < CCW_NR_STAGES && !o->no_heat && !code; stage++) {
		if (wanted(o, stage))
			code = heat_read(&o->heat[stage], &o->reader, &o->report, stage,
					 o->width - 12);
	}
	if (!code && print[o->reader.format](o, stdout)) {
		warn("%s: out of memory for the histograms", o->reader.path);
		code = EXIT_ERROR;
	}
	return code ? code : finish_output(reader_complete(&o->reader, &o->report.info));
}

static int set_stage(struct hist *o, const char *arg)
{
	int stage;

	for (stage = 0; stage < CCW_NR_STAGES; stage++) {
		if (!strcmp(arg, ccw_stage_name(stage)))
			break;
	}
	o->stage = stage;
	if (stage == CCW_NR_STAGES && strcmp(arg, "all"))
		return usage_error("hist", "no stage '%s': want translate, start, device, deliver, "
					   "total or all", arg);
	return EXIT_FINE;
}

static int option(void *ctx, int c, const char *arg)
{
	struct hist *o = ctx;
	unsigned long n;

	switch (c) {
	case OPT_STAGE:
		return set_stage(o, arg);
	case OPT_WIDTH:
		if (reader_number("hist", "--width", arg, HEAT_MAX_COLUMNS, &n))
			return EXIT_USAGE;
		if (n < MIN_WIDTH)
			return usage_error("hist", "--width %s: want at least %d", arg, MIN_WIDTH);
		o->width = n;
		return EXIT_FINE;
	case OPT_ASCII:
		o->utf8 = false;
		return EXIT_FINE;
	case OPT_NO_HEAT:
		o->no_heat = true;
		return EXIT_FINE;
	}
	return -1;
}

static int run_verb(int argc, char **argv)
{
	struct hist o = { .stage = -1, .utf8 = terminal_utf8(), .width = terminal_width() };
	bool done = false;
	int code = reader_init(&o.reader, argv[0]), stage;

	if (o.width < MIN_WIDTH)
		o.width = MIN_WIDTH;
	code = code ? code : reader_parse(&o.reader, &verb_hist, argc, argv, option, &o, &done);
	if (!code && !done)
		code = reader_operands(&o.reader, argc, argv);
	if (!code && !done)
		code = run(&o);
	for (stage = 0; stage < CCW_NR_STAGES; stage++)
		heat_free(&o.heat[stage]);
	report_free(&o.report);
	reader_free(&o.reader);
	return code;
}

const struct verb verb_hist = {
	.name = "hist",
	.operands = "[FILE]",
	.summary = "histograms of the latencies, and latency over time as a map",
	.about = "How the latencies of a recording are spread, and how that changed over time.",
	.options = hist_options,
	.run = run_verb,
};
