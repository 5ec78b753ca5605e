// SPDX-License-Identifier: GPL-2.0
/*
 * The metrics. Names and labels are for dashboards and alerts of others: they may be added, never
 * changed. docs/fleet.md has them, with what they cost.
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "tools/ccwtop/exporter/line.h"
#include "tools/ccwtop/exporter/text.h"
#include "trace/ccw_names.h"

#define MAX_FAMILIES 64

/* --- lines --- */

/* NAME SUFFIX {subchannel="0.0.0003" */
static void begin(struct exp_buf *b, const struct exp_family *f, const char *suffix,
		  const struct exp_sub *s)
{
	exp_puts(b, f->name);
	exp_puts(b, suffix);
	EXP_PUT(b, "{subchannel=\"");
	exp_puts(b, s->name);
	EXP_PUT(b, "\"");
}

static void value(struct exp_buf *b, uint64_t n)
{
	EXP_PUT(b, "} ");
	exp_put_u64(b, n);
	EXP_PUT(b, "\n");
}

static void plain(struct exp_buf *b, const char *name, const char *suffix, uint64_t n)
{
	exp_puts(b, name);
	exp_puts(b, suffix);
	EXP_PUT(b, " ");
	exp_put_u64(b, n);
	EXP_PUT(b, "\n");
}

static void labelled(struct exp_buf *b, const struct exp_family *f, const struct exp_sub *s,
		     const char *label, const char *of, uint64_t n)
{
	begin(b, f, "_total", s);
	exp_put_label(b, label, of);
	value(b, n);
}

/* --- of a subchannel --- */

static void put_counter(struct exp_buf *b, const struct exp_family *f, const struct exp_sub *s)
{
	static struct exp_line lines[MAX_FAMILIES];
	struct exp_line *l = &lines[f - exp_families];

	if (!l->head_len)
		exp_line_make(l, f->name, "_total", "");
	exp_line(b, l, s, *(const uint64_t *)((const char *)s + f->offset));
}

static void put_names(struct exp_buf *b, const struct exp_family *f, const struct exp_sub *s)
{
	begin(b, f, "_info", s);
	exp_put_label(b, "devno", s->devno);
	exp_put_label(b, "device", s->dev);
	exp_put_label(b, "cu", s->cu);
	exp_put_label(b, "mdev", s->mdev);
	value(b, 1);
}

static void put_bound(struct exp_buf *b, const struct exp_family *f, const struct exp_sub *s)
{
	static struct exp_line line;

	if (!line.head_len)
		exp_line_make(&line, f->name, "", "");
	exp_line(b, &line, s, s->bound);
}

/* Every state has a line: one that is left goes to 0 instead of away. */
static void put_state(struct exp_buf *b, const struct exp_family *f, const struct exp_sub *s)
{
	static struct exp_line lines[VFIO_CCW_NR_STATES];
	unsigned int i;
	char label[48];

	for (i = 0; !lines[VFIO_CCW_NR_STATES - 1].head_len && i < VFIO_CCW_NR_STATES; i++) {
		snprintf(label, sizeof(label), ",%s=\"%s\"", f->name, ccw_state_name(i));
		exp_line_make(&lines[i], f->name, "", label);
	}
	for (i = 0; s->state != 0xff && i < VFIO_CCW_NR_STATES; i++)
		exp_line(b, &lines[i], s, s->state == i);
}

static void put_results(struct exp_buf *b, const struct exp_family *f, const struct exp_sub *s)
{
	static const char *const labels[CCW_NR_RESULTS] = {
		[CCW_OK] = ",result=\"ok\"", [CCW_ERR_REFUSED] = ",result=\"refused\"",
		[CCW_ERR_CC] = ",result=\"condition_code\"",
		[CCW_ERR_ABORTED] = ",result=\"aborted\"",
		[CCW_ERR_CHANNEL] = ",result=\"channel_check\"",
		[CCW_ERR_UNIT_CHECK] = ",result=\"unit_check\"",
		[CCW_ERR_UNIT_EXCEPTION] = ",result=\"unit_exception\"",
		[CCW_ERR_LENGTH] = ",result=\"incorrect_length\"",
	};
	static struct exp_line lines[CCW_NR_RESULTS];
	unsigned int i;

	for (i = 0; i < CCW_NR_RESULTS; i++) {
		if (!lines[i].head_len)
			exp_line_make(&lines[i], f->name, "_total", labels[i]);
		exp_line(b, &lines[i], s, s->result[i]);
	}
}

