// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>

#include "tools/ccwtrace/html_data.h"
#include "tools/json.h"
#include "trace/ccw_names.h"

/* Buckets by number: the page works out their bounds. */
static void add_hist(struct json_doc *doc, struct json_object *o, const char *name,
		     const struct ccw_hist *h)
{
	struct json_object *hist = json_add_object(doc, o, name);
	struct json_object *bucket = json_add_array(doc, hist, "bucket");
	struct json_object *count = json_add_array(doc, hist, "count");
	unsigned int b;

	for (b = 0; b < CCW_HIST_BUCKETS; b++) {
		if (!ccw_hist_at(h, b))
			continue;
		json_add_u64(doc, bucket, NULL, b);
		json_add_u64(doc, count, NULL, ccw_hist_at(h, b));
	}
	json_add_u64(doc, hist, "count_all", h->count);
	json_add_u64(doc, hist, "sum", h->sum);
	json_add_u64(doc, hist, "p50", ccw_hist_percentile(h, 50));
	json_add_u64(doc, hist, "p99", ccw_hist_percentile(h, 99));
	json_add_u64(doc, hist, "max", h->max);
}

#define HEAT_ROW 4 /* buckets of a row: a quarter of a power of two */

/* For each column pairs of row and count. */
static void add_heat(struct json_doc *doc, struct json_object *o, const struct html_data *d,
		     const struct html_series *s)
{
	struct json_object *heat = json_add_array(doc, o, "heat"), *cells;
	unsigned int c, row, i;

	for (c = 0; c < d->nr_columns; c++) {
		const struct ccw_hist *h = &s->columns[c].total;

		cells = json_add_array(doc, heat, NULL);
		for (row = 0; h->count && row < CCW_HIST_BUCKETS / HEAT_ROW; row++) {
			uint64_t n = 0;

			for (i = 0; i < HEAT_ROW; i++)
				n += ccw_hist_at(h, row * HEAT_ROW + i);
			if (!n)
				continue;
			json_add_u64(doc, cells, NULL, row);
			json_add_u64(doc, cells, NULL, n);
		}
	}
}

/* null where a column has no I/O: a line has a gap there. */
static void add_number(struct json_doc *doc, struct json_object *array, bool known, uint64_t v)
{
	if (known)
		json_add_u64(doc, array, NULL, v);
	else if (!array || json_object_array_add(array, NULL))
		doc->failed = true;
}

static void add_columns(struct json_doc *doc, struct json_object *o, const struct html_data *d,
			const struct html_series *s)
{
	struct json_object *ios = json_add_array(doc, o, "ios");
	struct json_object *bytes = json_add_array(doc, o, "bytes");
	struct json_object *p50 = json_add_array(doc, o, "p50");
	struct json_object *p99 = json_add_array(doc, o, "p99");
	struct json_object *max = json_add_array(doc, o, "max");
	struct json_object *stages = json_add_object(doc, o, "stage_sum"), *array;
	struct json_object *results = json_add_object(doc, o, "failed");
	unsigned int c, i;

	for (c = 0; c < d->nr_columns; c++) {
		const struct html_column *col = &s->columns[c];
		bool known = col->total.count;

		json_add_u64(doc, ios, NULL, col->ios);
		json_add_u64(doc, bytes, NULL, col->bytes);
		add_number(doc, p50, known, ccw_hist_percentile(&col->total, 50));
		add_number(doc, p99, known, ccw_hist_percentile(&col->total, 99));
		add_number(doc, max, known, col->total.max);
	}
	for (i = 0; i < CCW_TOTAL; i++) {
		array = json_add_array(doc, stages, ccw_stage_name(i));
		for (c = 0; c < d->nr_columns; c++)
			json_add_u64(doc, array, NULL, s->columns[c].ns[i]);
	}
	for (i = CCW_OK + 1; i < CCW_NR_RESULTS; i++) {
		if (!s->st->result[i])
			continue;
		array = json_add_array(doc, results, ccw_result_name(i));
		for (c = 0; c < d->nr_columns; c++)
			json_add_u64(doc, array, NULL, s->columns[c].result[i]);
	}
}

static void add_series(struct json_doc *doc, struct json_object *array, const struct html_data *d,
		       const struct html_series *s)
{
	struct json_object *o = json_add_object(doc, array, NULL), *hists;
	char name[16];
	unsigned int i;

	json_add_string(doc, o, "name", s->st == d->report.scan.all ? "all" :
			ccw_sch_str(s->st->sch, name, sizeof(name)));
	json_add_u64(doc, o, "ios_all", s->st->ios);
	json_add_u64(doc, o, "have", s->st->have);
	add_columns(doc, o, d, s);
	add_heat(doc, o, d, s);
	hists = json_add_object(doc, o, "hist");
	for (i = 0; i < CCW_NR_STAGES; i++)
		add_hist(doc, hists, ccw_stage_name(i), &s->st->hist[i]);
	add_hist(doc, o, "ccws", &s->ccws);
	add_hist(doc, o, "sizes", &s->bytes);
}

