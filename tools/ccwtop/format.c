// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tools/ccwtop/fields.h"
#include "tools/ccwtop/format.h"
#include "tools/json.h"

int top_format_parse(const char *name, enum top_format *format)
{
	static const char *const names[] = {
		[TOP_TEXT] = "text", [TOP_CSV] = "csv", [TOP_JSON] = "json", [TOP_JSONL] = "jsonl",
	};
	unsigned int i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (!strcmp(name, names[i])) {
			*format = i;
			return 0;
		}
	}
	return -EINVAL;
}

/* RFC 3339 in UTC; empty for a recording, whose clock counts from the boot of some machine. */
static const char *wall_clock(const struct top_view *v, char *buf, size_t len)
{
	struct timespec ts;
	struct tm tm;
	size_t n;

	buf[0] = '\0';
	if (top_gather_is_file(v->gather))
		return buf;
	clock_gettime(CLOCK_REALTIME, &ts);
	if (!gmtime_r(&ts.tv_sec, &tm))
		return buf;
	n = strftime(buf, len, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(buf + n, len - n, ".%03ldZ", ts.tv_nsec / 1000000);
	return buf;
}

/* Seconds since the first record of a recording, or since the counting began. */
static double elapsed(const struct top_view *v)
{
	const struct top_gather *g = v->gather;
	uint64_t pos = top_gather_pos(g), last = top_gather_last(g);

	if (!top_gather_is_file(g))
		return top_gather_total_secs(g);
	return ((pos < last ? pos : last) - top_gather_first(g)) / 1e9;
}

static double known_interval(const struct top_view *v)
{
	return v->model.secs > 0 ? v->model.secs : NAN;
}

/* --- csv: a line for each subchannel and interval --- */

static void csv_text(FILE *f, const char *text)
{
	if (!strpbrk(text, ",\"\r\n")) {
		fputs(text, f);
		return;
	}
	putc('"', f);
	for (; *text; text++) {
		if (*text == '"')
			putc('"', f);
		putc(*text, f);
	}
	putc('"', f);
}

static void csv_titles(const struct top_view *v, FILE *f)
{
	struct top_field field[TOP_FIELDS_MAX];
	unsigned int n, j;
	size_t i;

	fputs("time,elapsed_s,interval_s,source,driver,events_lost,idle", f);
	for (i = 0; i < v->columns.count; i++) {
		n = top_fields(v->columns.col[i], NULL, field);
		for (j = 0; j < n; j++)
			fprintf(f, ",%s", field[j].name);
	}
	putc('\n', f);
}

static void csv_rows(const struct top_view *v, FILE *f)
{
	const struct ccw_source_info *info = top_gather_info(v->gather);
	char now[40], since[32], length[32], lost[32] = "";
	struct top_field field[TOP_FIELDS_MAX];
	unsigned int n, j;
	size_t i, row;

	wall_clock(v, now, sizeof(now));
	top_digits(elapsed(v), since, sizeof(since));
	top_digits(known_interval(v), length, sizeof(length));
	if (!info->lost_unknown)
		snprintf(lost, sizeof(lost), "%llu", (unsigned long long)info->lost);
	for (row = 0; row < v->model.count; row++) {
		fprintf(f, "%s,%s,%s,%s,", now, since, length, info->kind);
		csv_text(f, info->driver);
		fprintf(f, ",%s,%d", lost, v->model.rows[row].idle);
		for (i = 0; i < v->columns.count; i++) {
			n = top_fields(v->columns.col[i], &v->model.rows[row], field);
			for (j = 0; j < n; j++) {
				putc(',', f);
				csv_text(f, field[j].text ? field[j].word : field[j].digits);
			}
		}
		putc('\n', f);
	}
}

/* --- json: an object for each interval --- */

static void add_digits(struct json_doc *doc, struct json_object *o, const char *name,
		       const char *digits)
{
	if (!*digits)
		json_add_null(doc, o, name);
	else
		json_add(doc, o, name, json_object_new_double_s(strtod(digits, NULL), digits));
}

static void add_number(struct json_doc *doc, struct json_object *o, const char *name, double n)
{
	char digits[32];

	add_digits(doc, o, name, top_digits(n, digits, sizeof(digits)));
}

static void add_word(struct json_doc *doc, struct json_object *o, const char *name,
		     const char *word)
{
	if (*word)
		json_add_string(doc, o, name, word);
	else
		json_add_null(doc, o, name);
}

static void add_head(struct json_doc *doc, const struct top_view *v)
{
	const struct ccw_source_info *info = top_gather_info(v->gather);
	const struct top_model *m = &v->model;
	struct json_object *o;
	char now[40];

	add_word(doc, doc->root, "time", wall_clock(v, now, sizeof(now)));
	add_number(doc, doc->root, "elapsed_s", elapsed(v));
	add_number(doc, doc->root, "interval_s", known_interval(v));
	json_add_string(doc, doc->root, "source", info->kind);
	json_add_string(doc, doc->root, "driver", info->driver);
	if (info->lost_unknown)
		json_add_null(doc, doc->root, "events_lost");
	else
		json_add_u64(doc, doc->root, "events_lost", info->lost);
	json_add_u64(doc, doc->root, "ios_missing", m->missing);
	o = json_add_object(doc, doc->root, "total");
	json_add_u64(doc, o, "subchannels", m->count);
	json_add_u64(doc, o, "active", m->active);
	add_number(doc, o, "ios_per_s", m->rate);
	add_number(doc, o, "bytes_per_s", m->bytes);
	add_number(doc, o, "errors_per_s", m->errors);
	json_add_u64(doc, o, "ios", m->total_ios);
	json_add_u64(doc, o, "failed", m->total_errors);
}

static void add_row(struct json_doc *doc, struct json_object *array, const struct top_view *v,
		    const struct top_row *row)
{
	struct json_object *o = json_add_object(doc, array, NULL);
	struct top_field field[TOP_FIELDS_MAX];
	unsigned int n, j;
	size_t i;

	for (i = 0; i < v->columns.count; i++) {
		n = top_fields(v->columns.col[i], row, field);
		for (j = 0; j < n; j++) {
			if (field[j].text)
				add_word(doc, o, field[j].name, field[j].word);
			else
				add_digits(doc, o, field[j].name, field[j].digits);
		}
	}
	json_add_bool(doc, o, "idle", row->idle);
}

static int put_object(const struct top_view *v, FILE *f)
{
	struct json_object *array;
	struct json_doc doc;
	size_t i;

	json_init(&doc);
	add_head(&doc, v);
	array = json_add_array(&doc, doc.root, "rows");
	for (i = 0; i < v->model.count; i++)
		add_row(&doc, array, v, &v->model.rows[i]);
	return json_print_plain(&doc, f);
}

void top_format_begin(enum top_format format, const struct top_view *v, FILE *f)
{
	if (format == TOP_CSV)
		csv_titles(v, f);
	else if (format == TOP_JSON)
		putc('[', f);
}

int top_format_interval(enum top_format format, const struct top_view *v, unsigned long n, FILE *f)
{
	int rc;

	if (format == TOP_CSV) {
		csv_rows(v, f);
		return 0;
	}
	if (format == TOP_JSON)
		fputs(n ? ",\n" : "\n", f);
	rc = put_object(v, f);
	if (format == TOP_JSONL)
		putc('\n', f);
	return rc;
}

void top_format_end(enum top_format format, FILE *f)
{
	if (format == TOP_JSON)
		fputs("\n]\n", f);
}