static void put_refusals(struct exp_buf *b, const struct exp_family *f, const struct exp_sub *s)
{
	unsigned int i;
	char name[32];

	for (i = 0; i < CCW_STAT_ERRNOS; i++) {
		const char *text = "other";

		if (!s->rc[i].count)
			continue;
		if (s->rc[i].rc)
			text = ccw_rc_str(s->rc[i].rc, name, sizeof(name)) + (*name == '-');
		labelled(b, f, s, "errno", text, s->rc[i].count);
	}
}

static void put_cc(struct exp_buf *b, const struct exp_family *f, const struct exp_sub *s)
{
	static const char *const names[] = { "0", "1", "2", "3" };
	unsigned int i;

	for (i = 1; i < 4; i++) {
		if (s->cc[i])
			labelled(b, f, s, "cc", names[i], s->cc[i]);
	}
}

static void put_bits(struct exp_buf *b, const struct exp_family *f, const struct exp_sub *s,
		     const uint64_t count[8], const char *const names[8])
{
	unsigned int i;

	for (i = 0; i < 8; i++) {
		if (count[i])
			labelled(b, f, s, "status", names[i], count[i]);
	}
}

/* Principles of Operation, chapter 16: bits of the device and of the subchannel status */
static void put_dstat(struct exp_buf *b, const struct exp_family *f, const struct exp_sub *s)
{
	static const char *const names[8] = {
		"unit_exception", "unit_check", "device_end", "channel_end",
		"busy", "control_unit_end", "status_modifier", "attention",
	};

	put_bits(b, f, s, s->dstat, names);
}

static void put_cstat(struct exp_buf *b, const struct exp_family *f, const struct exp_sub *s)
{
	static const char *const names[8] = {
		"chaining_check", "interface_control_check", "channel_control_check",
		"channel_data_check", "protection_check", "program_check", "incorrect_length",
		"program_controlled_interruption",
	};

	put_bits(b, f, s, s->cstat, names);
}

/* --- histograms --- */

struct histogram {
	struct exp_line bucket[EXP_TOTAL_BOUNDS + 1], count, sum; /* the last bucket has no bound */
};

_Static_assert(EXP_TOTAL_BOUNDS >= EXP_STAGE_BOUNDS, "room for the buckets of a stage");

/* label: ",stage=..." or empty */
static void make_histogram(struct histogram *t, const struct exp_family *f, const char *label,
			   const struct exp_bounds *bounds)
{
	char labels[EXP_PART], le[32];
	struct exp_buf b;
	unsigned int i;

	for (i = 0; i <= bounds->count; i++) {
		b = (struct exp_buf){ .at = le, .end = le + sizeof(le) - 1 };
		if (i < bounds->count)
			exp_put_seconds(&b, (1ULL << (bounds->first + i * bounds->step)) - 1);
		else
			EXP_PUT(&b, "+Inf");
		*b.at = '\0';
		snprintf(labels, sizeof(labels), "%s,le=\"%s\"", label, le);
		exp_line_make(&t->bucket[i], f->name, "_bucket", labels);
	}
	exp_line_make(&t->sum, f->name, "_sum", label);
	exp_line_make(&t->count, f->name, "_count", label);
}

