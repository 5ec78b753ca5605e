// SPDX-License-Identifier: GPL-2.0
/*
 * ccwtrace diff: two recordings side by side
 */
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tools/ccwtrace/reader.h"
#include "tools/json.h"
#include "trace/ccw_names.h"

enum { OPT_THRESHOLD = OPT_LONG, OPT_ALL };

static const struct opt diff_options[] = {
	OPT_SUBCHANNEL,
	{ OPT_FILTER, "filter", "EXPRESSION", NULL,
	  "only I/Os like 'device_ns > 1ms && dstat & UC'" },
	{ OPT_SINCE, "since", "TIME", NULL, "seconds from the start of each, or 500ms" },
	{ OPT_UNTIL, "until", "TIME", NULL, "the same" },
	{ OPT_FORMAT, "format", "FORMAT", "text|csv|json", "text (default), csv, json" },
	{ OPT_THRESHOLD, "threshold", "PERCENT", NULL,
	  "exit 4 if a latency or the part that fails grew by more" },
	{ OPT_ALL, "all", NULL, NULL, "what did not change as well" },
	OPT_QUIET,
	OPT_READER_THREADS,
	OPT_HELP,
	OPT_END
};

struct diff {
	struct reader reader;
	const char *path[2];
	struct report report[2];
	double threshold; /* percent; negative: none */
	bool all;
	bool crossed;
	struct json_doc doc;
	struct json_object *array;
};

/* One number of a subchannel in both recordings. */
struct pair {
	const char *name; /* "device p99" */
	bool worse_if_more; /* counts for the threshold */
	bool time;
	double v[2];
	bool known[2];
};

static bool change(const struct pair *p, double *percent)
{
	if (!p->known[0] || !p->known[1] || p->v[0] == 0)
		return false;
	*percent = (p->v[1] - p->v[0]) * 100 / p->v[0];
	return true;
}

static bool crosses(const struct diff *d, const struct pair *p)
{
	double percent;

	if (d->threshold < 0 || !p->worse_if_more || !p->known[0] || !p->known[1])
		return false;
	if (p->v[0] == 0)
		return p->v[1] > 0;
	return change(p, &percent) && percent > d->threshold;
}

static void number_text(const struct pair *p, int i, char *buf, size_t len)
{
	if (!p->known[i])
		snprintf(buf, len, "-");
	else if (p->time)
		ccw_ns_str(p->v[i], buf, len);
	else
		snprintf(buf, len, "%.*f", p->v[i] == floor(p->v[i]) ? 0 : 2, p->v[i]);
}

static void put_json(struct diff *d, const char *sch, const struct pair *p, bool bad)
{
	struct json_object *o = json_add_object(&d->doc, d->array, NULL);
	static const char *const names[] = { "before", "after" };
	double percent;
	int i;

	json_add_string(&d->doc, o, "subchannel", sch);
	json_add_string(&d->doc, o, "what", p->name);
	json_add_string(&d->doc, o, "unit", p->time ? "ns" : "1");
	for (i = 0; i < 2; i++) {
		if (p->known[i])
			json_add_double(&d->doc, o, names[i], p->v[i], "%.2f");
	}
	if (change(p, &percent))
		json_add_double(&d->doc, o, "percent", percent, "%.2f");
	json_add_bool(&d->doc, o, "over_threshold", bad);
}

static void put_csv(const char *sch, const struct pair *p, bool bad, FILE *f)
{
	double percent;
	int i;

	fprintf(f, "%s,%s", sch, p->name);
	for (i = 0; i < 2; i++) {
		if (p->known[i])
			fprintf(f, ",%.2f", p->v[i]);
		else
			fputc(',', f);
	}
	if (change(p, &percent))
		fprintf(f, ",%.2f,%d\n", percent, bad);
	else
		fprintf(f, ",,%d\n", bad);
}

static void put_text(const char *sch, const struct pair *p, bool bad, FILE *f)
{
	char a[40], b[40], c[40] = "";
	double percent;

	number_text(p, 0, a, sizeof(a));
	number_text(p, 1, b, sizeof(b));
	if (change(p, &percent))
		snprintf(c, sizeof(c), "%+.1f%%", percent);
	else if (p->known[0] && p->known[1] && p->v[1] > 0)
		snprintf(c, sizeof(c), "new");
	fprintf(f, "%-10s %-18s %14s %14s %10s%s\n", sch, p->name, a, b, c,
		bad ? "  over the threshold" : "");
}

static void put(struct diff *d, const char *sch, const struct pair *p)
{
	bool bad = crosses(d, p);

	d->crossed |= bad;
	if (!p->known[0] && !p->known[1])
		return;
	if (!d->all && !bad && p->known[0] == p->known[1] && p->v[0] == p->v[1])
		return;
	if (d->reader.format == FORMAT_JSON)
		put_json(d, sch, p, bad);
	else if (d->reader.format == FORMAT_CSV)
		put_csv(sch, p, bad, stdout);
	else
		put_text(sch, p, bad, stdout);
}

static double percentile(const struct ccw_hist *h, int which)
{
	switch (which) {
	case 0: return ccw_hist_percentile(h, 50);
	case 1: return ccw_hist_percentile(h, 99);
	default: return (double)h->sum / h->count;
	}
}

static void latencies(struct diff *d, const char *sch, const struct ccw_stat *const st[2])
{
	static const char *const which[] = { "p50", "p99", "mean" };
	char name[32];
	int stage, k, i;

	for (stage = 0; stage < CCW_NR_STAGES; stage++) {
		for (k = 0; k < 3; k++) {
			struct pair p = { .name = name, .worse_if_more = true, .time = true };

			snprintf(name, sizeof(name), "%s %s", ccw_stage_name(stage), which[k]);
			for (i = 0; i < 2; i++) {
				p.known[i] = st[i] && st[i]->hist[stage].count;
				if (p.known[i])
					p.v[i] = percentile(&st[i]->hist[stage], k);
			}
			put(d, sch, &p);
		}
	}
}

