// SPDX-License-Identifier: GPL-2.0
/*
 * trace.dat version 7: sections, found through lists of options. Uncompressed only: a compressed
 * page cannot be read in place.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "trace/dat_int.h"
#include "trace/text.h"

#define SECTION_HEADER	   16
#define SECTION_COMPRESSED 1

struct found {
	uint64_t header_info, event_formats; /* offsets of sections, 0: none */
	struct dat_reader *buffers;	     /* the data of each buffer option */
	size_t nr_buffers;
};

static int compressed(struct dat_parser *p, const char *algorithm)
{
	return ccw_fail(
		p->err, -EOPNOTSUPP,
		"%s: compressed (%.16s): convert it with 'trace-cmd convert --compression none -i "
		"FILE -o NEW', or record with 'trace-cmd record --compression none'",
		p->path, algorithm);
}

/* Goes to a section and returns its length, 0 with rd.what set if it is not there. */
static uint64_t open_section(struct dat_parser *p, uint64_t offset, unsigned int id, bool *packed,
			     const char *what)
{
	struct dat_reader *rd = &p->rd;
	unsigned int got, flags;
	uint64_t len;

	rd->pos = offset;
	got = dat_u16(rd, what);
	flags = dat_u16(rd, what);
	dat_u32(rd, what); /* its name, for people */
	len = dat_u64(rd, what);
	*packed = flags & SECTION_COMPRESSED;
	if (!rd->what && (got != id || len > rd->size - rd->pos))
		rd->what = what;
	return rd->what ? 0 : len;
}

static int add_buffer(struct dat_parser *p, struct found *f, const struct dat_reader *opt)
{
	struct dat_reader *b = realloc(f->buffers, (f->nr_buffers + 1) * sizeof(*b));

	if (!b)
		return ccw_fail(p->err, -ENOMEM, "%s: out of memory", p->path);
	f->buffers = b;
	b[f->nr_buffers++] = *opt;
	return 0;
}

/* One list of options; *next is where the next one is, 0 after the last. */
static int parse_options(struct dat_parser *p, struct found *f, uint64_t len, uint64_t *next)
{
	static const char what[] = "options";
	struct dat_reader *rd = &p->rd;
	uint64_t end = rd->pos + len;
	int rc;

	*next = 0;
	while (rd->pos < end && !rd->what) {
		unsigned int id = dat_u16(rd, what);
		uint32_t n = dat_u32(rd, what);
		struct dat_reader opt = *rd;
		const char *data = dat_bytes(rd, n, what);

		if (!data)
			break;
		opt.size = opt.pos + n;
		switch (id) {
		case DAT_OPTION_DONE:
			*next = dat_u64(&opt, what);
			rd->what = opt.what;
			end = rd->pos;
			break;
		case DAT_OPTION_CLOCK:
			dat_clock(p, data, n);
			break;
		case DAT_OPTION_CPUSTAT:
			rc = dat_cpu_stat(p, data, n);
			if (rc)
				return rc;
			break;
		case DAT_OPTION_HEADER_INFO:
			f->header_info = dat_u64(&opt, what);
			rd->what = opt.what;
			break;
		case DAT_OPTION_EVENT_FORMATS:
			f->event_formats = dat_u64(&opt, what);
			rd->what = opt.what;
			break;
		case DAT_OPTION_BUFFER:
			rc = add_buffer(p, f, &opt);
			if (rc)
				return rc;
			break;
		}
	}
	return rd->what ? dat_cut_off(p) : 0;
}

/* Lists that name each other in a circle would hold more bytes than the file. */
static int find_sections(struct dat_parser *p, struct found *f, uint64_t offset,
			 const char *algorithm)
{
	uint64_t seen = 0, len;
	bool packed;
	int rc;

	while (offset) {
		len = open_section(p, offset, 0, &packed, "options");
		if (p->rd.what)
			return dat_cut_off(p);
		seen += SECTION_HEADER + len;
		if (seen > p->rd.size)
			return ccw_fail(p->err, -EINVAL,
					"%s: damaged: its lists of options run in a circle",
					p->path);
		if (packed)
			return compressed(p, algorithm);
		rc = parse_options(p, f, len, &offset);
		if (rc)
			return rc;
	}
	return 0;
}

