// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/bytes.h"
#include "trace/dat_int.h"
#include "trace/text.h"

const void *dat_bytes(struct dat_reader *rd, uint64_t len, const char *what)
{
	const uint8_t *p;

	if (rd->what)
		return NULL;
	if (rd->pos > rd->size || len > rd->size - rd->pos) {
		rd->what = what;
		return NULL;
	}
	p = rd->base + rd->pos;
	rd->pos += len;
	return p;
}

uint16_t dat_u16(struct dat_reader *rd, const char *what)
{
	const void *p = dat_bytes(rd, 2, what);

	return p ? ccw_get16(p, rd->swap) : 0;
}

uint32_t dat_u32(struct dat_reader *rd, const char *what)
{
	const void *p = dat_bytes(rd, 4, what);

	return p ? ccw_get32(p, rd->swap) : 0;
}

uint64_t dat_u64(struct dat_reader *rd, const char *what)
{
	const void *p = dat_bytes(rd, 8, what);

	return p ? ccw_get64(p, rd->swap) : 0;
}

const char *dat_string(struct dat_reader *rd, const char *what)
{
	const char *s = dat_bytes(rd, 0, what);
	const char *end;

	if (!s)
		return "";
	end = memchr(s, 0, rd->size - rd->pos);
	if (!end) {
		rd->what = what;
		return "";
	}
	rd->pos += end - s + 1;
	return s;
}

int dat_cut_off(struct dat_parser *p)
{
	return ccw_fail(p->err, -EINVAL, "%s: cut off or damaged in its %s: record again", p->path,
			p->rd.what);
}

int dat_header_info(struct dat_parser *p)
{
	struct dat_reader *rd = &p->rd;
	const char *page_name, *event_name, *text;
	uint64_t len;
	int rc;

	page_name = dat_string(rd, "page header format");
	len = dat_u64(rd, "page header format");
	text = dat_bytes(rd, len, "page header format");
	event_name = dat_string(rd, "record header format");
	dat_part(rd, &p->dat->header_event, dat_u64(rd, "record header format"),
		 "record header format");
	if (rd->what)
		return dat_cut_off(p);
	if (strcmp(page_name, "header_page") || strcmp(event_name, "header_event"))
		return ccw_fail(p->err, -EINVAL,
				"%s: damaged: the page header format is not where it belongs",
				p->path);
	p->dat->header_page = (struct ccw_dat_part){ text, len };
	rc = ccw_page_format_parse(&p->dat->format, text, len, p->page_size, p->dat->big_endian);
	if (rc == -EINVAL)
		ccw_fail(p->err, rc, "%s: damaged: page size or page header format make no sense",
			 p->path);
	return rc;
}

/* Grown by doubling: nr is a power of two when it is full. */
static int keep_format(struct dat_parser *p, const char *system, const char *text, uint64_t len)
{
	struct ccw_dat *dat = p->dat;
	struct ccw_dat_event_format *e = dat->events;
	size_t n = dat->nr_events;

	if (!(n & (n - 1))) {
		e = realloc(e, (n ? 2 * n : 1) * sizeof(*e));
		if (!e)
			return ccw_fail(p->err, -ENOMEM, "%s: out of memory", p->path);
		dat->events = e;
	}
	e[dat->nr_events++] = (struct ccw_dat_event_format){ system, { text, len } };
	return 0;
}

/* Events of the tracer itself: they stand in no system. */
int dat_tracer_formats(struct dat_parser *p)
{
	static const char what[] = "tracer formats";
	struct dat_reader *rd = &p->rd;
	uint32_t n;
	int rc;

	for (n = dat_u32(rd, what); n && !rd->what; n--) {
		uint64_t len = dat_u64(rd, what);
		const char *text = dat_bytes(rd, len, what);

		if (!text)
			break;
		rc = keep_format(p, "ftrace", text, len);
		if (rc)
			return rc;
	}
	return rd->what ? dat_cut_off(p) : 0;
}

int dat_event_formats(struct dat_parser *p)
{
	static const char what[] = "event formats";
	struct dat_reader *rd = &p->rd;
	struct ccw_error why;
	uint32_t systems, events;
	int rc;

	for (systems = dat_u32(rd, what); systems && !rd->what; systems--) {
		const char *system = dat_string(rd, what);

		for (events = dat_u32(rd, what); events && !rd->what; events--) {
			uint64_t len = dat_u64(rd, what);
			const char *text = dat_bytes(rd, len, what);

			if (!text)
				break;
			rc = ccw_decoder_add(&p->dat->decoder, system, text, len,
					     p->dat->format.commit_size, &why);
			if (rc)
				return ccw_fail(p->err, rc, "%s: %s", p->path, why.text);
			rc = keep_format(p, system, text, len);
			if (rc)
				return rc;
		}
	}
	return rd->what ? dat_cut_off(p) : 0;
}

