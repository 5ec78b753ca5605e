// SPDX-License-Identifier: GPL-2.0
/*
 * A recording as Perfetto's TracePacket messages. Field numbers are those of its published schema,
 * protos/perfetto/trace; tests/cli/perfetto.proto repeats those in use, and decodes them.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tools/ccwtrace/export.h"
#include "tools/ccwtrace/protobuf.h"
#include "tools/ccwtrace/tracks.h"
#include "tools/ccwtrace/walk.h"
#include "trace/ccw_names.h"

enum { TRACE_PACKET = 1 };
enum { PACKET_TIMESTAMP = 8, PACKET_SEQUENCE = 10, PACKET_EVENT = 11, PACKET_FLAGS = 13,
       PACKET_TRACK = 60 };
enum { TRACK_UUID = 1, TRACK_NAME = 2, TRACK_PARENT = 5, TRACK_COUNTER = 8 };
enum { COUNTER_UNIT = 3, UNIT_NS = 1, UNIT_BYTES = 3 };
enum { EVENT_ANNOTATION = 4, EVENT_TYPE = 9, EVENT_TRACK = 11, EVENT_CATEGORY = 22, EVENT_NAME = 23,
       EVENT_COUNTER = 30, EVENT_FLOW = 47 };
enum { ANNOTATION_UINT = 3, ANNOTATION_TEXT = 6, ANNOTATION_NAME = 10 };
enum { SLICE_BEGIN = 1, SLICE_END = 2, INSTANT = 3, COUNTER = 4 };

#define SEQUENCE 1
#define STATE_CLEARED 1

/* Tracks of a subchannel, below the number that is its key + 1. */
enum { REQUESTS, DEVICE, LATENCY, BYTES };
#define LOST_TRACK 1

struct perfetto {
	FILE *out;
	struct tracks tracks;
	struct pb pb;
	uint64_t flow; /* of the current I/O: from its request to the device and back */
	bool lost_known; /* the track of losses was introduced */
};

static uint64_t uuid(uint32_t key, unsigned int which)
{
	return ((uint64_t)key + 1) << 8 | which;
}

static void packet(struct perfetto *p)
{
	pb_begin(&p->pb);
	pb_uint(&p->pb, PACKET_SEQUENCE, SEQUENCE);
}

static int end_packet(struct perfetto *p)
{
	int rc = pb_write(&p->pb, TRACE_PACKET, p->out);

	return rc ? rc : ferror(p->out) ? -EIO : 0;
}

static int add_track(struct perfetto *p, uint64_t id, uint64_t parent, const char *name,
		     unsigned int unit)
{
	packet(p);
	pb_open(&p->pb, PACKET_TRACK);
	pb_uint(&p->pb, TRACK_UUID, id);
	if (parent)
		pb_uint(&p->pb, TRACK_PARENT, parent);
	pb_text(&p->pb, TRACK_NAME, name);
	if (unit) {
		pb_open(&p->pb, TRACK_COUNTER);
		pb_uint(&p->pb, COUNTER_UNIT, unit);
		pb_close(&p->pb);
	}
	pb_close(&p->pb);
	return end_packet(p);
}

static int add_subchannel(struct perfetto *p, struct ccw_sch sch)
{
	uint32_t key = ccw_sch_key(sch);
	uint64_t parent = uuid(key, REQUESTS);
	char name[16];
	int rc;

	rc = add_track(p, parent, 0, ccw_sch_str(sch, name, sizeof(name)), 0);
	rc = rc ? rc : add_track(p, uuid(key, DEVICE), parent, "channel and device", 0);
	rc = rc ? rc : add_track(p, uuid(key, LATENCY), parent, "latency", UNIT_NS);
	return rc ? rc : add_track(p, uuid(key, BYTES), parent, "bytes", UNIT_BYTES);
}

static void event(struct perfetto *p, uint64_t ts, uint64_t track, unsigned int type)
{
	packet(p);
	pb_uint(&p->pb, PACKET_TIMESTAMP, ts);
	pb_open(&p->pb, PACKET_EVENT);
	pb_uint(&p->pb, EVENT_TYPE, type);
	pb_uint(&p->pb, EVENT_TRACK, track);
}

static void named(struct perfetto *p, const char *category, const char *name)
{
	pb_text(&p->pb, EVENT_CATEGORY, category);
	pb_text(&p->pb, EVENT_NAME, name);
}

static int end_event(struct perfetto *p)
{
	pb_close(&p->pb);
	return end_packet(p);
}

static void annotate_uint(struct perfetto *p, const char *name, uint64_t v)
{
	pb_open(&p->pb, EVENT_ANNOTATION);
	pb_text(&p->pb, ANNOTATION_NAME, name);
	pb_uint(&p->pb, ANNOTATION_UINT, v);
	pb_close(&p->pb);
}

static void annotate_text(struct perfetto *p, const char *name, const char *text)
{
	pb_open(&p->pb, EVENT_ANNOTATION);
	pb_text(&p->pb, ANNOTATION_NAME, name);
	pb_text(&p->pb, ANNOTATION_TEXT, text);
	pb_close(&p->pb);
}

