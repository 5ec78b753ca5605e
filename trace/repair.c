// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trace/bytes.h"
#include "trace/ccw_repair.h"
#include "trace/dat.h"
#include "trace/file_map.h"
#include "trace/text.h"

#define COMMIT_MISSED (1U << 31)
#define COMMIT_STORED (1U << 30)

struct writer {
	const struct ccw_dat *dat;
	FILE *out;
	bool swap;
	struct ccw_repair *result;
	uint8_t *page; /* a page that is changed */
};

static void put(struct writer *w, const void *p, size_t n)
{
	if (n)
		fwrite(p, n, 1, w->out);
}

static void put16(struct writer *w, uint16_t v)
{
	v = ccw_get16(&v, w->swap);
	put(w, &v, 2);
}

static void put32(struct writer *w, uint32_t v)
{
	v = ccw_get32(&v, w->swap);
	put(w, &v, 4);
}

static void put64(struct writer *w, uint64_t v)
{
	v = ccw_get64(&v, w->swap);
	put(w, &v, 8);
}

static void put_text(struct writer *w, const char *text)
{
	put(w, text, strlen(text) + 1);
}

static void put_part64(struct writer *w, const struct ccw_dat_part *part)
{
	put64(w, part->len);
	put(w, part->p, part->len);
}

static bool is_tracers(const struct ccw_dat_event_format *e)
{
	return !strcmp(e->system, "ftrace");
}

static void put_tracer_formats(struct writer *w)
{
	const struct ccw_dat *dat = w->dat;
	uint32_t n = 0;
	size_t i;

	for (i = 0; i < dat->nr_events; i++)
		n += is_tracers(&dat->events[i]);
	put32(w, n);
	for (i = 0; i < dat->nr_events; i++) {
		if (is_tracers(&dat->events[i]))
			put_part64(w, &dat->events[i].text);
	}
}

/* How many events from i on are of the same system. */
static size_t run_of(const struct ccw_dat *dat, size_t i)
{
	size_t end = i + 1;

	while (end < dat->nr_events && !strcmp(dat->events[i].system, dat->events[end].system))
		end++;
	return end - i;
}

static void put_event_formats(struct writer *w)
{
	const struct ccw_dat *dat = w->dat;
	uint32_t systems = 0;
	size_t i, n, end;

	for (i = 0; i < dat->nr_events; i += run_of(dat, i))
		systems += !is_tracers(&dat->events[i]);
	put32(w, systems);
	for (i = 0; i < dat->nr_events; i += n) {
		n = run_of(dat, i);
		if (is_tracers(&dat->events[i]))
			continue;
		put_text(w, dat->events[i].system);
		put32(w, n);
		for (end = i + n; i < end; i++)
			put_part64(w, &dat->events[i].text);
		i -= n;
	}
}

static void put_head(struct writer *w)
{
	static const char no_record_format[] = "# compressed entry header\n";
	const struct ccw_dat *dat = w->dat;
	struct ccw_dat_part header_event = dat->header_event;
	uint8_t order[2] = { dat->big_endian, dat->long_size };

	put(w, "\x17\x08\x44tracing", 10);
	put_text(w, "6");
	put(w, order, 2);
	put32(w, dat->format.size);
	put_text(w, "header_page");
	put_part64(w, &dat->header_page);
	put_text(w, "header_event");
	if (!header_event.p)
		header_event = (struct ccw_dat_part){ no_record_format, strlen(no_record_format) };
	put_part64(w, &header_event);
	put_tracer_formats(w);
	put_event_formats(w);
	put32(w, dat->kallsyms.len);
	put(w, dat->kallsyms.p, dat->kallsyms.len);
	put32(w, dat->printk.len);
	put(w, dat->printk.p, dat->printk.len);
	put_part64(w, &dat->cmdlines);
	put32(w, dat->cpus);
}