/* Version 6 keeps the whole trace_clock file: "local global [mono] boot" */
void dat_clock(struct dat_parser *p, const char *text, size_t len)
{
	const char *from = memchr(text, '[', len), *to;

	if (from) {
		from++;
		len -= from - text;
		to = memchr(from, ']', len);
		len = to ? (size_t)(to - from) : 0;
	} else {
		from = text;
		len = strnlen(text, len);
	}
	if (!len || len >= sizeof(p->dat->clock) || memchr(from, 0, len))
		return;
	memcpy(p->dat->clock, from, len);
	p->dat->clock[len] = 0;
}

static uint64_t number_of(const char *text, const char *key)
{
	const char *line = strstr(text, key);
	unsigned long long v = 0;

	if (line)
		sscanf(line + strlen(key), "%llu", &v);
	return v;
}

/* "CPU: 0\nentries: 0\noverrun: 17\n...": per_cpu/cpu0/stats below its number */
int dat_cpu_stat(struct dat_parser *p, const char *text, size_t len)
{
	struct ccw_dat *dat = p->dat;
	struct ccw_dat_stat *stats;
	unsigned int cpu;
	char *copy;

	if (len > 4096 || dat->nr_stats == CCW_DAT_MAX_CPUS)
		return 0;
	copy = strndup(text, len);
	stats = realloc(dat->stats, (dat->nr_stats + 1) * sizeof(*stats));
	if (stats)
		dat->stats = stats;
	if (!copy || !stats) {
		free(copy);
		return ccw_fail(p->err, -ENOMEM, "%s: out of memory", p->path);
	}
	if (sscanf(copy, "CPU: %u", &cpu) == 1) {
		stats += dat->nr_stats++;
		stats->cpu = cpu;
		stats->lost = number_of(copy, "\noverrun:") +
			      number_of(copy, "\ncommit overrun:") +
			      number_of(copy, "\ndropped events:");
		stats->read = number_of(copy, "\nread events:");
	}
	free(copy);
	return 0;
}

int dat_add_cpu(struct dat_parser *p, unsigned int cpu, uint64_t offset, uint64_t size)
{
	struct ccw_dat *dat = p->dat;
	struct ccw_dat_cpu *data;

	if (dat->nr_data == CCW_DAT_MAX_CPUS)
		return ccw_fail(p->err, -EINVAL, "%s: buffers of more than %u CPUs: damaged, or "
				"record fewer instances", p->path, CCW_DAT_MAX_CPUS);
	if (size && (offset < 10 || offset + size < offset))
		return ccw_fail(p->err, -EINVAL,
				"%s: damaged: the data of CPU %u cannot lie where it says", p->path,
				cpu);
	data = realloc(dat->data, (dat->nr_data + 1) * sizeof(*data));
	if (!data)
		return ccw_fail(p->err, -ENOMEM, "%s: out of memory", p->path);
	data[dat->nr_data++] = (struct ccw_dat_cpu){
		.cpu = cpu, .buffer = dat->nr_buffers - 1, .offset = offset, .size = size,
	};
	dat->data = data;
	if (cpu >= dat->cpus && cpu < CCW_DAT_MAX_CPUS)
		dat->cpus = cpu + 1;
	return 0;
}

int dat_add_buffer(struct dat_parser *p, const char *name, const char *clock,
		   const struct ccw_page_format *format)
{
	struct ccw_dat *dat = p->dat;
	struct ccw_dat_buffer *b;

	if (dat->nr_buffers == CCW_DAT_MAX_BUFFERS)
		return ccw_fail(p->err, -EINVAL, "%s: damaged: more than %u buffers", p->path,
				CCW_DAT_MAX_BUFFERS);
	b = realloc(dat->buffers, (dat->nr_buffers + 1) * sizeof(*b));
	if (!b)
		return ccw_fail(p->err, -ENOMEM, "%s: out of memory", p->path);
	dat->buffers = b;
	b += dat->nr_buffers++;
	*b = (struct ccw_dat_buffer){ .name = name, .format = *format };
	snprintf(b->clock, sizeof(b->clock), "%s", clock);
	return 0;
}

