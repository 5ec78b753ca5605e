// SPDX-License-Identifier: GPL-2.0
/*
 * trace.dat version 6: one part after the other, each saying how long it is.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/dat_int.h"
#include "trace/text.h"

#define TAG_LEN 10

struct further {
	uint64_t offset; /* of its data */
	const char *name;
};

/* Instances besides the top one. */
struct buffers {
	unsigned int count;
	struct further *further;
};

static int add_further(struct dat_parser *p, struct buffers *b, struct dat_reader opt)
{
	static const char what[] = "options";
	struct further *f = b->further;

	/* The top one is not among them. */
	if (b->count == CCW_DAT_MAX_BUFFERS - 1)
		return ccw_fail(p->err, -EINVAL, "%s: damaged: more than %u buffers", p->path,
				CCW_DAT_MAX_BUFFERS);
	if (!(b->count & (b->count - 1))) {
		f = realloc(f, (b->count ? 2 * b->count : 1) * sizeof(*f));
		if (!f)
			return ccw_fail(p->err, -ENOMEM, "%s: out of memory", p->path);
		b->further = f;
	}
	f += b->count++;
	f->offset = dat_u64(&opt, what);
	f->name = dat_string(&opt, what);
	if (opt.what)
		p->rd.what = opt.what;
	return 0;
}

static int parse_options(struct dat_parser *p, struct buffers *b)
{
	static const char what[] = "options";
	struct dat_reader *rd = &p->rd;
	uint16_t id;
	int rc;

	while ((id = dat_u16(rd, what)) != CCW_DAT_DONE) {
		uint32_t len = dat_u32(rd, what);
		struct dat_reader opt = *rd;
		const char *data = dat_bytes(rd, len, what);

		if (!data)
			break;
		if (id == CCW_DAT_CLOCK)
			dat_clock(p, data, len);
		if (id == CCW_DAT_CPUSTAT) {
			rc = dat_cpu_stat(p, data, len);
			if (rc)
				return rc;
		}
		if (id == CCW_DAT_BUFFER && b) {
			opt.size = opt.pos + len;
			rc = add_further(p, b, opt);
			if (rc)
				return rc;
		}
		rc = dat_keep_note(p, id, data, len);
		if (rc)
			return rc;
	}
	return rd->what ? dat_cut_off(p) : 0;
}

/* From the tag after the CPU count, or at the offset of another instance's data. */
static int parse_data(struct dat_parser *p, const char *name, uint32_t cpus, struct buffers *b)
{
	static const char what[] = "list of CPUs";
	struct dat_reader *rd = &p->rd;
	const char *tag = dat_bytes(rd, TAG_LEN, what);
	uint32_t cpu;
	int rc;

	if (tag && !memcmp(tag, "options  ", TAG_LEN)) {
		rc = parse_options(p, b);
		if (rc)
			return rc;
		tag = dat_bytes(rd, TAG_LEN, what);
	}
	if (!tag)
		return dat_cut_off(p);
	if (!memcmp(tag, "latency  ", TAG_LEN))
		return ccw_fail(
			p->err, -EOPNOTSUPP,
			"%s: holds the text of a latency tracer, no records: record events instead",
			p->path);
	if (memcmp(tag, "flyrecord", TAG_LEN))
		return ccw_fail(p->err, -EINVAL, "%s: damaged: no records where they belong",
				p->path);
	rc = dat_add_buffer(p, name, p->dat->clock, &p->dat->format);
	if (rc)
		return rc;
	for (cpu = 0; cpu < cpus; cpu++) {
		uint64_t offset = dat_u64(rd, what);
		uint64_t size = dat_u64(rd, what);

		if (rd->what)
			return dat_cut_off(p);
		rc = dat_add_cpu(p, cpu, offset, size);
		if (rc)
			return rc;
	}
	return 0;
}

static int parse_buffers(struct dat_parser *p, uint32_t cpus)
{
	struct dat_reader *rd = &p->rd;
	struct buffers b = { 0 };
	int rc = parse_data(p, "", cpus, &b);
	unsigned int i;

	if (b.count)
		p->dat->nr_stats = 0; /* nobody can tell whose they are */
	for (i = 0; !rc && i < b.count; i++) {
		if (b.further[i].offset >= rd->size) {
			snprintf(p->dat->missing, sizeof(p->dat->missing),
				 "buffer '%.32s' is cut off", b.further[i].name);
			continue;
		}
		rd->pos = b.further[i].offset;
		rc = parse_data(p, b.further[i].name, cpus, NULL);
	}
	free(b.further);
	return rc;
}

int dat_parse_v6(struct dat_parser *p)
{
	struct dat_reader *rd = &p->rd;
	struct ccw_dat *dat = p->dat;
	uint32_t cpus;
	int rc;

	rc = dat_header_info(p);
	if (rc)
		return rc;
	rc = dat_tracer_formats(p);
	rc = rc ? rc : dat_event_formats(p);
	if (rc)
		return rc;
	dat_part(rd, &dat->kallsyms, dat_u32(rd, "kernel symbols"), "kernel symbols");
	dat_part(rd, &dat->printk, dat_u32(rd, "printk formats"), "printk formats");
	dat_part(rd, &dat->cmdlines, dat_u64(rd, "command lines"), "command lines");
	cpus = dat_u32(rd, "CPU count");
	if (rd->what)
		return dat_cut_off(p);
	if (cpus > CCW_DAT_MAX_CPUS)
		return ccw_fail(p->err, -EINVAL, "%s: damaged: %u CPUs", p->path, cpus);
	return parse_buffers(p, cpus);
}
