// SPDX-License-Identifier: GPL-2.0
/*
 * trace.dat version 7: sections, found through lists of options.
 */
#include <errno.h>
#include <stdio.h>
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
	bool latency; /* text of a latency tracer is there */
};

static int add_buffer(struct dat_parser *p, struct found *f, const struct dat_reader *opt)
{
	struct dat_reader *b;

	if (f->nr_buffers == CCW_DAT_MAX_BUFFERS)
		return ccw_fail(p->err, -EINVAL, "%s: damaged: more than %u buffers", p->path,
				CCW_DAT_MAX_BUFFERS);
	b = realloc(f->buffers, (f->nr_buffers + 1) * sizeof(*b));
	if (!b)
		return ccw_fail(p->err, -ENOMEM, "%s: out of memory", p->path);
	f->buffers = b;
	b[f->nr_buffers++] = *opt;
	return 0;
}

/* An option that names a section, or describes the recording. */
static int take_option(struct dat_parser *p, struct found *f, unsigned int id,
		       struct dat_reader *opt, const char *what)
{
	const char *data = (const char *)opt->base + opt->pos;
	uint32_t len = opt->size - opt->pos;
	int rc = 0;

	switch (id) {
	case CCW_DAT_CLOCK:
		dat_clock(p, data, len);
		break;
	case CCW_DAT_CPUSTAT:
		rc = dat_cpu_stat(p, data, len);
		break;
	case CCW_DAT_HEADER_INFO:
		f->header_info = dat_u64(opt, what);
		break;
	case CCW_DAT_EVENT_FORMATS:
		f->event_formats = dat_u64(opt, what);
		break;
	case CCW_DAT_FTRACE_EVENTS:
		p->dat->later[CCW_DAT_TRACER_FORMATS] = dat_u64(opt, what);
		break;
	case CCW_DAT_KALLSYMS_SECTION:
		p->dat->later[CCW_DAT_KALLSYMS] = dat_u64(opt, what);
		break;
	case CCW_DAT_PRINTK_SECTION:
		p->dat->later[CCW_DAT_PRINTK] = dat_u64(opt, what);
		break;
	case CCW_DAT_CMDLINES_SECTION:
		p->dat->later[CCW_DAT_CMDLINES] = dat_u64(opt, what);
		break;
	case CCW_DAT_BUFFER:
		return add_buffer(p, f, opt);
	case CCW_DAT_BUFFER_TEXT:
		f->latency = true;
		break;
	}
	if (!rc && (id < CCW_DAT_HEADER_INFO || id > CCW_DAT_BUFFER_TEXT))
		rc = dat_keep_note(p, id, data, len);
	return rc;
}

/* One list of options; *next is where the next one is, 0 after the last. */
static int parse_options(struct dat_parser *p, struct found *f, struct dat_reader *in,
			 uint64_t *next)
{
	static const char what[] = "options";
	int rc = 0;

	*next = 0;
	while (!rc && in->pos < in->size && !in->what) {
		unsigned int id = dat_u16(in, what);
		uint32_t n = dat_u32(in, what);
		struct dat_reader opt = *in;

		if (!dat_bytes(in, n, what))
			break;
		opt.size = opt.pos + n;
		if (id == CCW_DAT_DONE) {
			*next = dat_u64(&opt, what);
			in->what = opt.what;
			break;
		}
		rc = take_option(p, f, id, &opt, what);
		in->what = opt.what;
	}
	p->rd.what = in->what;
	return rc ? rc : in->what ? dat_cut_off(p) : 0;
}

/* Lists are kilobytes; the size of a file can be that of a hole. */
#define MAX_LISTS 1024
#define MAX_LIST_BYTES (64U << 20)

/* Lists that name each other in a circle would hold more bytes than the file. */
static int find_sections(struct dat_parser *p, struct found *f, uint64_t offset)
{
	uint64_t seen = 0;
	unsigned int lists = 0;
	struct dat_reader in;
	int rc;

	while (offset) {
		if (offset >= p->rd.size && f->header_info) {
			snprintf(p->dat->missing, sizeof(p->dat->missing),
				 "its list of contents is cut off");
			return 0;
		}
		rc = dat_open_section(p->dat, offset, CCW_DAT_DONE, &in, "options");
		p->rd.what = in.what;
		if (rc)
			return dat_cut_off(p);
		seen += SECTION_HEADER + (in.size - in.pos);
		if (seen > p->rd.size || seen > MAX_LIST_BYTES || ++lists > MAX_LISTS)
			return ccw_fail(p->err, -EINVAL,
					"%s: damaged: its lists of options run in a circle",
					p->path);
		rc = parse_options(p, f, &in, &offset);
		if (rc)
			return rc;
	}
	return 0;
}

/* Where a buffer's data lie tells whether they are packed; cut off, the file's header does. */
static bool is_packed(struct dat_parser *p, uint64_t section)
{
	struct dat_reader rd = p->rd;
	unsigned int id, flags;

	rd.pos = section;
	rd.what = NULL;
	id = dat_u16(&rd, "");
	flags = dat_u16(&rd, "");
	if (rd.what || id != CCW_DAT_BUFFER)
		return p->dat->unpacker;
	return flags & SECTION_COMPRESSED;
}

static int cut_buffer(struct dat_parser *p, const struct dat_reader *opt)
{
	p->rd.what = opt->what;
	return dat_cut_off(p);
}