/* Buckets are added up: most are as the one before, and so is their text. */
static void put_histogram(struct exp_buf *b, const struct histogram *t, const struct exp_sub *s,
			  const struct exp_bounds *bounds, const uint64_t *bucket,
			  const struct exp_hist *h)
{
	struct exp_digits d;
	uint64_t seen = 0;
	unsigned int i;

	exp_digits(&d, 0);
	for (i = 0; i < bounds->count; i++) {
		if (bucket[i]) {
			seen += bucket[i];
			exp_digits(&d, seen);
		}
		exp_line_digits(b, &t->bucket[i], s, &d);
	}
	exp_digits(&d, h->count);
	exp_line_digits(b, &t->bucket[i], s, &d);
	exp_line_digits(b, &t->count, s, &d);
	if (!exp_line_begin(b, &t->sum, s))
		return;
	exp_put_seconds(b, h->sum_ns);
	EXP_PUT(b, "\n");
}

/* A stage that was never measured here has no histogram: it would say that all was fast. */
static void put_total(struct exp_buf *b, const struct exp_family *f, const struct exp_sub *s)
{
	static struct histogram t;

	if (!s->hist[CCW_TOTAL].count)
		return;
	if (!t.count.head_len)
		make_histogram(&t, f, "", &exp_total_bounds);
	put_histogram(b, &t, s, &exp_total_bounds, s->total, &s->hist[CCW_TOTAL]);
}

static void put_stages(struct exp_buf *b, const struct exp_family *f, const struct exp_sub *s)
{
	static struct histogram t[CCW_TOTAL];
	unsigned int i;
	char label[32];

	for (i = 0; i < CCW_TOTAL; i++) {
		if (!s->hist[i].count)
			continue;
		if (!t[i].count.head_len) {
			snprintf(label, sizeof(label), ",stage=\"%s\"", ccw_stage_name(i));
			make_histogram(&t[i], f, label, &exp_stage_bounds);
		}
		put_histogram(b, &t[i], s, &exp_stage_bounds, s->stage[i], &s->hist[i]);
	}
}

/* --- of the machine and of the exporter --- */

static void put_subchannels(struct exp_buf *b, const struct exp_family *f, const struct exp_view *v)
{
	plain(b, f->name, "", exp_store_count(v->store));
}

static void put_source(struct exp_buf *b, const struct exp_family *f, const struct exp_view *v)
{
	exp_puts(b, f->name);
	EXP_PUT(b, "_info{kind=\"");
	exp_puts(b, v->source->kind);
	EXP_PUT(b, "\"");
	exp_put_label(b, "driver", v->source->driver);
	exp_put_label(b, "name", v->source->name);
	value(b, 1);
}

static void put_build(struct exp_buf *b, const struct exp_family *f, const struct exp_view *v)
{
	exp_puts(b, f->name);
	EXP_PUT(b, "_info{version=\"" CCW_VERSION "\"");
	exp_put_label(b, "driver_version", v->driver_version);
	value(b, 1);
}

static void put_events(struct exp_buf *b, const struct exp_family *f, const struct exp_view *v)
{
	plain(b, f->name, "_total", v->source->events);
}

static void put_lost(struct exp_buf *b, const struct exp_family *f, const struct exp_view *v)
{
	plain(b, f->name, "_total", v->source->lost);
}

static void put_incomplete(struct exp_buf *b, const struct exp_family *f, const struct exp_view *v)
{
	plain(b, f->name, "", v->source->lost || v->source->lost_unknown || v->source->truncated);
}

static void put_collections(struct exp_buf *b, const struct exp_family *f,
			    const struct exp_view *v)
{
	plain(b, f->name, "_total", v->collections);
}

static void seconds(struct exp_buf *b, const struct exp_family *f, const char *suffix, uint64_t ns)
{
	exp_puts(b, f->name);
	exp_puts(b, suffix);
	EXP_PUT(b, " ");
	exp_put_seconds(b, ns);
	EXP_PUT(b, "\n");
}

static void put_collect_cpu(struct exp_buf *b, const struct exp_family *f,
			    const struct exp_view *v)
{
	seconds(b, f, "_total", v->collect_ns);
}

