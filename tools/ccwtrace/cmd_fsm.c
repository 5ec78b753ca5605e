// SPDX-License-Identifier: GPL-2.0
/*
 * ccwtrace fsm: how long the driver's state machine was where, and how it got there
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "tools/ccwtrace/reader.h"
#include "tools/json.h"
#include "trace/ccw_names.h"

#define STATES VFIO_CCW_NR_STATES
#define EVENTS VFIO_CCW_NR_EVENTS
/* More than any machine has; a file that says so is damaged. */
#define MAX_SUBCHANNELS 65536

static const struct opt fsm_options[] = {
	OPT_INPUT,
	OPT_SUBCHANNEL,
	{ OPT_SINCE, "since", "TIME", NULL, "seconds from the start, 500ms, or @SECONDS" },
	{ OPT_UNTIL, "until", "TIME", NULL, "the same" },
	{ OPT_FORMAT, "format", "FORMAT", "text|csv|json", "text (default), csv, json" },
	OPT_QUIET,
	OPT_HELP,
	OPT_END
};

struct machine {
	struct ccw_sch sch;
	uint64_t ns[STATES]; /* time spent in each */
	uint64_t last_ts;
	uint32_t epoch; /* of the last transition: losses before it */
	uint8_t state;
	bool seen;
	uint64_t gaps; /* transitions that do not begin where the one before ended */
	uint32_t count[STATES][EVENTS][STATES], failed[STATES][EVENTS][STATES];
};

struct fsm {
	struct reader reader;
	struct report head; /* info and times alone */
	uint64_t until;
	struct machine **at; /* sorted */
	size_t nr;
	uint64_t transitions, unknown; /* unknown: numbers that this version has no name for */
	uint32_t epoch;
};

static struct machine *find(struct fsm *o, struct ccw_sch sch)
{
	uint32_t key = ccw_sch_key(sch);
	size_t lo = 0, hi = o->nr;
	struct machine **at, *m;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (ccw_sch_key(o->at[mid]->sch) < key)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo < o->nr && ccw_sch_key(o->at[lo]->sch) == key)
		return o->at[lo];
	if (o->nr == MAX_SUBCHANNELS)
		return NULL;
	at = realloc(o->at, (o->nr + 1) * sizeof(*at));
	if (!at)
		return NULL;
	o->at = at;
	m = calloc(1, sizeof(*m));
	if (!m)
		return NULL;
	m->sch = sch;
	memmove(at + lo + 1, at + lo, (o->nr - lo) * sizeof(*at));
	at[lo] = m;
	o->nr++;
	return m;
}

static void spend(struct fsm *o, struct machine *m, uint8_t state, uint64_t until)
{
	uint64_t since = m->seen ? m->last_ts : o->head.first;

	/* Between records that are missing nobody knows. */
	if (m->seen && m->epoch != o->epoch)
		return;
	if (state < STATES && until > since)
		m->ns[state] += until - since;
}

static int on_fsm(void *ctx, const struct ccw_fsm *fsm)
{
	struct fsm *o = ctx;
	struct machine *m;

	if (!ccw_filter_match(o->reader.filter, fsm->sch) ||
	    !ccw_select_time(o->reader.select, fsm->ts))
		return 0;
	m = find(o, fsm->sch);
	if (!m)
		return -1;
	o->transitions++;
	if (fsm->from >= STATES || fsm->event >= EVENTS || fsm->to >= STATES) {
		o->unknown++;
		return 0;
	}
	if (m->seen && m->state != fsm->from)
		m->gaps++;
	else
		spend(o, m, fsm->from, fsm->ts);
	m->count[fsm->from][fsm->event][fsm->to]++;
	m->failed[fsm->from][fsm->event][fsm->to] += !!fsm->rc;
	m->seen = true;
	m->state = fsm->to;
	m->last_ts = fsm->ts;
	m->epoch = o->epoch;
	return 0;
}

static int on_lost(void *ctx, unsigned int cpu, uint64_t ts, uint64_t count)
{
	(void)cpu;
	(void)ts;
	(void)count;
	((struct fsm *)ctx)->epoch++;
	return 0;
}

static uint64_t whole(const struct machine *m)
{
	uint64_t all = 0;
	int s;

	for (s = 0; s < STATES; s++)
		all += m->ns[s];
	return all;
}

static double share(const struct machine *m, int s)
{
	return whole(m) ? (double)m->ns[s] * 100 / whole(m) : 0;
}

