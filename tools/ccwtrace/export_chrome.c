// SPDX-License-Identifier: GPL-2.0
/*
 * A recording in the JSON form of chrome://tracing ("Trace Event Format"), event by event. Times
 * are microseconds there.
 */
#include <errno.h>
#include <string.h>

#include "tools/ccwtrace/export.h"
#include "tools/ccwtrace/rows_json.h"
#include "tools/ccwtrace/tracks.h"
#include "tools/ccwtrace/walk.h"
#include "trace/ccw_names.h"

#define PROCESS 1 /* all subchannels; each is a thread of it */

struct chrome {
	FILE *out;
	struct tracks tracks;
	const char *separator; /* before the next event */
};

static void text(struct json_line *l, const char *name, const char *value)
{
	json_line_text(l, name, value, strlen(value));
}

static void start(struct json_line *l, const char *phase, const char *name, uint32_t thread)
{
	json_line_begin(l);
	text(l, "ph", phase);
	text(l, "name", name);
	json_line_u64(l, "pid", PROCESS);
	json_line_u64(l, "tid", thread);
}

static void at_time(struct json_line *l, const char *name, uint64_t ns)
{
	json_add_double(&l->doc, l->doc.root, name, ns / 1e3, "%.3f");
}

static int finish(struct chrome *c, struct json_line *l)
{
	fputs(c->separator, c->out);
	c->separator = ",";
	return json_line_end(l, c->out) ? -ENOMEM : ferror(c->out) ? -EIO : 0;
}

static int name_thread(struct chrome *c, struct ccw_sch sch)
{
	struct json_line l, args;
	char name[16];

	start(&l, "M", "thread_name", ccw_sch_key(sch));
	json_line_begin(&args);
	text(&args, "name", ccw_sch_str(sch, name, sizeof(name)));
	json_line_nest(&l, "args", &args);
	return finish(c, &l);
}

static int io_slice(struct chrome *c, const struct ccw_io *io, uint64_t from, uint64_t to)
{
	struct json_line l, args;
	char name[64], value[128];

	snprintf(name, sizeof(name), "%s (%02x)", ccw_cmd_name(io->cmd), io->cmd);
	start(&l, "X", name, ccw_sch_key(io->sch));
	text(&l, "cat", "io");
	at_time(&l, "ts", from);
	at_time(&l, "dur", to - from);
	json_line_begin(&args);
	json_line_u64(&args, "seq", io->seq);
	json_line_u64(&args, "ccws", io->ccws);
	json_line_u64(&args, "bytes", io->bytes);
	json_line_u64(&args, "cc", io->cc);
	json_line_i64(&args, "rc", io->rc);
	text(&args, "dstat", ccw_dstat_str(io->dstat, value, sizeof(value)));
	text(&args, "cstat", ccw_cstat_str(io->cstat, value, sizeof(value)));
	text(&args, "flags", ccw_io_flags_str(io->flags, value, sizeof(value)));
	text(&args, "result", ccw_result_name(ccw_io_result(io)));
	json_line_nest(&l, "args", &args);
	return finish(c, &l);
}

static int stage_slice(struct chrome *c, const struct ccw_io *io, unsigned int stage,
		       const uint64_t at[CCW_NR_STAGES])
{
	struct json_line l;

	start(&l, "X", ccw_stage_name(stage), ccw_sch_key(io->sch));
	text(&l, "cat", "stage");
	at_time(&l, "ts", at[stage]);
	at_time(&l, "dur", at[stage + 1] - at[stage]);
	return finish(c, &l);
}

static int instant(struct chrome *c, const char *name, const char *scope, uint32_t thread,
		   uint64_t ts)
{
	struct json_line l;

	start(&l, "i", name, thread);
	text(&l, "cat", "error");
	text(&l, "s", scope);
	at_time(&l, "ts", ts);
	return finish(c, &l);
}

static int on_io(void *ctx, const struct ccw_io *io)
{
	struct chrome *c = ctx;
	uint64_t at[CCW_NR_STAGES];
	char error[128];
	bool is_new;
	struct track *t = tracks_get(&c->tracks, io->sch, &is_new);
	unsigned int i;
	int rc;

	if (!t)
		return -ENOMEM;
	rc = is_new ? name_thread(c, io->sch) : 0;
	tracks_place(t, io, at);
	rc = rc ? rc : io_slice(c, io, at[0], at[CCW_TOTAL]);
	for (i = 0; i < CCW_TOTAL && !rc; i++) {
		if (at[i + 1] != at[i])
			rc = stage_slice(c, io, i, at);
	}
	if (!rc && ccw_io_result(io) != CCW_OK)
		rc = instant(c, ccw_io_error_str(io, error, sizeof(error)), "t",
			     ccw_sch_key(io->sch), at[CCW_TOTAL]);
	return rc;
}

static int on_lost(void *ctx, unsigned int cpu, uint64_t ts, uint64_t count)
{
	char name[64];

	if (count)
		snprintf(name, sizeof(name), "CPU %u: %llu event%s lost", cpu,
			 (unsigned long long)count, ccw_s(count));
	else
		snprintf(name, sizeof(name), "CPU %u: events lost", cpu);
	return instant(ctx, name, "g", 0, ts);
}

static void begin(void *ctx)
{
	struct chrome *c = ctx;

	fputs("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n", c->out);
}

int export_chrome(const struct export_request *r, FILE *out, struct ccw_source_info *info,
		  struct ccw_error *err)
{
	static const struct walk_ops ops = { .begin = begin, .io = on_io, .lost = on_lost };
	struct walk w = { .path = r->path, .filter = r->filter, .select = r->select };
	struct chrome c = { .out = out, .separator = "" };
	int rc = walk(&w, &ops, &c, err);

	if (!rc)
		fputs("]}\n", out);
	tracks_free(&c.tracks);
	*info = w.info;
	return rc;
}
