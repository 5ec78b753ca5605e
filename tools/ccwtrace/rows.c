// SPDX-License-Identifier: GPL-2.0
/*
 * Rows of events. Those of I/Os are in rows_io.c.
 */
#include <errno.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <string.h>

#include "tools/ccwtrace/rows.h"
#include "tools/ccwtrace/rows_json.h"

/* A text as RFC 4180 wants it: quoted, quotes doubled. */
static void csv_text(FILE *f, const char *text)
{
	if (!strpbrk(text, ",\"\n\r")) {
		fputs(text, f);
		return;
	}
	fputc('"', f);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', f);
		fputc(*text, f);
	}
	fputc('"', f);
}

void rows_event_head(void *ctx)
{
	const struct rows *r = ctx;

	if (r->format == ROW_CSV)
		fputs("time_ns,cpu,pid,comm,system,event,text,lost\n", r->out);
}

static void event_text(const struct rows *r, const struct ccw_raw *raw,
		       const struct ccw_event_name *name)
{
	fprintf(r->out, "%16s-%-7d [%03u] %6" PRIu64 ".%09" PRIu64 ": %-20s %s\n", name->comm,
		name->pid, raw->cpu, raw->ts / 1000000000, raw->ts % 1000000000, name->name,
		ccw_events_text(r->walk->names, raw));
}

static void event_csv(const struct rows *r, const struct ccw_raw *raw,
		      const struct ccw_event_name *name)
{
	fprintf(r->out, "%" PRIu64 ",%u,%d,", raw->ts, raw->cpu, name->pid);
	csv_text(r->out, name->comm);
	fprintf(r->out, ",%s,%s,", name->system, name->name);
	csv_text(r->out, ccw_events_text(r->walk->names, raw));
	fputs(",\n", r->out);
}

static void hex(char *to, size_t room, const uint8_t *p, size_t n)
{
	size_t i;

	*to = 0;
	for (i = 0; i < n && 2 * i + 3 <= room; i++)
		sprintf(to + 2 * i, "%02x", p[i]);
}

/* Numbers as numbers, bytes as hexadecimal text. */
static int add_json_field(void *ctx, const struct ccw_event_field *f)
{
	struct json_line *line = ctx;
	char text[8193];

	switch (f->kind) {
	case CCW_FIELD_UNSIGNED:
		json_line_u64(line, f->name, f->number);
		break;
	case CCW_FIELD_SIGNED:
		json_line_i64(line, f->name, f->number);
		break;
	case CCW_FIELD_TEXT:
		json_line_text(line, f->name, (const char *)f->bytes, f->len);
		break;
	case CCW_FIELD_BYTES:
		hex(text, sizeof(text), f->bytes, f->len);
		json_line_text(line, f->name, text, strlen(text));
		break;
	}
	return 0;
}

static int event_json(const struct rows *r, const struct ccw_raw *raw,
		      const struct ccw_event_name *name)
{
	struct json_line line, fields;
	const char *text = ccw_events_text(r->walk->names, raw);

	json_line_begin(&line);
	json_line_u64(&line, "time_ns", raw->ts);
	json_line_u64(&line, "cpu", raw->cpu);
	json_line_i64(&line, "pid", name->pid);
	json_line_text(&line, "comm", name->comm, strlen(name->comm));
	json_line_text(&line, "system", name->system, strlen(name->system));
	json_line_text(&line, "event", name->name, strlen(name->name));
	json_line_text(&line, "text", text, strlen(text));
	json_line_begin(&fields);
	ccw_events_fields(r->walk->names, raw, add_json_field, &fields);
	json_line_nest(&line, "fields", &fields);
	return json_line_end(&line, r->out);
}

static int state(const struct rows *r)
{
	return ferror(r->out) ? -EIO : 0;
}

int rows_event(void *ctx, const struct ccw_raw *raw, const struct ccw_event_name *name)
{
	const struct rows *r = ctx;

	switch (r->format) {
	case ROW_TEXT:
		event_text(r, raw, name);
		break;
	case ROW_CSV:
		event_csv(r, raw, name);
		break;
	case ROW_JSON:
		if (event_json(r, raw, name))
			return -ENOMEM;
		break;
	}
	return state(r);
}

static void lost_text(const struct rows *r, unsigned int cpu, uint64_t ts, uint64_t count)
{
	fprintf(r->out, "%24s [%03u] %6" PRIu64 ".%09" PRIu64 ": ", "", cpu, ts / 1000000000,
		ts % 1000000000);
	if (count)
		fprintf(r->out, "[%" PRIu64 " EVENTS LOST before this]\n", count);
	else
		fputs("[EVENTS LOST before this]\n", r->out);
}

static int lost_json(const struct rows *r, unsigned int cpu, uint64_t ts, uint64_t count)
{
	struct json_line line;

	json_line_begin(&line);
	json_line_u64(&line, "time_ns", ts);
	json_line_u64(&line, "cpu", cpu);
	json_line_u64(&line, "lost", count);
	return json_line_end(&line, r->out);
}

/* In CSV a row of its own: 0 in the column lost is a number that nobody knows. */
static int lost(const struct rows *r, const char *commas, unsigned int cpu, uint64_t ts,
		uint64_t count)
{
	switch (r->format) {
	case ROW_TEXT:
		lost_text(r, cpu, ts, count);
		break;
	case ROW_CSV:
		fprintf(r->out, "%" PRIu64 ",%u%s%" PRIu64 "\n", ts, cpu, commas, count);
		break;
	case ROW_JSON:
		if (lost_json(r, cpu, ts, count))
			return -ENOMEM;
		break;
	}
	return state(r);
}

int rows_event_lost(void *ctx, unsigned int cpu, uint64_t ts, uint64_t count)
{
	return lost(ctx, ",,,,,,", cpu, ts, count);
}

int rows_io_lost(void *ctx, unsigned int cpu, uint64_t ts, uint64_t count)
{
	return lost(ctx, ",,,,,,,,,,,,,,,,,,,,,,,,,,,", cpu, ts, count);
}
