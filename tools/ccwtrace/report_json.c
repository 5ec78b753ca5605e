// SPDX-License-Identifier: GPL-2.0
/*
 * The report for programs: plain numbers, nanoseconds and bytes. Members may be added, never
 * renamed.
 */
#include "tools/ccwtrace/report.h"
#include "tools/json.h"
#include "trace/ccw_names.h"

static void add_stage(struct json_doc *doc, struct json_object *latency, const char *name,
		      const struct ccw_hist *h)
{
	struct json_object *o = json_add_object(doc, latency, name);

	json_add_u64(doc, o, "ios", h->count);
	json_add_u64(doc, o, "sum_ns", h->sum);
	json_add_u64(doc, o, "min_ns", h->min);
	json_add_u64(doc, o, "p50_ns", ccw_hist_percentile(h, 50));
	json_add_u64(doc, o, "p90_ns", ccw_hist_percentile(h, 90));
	json_add_u64(doc, o, "p99_ns", ccw_hist_percentile(h, 99));
	json_add_u64(doc, o, "p999_ns", ccw_hist_percentile(h, 99.9));
	json_add_u64(doc, o, "max_ns", h->max);
}

static void add_subchannel(struct json_doc *doc, struct json_object *parent,
			   const struct ccw_stat *st, bool joined, bool total)
{
	static const char *const kinds[CCW_NR_RESULTS] = {
		[CCW_ERR_REFUSED] = "refused", [CCW_ERR_CC] = "condition_code",
		[CCW_ERR_ABORTED] = "aborted", [CCW_ERR_CHANNEL] = "channel_check",
		[CCW_ERR_UNIT_CHECK] = "unit_check", [CCW_ERR_UNIT_EXCEPTION] = "unit_exception",
		[CCW_ERR_LENGTH] = "incorrect_length",
	};
	struct json_object *o, *inner;
	char name[16];
	int i;

	o = json_add_object(doc, parent, total ? "total" : NULL);
	if (!total)
		json_add_string(doc, o, "subchannel", ccw_sch_str(st->sch, name, sizeof(name)));
	json_add_u64(doc, o, "ios", st->ios);
	json_add_u64(doc, o, "ccws", st->ccws);
	json_add_u64(doc, o, "max_ccws", st->max_ccws);
	json_add_u64(doc, o, "bytes", st->bytes);
	json_add_u64(doc, o, "segments", st->segments);
	json_add_u64(doc, o, "idaws", st->idaws);
	json_add_u64(doc, o, "pages", st->pages);
	json_add_u64(doc, o, "irqs", st->irqs);
	json_add_u64(doc, o, "missing", st->missing);
	inner = json_add_object(doc, o, "failed");
	for (i = CCW_OK + 1; i < CCW_NR_RESULTS; i++)
		json_add_u64(doc, inner, kinds[i], st->result[i]);
	inner = json_add_object(doc, o, "latency");
	for (i = 0; i < CCW_NR_STAGES; i++) {
		if (!joined || st->have & 1U << i) /* else it is not known, not 0 */
			add_stage(doc, inner, ccw_stage_name(i), &st->hist[i]);
	}
}

static void add_error(struct json_doc *doc, struct json_object *array,
		      const struct ccw_scan_error *e)
{
	struct json_object *o = json_add_object(doc, array, NULL);
	const struct ccw_io *io = &e->io;
	char name[16], text[128], sense[17];

	json_add_string(doc, o, "subchannel", ccw_sch_str(io->sch, name, sizeof(name)));
	json_add_u64(doc, o, "ios", e->count);
	json_add_string(doc, o, "kind", ccw_result_name(ccw_io_result(io)));
	json_add_string(doc, o, "text", ccw_io_error_str(io, text, sizeof(text)));
	json_add_u64(doc, o, "cmd", io->cmd);
	json_add(doc, o, "rc", json_object_new_int(io->rc));
	json_add_u64(doc, o, "cc", io->cc);
	json_add_u64(doc, o, "dstat", io->dstat);
	json_add_u64(doc, o, "cstat", io->cstat);
	json_add_u64(doc, o, "flags", io->flags);
	/* bytes, not a number */
	snprintf(sense, sizeof(sense), "%016llx", (unsigned long long)io->sense);
	json_add_string(doc, o, "sense", sense);
}

int report_json(const struct report *r, FILE *f)
{
	struct json_object *array, *o;
	struct json_doc doc;
	size_t i;

	json_init(&doc);
	json_add_string(&doc, doc.root, "file", r->path);
	json_add_string(&doc, doc.root, "note", r->info.note);
	json_add_bool(&doc, doc.root, "big_endian", r->info.big_endian);
	json_add_bool(&doc, doc.root, "complete", !r->info.truncated && !r->scan.nr_losses);
	json_add_string(&doc, doc.root, "events", r->info.driver);
	json_add_u64(&doc, doc.root, "cpus", r->info.cpus);
	json_add_u64(&doc, doc.root, "duration_ns", r->duration);
	array = json_add_array(&doc, doc.root, "lost");
	for (i = 0; i < r->scan.nr_losses; i++) {
		o = json_add_object(&doc, array, NULL);
		json_add_u64(&doc, o, "cpu", r->scan.losses[i].cpu);
		json_add_u64(&doc, o, "events", r->scan.losses[i].count);
		json_add_bool(&doc, o, "exact", !r->scan.losses[i].unknown);
	}
	array = json_add_array(&doc, doc.root, "lost_at");
	for (i = 0; r->total && i < r->scan.nr_marks; i++) {
		o = json_add_object(&doc, array, NULL);
		json_add_u64(&doc, o, "ns", r->scan.marks[i].ts - r->first);
		json_add_u64(&doc, o, "cpu", r->scan.marks[i].cpu);
		json_add_u64(&doc, o, "events", r->scan.marks[i].count);
	}
	array = json_add_array(&doc, doc.root, "subchannels");
	for (i = 0; i < ccw_stats_count(r->scan.stats); i++)
		add_subchannel(&doc, array, ccw_stats_at(r->scan.stats, i), r->info.joined.used,
			       false);
	if (r->total)
		add_subchannel(&doc, doc.root, r->scan.all, r->info.joined.used, true);
	array = json_add_array(&doc, doc.root, "errors");
	for (i = 0; i < r->scan.nr_errors; i++)
		add_error(&doc, array, &r->scan.errors[i]);
	return json_print(&doc, f);
}