static void put_scrapes(struct exp_buf *b, const struct exp_family *f, const struct exp_view *v)
{
	exp_puts(b, f->name);
	EXP_PUT(b, "_total{format=\"text\"");
	value(b, v->scrapes[EXP_TEXT]);
	exp_puts(b, f->name);
	EXP_PUT(b, "_total{format=\"openmetrics\"");
	value(b, v->scrapes[EXP_OPENMETRICS]);
}

static void put_connections(struct exp_buf *b, const struct exp_family *f,
			    const struct exp_view *v)
{
	plain(b, f->name, "", v->connections);
}

static void put_cut(struct exp_buf *b, const struct exp_family *f, const struct exp_view *v)
{
	plain(b, f->name, "_total", v->cut);
}

static void put_cpu(struct exp_buf *b, const struct exp_family *f, const struct exp_view *v)
{
	seconds(b, f, "_total", v->process.cpu_ns);
}

static void put_started(struct exp_buf *b, const struct exp_family *f, const struct exp_view *v)
{
	seconds(b, f, "", v->process.started_ns);
}

static void put_resident(struct exp_buf *b, const struct exp_family *f, const struct exp_view *v)
{
	plain(b, f->name, "", v->process.resident_bytes);
}

static void put_virtual(struct exp_buf *b, const struct exp_family *f, const struct exp_view *v)
{
	plain(b, f->name, "", v->process.virtual_bytes);
}

static void put_open_fds(struct exp_buf *b, const struct exp_family *f, const struct exp_view *v)
{
	plain(b, f->name, "", v->process.open_fds);
}

static void put_max_fds(struct exp_buf *b, const struct exp_family *f, const struct exp_view *v)
{
	plain(b, f->name, "", v->process.max_fds);
}

/* --- what there is --- */

/* Events of the common I/O layer and of the kernel's own driver do not say what a program was. */
static bool programs(const struct exp_view *v)
{
	return !strcmp(v->source->driver, "vfio_ccw");
}

static bool live(const struct exp_view *v)
{
	return v->sysfs;
}

static bool has_memory(const struct exp_view *v)
{
	return v->process.virtual_bytes;
}

static bool has_fds(const struct exp_view *v)
{
	return v->process.open_fds;
}

#define SUB(what) .sub = put_##what
#define ONCE(what) .once = put_##what
#define COUNTER(member) .sub = put_counter, .offset = offsetof(struct exp_sub, member)

