// SPDX-License-Identifier: GPL-2.0
/*
 * ccwtrace slow: the slowest I/Os one by one
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "tools/ccwtrace/slow_detail.h"
#include "tools/json.h"
#include "trace/ccw_names.h"

#define MAX_SLOW 1000
#define DEFAULT_SLOW 10

enum { OPT_STAGE = OPT_LONG, OPT_NO_EVENTS };

static const struct opt slow_options[] = {
	READER_OPTIONS,
	{ 'n', "count", "N", NULL, "so many (10)" },
	{ OPT_STAGE, "stage", "STAGE", "translate|start|device|deliver|total",
	  "by this stage (total, or device if that is all there is)" },
	{ OPT_NO_EVENTS, "no-events", NULL, NULL, "without their detailed events" },
	OPT_QUIET,
	OPT_HELP,
	OPT_END
};

struct slow {
	struct reader reader;
	struct report head; /* info and times alone */
	struct slow_io *at; /* while reading: a heap, the fastest first */
	size_t nr, want;
	uint64_t seen; /* I/Os that had such a time */
	int stage; /* -1: not asked for */
	bool no_events;
};

/* Of equally slow ones the earlier is the slower. */
static bool slower(const struct slow *o, const struct ccw_io *a, const struct ccw_io *b)
{
	if (a->ns[o->stage] != b->ns[o->stage])
		return a->ns[o->stage] > b->ns[o->stage];
	if (a->ts != b->ts)
		return a->ts < b->ts;
	return ccw_sch_key(a->sch) < ccw_sch_key(b->sch);
}

static void sift_down(struct slow *o, size_t i)
{
	struct slow_io moving = o->at[i];
	size_t child;

	while ((child = 2 * i + 1) < o->nr) {
		if (child + 1 < o->nr && slower(o, &o->at[child].io, &o->at[child + 1].io))
			child++;
		if (!slower(o, &moving.io, &o->at[child].io))
			break;
		o->at[i] = o->at[child];
		i = child;
	}
	o->at[i] = moving;
}

static int on_io(void *ctx, const struct ccw_io *io)
{
	struct slow *o = ctx;
	size_t i;

	if (!ccw_filter_match(o->reader.filter, io->sch) || !ccw_select_io(o->reader.select, io) ||
	    !(ccw_io_stages(io) & 1U << o->stage))
		return 0;
	o->seen++;
	if (o->nr < o->want) {
		o->at[o->nr++].io = *io;
		for (i = o->nr / 2; o->nr == o->want && i-- > 0;)
			sift_down(o, i);
	} else if (slower(o, io, &o->at[0].io)) {
		o->at[0].io = *io;
		sift_down(o, 0);
	}
	return 0;
}

static const struct slow *sorting; /* qsort() hands nothing through */

static int by_time(const void *a, const void *b)
{
	const struct slow_io *x = a, *y = b;

	return slower(sorting, &x->io, &y->io) ? -1 : slower(sorting, &y->io, &x->io);
}

static const char *stage_str(const struct ccw_io *io, int stage, char *buf, size_t len)
{
	if (ccw_io_stages(io) & 1U << stage)
		return ccw_ns_str(io->ns[stage], buf, len);
	snprintf(buf, len, "-");
	return buf;
}

static void io_text(const struct slow *o, size_t i, bool narrow, FILE *f)
{
	const struct slow_io *s = &o->at[i];
	const struct ccw_io *io = &s->io;
	char name[16], t[CCW_NR_STAGES][16], bytes[16], text[128], when[32], flags[128];
	int stage;
	size_t k;

	for (stage = 0; stage < CCW_NR_STAGES; stage++)
		stage_str(io, stage, t[stage], sizeof(t[stage]));
	fprintf(f, "%4zu  %-10s", i + 1, ccw_sch_str(io->sch, name, sizeof(name)));
	if (!narrow)
		fprintf(f, " %10u %14s", io->seq, report_time(&o->head, io->ts, when));
	fprintf(f, " %9s %9s %9s %9s %9s  %s\n", t[CCW_TRANSLATE], t[CCW_START], t[CCW_DEVICE],
		t[CCW_DELIVER], t[CCW_TOTAL], ccw_io_error_str(io, text, sizeof(text)));
	if (narrow)
		fprintf(f, "      seq=%u at %s s\n", io->seq,
			report_time(&o->head, io->ts, when));
	if (o->no_events)
		return;
	if (!o->head.info.joined.used)
		fprintf(f, "      cmd=%02x (%s) ccws=%u segments=%u idaws=%u pages=%u bytes=%s "
			   "irqs=%u flags=%s cpu=%u\n",
			io->cmd, ccw_cmd_name(io->cmd), io->ccws, io->segments, io->idaws,
			io->pages, ccw_bytes_str(io->bytes, bytes, sizeof(bytes)), io->irqs,
			ccw_io_flags_str(io->flags, flags, sizeof(flags)), io->cpu);
	for (k = 0; k < s->nr_events; k++) {
		const struct detail_event *e = &s->events[k];
		uint64_t before = io->ts > e->ts ? io->ts - e->ts : e->ts - io->ts;

		fprintf(f, "      %c%9s  CPU %-3u %-26s %s\n", io->ts >= e->ts ? '-' : '+',
			ccw_ns_str(before, t[0], sizeof(t[0])), e->cpu, e->name, e->text);
	}
	if (s->more)
		fprintf(f, "      and %zu further event%s\n", s->more, ccw_s(s->more));
}