static void compare(struct diff *d, const char *sch, const struct ccw_stat *const st[2])
{
	struct pair ios = { .name = "I/Os" }, rate = { .name = "I/Os a second" };
	struct pair fails = { .name = "failed, % of I/Os", .worse_if_more = true };
	struct pair bytes = { .name = "bytes an I/O" };
	int i;

	for (i = 0; i < 2; i++) {
		bool any = st[i] && st[i]->ios;
		bool shape = any && !d->report[i].info.joined.used;

		ios.known[i] = true;
		ios.v[i] = any ? st[i]->ios : 0;
		rate.known[i] = d->report[i].duration;
		rate.v[i] = any ? report_rate(&d->report[i], st[i]->ios) : 0;
		fails.known[i] = any;
		bytes.known[i] = shape;
		if (any)
			fails.v[i] = (st[i]->ios - st[i]->result[CCW_OK]) * 100.0 / st[i]->ios;
		if (shape)
			bytes.v[i] = (double)st[i]->bytes / st[i]->ios;
	}
	put(d, sch, &ios);
	put(d, sch, &rate);
	put(d, sch, &fails);
	put(d, sch, &bytes);
	latencies(d, sch, st);
}

/* Both lists are in the same order: a merge of them. */
static void compare_all(struct diff *d)
{
	struct ccw_stats *a = d->report[0].scan.stats, *b = d->report[1].scan.stats;
	const struct ccw_stat *total[2] = { d->report[0].scan.all, d->report[1].scan.all };
	size_t i = 0, k = 0;
	char name[16];

	while (i < ccw_stats_count(a) || k < ccw_stats_count(b)) {
		const struct ccw_stat *st[2] = { ccw_stats_at(a, i), ccw_stats_at(b, k) };

		if (st[0] && st[1] && ccw_sch_key(st[0]->sch) != ccw_sch_key(st[1]->sch))
			st[ccw_sch_key(st[0]->sch) < ccw_sch_key(st[1]->sch)] = NULL;
		i += !!st[0];
		k += !!st[1];
		ccw_sch_str(st[0] ? st[0]->sch : st[1]->sch, name, sizeof(name));
		compare(d, name, st);
	}
	compare(d, "all", total);
}

static int print(struct diff *d)
{
	if (d->reader.format == FORMAT_JSON) {
		json_init(&d->doc);
		json_add_string(&d->doc, d->doc.root, "before", d->path[0]);
		json_add_string(&d->doc, d->doc.root, "after", d->path[1]);
		d->array = json_add_array(&d->doc, d->doc.root, "changes");
		compare_all(d);
		json_add_bool(&d->doc, d->doc.root, "over_threshold", d->crossed);
		return json_print(&d->doc, stdout);
	}
	if (d->reader.format == FORMAT_CSV) {
		printf("subchannel,what,before,after,percent,over_threshold\n");
	} else {
		printf("before: ");
		report_head(&d->report[0], stdout);
		printf("after:  ");
		report_head(&d->report[1], stdout);
		printf("\n%-10s %-18s %14s %14s %10s\n", "SUBCHANNEL", "WHAT", "BEFORE", "AFTER",
		       "CHANGE");
	}
	compare_all(d);
	return 0;
}

static int run(struct diff *d)
{
	int code = EXIT_FINE, i, incomplete;

	for (i = 0; i < 2 && !code; i++) {
		d->reader.path = d->path[i];
		code = reader_gather(&d->reader, &d->report[i]);
	}
	if (code)
		return code;
	if (print(d)) {
		warn("out of memory for the comparison");
		return EXIT_ERROR;
	}
	incomplete = reader_complete(&d->reader, &d->report[0].info);
	code = reader_complete(&d->reader, &d->report[1].info);
	/* What is not whole cannot be judged. */
	code = code ? code : incomplete ? incomplete : d->crossed ? EXIT_THRESHOLD : EXIT_FINE;
	return finish_output(code);
}

static int option(void *ctx, int c, const char *arg)
{
	struct diff *d = ctx;
	char *end;

	if (c == OPT_ALL) {
		d->all = true;
		return EXIT_FINE;
	}
	if (c != OPT_THRESHOLD)
		return -1;
	errno = 0;
	d->threshold = strtod(arg, &end);
	if (errno || end == arg || *end || !(d->threshold >= 0) || d->threshold > 1e9)
		return usage_error("diff", "--threshold %s: want percent, as 10", arg);
	return EXIT_FINE;
}

static int run_verb(int argc, char **argv)
{
	struct diff d = { .threshold = -1 };
	bool done = false;
	int code = reader_init(&d.reader, argv[0]);

	code = code ? code : reader_parse(&d.reader, &verb_diff, argc, argv, option, &d, &done);
	if (!code && !done && argc - optind != 2)
		code = usage_error("diff", "want two recordings: BEFORE AFTER");
	if (!code && !done) {
		d.path[0] = argv[optind];
		d.path[1] = argv[optind + 1];
		code = run(&d);
	}
	report_free(&d.report[0]);
	report_free(&d.report[1]);
	reader_free(&d.reader);
	return code;
}

const struct verb verb_diff = {
	.name = "diff",
	.operands = "BEFORE AFTER",
	.summary = "two recordings compared",
	.about = "What changed between two recordings, for each subchannel and all together.",
	.options = diff_options,
	.run = run_verb,
};