int dat_keep_note(struct dat_parser *p, uint16_t id, const void *data, uint32_t len)
{
	struct ccw_dat *dat = p->dat;
	struct ccw_dat_note *n = dat->notes;

	if (!(dat->nr_notes & (dat->nr_notes - 1))) {
		n = realloc(n, (dat->nr_notes ? 2 * dat->nr_notes : 1) * sizeof(*n));
		if (!n)
			return ccw_fail(p->err, -ENOMEM, "%s: out of memory", p->path);
		dat->notes = n;
	}
	n[dat->nr_notes++] = (struct ccw_dat_note){ id, { data, len } };
	return 0;
}

void dat_part(struct dat_reader *rd, struct ccw_dat_part *part, uint64_t len, const char *what)
{
	part->p = dat_bytes(rd, len, what);
	part->len = part->p ? len : 0;
}

static int not_a_recording(struct dat_parser *p)
{
	return ccw_fail(
		p->err, -EINVAL,
		"%s: not a recording: want a file written by ccwtrace record or trace-cmd record",
		p->path);
}

int ccw_dat_parse(struct ccw_dat *dat, const char *path, const void *map, uint64_t size,
		  struct ccw_error *err)
{
	static const char magic[10] = "\x17\x08\x44tracing";
	struct dat_parser p = {
		.dat = dat,
		.path = path,
		.err = err,
		.rd = { .base = map, .size = size },
	};
	const char *m, *version;
	const uint8_t *order;

	memset(dat, 0, sizeof(*dat));
	dat->map = map;
	dat->size = size;
	strcpy(dat->compression, "none");
	m = dat_bytes(&p.rd, sizeof(magic), "first bytes");
	if (!m || memcmp(m, magic, sizeof(magic)))
		return not_a_recording(&p);
	version = dat_string(&p.rd, "version");
	order = dat_bytes(&p.rd, 2, "byte order");
	if (p.rd.what)
		return dat_cut_off(&p);
	dat->big_endian = order[0];
	p.rd.swap = dat->big_endian != ccw_host_big_endian();
	if (order[0] > 1 || (order[1] != 4 && order[1] != 8))
		return ccw_fail(err, -EINVAL, "%s: damaged: byte order %u, long of %u bytes", path,
				order[0], order[1]);
	dat->long_size = order[1];
	p.page_size = dat_u32(&p.rd, "page size");
	ccw_decoder_init(&dat->decoder, dat->big_endian);
	if (!strcmp(version, "6"))
		dat->version = 6;
	else if (!strcmp(version, "7"))
		dat->version = 7;
	else
		return ccw_fail(err, -EOPNOTSUPP,
				"%s: trace.dat version '%.8s', want 6 or 7 (trace-cmd record "
				"--file-version 6)",
				path, version);
	return dat->version == 6 ? dat_parse_v6(&p) : dat_parse_v7(&p);
}

void ccw_dat_more(struct ccw_dat *dat)
{
	if (dat->version == 7)
		dat_more_v7(dat);
}

void ccw_dat_pages(const struct ccw_dat *dat, unsigned int i, struct ccw_pages *pages)
{
	const struct ccw_dat_cpu *c = &dat->data[i];
	uint64_t room = c->offset < dat->size ? dat->size - c->offset : 0;
	uint64_t size = c->size < room ? c->size : room;
	const struct ccw_dat_buffer *b = &dat->buffers[c->buffer];

	if (b->packed && size && room - size >= CCW_PAGES_SLACK)
		size += CCW_PAGES_SLACK;
	if (size < c->size && !b->packed)
		size -= size % b->format.size; /* no half page */
	ccw_pages_init(pages, dat->map + (size ? c->offset : 0), size, b->format.swap,
		       b->packed ? dat->unpacker : NULL);
}

bool ccw_dat_option(const struct ccw_dat *dat, uint16_t id, char *text, size_t len)
{
	size_t i;

	for (i = 0; i < dat->nr_notes; i++) {
		const struct ccw_dat_part *data = &dat->notes[i].data;

		if (dat->notes[i].id != id)
			continue;
		snprintf(text, len, "%.*s", (int)(data->len < len ? data->len : len), data->p);
		return true;
	}
	return false;
}

void ccw_dat_free(struct ccw_dat *dat)
{
	size_t i;

	for (i = 0; i < dat->nr_unpacked; i++)
		free(dat->unpacked[i]);
	free(dat->unpacked);
	ccw_unpacker_free(dat->unpacker);
	free(dat->data);
	free(dat->stats);
	free(dat->events);
	free(dat->notes);
	free(dat->buffers);
	memset(dat, 0, sizeof(*dat));
}