static int slow_text(const struct slow *o, FILE *f)
{
	char n[32], path[PATH_MAX];
	bool narrow = report_narrow(f);
	size_t i;

	fprintf(f, "%s: the %zu slowest of %s I/O%s, by %s\n",
		ccw_plain_str(o->reader.path, path, sizeof(path)), o->nr,
		report_grouped(o->seen, n), ccw_s(o->seen), ccw_stage_name(o->stage));
	if (!o->nr)
		return 0;
	fprintf(f, "\n%4s  %-10s%s %9s %9s %9s %9s %9s  %s\n", "", "SUBCHANNEL",
		narrow ? "" : "        SEQ         AT (S)", "TRANSLATE", "START",
		"DEVICE", "DELIVER", "TOTAL", "RESULT");
	for (i = 0; i < o->nr; i++)
		io_text(o, i, narrow, f);
	return 0;
}

static int slow_csv(const struct slow *o, FILE *f)
{
	char name[16];
	size_t i;
	int s;

	fprintf(f, "subchannel,seq,at_ns,translate_ns,start_ns,device_ns,deliver_ns,total_ns,cmd,"
		"ccws,bytes,flags,cc,rc,dstat,cstat,cpu\n");
	for (i = 0; i < o->nr; i++) {
		const struct ccw_io *io = &o->at[i].io;

		fprintf(f, "%s,%u,%llu", ccw_sch_str(io->sch, name, sizeof(name)), io->seq,
			(unsigned long long)(io->ts - o->head.first));
		for (s = 0; s < CCW_NR_STAGES; s++) {
			if (ccw_io_stages(io) & 1U << s)
				fprintf(f, ",%llu", (unsigned long long)io->ns[s]);
			else
				fputc(',', f);
		}
		fprintf(f, ",%u,%u,%u,%u,%u,%d,%u,%u,%u\n", io->cmd, io->ccws, io->bytes,
			io->flags, io->cc, io->rc, io->dstat, io->cstat, io->cpu);
	}
	return 0;
}

static void json_io(const struct slow *o, struct json_doc *doc, struct json_object *array,
		    const struct slow_io *s)
{
	struct json_object *j = json_add_object(doc, array, NULL), *list, *e;
	const struct ccw_io *io = &s->io;
	char text[128];
	size_t k;
	int st;

	json_add_string(doc, j, "subchannel", ccw_sch_str(io->sch, text, sizeof(text)));
	json_add_u64(doc, j, "seq", io->seq);
	json_add_u64(doc, j, "at_ns", io->ts - o->head.first);
	list = json_add_object(doc, j, "ns");
	for (st = 0; st < CCW_NR_STAGES; st++) {
		if (ccw_io_stages(io) & 1U << st)
			json_add_u64(doc, list, ccw_stage_name(st), io->ns[st]);
	}
	json_add_string(doc, j, "result", ccw_io_error_str(io, text, sizeof(text)));
	json_add_u64(doc, j, "cmd", io->cmd);
	json_add_u64(doc, j, "ccws", io->ccws);
	json_add_u64(doc, j, "bytes", io->bytes);
	json_add_string(doc, j, "flags", ccw_io_flags_str(io->flags, text, sizeof(text)));
	json_add_u64(doc, j, "cpu", io->cpu);
	list = json_add_array(doc, j, "events");
	for (k = 0; k < s->nr_events; k++) {
		e = json_add_object(doc, list, NULL);
		json_add_u64(doc, e, "at_ns", s->events[k].ts - o->head.first);
		json_add_u64(doc, e, "cpu", s->events[k].cpu);
		json_add_string(doc, e, "event", s->events[k].name);
		json_add_string(doc, e, "text", s->events[k].text);
	}
}