static uint64_t between(const struct machine *m, int from, int to)
{
	uint64_t n = 0;
	int e;

	for (e = 0; e < EVENTS; e++)
		n += m->count[from][e][to];
	return n;
}

static uint64_t entered(const struct machine *m, int to)
{
	uint64_t n = 0;
	int from;

	for (from = 0; from < STATES; from++)
		n += from == to ? 0 : between(m, from, to);
	return n;
}

static void state_head(FILE *f)
{
	fprintf(f, "\n  %-10s %10s %7s %10s", "STATE", "TIME", "SHARE", "ENTERED");
}

static void state_time(const struct machine *m, int state, FILE *f)
{
	char t[16];

	fprintf(f, "  %-10s %10s %6.2f%% %10llu", ccw_state_name(state),
		ccw_ns_str(m->ns[state], t, sizeof(t)), share(m, state),
		(unsigned long long)entered(m, state));
}

static void matrix_head(FILE *f)
{
	int to;

	for (to = 0; to < STATES; to++)
		fprintf(f, " %10s", ccw_state_name(to));
	fputc('\n', f);
}

static void matrix_row(const struct machine *m, int from, FILE *f)
{
	int to;

	for (to = 0; to < STATES; to++) {
		if (between(m, from, to))
			fprintf(f, " %10llu", (unsigned long long)between(m, from, to));
		else
			fprintf(f, " %10s", ".");
	}
	fputc('\n', f);
}

static void matrix(const struct machine *m, FILE *f)
{
	int from;

	state_head(f);
	fprintf(f, "  TO:");
	matrix_head(f);
	for (from = 0; from < STATES; from++) {
		state_time(m, from, f);
		fprintf(f, "     ");
		matrix_row(m, from, f);
	}
}

/* One below the other. */
static void narrow_matrix(const struct machine *m, FILE *f)
{
	int state;

	state_head(f);
	fputc('\n', f);
	for (state = 0; state < STATES; state++) {
		state_time(m, state, f);
		fputc('\n', f);
	}
	fprintf(f, "\n  %-10s", "FROM  TO:");
	matrix_head(f);
	for (state = 0; state < STATES; state++) {
		fprintf(f, "  %-10s", ccw_state_name(state));
		matrix_row(m, state, f);
	}
}

#define EACH_TRANSITION(m, from, event, to) \
	for (from = 0; from < STATES; from++) \
		for (event = 0; event < EVENTS; event++) \
			for (to = 0; to < STATES; to++) \
				if ((m)->count[from][event][to])

static int fsm_text(const struct fsm *o, FILE *f)
{
	char name[16], n[32], path[PATH_MAX];
	bool narrow = report_narrow(f);
	int from, event, to;
	size_t i;

	fprintf(f, "%s: %s transition%s of %zu subchannel%s\n",
		ccw_plain_str(o->reader.path, path, sizeof(path)),
		report_grouped(o->transitions, n), ccw_s(o->transitions), o->nr, ccw_s(o->nr));
	if (!o->transitions)
		fprintf(f, "NOTE: vfio_ccw_fsm was not recorded: this project's driver has it, "
			   "'ccwtrace record -e vfio_ccw_fsm' takes it\n");
	if (o->unknown)
		fprintf(f, "NOTE: %llu of a newer driver than this tool knows\n",
			(unsigned long long)o->unknown);
	for (i = 0; i < o->nr; i++) {
		const struct machine *m = o->at[i];

		fprintf(f, "\n%s\n", ccw_sch_str(m->sch, name, sizeof(name)));
		narrow ? narrow_matrix(m, f) : matrix(m, f);
		fprintf(f, "\n  %-10s %-10s %-10s %12s %12s\n", "FROM", "EVENT", "TO", "TIMES",
			"REFUSED");
		EACH_TRANSITION(m, from, event, to)
			fprintf(f, "  %-10s %-10s %-10s %12u %12u\n", ccw_state_name(from),
				ccw_event_name(event), ccw_state_name(to),
				m->count[from][event][to], m->failed[from][event][to]);
		if (m->gaps)
			fprintf(f, "  NOTE: %llu time%s a transition does not begin where the one "
				   "before ended: records are missing, the time between is left "
				   "out\n", (unsigned long long)m->gaps, ccw_s(m->gaps));
	}
	return 0;
}