static int parse_buffer(struct dat_parser *p, struct dat_reader *opt, const char *algorithm)
{
	static const char what[] = "list of buffers";
	uint64_t section = dat_u64(opt, what);
	uint32_t page_size, cpus;
	bool packed;
	int rc;

	dat_string(opt, what); /* name of the instance */
	dat_clock(p, dat_string(opt, what), sizeof(p->dat->clock));
	page_size = dat_u32(opt, what);
	cpus = dat_u32(opt, what);
	if (opt->what) {
		p->rd.what = opt->what;
		return dat_cut_off(p);
	}
	if (page_size != p->dat->format.size)
		return ccw_fail(
			p->err, -EOPNOTSUPP,
			"%s: buffers of different page sizes (%u, %u): record one buffer only",
			p->path, p->dat->format.size, page_size);
	p->rd.pos = section;
	if (dat_u16(&p->rd, what) != DAT_OPTION_BUFFER && !p->rd.what)
		p->rd.what = what;
	packed = dat_u16(&p->rd, what) & SECTION_COMPRESSED;
	if (p->rd.what)
		return dat_cut_off(p);
	if (packed)
		return compressed(p, algorithm);
	while (cpus--) {
		uint32_t cpu = dat_u32(opt, what);
		uint64_t offset = dat_u64(opt, what);
		uint64_t size = dat_u64(opt, what);

		if (opt->what) {
			p->rd.what = opt->what;
			return dat_cut_off(p);
		}
		rc = dat_add_cpu(p, cpu, offset, size);
		if (rc)
			return rc;
	}
	return 0;
}

static int parse_sections(struct dat_parser *p, struct found *f, const char *algorithm)
{
	bool packed;
	size_t i;
	int rc;

	if (!f->header_info || !f->event_formats || !f->nr_buffers)
		return ccw_fail(
			p->err, -EINVAL,
			"%s: lacks its %s: the recording was not ended properly, record again",
			p->path,
			!f->header_info	    ? "page header format"
			: !f->event_formats ? "event formats"
					    : "records");
	open_section(p, f->header_info, DAT_OPTION_HEADER_INFO, &packed, "page header format");
	if (p->rd.what)
		return dat_cut_off(p);
	if (packed)
		return compressed(p, algorithm);
	rc = dat_header_info(p);
	if (rc)
		return rc;
	open_section(p, f->event_formats, DAT_OPTION_EVENT_FORMATS, &packed, "event formats");
	if (p->rd.what)
		return dat_cut_off(p);
	if (packed)
		return compressed(p, algorithm);
	rc = dat_event_formats(p);
	if (f->nr_buffers > 1)
		p->dat->nr_stats = 0; /* nobody can tell whose they are */
	for (i = 0; !rc && i < f->nr_buffers; i++)
		rc = parse_buffer(p, &f->buffers[i], algorithm);
	return rc;
}

int dat_parse_v7(struct dat_parser *p)
{
	struct found f = { 0 };
	const char *algorithm = dat_string(&p->rd, "compression");
	uint64_t options;
	int rc;

	dat_string(&p->rd, "compression"); /* its version */
	options = dat_u64(&p->rd, "options");
	if (p->rd.what)
		return dat_cut_off(p);
	if (!options)
		return ccw_fail(p->err, -EINVAL,
				"%s: has no list of contents: the recording was not ended "
				"properly, record again",
				p->path);
	rc = find_sections(p, &f, options, algorithm);
	rc = rc ? rc : parse_sections(p, &f, algorithm);
	free(f.buffers);
	return rc;
}