static int slow_json(const struct slow *o, FILE *f)
{
	struct json_object *array;
	struct json_doc doc;
	size_t i;

	json_init(&doc);
	json_add_string(&doc, doc.root, "file", o->reader.path);
	json_add_string(&doc, doc.root, "by", ccw_stage_name(o->stage));
	json_add_u64(&doc, doc.root, "of", o->seen);
	array = json_add_array(&doc, doc.root, "slowest");
	for (i = 0; i < o->nr; i++)
		json_io(o, &doc, array, &o->at[i]);
	return json_print(&doc, f);
}

static int read_file(struct slow *o)
{
	const struct ccw_sink sink = { .io = on_io, .ctx = o };
	struct ccw_error err = { "out of memory" };
	struct ccw_source *src;
	uint64_t first, last;
	int rc;

	catch_bus_error();
	o->at = calloc(o->want, sizeof(*o->at));
	rc = o->at ? ccw_source_open_file(&src, o->reader.path, &err) : -1;
	if (!rc) {
		if (!ccw_source_range(src, &first, &last)) {
			o->head.first = first;
			ccw_select_start(o->reader.select, first);
		}
		if (o->stage < 0)
			o->stage = !strcmp(ccw_source_info(src)->driver, "s390_cio") ||
				   !strcmp(ccw_source_info(src)->driver, "kernel vfio_ccw") ?
				   CCW_DEVICE : CCW_TOTAL;
		rc = ccw_source_read(src, &sink, 0, 0, &err);
		o->head.info = *ccw_source_info(src);
		o->head.info.name = o->reader.path;
		ccw_source_close(src);
	}
	if (rc) {
		warn("%s", err.text);
		return EXIT_ERROR;
	}
	sorting = o;
	if (o->nr)
		qsort(o->at, o->nr, sizeof(*o->at), by_time);
	return o->no_events || o->reader.format == FORMAT_CSV ? EXIT_FINE :
	       detail_read(o->at, o->nr, &o->reader, o->head.info.joined.used);
}

static int option(void *ctx, int c, const char *arg)
{
	struct slow *o = ctx;
	unsigned long n;

	switch (c) {
	case 'n':
		if (reader_number("slow", "-n", arg, MAX_SLOW, &n))
			return EXIT_USAGE;
		o->want = n;
		return EXIT_FINE;
	case OPT_STAGE:
		for (o->stage = 0; o->stage < CCW_NR_STAGES; o->stage++) {
			if (!strcmp(arg, ccw_stage_name(o->stage)))
				return EXIT_FINE;
		}
		return usage_error("slow", "no stage '%s': want translate, start, device, deliver "
					   "or total", arg);
	case OPT_NO_EVENTS:
		o->no_events = true;
		return EXIT_FINE;
	}
	return -1;
}

static int run_verb(int argc, char **argv)
{
	static int (*const print[])(const struct slow *o, FILE *f) = {
		[FORMAT_TEXT] = slow_text,
		[FORMAT_CSV] = slow_csv,
		[FORMAT_JSON] = slow_json,
	};
	struct slow o = { .want = DEFAULT_SLOW, .stage = -1 };
	bool done = false;
	int code = reader_init(&o.reader, argv[0]);
	size_t i;

	code = code ? code : reader_parse(&o.reader, &verb_slow, argc, argv, option, &o, &done);
	if (!code && !done)
		code = reader_operands(&o.reader, argc, argv);
	if (!code && !done) {
		code = read_file(&o);
		if (!code && print[o.reader.format](&o, stdout)) {
			warn("out of memory");
			code = EXIT_ERROR;
		}
		if (!code)
			code = finish_output(reader_complete(&o.reader, &o.head.info));
	}
	for (i = 0; o.at && i < o.nr; i++)
		free(o.at[i].events);
	free(o.at);
	reader_free(&o.reader);
	return code;
}

const struct verb verb_slow = {
	.name = "slow",
	.operands = "[FILE]",
	.summary = "the slowest I/Os, with their stages, events and channel programs",
	.about = "The slowest I/Os of a recording one by one.",
	.options = slow_options,
	.run = run_verb,
};