static int begin_io(struct perfetto *p, const struct ccw_io *io, uint64_t ts)
{
	char name[64], text[128];

	snprintf(name, sizeof(name), "%s (%02x)", ccw_cmd_name(io->cmd), io->cmd);
	event(p, ts, uuid(ccw_sch_key(io->sch), REQUESTS), SLICE_BEGIN);
	named(p, "io", name);
	annotate_uint(p, "seq", io->seq);
	annotate_uint(p, "ccws", io->ccws);
	annotate_uint(p, "bytes", io->bytes);
	annotate_uint(p, "cc", io->cc);
	annotate_text(p, "rc", ccw_rc_str(io->rc, text, sizeof(text)));
	annotate_text(p, "dstat", ccw_dstat_str(io->dstat, text, sizeof(text)));
	annotate_text(p, "cstat", ccw_cstat_str(io->cstat, text, sizeof(text)));
	annotate_text(p, "flags", ccw_io_flags_str(io->flags, text, sizeof(text)));
	annotate_text(p, "result", ccw_result_name(ccw_io_result(io)));
	return end_event(p);
}

static int slice(struct perfetto *p, uint64_t track, const char *name, uint64_t from, uint64_t to,
		 uint64_t flow_id)
{
	int rc;

	event(p, from, track, SLICE_BEGIN);
	named(p, "stage", name);
	if (flow_id)
		pb_fixed64(&p->pb, EVENT_FLOW, flow_id);
	rc = end_event(p);
	if (rc)
		return rc;
	event(p, to, track, SLICE_END);
	return end_event(p);
}

static int stages(struct perfetto *p, const struct ccw_io *io, const uint64_t at[CCW_NR_STAGES])
{
	uint32_t key = ccw_sch_key(io->sch);
	unsigned int i;
	int rc = 0;

	for (i = 0; i < CCW_TOTAL && !rc; i++) {
		uint64_t id = i == CCW_START || i == CCW_DELIVER ? p->flow : 0;

		if (at[i + 1] == at[i])
			continue;
		rc = slice(p, uuid(key, REQUESTS), ccw_stage_name(i), at[i], at[i + 1], id);
		if (!rc && i == CCW_DEVICE)
			rc = slice(p, uuid(key, DEVICE), ccw_cmd_name(io->cmd), at[i], at[i + 1],
				   p->flow);
	}
	return rc;
}

static int counter(struct perfetto *p, uint64_t ts, uint64_t track, uint64_t v)
{
	event(p, ts, track, COUNTER);
	pb_uint(&p->pb, EVENT_COUNTER, v);
	return end_event(p);
}

static int instant(struct perfetto *p, uint64_t ts, uint64_t track, const char *category,
		   const char *name)
{
	event(p, ts, track, INSTANT);
	named(p, category, name);
	return end_event(p);
}

static int end_io(struct perfetto *p, const struct ccw_io *io, uint64_t ts)
{
	uint32_t key = ccw_sch_key(io->sch);
	char text[128];
	int rc = 0;

	if (ccw_io_result(io) != CCW_OK)
		rc = instant(p, ts, uuid(key, REQUESTS), "error",
			     ccw_io_error_str(io, text, sizeof(text)));
	if (rc)
		return rc;
	event(p, ts, uuid(key, REQUESTS), SLICE_END);
	rc = end_event(p);
	if (!rc && io->have & 1U << CCW_TOTAL)
		rc = counter(p, ts, uuid(key, LATENCY), io->ns[CCW_TOTAL]);
	return rc ? rc : counter(p, ts, uuid(key, BYTES), io->bytes);
}

static int on_io(void *ctx, const struct ccw_io *io)
{
	struct perfetto *p = ctx;
	uint64_t at[CCW_NR_STAGES];
	bool is_new;
	struct track *t = tracks_get(&p->tracks, io->sch, &is_new);
	int rc = 0;

	if (!t)
		return -ENOMEM;
	if (is_new)
		rc = add_subchannel(p, io->sch);
	if (rc)
		return rc;
	p->flow++; /* its number will not do: it begins anew when the device is opened again */
	tracks_place(t, io, at);
	rc = begin_io(p, io, at[0]);
	rc = rc ? rc : stages(p, io, at);
	return rc ? rc : end_io(p, io, at[CCW_TOTAL]);
}

static int on_lost(void *ctx, unsigned int cpu, uint64_t ts, uint64_t count)
{
	struct perfetto *p = ctx;
	char text[64];
	int rc = 0;

	if (!p->lost_known)
		rc = add_track(p, LOST_TRACK, 0, "events lost", 0);
	p->lost_known = true;
	if (count)
		snprintf(text, sizeof(text), "CPU %u: %llu event%s lost", cpu,
			 (unsigned long long)count, ccw_s(count));
	else
		snprintf(text, sizeof(text), "CPU %u: events lost", cpu);
	return rc ? rc : instant(p, ts, LOST_TRACK, "lost", text);
}

/* The first packet: nothing before it counts. */
static void begin(void *ctx)
{
	struct perfetto *p = ctx;

	packet(p);
	pb_uint(&p->pb, PACKET_FLAGS, STATE_CLEARED);
	end_packet(p);
}

int export_perfetto(const struct export_request *r, FILE *out, struct ccw_source_info *info,
		    struct ccw_error *err)
{
	static const struct walk_ops ops = { .begin = begin, .io = on_io, .lost = on_lost };
	struct walk w = { .path = r->path, .filter = r->filter, .select = r->select };
	struct perfetto p = { .out = out };
	int rc = walk(&w, &ops, &p, err);

	tracks_free(&p.tracks);
	*info = w.info;
	return rc;
}
