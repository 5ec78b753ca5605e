// SPDX-License-Identifier: GPL-2.0
/*
 * A recording as lines of text, each when its I/O ended then.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "tools/ccwtrace/replay.h"
#include "tools/ccwtrace/replay_text.h"
#include "trace/ccw_names.h"

#define SECOND UINT64_C(1000000000)

struct player {
	const struct replay_text *t;
	uint64_t first; /* ts of the first record of the file */
	uint64_t from; /* ts that is played first */
	uint64_t begin; /* our clock when it was */
	uint64_t shown;
};

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * SECOND + (uint64_t)ts.tv_nsec;
}

/* true: a signal asks to end */
static bool wait_for(struct player *p, uint64_t ts)
{
	uint64_t due;
	struct timespec until;

	if (!p->begin)
		p->begin = now_ns();
	due = replay_due(p->begin, p->from, ts, p->t->speed);
	if (due > now_ns())
		fflush(p->t->out); /* nobody waits for a line that is already due */
	until = (struct timespec){ .tv_sec = due / SECOND, .tv_nsec = due % SECOND };
	while (!*p->t->stop && due > now_ns())
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
	return *p->t->stop;
}

static void print_io(struct player *p, const struct ccw_io *io)
{
	char sch[16], total[16], text[128];
	enum ccw_result result = ccw_io_result(io);
	FILE *f = p->t->out;
	uint64_t at = io->ts - p->first;
	int i;

	fprintf(f, "%5" PRIu64 ".%06" PRIu64 " %s #%u %02x %s  %s", at / SECOND,
		at % SECOND / 1000, ccw_sch_str(io->sch, sch, sizeof(sch)), io->seq, io->cmd,
		ccw_cmd_name(io->cmd),
		io->have & 1u << CCW_TOTAL ? ccw_ns_str(io->ns[CCW_TOTAL], total, sizeof(total)) :
					     "-");
	for (i = 0; i < CCW_TOTAL; i++) {
		if (io->have & 1u << i)
			fprintf(f, "%s%s %s", i ? ", " : " (", ccw_stage_name(i),
				ccw_ns_str(io->ns[i], total, sizeof(total)));
	}
	fprintf(f, "%s  %u CCWs, %u bytes  %s\n", io->have & 1u << CCW_TRANSLATE ? ")" : "",
		io->ccws, io->bytes,
		result == CCW_OK ? "ok" : ccw_io_error_str(io, text, sizeof(text)));
}

static int on_io(void *ctx, const struct ccw_io *io)
{
	struct player *p = ctx;

	if (io->ts < p->from || !ccw_filter_match(p->t->filter, io->sch))
		return 0;
	if (p->t->select && !ccw_select_io(p->t->select, io))
		return 0;
	/* nobody waits for what is not shown */
	if (p->t->select && !p->shown)
		p->from = io->ts;
	if (p->t->most && p->shown == p->t->most)
		return 1;
	if (p->t->speed > 0 ? wait_for(p, io->ts) : !!*p->t->stop)
		return 1;
	print_io(p, io);
	p->shown++;
	return ferror(p->t->out) ? 1 : 0;
}

static int on_lost(void *ctx, unsigned int cpu, uint64_t ts, uint64_t count)
{
	struct player *p = ctx;

	if (ts < p->from)
		return 0;
	if (count)
		fprintf(p->t->out, "      --- %" PRIu64 " events lost on CPU %u ---\n", count, cpu);
	else
		fprintf(p->t->out, "      --- events lost on CPU %u ---\n", cpu);
	return 0;
}

int replay_text(const struct replay_text *t, struct replay_text_end *end, struct ccw_error *err)
{
	struct player p = { .t = t };
	const struct ccw_sink sink = { .io = on_io, .lost = on_lost, .ctx = &p };
	struct ccw_source *src;
	uint64_t last;
	int rc = ccw_source_open_file(&src, t->path, err);

	if (rc)
		return rc;
	end->length = 0;
	if (!ccw_source_range(src, &p.first, &last)) {
		end->length = last > p.first ? last - p.first : 0;
		if (t->select)
			ccw_select_start(t->select, p.first);
		p.from = t->since > UINT64_MAX - p.first ? UINT64_MAX : p.first + t->since;
	}
	rc = ccw_source_read(src, &sink, 0, 0, err);
	end->info = *ccw_source_info(src);
	end->info.name = t->path;
	ccw_source_close(src);
	return rc < 0 ? rc : 0;
}