/* One I/O as an array: the order of "io_fields". */
static void add_io(struct json_doc *doc, struct json_object *array, const struct html_data *d,
		   const struct ccw_io *io)
{
	struct json_object *o = json_add_array(doc, array, NULL);
	enum ccw_result result = ccw_io_result(io);
	char name[16], text[128], what[80];
	int i;

	json_add_u64(doc, o, NULL, io->ts > d->begin ? io->ts - d->begin : 0);
	json_add_string(doc, o, NULL, ccw_sch_str(io->sch, name, sizeof(name)));
	json_add_u64(doc, o, NULL, io->seq);
	snprintf(what, sizeof(what), "%02x %s", io->cmd, ccw_cmd_name(io->cmd));
	json_add_string(doc, o, NULL, what);
	for (i = 0; i < CCW_NR_STAGES; i++)
		add_number(doc, o, io->have & 1u << i, io->ns[i]);
	json_add_u64(doc, o, NULL, io->ccws);
	json_add_u64(doc, o, NULL, io->bytes);
	json_add_string(doc, o, NULL, ccw_result_name(result));
	json_add_string(doc, o, NULL,
			result == CCW_OK ? "" : ccw_io_error_str(io, text, sizeof(text)));
}

static void add_ios(struct json_doc *doc, const struct html_data *d)
{
	static const char *const fields[] = { "t", "subchannel", "seq", "cmd", "translate",
		"start", "device", "deliver", "total", "ccws", "bytes", "result", "error" };
	struct json_object *array = json_add_array(doc, doc->root, "io_fields");
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		json_add_string(doc, array, NULL, fields[i]);
	array = json_add_array(doc, doc->root, "slow");
	for (i = 0; i < d->nr_slow; i++)
		add_io(doc, array, d, &d->slow[i]);
	array = json_add_array(doc, doc->root, "failed_ios");
	for (i = 0; i < d->nr_failed; i++)
		add_io(doc, array, d, &d->failed[i]);
}

static void add_gaps(struct json_doc *doc, const struct html_data *d)
{
	struct json_object *array = json_add_array(doc, doc->root, "gaps"), *o;
	size_t i;

	for (i = 0; i < d->nr_gaps; i++) {
		const struct html_gap *g = &d->gaps[i];

		o = json_add_object(doc, array, NULL);
		json_add_u64(doc, o, "t", g->ts > d->begin ? g->ts - d->begin : 0);
		json_add_u64(doc, o, "cpu", g->cpu);
		json_add_u64(doc, o, "events", g->count);
	}
	json_add_u64(doc, doc->root, "other_gaps", d->other_gaps);
}

/* Within a script element the JSON ends where "</script" does: no "<" may be left in it. */
static void write_script_safe(const char *text, FILE *out)
{
	size_t n;

	for (; *text; text += n) {
		n = strcspn(text, "<>&");
		fwrite(text, 1, n, out);
		if (text[n])
			fprintf(out, "\\u%04x", (unsigned char)text[n++]);
	}
}

int html_json(struct html_data *d, FILE *out)
{
	struct json_object *array;
	struct json_doc doc;
	const char *text;
	unsigned int i;

	json_init(&doc);
	json_add_u64(&doc, doc.root, "format", 1);
	json_add_u64(&doc, doc.root, "ios", d->report.scan.all->ios);
	json_add_u64(&doc, doc.root, "subchannels", ccw_stats_count(d->report.scan.stats));
	json_add_u64(&doc, doc.root, "begin_ns", d->begin);
	json_add_u64(&doc, doc.root, "width_ns", d->width);
	json_add_u64(&doc, doc.root, "columns", d->nr_columns);
	json_add_u64(&doc, doc.root, "failed",
		     d->report.scan.all->ios - d->report.scan.all->result[CCW_OK]);
	array = json_add_array(&doc, doc.root, "stages");
	for (i = 0; i < CCW_TOTAL; i++)
		json_add_string(&doc, array, NULL, ccw_stage_name(i));
	array = json_add_array(&doc, doc.root, "series");
	for (i = 0; i < d->nr_series; i++)
		add_series(&doc, array, d, &d->series[i]);
	add_ios(&doc, d);
	add_gaps(&doc, d);
	text = doc.failed ? NULL :
		json_object_to_json_string_ext(doc.root, JSON_C_TO_STRING_PLAIN |
					       JSON_C_TO_STRING_NOSLASHESCAPE);
	if (text)
		write_script_safe(text, out);
	json_free(&doc);
	return text ? 0 : -ENOMEM;
}
