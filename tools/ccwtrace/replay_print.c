// SPDX-License-Identifier: GPL-2.0
/*
 * Recorded and replayed, side by side.
 */
#include <inttypes.h>

#include "tools/ccwtrace/replay.h"
#include "tools/json.h"
#include "trace/ccw_names.h"

static const char *const left_out_names[] = { "refused_when_recorded", "cannot_be_run", "writes" };
static const char *const left_out_text[] = {
	"refused when they were recorded", "cannot be run again", "write",
};

static uint64_t mean(const struct ccw_hist *h)
{
	return h->count ? h->sum / h->count : 0;
}

static void print_head(const struct replay_result *r, FILE *f)
{
	char sch[16], a[16], b[16];
	size_t i;

	fprintf(f, "%s: %" PRIu64 " of %zu programs of %s run on %s in %s, recorded in %s\n",
		r->path, r->started, r->programs->count,
		ccw_sch_str(r->programs->sch, sch, sizeof(sch)), r->device,
		ccw_ns_str(r->replayed_ns, a, sizeof(a)), ccw_ns_str(r->recorded_ns, b, sizeof(b)));
	for (i = 0; i < 3; i++) {
		if (r->left_out[i])
			fprintf(f, "left out: %" PRIu64 " that %s\n", r->left_out[i],
				left_out_text[i]);
	}
	if (r->speed > 0)
		fprintf(f, "schedule: speed %g, %" PRIu64 " late by 1 ms or more, at most %s, the "
			"last one %s\n", r->speed, r->late,
			ccw_ns_str(r->most_late_ns, a, sizeof(a)),
			ccw_ns_str(r->end_late_ns, b, sizeof(b)));
	else
		fprintf(f, "schedule: flat out\n");
	if (!r->by_driver)
		fprintf(f, "NOTE: the driver's events cannot be had here: replayed latency is "
			"measured by ccwtrace, from the request to its signal\n");
}

static void print_stage(const struct replay_result *r, int stage, FILE *f)
{
	const struct ccw_hist *h[2] = { &r->recorded.hist[stage], &r->replayed.hist[stage] };
	char text[4][16];
	int i;

	if (!h[0]->count && !h[1]->count)
		return;
	fprintf(f, "%-10s", ccw_stage_name(stage));
	for (i = 0; i < 2; i++) {
		if (!h[i]->count) {
			fprintf(f, " %6s %6s %6s %6s", "-", "-", "-", "-");
		} else {
			ccw_ns_str(ccw_hist_percentile(h[i], 50), text[0], sizeof(text[0]));
			ccw_ns_str(ccw_hist_percentile(h[i], 99), text[1], sizeof(text[1]));
			ccw_ns_str(h[i]->max, text[2], sizeof(text[2]));
			ccw_ns_str(mean(h[i]), text[3], sizeof(text[3]));
			fprintf(f, " %6s %6s %6s %6s", text[0], text[1], text[2], text[3]);
		}
		fputs(i ? "" : "  |", f);
	}
	if (mean(h[0]) && h[1]->count)
		fprintf(f, " %6.2f", (double)mean(h[1]) / (double)mean(h[0]));
	fputc('\n', f);
}

void replay_print_text(const struct replay_result *r, FILE *f)
{
	uint64_t i;

	print_head(r, f);
	fprintf(f, "\nLATENCY    %-27s  | %s\n%-10s %6s %6s %6s %6s  | %6s %6s %6s %6s %6s\n",
		"RECORDED", "REPLAYED", "STAGE", "P50", "P99", "MAX", "MEAN", "P50", "P99", "MAX",
		"MEAN", "RATIO");
	for (i = 0; i < CCW_NR_STAGES; i++)
		print_stage(r, i, f);
	fprintf(f, "\n%-18s %10s %10s\n", "ENDED", "RECORDED", "REPLAYED");
	for (i = 0; i < CCW_NR_RESULTS; i++) {
		if (r->recorded.result[i] || r->replayed.result[i])
			fprintf(f, "%-18s %10" PRIu64 " %10" PRIu64 "\n", ccw_result_name(i),
				r->recorded.result[i], r->replayed.result[i]);
	}
	if (r->differ)
		fprintf(f, "\n%" PRIu64 " ended otherwise than recorded:\n", r->differ);
	for (i = 0; i < r->differ && i < REPLAY_DIFFERENCES; i++)
		fprintf(f, "#%u: %s, now %s\n", r->differences[i].seq,
			r->differences[i].recorded, r->differences[i].replayed);
}

static void add_side(struct json_doc *doc, const char *name, const struct replay_side *s)
{
	struct json_object *o = json_add_object(doc, doc->root, name), *stages, *inner;
	int i;

	json_add_u64(doc, o, "ios", s->ios);
	inner = json_add_object(doc, o, "ended");
	for (i = 0; i < CCW_NR_RESULTS; i++)
		json_add_u64(doc, inner, ccw_result_name(i), s->result[i]);
	stages = json_add_object(doc, o, "latency");
	for (i = 0; i < CCW_NR_STAGES; i++) {
		const struct ccw_hist *h = &s->hist[i];

		inner = json_add_object(doc, stages, ccw_stage_name(i));
		json_add_u64(doc, inner, "ios", h->count);
		json_add_u64(doc, inner, "p50_ns", ccw_hist_percentile(h, 50));
		json_add_u64(doc, inner, "p99_ns", ccw_hist_percentile(h, 99));
		json_add_u64(doc, inner, "max_ns", h->max);
		json_add_u64(doc, inner, "sum_ns", h->sum);
	}
}

int replay_print_json(const struct replay_result *r, FILE *f)
{
	struct json_object *array, *o;
	struct json_doc doc;
	char sch[16];
	uint64_t i;

	json_init(&doc);
	json_add_string(&doc, doc.root, "file", r->path);
	json_add_string(&doc, doc.root, "subchannel",
			ccw_sch_str(r->programs->sch, sch, sizeof(sch)));
	json_add_string(&doc, doc.root, "device", r->device);
	json_add_u64(&doc, doc.root, "programs", r->programs->count);
	json_add_u64(&doc, doc.root, "started", r->started);
	if (r->error)
		json_add_string(&doc, doc.root, "error", r->error);
	o = json_add_object(&doc, doc.root, "left_out");
	for (i = 0; i < 3; i++)
		json_add_u64(&doc, o, left_out_names[i], r->left_out[i]);
	json_add_double(&doc, doc.root, "speed", r->speed, "%.3f");
	json_add_u64(&doc, doc.root, "recorded_ns", r->recorded_ns);
	json_add_u64(&doc, doc.root, "replayed_ns", r->replayed_ns);
	json_add_u64(&doc, doc.root, "late", r->late);
	json_add_u64(&doc, doc.root, "most_late_ns", r->most_late_ns);
	json_add_u64(&doc, doc.root, "end_late_ns", r->end_late_ns);
	json_add_bool(&doc, doc.root, "by_driver", r->by_driver);
	add_side(&doc, "recorded", &r->recorded);
	add_side(&doc, "replayed", &r->replayed);
	json_add_u64(&doc, doc.root, "ended_otherwise", r->differ);
	array = json_add_array(&doc, doc.root, "differences");
	for (i = 0; i < r->differ && i < REPLAY_DIFFERENCES; i++) {
		o = json_add_object(&doc, array, NULL);
		json_add_u64(&doc, o, "seq", r->differences[i].seq);
		json_add_string(&doc, o, "recorded", r->differences[i].recorded);
		json_add_string(&doc, o, "replayed", r->differences[i].replayed);
	}
	return json_print(&doc, f);
}