/* Where the offset of each further buffer's data is to be put is noted in at[]. */
static void put_options(struct writer *w, long *at)
{
	const struct ccw_dat *dat = w->dat;
	const char *clock = dat->buffers[0].clock[0] ? dat->buffers[0].clock : dat->clock;
	unsigned int i;
	size_t n;

	put(w, "options  ", 10);
	for (n = 0; n < dat->nr_notes; n++) {
		const struct ccw_dat_note *note = &dat->notes[n];

		if (note->id == CCW_DAT_BUFFER || note->id == CCW_DAT_CLOCK ||
		    note->id == CCW_DAT_CPUCOUNT)
			continue;
		put16(w, note->id);
		put32(w, note->data.len);
		put(w, note->data.p, note->data.len);
	}
	if (clock[0]) {
		put16(w, CCW_DAT_CLOCK);
		put32(w, strlen(clock) + 3);
		fprintf(w->out, "[%s]", clock);
		fputc(0, w->out);
	}
	for (i = 1; i < dat->nr_buffers; i++) {
		put16(w, CCW_DAT_BUFFER);
		put32(w, 8 + strlen(dat->buffers[i].name) + 1);
		at[i] = ftell(w->out);
		put64(w, 0);
		put_text(w, dat->buffers[i].name);
	}
	put16(w, CCW_DAT_DONE);
}

/* Up to where the page's records are right; false: not even its header is. */
static bool sound_part(const struct ccw_page_format *fmt, const uint8_t *page, size_t len,
		       size_t *used, uint64_t *records)
{
	struct ccw_ring r;

	ccw_ring_init(&r, fmt, page, len);
	*used = fmt->data_offset;
	*records = 0;
	while (ccw_ring_next(&r)) {
		*used = r.pos - page;
		++*records;
	}
	return !r.damaged;
}

/*
 * Writes the page with its first used bytes alone, and the mark of a gap before it if need be. Of
 * the last page of a CPU there may be less than a page in the file: len.
 */
static void put_page(struct writer *w, const struct ccw_page_format *fmt, const uint8_t *page,
		     size_t len, size_t used, bool whole, bool gap)
{
	uint64_t commit = fmt->commit_size == 8 ? ccw_get64(page + fmt->commit_offset, w->swap) :
						  ccw_get32(page + fmt->commit_offset, w->swap);
	uint64_t flags = commit & (COMMIT_MISSED | COMMIT_STORED);

	if (whole && !gap && len == fmt->size) {
		put(w, page, fmt->size);
		return;
	}
	memcpy(w->page, page, used);
	memset(w->page + used, 0, fmt->size - used);
	if (whole && flags & COMMIT_STORED)
		memcpy(w->page + used, page + used, len - used);
	else
		flags &= ~(uint64_t)COMMIT_STORED;
	if (gap) /* of unknown size, whatever was stored */
		flags = COMMIT_MISSED;
	commit = (used - fmt->data_offset) | flags;
	if (fmt->commit_size == 8) {
		commit = ccw_get64(&commit, w->swap);
		memcpy(w->page + fmt->commit_offset, &commit, 8);
	} else {
		uint32_t v = commit;

		v = ccw_get32(&v, w->swap);
		memcpy(w->page + fmt->commit_offset, &v, 4);
	}
	put(w, w->page, fmt->size);
}

/* The pages of one CPU; returns how many bytes were written. */
static uint64_t put_cpu(struct writer *w, unsigned int i)
{
	const struct ccw_dat_cpu *c = &w->dat->data[i];
	const struct ccw_page_format *fmt = &w->dat->buffers[c->buffer].format;
	uint64_t size = 0, records, damaged = 0;
	const uint8_t *pages;
	struct ccw_pages p;
	bool gap = false;
	size_t len, used, n;

	ccw_dat_pages(w->dat, i, &p);
	while (ccw_pages_next(&p, &pages, &len) > 0) {
		gap |= p.damaged != damaged;
		damaged = p.damaged;
		for (; len; pages += n, len -= n) {
			bool whole;

			n = len < fmt->size ? len : fmt->size;
			whole = sound_part(fmt, pages, n, &used, &records);

			if (!whole)
				w->result->damaged++;
			if (whole || records) {
				put_page(w, fmt, pages, n, used, whole, gap);
				w->result->pages++;
				w->result->records += records;
				size += fmt->size;
			}
			gap = !whole;
		}
	}
	w->result->damaged += p.damaged;
	w->result->zero_sizes |= p.zero_sizes;
	ccw_pages_free(&p);
	return size;
}

/* Fills up to where a page may begin, in every buffer. */
static long align(struct writer *w)
{
	long at = ftell(w->out), size = w->dat->format.size;

	while (at % size) {
		fputc(0, w->out);
		at++;
	}
	return at;
}