static int fsm_csv(const struct fsm *o, FILE *f)
{
	int from, event, to;
	char name[16];
	size_t i;

	fprintf(f, "subchannel,from,event,to,times,refused,from_ns\n");
	for (i = 0; i < o->nr; i++) {
		const struct machine *m = o->at[i];

		EACH_TRANSITION(m, from, event, to)
			fprintf(f, "%s,%s,%s,%s,%u,%u,%llu\n",
				ccw_sch_str(m->sch, name, sizeof(name)), ccw_state_name(from),
				ccw_event_name(event), ccw_state_name(to),
				m->count[from][event][to], m->failed[from][event][to],
				(unsigned long long)m->ns[from]);
	}
	return 0;
}

static int fsm_json(const struct fsm *o, FILE *f)
{
	struct json_object *array, *sch, *list, *t;
	int from, event, to;
	struct json_doc doc;
	char name[16];
	size_t i;

	json_init(&doc);
	json_add_string(&doc, doc.root, "file", o->reader.path);
	json_add_u64(&doc, doc.root, "transitions", o->transitions);
	array = json_add_array(&doc, doc.root, "subchannels");
	for (i = 0; i < o->nr; i++) {
		const struct machine *m = o->at[i];

		sch = json_add_object(&doc, array, NULL);
		json_add_string(&doc, sch, "subchannel", ccw_sch_str(m->sch, name, sizeof(name)));
		json_add_u64(&doc, sch, "gaps", m->gaps);
		list = json_add_object(&doc, sch, "state_ns");
		for (from = 0; from < STATES; from++)
			json_add_u64(&doc, list, ccw_state_name(from), m->ns[from]);
		list = json_add_array(&doc, sch, "transitions");
		EACH_TRANSITION(m, from, event, to) {
			t = json_add_object(&doc, list, NULL);
			json_add_string(&doc, t, "from", ccw_state_name(from));
			json_add_string(&doc, t, "event", ccw_event_name(event));
			json_add_string(&doc, t, "to", ccw_state_name(to));
			json_add_u64(&doc, t, "times", m->count[from][event][to]);
			json_add_u64(&doc, t, "refused", m->failed[from][event][to]);
		}
	}
	return json_print(&doc, f);
}

static int read_file(struct fsm *o)
{
	const struct ccw_sink sink = { .fsm = on_fsm, .lost = on_lost, .ctx = o };
	struct ccw_error err = { "out of memory" };
	struct ccw_source *src;
	uint64_t first, last, from, to;
	size_t i;
	int rc;

	catch_bus_error();
	rc = ccw_source_open_file(&src, o->reader.path, &err);
	if (!rc) {
		if (!ccw_source_range(src, &first, &last)) {
			ccw_select_start(o->reader.select, first);
			ccw_select_bounds(o->reader.select, &from, &to);
			o->head.first = from > first ? from : first;
			o->until = to < last ? to : last;
		}
		rc = ccw_source_read(src, &sink, 0, 0, &err);
		o->head.info = *ccw_source_info(src);
		o->head.info.name = o->reader.path;
		ccw_source_close(src);
	}
	/* What it was in at the end, it was in until the end. */
	for (i = 0; i < o->nr && !rc; i++) {
		if (o->at[i]->seen)
			spend(o, o->at[i], o->at[i]->state, o->until);
	}
	if (!rc)
		return EXIT_FINE;
	warn("%s", err.text);
	return EXIT_ERROR;
}

static int run_verb(int argc, char **argv)
{
	static int (*const print[])(const struct fsm *o, FILE *f) = {
		[FORMAT_TEXT] = fsm_text,
		[FORMAT_CSV] = fsm_csv,
		[FORMAT_JSON] = fsm_json,
	};
	struct fsm o = { 0 };
	bool done = false;
	int code = reader_init(&o.reader, argv[0]);
	size_t i;

	code = code ? code : reader_parse(&o.reader, &verb_fsm, argc, argv, NULL, NULL, &done);
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
	for (i = 0; i < o.nr; i++)
		free(o.at[i]);
	free(o.at);
	reader_free(&o.reader);
	return code;
}

const struct verb verb_fsm = {
	.name = "fsm",
	.operands = "[FILE]",
	.summary = "time in each state of the driver, and its transitions",
	.about = "How long the driver's state machine was in which state, and the matrix of its "
		 "transitions.",
	.options = fsm_options,
	.run = run_verb,
};
