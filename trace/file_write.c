// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trace/bytes.h"
#include "trace/file_write_int.h"
#include "trace/text.h"

void dat_put_number(FILE *f, uint64_t v, unsigned int n)
{
	uint16_t v16 = v;
	uint32_t v32 = v;

	fwrite(n == 2 ? (void *)&v16 : n == 4 ? (void *)&v32 : (void *)&v, n, 1, f);
}

void dat_put_string(FILE *f, const char *s)
{
	fwrite(s, strlen(s) + 1, 1, f);
}

void dat_put_text(FILE *f, const char *s)
{
	dat_put_number(f, strlen(s), 8);
	fwrite(s, strlen(s), 1, f);
}

void dat_put_events(FILE *f, const struct ccw_dat_contents *c)
{
	size_t i, n, systems = 0;

	for (i = 0; i < c->nr_events; i++)
		systems += !i || strcmp(c->events[i].system, c->events[i - 1].system);
	dat_put_number(f, systems, 4);
	for (i = 0; i < c->nr_events; i += n) {
		const struct ccw_dat_event *e = c->events + i;

		for (n = 1; i + n < c->nr_events && !strcmp(e[n].system, e->system); n++)
			;
		dat_put_string(f, e->system);
		dat_put_number(f, n, 4);
		for (; e < c->events + i + n; e++)
			dat_put_text(f, e->format);
	}
}

void dat_put_start(FILE *f, const struct ccw_dat_contents *c, char version)
{
	fwrite("\x17\x08\x44tracing", 10, 1, f);
	putc(version, f);
	putc(0, f);
	putc(ccw_host_big_endian() ? 1 : 0, f);
	putc(sizeof(long), f);
	dat_put_number(f, c->page_size, 4);
}

void dat_put_headers(FILE *f, const struct ccw_dat_contents *c)
{
	dat_put_string(f, "header_page");
	dat_put_text(f, c->header_page);
	dat_put_string(f, "header_event");
	dat_put_text(f, c->header_event);
}

void dat_put_options(FILE *f, const struct ccw_dat_contents *c)
{
	size_t i;

	for (i = 0; i < c->nr_options; i++) {
		dat_put_number(f, c->options[i].id, 2);
		dat_put_number(f, c->options[i].len, 4);
		fwrite(c->options[i].data, c->options[i].len, 1, f);
	}
}

/* Everything before the pages; *table is where the offsets of the pages stand. */
static int put_head(FILE *f, const struct ccw_dat_contents *c, size_t *table)
{
	size_t i;

	dat_put_start(f, c, '6');
	dat_put_headers(f, c);
	/* formats of tracers, and below kernel symbols and printk formats: not needed */
	dat_put_number(f, 0, 4);
	dat_put_events(f, c);
	dat_put_number(f, 0, 4);
	dat_put_number(f, 0, 4);
	dat_put_text(f, c->cmdlines);
	dat_put_number(f, c->nr_cpus, 4);
	dat_put_string(f, "options  ");
	dat_put_options(f, c);
	dat_put_number(f, 0, 2);
	dat_put_string(f, "flyrecord");
	fflush(f);
	*table = ftell(f);
	for (i = 0; i < c->nr_cpus; i++) {
		dat_put_number(f, 0, 8);
		dat_put_number(f, 0, 8);
	}
	while (ftell(f) % c->page_size)
		putc(0, f);
	return ferror(f) ? -ENOMEM : 0;
}

