// SPDX-License-Identifier: GPL-2.0
/*
 * A recording as Perfetto's TracePacket messages (perfetto.proto), encoded by protobuf-c. A trace
 * is one message with the packets as a repeated field; such messages one after the other are the
 * whole, so that each packet is written when it is complete.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/ccwtrace/perfetto.pb-c.h"
#include "tools/ccwtrace/export.h"
#include "tools/ccwtrace/tracks.h"
#include "tools/ccwtrace/walk.h"
#include "trace/ccw_names.h"

typedef Perfetto__Protos__TracePacket packet_msg;
typedef Perfetto__Protos__TrackEvent event_msg;
typedef Perfetto__Protos__TrackEvent__Type event_type;
typedef Perfetto__Protos__DebugAnnotation annotation_msg;
typedef Perfetto__Protos__CounterDescriptor__Unit counter_unit;

#define SLICE_BEGIN PERFETTO__PROTOS__TRACK_EVENT__TYPE__TYPE_SLICE_BEGIN
#define SLICE_END   PERFETTO__PROTOS__TRACK_EVENT__TYPE__TYPE_SLICE_END
#define INSTANT     PERFETTO__PROTOS__TRACK_EVENT__TYPE__TYPE_INSTANT
#define COUNTER     PERFETTO__PROTOS__TRACK_EVENT__TYPE__TYPE_COUNTER
#define NO_COUNTER  PERFETTO__PROTOS__COUNTER_DESCRIPTOR__UNIT__UNIT_UNSPECIFIED
#define UNIT_NS     PERFETTO__PROTOS__COUNTER_DESCRIPTOR__UNIT__UNIT_TIME_NS
#define UNIT_BYTES  PERFETTO__PROTOS__COUNTER_DESCRIPTOR__UNIT__UNIT_SIZE_BYTES
#define STATE_CLEARED \
	PERFETTO__PROTOS__TRACE_PACKET__SEQUENCE_FLAGS__SEQ_INCREMENTAL_STATE_CLEARED

#define SEQUENCE 1
#define MAX_ANNOTATIONS 9

/* Tracks of a subchannel, below the number that is its key + 1. */
enum { REQUESTS, DEVICE, LATENCY, BYTES };
#define LOST_TRACK 1

struct perfetto {
	FILE *out;
	struct tracks tracks;
	uint8_t *buf; /* the packet as it is written */
	size_t room;
	uint64_t flow; /* of the current I/O: from its request to the device and back */
	bool lost_known; /* the track of losses was introduced */
};

static uint64_t uuid(uint32_t key, unsigned int which)
{
	return ((uint64_t)key + 1) << 8 | which;
}

/* protobuf-c's structs have no const; it does not write to what they point to. */
static char *text_of(const char *s)
{
	return (char *)(uintptr_t)s;
}

static int put(struct perfetto *p, packet_msg *packet)
{
	Perfetto__Protos__Trace trace = PERFETTO__PROTOS__TRACE__INIT;
	size_t size;
	uint8_t *buf;

	packet->has_trusted_packet_sequence_id = true;
	packet->trusted_packet_sequence_id = SEQUENCE;
	trace.n_packet = 1;
	trace.packet = &packet;
	size = perfetto__protos__trace__get_packed_size(&trace);
	if (size > p->room) {
		buf = realloc(p->buf, 2 * size);
		if (!buf)
			return -ENOMEM;
		p->buf = buf;
		p->room = 2 * size;
	}
	perfetto__protos__trace__pack(&trace, p->buf);
	fwrite(p->buf, 1, size, p->out);
	return ferror(p->out) ? -EIO : 0;
}

static int add_track(struct perfetto *p, uint64_t id, uint64_t parent, const char *name,
		     counter_unit unit)
{
	Perfetto__Protos__CounterDescriptor counter = PERFETTO__PROTOS__COUNTER_DESCRIPTOR__INIT;
	Perfetto__Protos__TrackDescriptor track = PERFETTO__PROTOS__TRACK_DESCRIPTOR__INIT;
	packet_msg packet = PERFETTO__PROTOS__TRACE_PACKET__INIT;

	track.has_uuid = true;
	track.uuid = id;
	track.name = text_of(name);
	track.has_parent_uuid = parent != 0;
	track.parent_uuid = parent;
	if (unit != NO_COUNTER) {
		counter.has_unit = true;
		counter.unit = unit;
		track.counter = &counter;
	}
	packet.data_case = PERFETTO__PROTOS__TRACE_PACKET__DATA_TRACK_DESCRIPTOR;
	packet.track_descriptor = &track;
	return put(p, &packet);
}

static int add_subchannel(struct perfetto *p, struct ccw_sch sch)
{
	uint32_t key = ccw_sch_key(sch);
	uint64_t parent = uuid(key, REQUESTS);
	char name[16];
	int rc;

	rc = add_track(p, parent, 0, ccw_sch_str(sch, name, sizeof(name)), NO_COUNTER);
	rc = rc ? rc : add_track(p, uuid(key, DEVICE), parent, "channel and device",
				 NO_COUNTER);
	rc = rc ? rc : add_track(p, uuid(key, LATENCY), parent, "latency", UNIT_NS);
	return rc ? rc : add_track(p, uuid(key, BYTES), parent, "bytes", UNIT_BYTES);
}