static void put_table(struct writer *w, long table, unsigned int cpu, long offset, uint64_t size)
{
	long at = ftell(w->out);

	fseek(w->out, table + 16L * cpu, SEEK_SET);
	put64(w, offset);
	put64(w, size);
	fseek(w->out, at, SEEK_SET);
}

static void put_buffer(struct writer *w, unsigned int b)
{
	static const uint8_t zeros[16];
	const struct ccw_dat *dat = w->dat;
	const char *clock = dat->buffers[b].clock[0] ? dat->buffers[b].clock : dat->clock;
	unsigned int i;
	long table;

	put(w, "flyrecord", 10);
	table = ftell(w->out);
	for (i = 0; i < dat->cpus; i++)
		put(w, zeros, sizeof(zeros));
	put64(w, strlen(clock) + 2);
	fprintf(w->out, "[%s]", clock);
	for (i = 0; i < dat->nr_data; i++) {
		long offset;

		if (dat->data[i].buffer != b)
			continue;
		offset = align(w);
		put_table(w, table, dat->data[i].cpu, offset, put_cpu(w, i));
	}
}

static int write_all(struct writer *w)
{
	const struct ccw_dat *dat = w->dat;
	long *at = calloc(dat->nr_buffers + 1, sizeof(*at));
	unsigned int i;

	w->page = malloc(dat->format.size);
	if (!at || !w->page) {
		free(at);
		free(w->page);
		return -ENOMEM;
	}
	put_head(w);
	put_options(w, at);
	for (i = 0; i < dat->nr_buffers; i++) {
		if (i) {
			long here = align(w);

			fseek(w->out, at[i], SEEK_SET);
			put64(w, here);
			fseek(w->out, here, SEEK_SET);
		}
		put_buffer(w, i);
	}
	free(w->page);
	free(at);
	return 0;
}

/* What version 6 cannot say. */
static int check(const struct ccw_dat *dat, const char *path, struct ccw_error *err)
{
	uint64_t used = 0;
	unsigned int i;

	for (i = 0; i < dat->nr_data; i++) {
		uint64_t at = dat->data[i].offset, size = dat->data[i].size;
		uint64_t room = at < dat->size ? dat->size - at : 0;

		used += size < room ? size : room;
		if (used > dat->size)
			return ccw_fail(err, -EINVAL,
					"%s: damaged: the records of its CPUs overlap", path);
	}
	for (i = 0; i < dat->nr_buffers; i++) {
		if (dat->buffers[i].format.size != dat->format.size)
			return ccw_fail(err, -EOPNOTSUPP,
					"%s: its buffers have pages of %u and %u bytes, which the "
					"form that every tool reads cannot hold", path,
					dat->format.size, dat->buffers[i].format.size);
	}
	for (i = 0; i < dat->nr_data; i++) {
		if (dat->data[i].cpu >= CCW_DAT_MAX_CPUS)
			return ccw_fail(err, -EINVAL, "%s: damaged: a CPU of number %u", path,
					dat->data[i].cpu);
	}
	return 0;
}

int ccw_repair_file(const char *path, FILE *out, struct ccw_repair *result, struct ccw_error *err)
{
	struct ccw_dat dat = { .map = NULL };
	struct writer w = { .dat = &dat, .out = out, .result = result };
	struct ccw_file_map map;
	unsigned int i;
	int rc;

	memset(result, 0, sizeof(*result));
	rc = ccw_file_map(&map, path, err);
	if (rc)
		return rc;
	rc = ccw_dat_parse(&dat, path, map.p, map.size, err);
	rc = rc ? rc : check(&dat, path, err);
	if (!rc) {
		ccw_dat_more(&dat);
		w.swap = dat.big_endian != ccw_host_big_endian();
		rc = write_all(&w);
		if (rc)
			ccw_fail(err, rc, "%s: out of memory", path);
	}
	for (i = 0; i < dat.nr_data; i++) {
		uint64_t room = dat.data[i].offset < dat.size ? dat.size - dat.data[i].offset : 0;

		if (dat.data[i].size > room)
			result->missing += dat.data[i].size - room;
	}
	result->zero_sizes |= dat.zero_sizes;
	ccw_dat_free(&dat);
	ccw_file_unmap(&map);
	return rc;
}