int dat_write_all(int fd, const void *data, size_t len, uint64_t at)
{
	while (len) {
		ssize_t n = pwrite(fd, data, len, at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -ENOSPC;
		data = (const char *)data + n;
		len -= n;
		at += n;
	}
	return 0;
}

int dat_read_all(int fd, char *buf, size_t len, uint64_t at)
{
	while (len) {
		ssize_t n = pread(fd, buf, len, at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EIO;
		buf += n;
		len -= n;
		at += n;
	}
	return 0;
}

/* Those that fit, one by one. Bytes of them */
static size_t write_some_pages(int out, const char *buf, size_t len, uint64_t at,
			       uint32_t page_size)
{
	size_t part = 0;

	while (part + page_size <= len &&
	       !dat_write_all(out, buf + part, page_size, at + part))
		part += page_size;
	return part;
}

/*
 * Copies one CPU's pages to at and sets size to what was copied, in whole pages. What was copied
 * is given back to the file system where it can do that. *unread: an error in reading them, which
 * is no reason to give up other CPUs. 0 or the error in writing
 */
static int copy_pages(int out, struct ccw_dat_pages *p, uint64_t at, uint32_t page_size, char *buf,
		      int *unread)
{
	uint64_t size = p->size;
	int rc = 0;

	p->size = 0;
	while (!rc && p->size < size) {
		size_t n = size - p->size < DAT_WRITE_CHUNK ? size - p->size : DAT_WRITE_CHUNK;
		int e = dat_read_all(p->fd, buf, n, p->size);

		/* Perhaps some of its pages still can be read, or fit. */
		if (e && n > page_size)
			e = dat_read_all(p->fd, buf, n = page_size, p->size);
		if (e) {
			*unread = e;
			return 0;
		}
		rc = dat_write_all(out, buf, n, at + p->size);
		if (rc == -ENOSPC && n > page_size)
			n = write_some_pages(out, buf, n, at + p->size, page_size);
		else if (rc)
			n = 0;
		if (!rc)
			fallocate(p->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, p->size, n);
		p->size += n;
	}
	p->size -= p->size % page_size;
	return rc;
}

static int write_v6(int fd, struct ccw_dat_contents *c, uint64_t *size, struct ccw_error *err)
{
	char *head = NULL, *buf = malloc(DAT_WRITE_CHUNK);
	size_t len = 0, table = 0;
	FILE *f = open_memstream(&head, &len);
	unsigned int i;
	int rc = -ENOMEM, cut = 0, unread = 0;

	if (f && buf)
		rc = put_head(f, c, &table);
	if (f && fclose(f) && !rc)
		rc = -ENOMEM;
	/* The table first as empty, so that its space is there whatever happens to the pages. */
	if (!rc)
		rc = dat_write_all(fd, head, len, 0);
	if (rc) {
		ccw_fail(err, rc, "cannot write the recording: %s", strerror(-rc));
		goto out;
	}
	*size = len;
	for (i = 0; i < c->nr_cpus; i++) {
		uint64_t at = *size;

		if (cut)
			c->cpus[i].size = 0;
		else if (c->cpus[i].size)
			cut = copy_pages(fd, &c->cpus[i], at, c->page_size, buf, &unread);
		c->cpus[i].at = at;
		memcpy(head + table + 16 * i, &at, 8);
		memcpy(head + table + 16 * i + 8, &c->cpus[i].size, 8);
		*size += c->cpus[i].size;
	}
	rc = dat_write_all(fd, head, len, 0);
	if (!rc && ftruncate(fd, *size))
		rc = -errno;
	if (rc)
		ccw_fail(err, rc, "cannot write the recording: %s", strerror(-rc));
	else
		rc = dat_say_missing(cut, unread, err);
out:
	free(head);
	free(buf);
	return rc;
}

int dat_say_missing(int cut, int unread, struct ccw_error *err)
{
	if (cut)
		return ccw_fail(err, 1, "records are missing at its end: %s", strerror(-cut));
	if (unread)
		return ccw_fail(err, 1, "records that were taken cannot be read back: %s",
				strerror(-unread));
	return 0;
}

int ccw_dat_write(int fd, struct ccw_dat_contents *c, uint64_t *size, struct ccw_error *err)
{
	return c->compress ? dat_write_v7(fd, c, size, err) : write_v6(fd, c, size, err);
}