static int parse_buffer(struct dat_parser *p, struct dat_reader *opt)
{
	static const char what[] = "list of buffers";
	uint64_t section = dat_u64(opt, what);
	const char *name = dat_string(opt, what), *clock = dat_string(opt, what);
	uint32_t page_size = dat_u32(opt, what), cpus = dat_u32(opt, what);
	const struct ccw_dat_part *head = &p->dat->header_page;
	struct ccw_page_format format;
	struct ccw_dat_buffer *b;
	int rc;

	if (opt->what)
		return cut_buffer(p, opt);
	rc = ccw_page_format_parse(&format, head->p, head->len, page_size, p->dat->big_endian);
	if (rc)
		return ccw_fail(p->err, rc, "%s: damaged: buffer '%.32s' has pages of %u bytes",
				p->path, name, page_size);
	rc = dat_add_buffer(p, name, clock, &format);
	if (rc)
		return rc;
	b = &p->dat->buffers[p->dat->nr_buffers - 1];
	b->section = section;
	b->packed = is_packed(p, section);
	if (b->packed && !p->dat->unpacker)
		return ccw_fail(p->err, -EINVAL, "%s: damaged: buffer '%.32s' is compressed, the "
				"file is not", p->path, name);
	while (cpus--) {
		uint32_t cpu = dat_u32(opt, what);
		uint64_t offset = dat_u64(opt, what);
		uint64_t size = dat_u64(opt, what);

		if (opt->what)
			return cut_buffer(p, opt);
		rc = dat_add_cpu(p, cpu, offset, size);
		if (rc)
			return rc;
	}
	return 0;
}

/* Reads a section with the functions that both versions share. */
static int in_section(struct dat_parser *p, uint64_t offset, unsigned int id, const char *what,
		      int (*parse)(struct dat_parser *p))
{
	struct dat_reader whole = p->rd;
	int rc = dat_open_section(p->dat, offset, id, &p->rd, what);

	if (rc)
		rc = rc == -ENOMEM ? ccw_fail(p->err, rc, "%s: out of memory", p->path) :
				     dat_cut_off(p);
	else
		rc = parse(p);
	p->rd = whole;
	return rc;
}

static int parse_sections(struct dat_parser *p, struct found *f)
{
	size_t i;
	int rc;

	if (f->latency && !f->nr_buffers)
		return ccw_fail(
			p->err, -EOPNOTSUPP,
			"%s: holds the text of a latency tracer, no records: record events instead",
			p->path);
	if (!f->header_info || !f->event_formats || !f->nr_buffers)
		return ccw_fail(
			p->err, -EINVAL,
			"%s: lacks its %s: the recording was not ended properly, record again",
			p->path,
			!f->header_info	    ? "page header format"
			: !f->event_formats ? "event formats"
					    : "records");
	rc = in_section(p, f->header_info, CCW_DAT_HEADER_INFO, "page header format",
			dat_header_info);
	rc = rc ? rc : in_section(p, f->event_formats, CCW_DAT_EVENT_FORMATS, "event formats",
				  dat_event_formats);
	if (f->nr_buffers > 1)
		p->dat->nr_stats = 0; /* nobody can tell whose they are */
	for (i = 0; !rc && i < f->nr_buffers; i++)
		rc = parse_buffer(p, &f->buffers[i]);
	return rc;
}

static int set_compression(struct dat_parser *p, const char *algorithm)
{
	enum ccw_pack pack = ccw_pack_of(algorithm);

	snprintf(p->dat->compression, sizeof(p->dat->compression), "%s", algorithm);
	if (pack == CCW_PACK_NONE)
		return 0;
	if (pack == CCW_PACK_UNKNOWN)
		return ccw_fail(p->err, -EOPNOTSUPP,
				"%s: compressed with '%.16s', want zstd or zlib: convert it with "
				"'trace-cmd convert --compression none -i FILE -o NEW'",
				p->path, algorithm);
	p->dat->unpacker = ccw_unpacker_new(pack);
	return p->dat->unpacker ? 0 : ccw_fail(p->err, -ENOMEM, "%s: out of memory", p->path);
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
	rc = set_compression(p, algorithm);
	rc = rc ? rc : find_sections(p, &f, options);
	rc = rc ? rc : parse_sections(p, &f);
	free(f.buffers);
	return rc;
}

/* A text with its length before it. */
static void later_text(struct ccw_dat *dat, enum ccw_dat_later what, unsigned int id,
		       struct ccw_dat_part *part)
{
	struct dat_reader in;
	uint64_t len;

	if (!dat->later[what] || part->p)
		return;
	if (dat_open_section(dat, dat->later[what], id, &in, "text"))
		return;
	len = what == CCW_DAT_CMDLINES ? dat_u64(&in, "text") : dat_u32(&in, "text");
	dat_part(&in, part, len, "text");
}

void dat_more_v7(struct ccw_dat *dat)
{
	struct ccw_error err;
	struct dat_parser p = { .dat = dat, .path = "", .err = &err };

	if (dat->later[CCW_DAT_TRACER_FORMATS])
		in_section(&p, dat->later[CCW_DAT_TRACER_FORMATS], CCW_DAT_FTRACE_EVENTS, "",
			   dat_tracer_formats);
	dat->later[CCW_DAT_TRACER_FORMATS] = 0;
	later_text(dat, CCW_DAT_KALLSYMS, CCW_DAT_KALLSYMS_SECTION, &dat->kallsyms);
	later_text(dat, CCW_DAT_PRINTK, CCW_DAT_PRINTK_SECTION, &dat->printk);
	later_text(dat, CCW_DAT_CMDLINES, CCW_DAT_CMDLINES_SECTION, &dat->cmdlines);
}