static event_msg event_on(uint64_t track, event_type type)
{
	event_msg e = PERFETTO__PROTOS__TRACK_EVENT__INIT;

	e.has_track_uuid = true;
	e.track_uuid = track;
	e.has_type = true;
	e.type = type;
	return e;
}

static int put_event(struct perfetto *p, uint64_t ts, event_msg *e)
{
	packet_msg packet = PERFETTO__PROTOS__TRACE_PACKET__INIT;

	packet.has_timestamp = true;
	packet.timestamp = ts;
	packet.data_case = PERFETTO__PROTOS__TRACE_PACKET__DATA_TRACK_EVENT;
	packet.track_event = e;
	return put(p, &packet);
}

static int put_named(struct perfetto *p, uint64_t ts, event_msg *e, const char *category,
		     const char *name)
{
	char *categories[] = { text_of(category) };

	e->n_categories = 1;
	e->categories = categories;
	e->name = text_of(name);
	return put_event(p, ts, e);
}

/* What an I/O's slice says of it beside the name. */
struct annotations {
	annotation_msg at[MAX_ANNOTATIONS], *list[MAX_ANNOTATIONS];
	size_t n;
};

static annotation_msg *annotate(struct annotations *a, const char *name)
{
	annotation_msg *m = &a->at[a->n];

	perfetto__protos__debug_annotation__init(m);
	m->name = text_of(name);
	a->list[a->n++] = m;
	return m;
}

static void annotate_uint(struct annotations *a, const char *name, uint64_t v)
{
	annotation_msg *m = annotate(a, name);

	m->has_uint_value = true;
	m->uint_value = v;
}

static void annotate_text(struct annotations *a, const char *name, const char *text)
{
	annotate(a, name)->string_value = text_of(text);
}

static int begin_io(struct perfetto *p, const struct ccw_io *io, uint64_t ts)
{
	event_msg e = event_on(uuid(ccw_sch_key(io->sch), REQUESTS), SLICE_BEGIN);
	char name[64], rc[32], dstat[128], cstat[128], flags[128];
	struct annotations a = { .n = 0 };

	snprintf(name, sizeof(name), "%s (%02x)", ccw_cmd_name(io->cmd), io->cmd);
	annotate_uint(&a, "seq", io->seq);
	annotate_uint(&a, "ccws", io->ccws);
	annotate_uint(&a, "bytes", io->bytes);
	annotate_uint(&a, "cc", io->cc);
	annotate_text(&a, "rc", ccw_rc_str(io->rc, rc, sizeof(rc)));
	annotate_text(&a, "dstat", ccw_dstat_str(io->dstat, dstat, sizeof(dstat)));
	annotate_text(&a, "cstat", ccw_cstat_str(io->cstat, cstat, sizeof(cstat)));
	annotate_text(&a, "flags", ccw_io_flags_str(io->flags, flags, sizeof(flags)));
	annotate_text(&a, "result", ccw_result_name(ccw_io_result(io)));
	e.n_debug_annotations = a.n;
	e.debug_annotations = a.list;
	return put_named(p, ts, &e, "io", name);
}

static int end_slice(struct perfetto *p, uint64_t track, uint64_t ts)
{
	event_msg e = event_on(track, SLICE_END);

	return put_event(p, ts, &e);
}

static int slice(struct perfetto *p, uint64_t track, const char *name, uint64_t from, uint64_t to,
		 uint64_t flow_id)
{
	event_msg e = event_on(track, SLICE_BEGIN);
	int rc;

	e.n_flow_ids = flow_id != 0;
	e.flow_ids = &flow_id;
	rc = put_named(p, from, &e, "stage", name);
	return rc ? rc : end_slice(p, track, to);
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
	event_msg e = event_on(track, COUNTER);

	e.has_counter_value = true;
	e.counter_value = v;
	return put_event(p, ts, &e);
}

static int instant(struct perfetto *p, uint64_t ts, uint64_t track, const char *category,
		   const char *name)
{
	event_msg e = event_on(track, INSTANT);

	return put_named(p, ts, &e, category, name);
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
	rc = end_slice(p, uuid(key, REQUESTS), ts);
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
		rc = add_track(p, LOST_TRACK, 0, "events lost", NO_COUNTER);
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
	packet_msg packet = PERFETTO__PROTOS__TRACE_PACKET__INIT;

	packet.has_sequence_flags = true;
	packet.sequence_flags = STATE_CLEARED;
	put(ctx, &packet);
}

int export_perfetto(const struct export_request *r, FILE *out, struct ccw_source_info *info,
		    struct ccw_error *err)
{
	static const struct walk_ops ops = { .begin = begin, .io = on_io, .lost = on_lost };
	struct walk w = { .path = r->path, .filter = r->filter, .select = r->select };
	struct perfetto p = { .out = out };
	int rc = walk(&w, &ops, &p, err);

	tracks_free(&p.tracks);
	free(p.buf);
	*info = w.info;
	return rc;
}