const struct exp_family exp_families[] = {
	{ "ccw_subchannel", EXP_INFO, NULL,
	  "What is behind a subchannel; empty: not known.", NULL, SUB(names) },
	{ "ccw_subchannel_bound", EXP_GAUGE, NULL,
	  "Whether the subchannel is bound to vfio_ccw.", live, SUB(bound) },
	{ "ccw_state", EXP_STATESET, NULL,
	  "State of the driver's state machine for the subchannel.", NULL, SUB(state) },
	{ "ccw_ios", EXP_COUNTER, NULL,
	  "I/Os that ended, by how they did; ok is the only good way.", NULL, SUB(results) },
	{ "ccw_io_duration_seconds", EXP_HISTOGRAM, "seconds",
	  "Time from the write of the ORB to the signal to user space.", NULL, SUB(total) },
	{ "ccw_io_stage_duration_seconds", EXP_HISTOGRAM, "seconds",
	  "Time of each stage of an I/O.", NULL, SUB(stages) },
	{ "ccw_io_bytes", EXP_COUNTER, "bytes",
	  "Data that channel programs asked for.", programs, COUNTER(bytes) },
	{ "ccw_io_ccws", EXP_COUNTER, NULL,
	  "CCWs of channel programs.", programs, COUNTER(ccws) },
	{ "ccw_io_segments", EXP_COUNTER, NULL,
	  "Chains of CCWs that transfers in channel lead to, the first one included.", programs,
	  COUNTER(segments) },
	{ "ccw_io_idaws", EXP_COUNTER, NULL,
	  "IDAWs of translated channel programs.", programs, COUNTER(idaws) },
	{ "ccw_io_pages", EXP_COUNTER, NULL,
	  "Guest pages pinned for channel programs.", programs, COUNTER(pages) },
	{ "ccw_io_interrupts", EXP_COUNTER, NULL,
	  "Interrupts of I/Os, intermediate ones included.", NULL, COUNTER(irqs) },
	{ "ccw_io_refusals", EXP_COUNTER, NULL,
	  "I/Os that the driver refused, by errno; only those that came up.", NULL, SUB(refusals) },
	{ "ccw_io_condition_codes", EXP_COUNTER, NULL,
	  "START SUBCHANNEL with a condition code other than 0; only those that came up.", NULL,
	  SUB(cc) },
	{ "ccw_io_device_status", EXP_COUNTER, NULL,
	  "I/Os by bit of their final device status; only bits that came up.", NULL, SUB(dstat) },
	{ "ccw_io_subchannel_status", EXP_COUNTER, NULL,
	  "I/Os by bit of their final subchannel status; only bits that came up.", NULL,
	  SUB(cstat) },
	{ "ccw_ios_missing", EXP_COUNTER, NULL,
	  "I/Os that were started and whose record never came.", NULL, COUNTER(missing) },
	{ "ccw_subchannels", EXP_GAUGE, NULL,
	  "Subchannels that are bound to vfio_ccw or had I/O.", NULL, ONCE(subchannels) },
	{ "ccw_source", EXP_INFO, NULL,
	  "Where the numbers come from and whose events they are.", NULL, ONCE(source) },
	{ "ccw_source_events", EXP_COUNTER, NULL,
	  "Records, or I/Os in sums, that the source handed out.", NULL, ONCE(events) },
	{ "ccw_source_lost_events", EXP_COUNTER, NULL,
	  "Records known to be lost: the other counters are too low by them.", NULL, ONCE(lost) },
	{ "ccw_source_incomplete", EXP_GAUGE, NULL,
	  "1: records were lost, maybe without a number.", NULL, ONCE(incomplete) },
	{ "ccw_exporter_build", EXP_INFO, NULL,
	  "Versions of the exporter and of the driver.", NULL, ONCE(build) },
	{ "ccw_exporter_collections", EXP_COUNTER, NULL,
	  "How often the source was read.", NULL, ONCE(collections) },
	{ "ccw_exporter_collection_cpu_seconds", EXP_COUNTER, "seconds",
	  "CPU time that reading the source took.", NULL, ONCE(collect_cpu) },
	{ "ccw_exporter_scrapes", EXP_COUNTER, NULL,
	  "Scrapes begun, this one included.", NULL, ONCE(scrapes) },
	{ "ccw_exporter_connections", EXP_GAUGE, NULL,
	  "Connections open now.", NULL, ONCE(connections) },
	{ "ccw_exporter_connections_cut", EXP_COUNTER, NULL,
	  "Connections closed because a request took too long.", NULL, ONCE(cut) },
	{ "process_cpu_seconds", EXP_COUNTER, "seconds",
	  "CPU time of the exporter, user and system.", NULL, ONCE(cpu) },
	{ "process_start_time_seconds", EXP_GAUGE, "seconds",
	  "When the exporter started, since 1970.", NULL, ONCE(started) },
	{ "process_resident_memory_bytes", EXP_GAUGE, "bytes",
	  "Memory of the exporter.", has_memory, ONCE(resident) },
	{ "process_virtual_memory_bytes", EXP_GAUGE, "bytes",
	  "Address space of the exporter.", has_memory, ONCE(virtual) },
	{ "process_open_fds", EXP_GAUGE, NULL,
	  "File descriptors in use.", has_fds, ONCE(open_fds) },
	{ "process_max_fds", EXP_GAUGE, NULL,
	  "File descriptors that may be in use.", has_fds, ONCE(max_fds) },
};
const size_t exp_nr_families = sizeof(exp_families) / sizeof(*exp_families);

_Static_assert(sizeof(exp_families) / sizeof(*exp_families) <= MAX_FAMILIES, "a line for each");
