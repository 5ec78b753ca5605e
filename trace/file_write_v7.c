// SPDX-License-Identifier: GPL-2.0
/*
 * trace.dat version 7 with pages compressed by zstd, as trace-cmd.dat.v7(5) documents it: sections,
 * of which the one with options says where the others are. What is not pages is a few kilobytes and
 * stays as it is.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "trace/file_write_int.h"
#include "trace/text.h"

#define LEVEL		   3

/* Pages that are compressed together: a reader needs memory for so much. */
#define CHUNK_PAGES	   32

#define SECTION_HEADER	   16
#define SECTION_COMPRESSED 1

enum {
	OPTION_DONE = 0,
	SECTION_OPTIONS = 0,
	SECTION_BUFFER = 3,
	SECTION_HEADER_INFO = 16,
	SECTION_FTRACE_EVENTS = 17,
	SECTION_EVENT_FORMATS = 18,
	SECTION_KALLSYMS = 19,
	SECTION_PRINTK = 20,
	SECTION_CMDLINES = 21,
};

/* Places in the head that are known last. */
struct places {
	size_t start; /* u64: where the options are */
	size_t table; /* u32 CPU, u64 offset, u64 size, for each CPU */
	size_t buffer; /* u64: where the section with the pages is */
};

static void put_section(FILE *f, unsigned int id, unsigned int flags, uint64_t size)
{
	dat_put_number(f, id, 2);
	dat_put_number(f, flags, 2);
	dat_put_number(f, 0, 4); /* no description */
	dat_put_number(f, size, 8);
}

static void put_events_section(FILE *f, const struct ccw_dat_contents *c)
{
	dat_put_events(f, c);
}

static void put_nothing(FILE *f, const struct ccw_dat_contents *c)
{
	(void)c;
	dat_put_number(f, 0, 4); /* formats of tracers, kernel symbols, printk formats */
}

static void put_cmdlines(FILE *f, const struct ccw_dat_contents *c)
{
	dat_put_text(f, c->cmdlines);
}

static const struct {
	unsigned int id;
	void (*put)(FILE *f, const struct ccw_dat_contents *c);
} sections[] = {
	{ SECTION_HEADER_INFO, dat_put_headers },
	{ SECTION_FTRACE_EVENTS, put_nothing },
	{ SECTION_EVENT_FORMATS, put_events_section },
	{ SECTION_KALLSYMS, put_nothing },
	{ SECTION_PRINTK, put_nothing },
	{ SECTION_CMDLINES, put_cmdlines },
};

#define NR_SECTIONS (sizeof(sections) / sizeof(*sections))

static int put_sections(FILE *f, const struct ccw_dat_contents *c, uint64_t offsets[NR_SECTIONS])
{
	size_t i;

	for (i = 0; i < NR_SECTIONS; i++) {
		char *text = NULL;
		size_t len;
		FILE *part = open_memstream(&text, &len);

		if (!part)
			return -ENOMEM;
		sections[i].put(part, c);
		if (fclose(part)) {
			free(text);
			return -ENOMEM;
		}
		fflush(f);
		offsets[i] = ftell(f);
		put_section(f, sections[i].id, 0, len);
		fwrite(text, len, 1, f);
		free(text);
	}
	return 0;
}

static void put_option(FILE *f, unsigned int id, uint32_t len)
{
	dat_put_number(f, id, 2);
	dat_put_number(f, len, 4);
}

/* The list of options; *table: from its beginning. */
static void put_list(FILE *f, const struct ccw_dat_contents *c, const uint64_t offsets[NR_SECTIONS],
		    struct places *at)
{
	unsigned int i;

	dat_put_options(f, c);
	for (i = 0; i < NR_SECTIONS; i++) {
		put_option(f, sections[i].id, 8);
		dat_put_number(f, offsets[i], 8);
	}
	put_option(f, SECTION_BUFFER, 8 + 1 + strlen(c->clock) + 1 + 4 + 4 + 20 * c->nr_cpus);
	fflush(f);
	at->buffer = ftell(f);
	dat_put_number(f, 0, 8);
	dat_put_string(f, ""); /* name of the instance: none */
	dat_put_string(f, c->clock);
	dat_put_number(f, c->page_size, 4);
	dat_put_number(f, c->nr_cpus, 4);
	fflush(f);
	at->table = ftell(f);
	for (i = 0; i < c->nr_cpus; i++) {
		dat_put_number(f, i, 4);
		dat_put_number(f, 0, 8);
		dat_put_number(f, 0, 8);
	}
	put_option(f, OPTION_DONE, 8);
	dat_put_number(f, 0, 8); /* no further list */
}

/* Everything before the pages, the header of their section included. *options: where they are. */
static int put_head(FILE *f, const struct ccw_dat_contents *c, struct places *at, uint64_t *options)
{
	uint64_t offsets[NR_SECTIONS];
	char *list = NULL;
	size_t len = 0;
	FILE *part;
	int rc;

	dat_put_start(f, c, '7');
	dat_put_string(f, "zstd");
	dat_put_string(f, ZSTD_versionString());
	fflush(f);
	at->start = ftell(f);
	dat_put_number(f, 0, 8);
	rc = put_sections(f, c, offsets);
	if (rc)
		return rc;
	part = open_memstream(&list, &len);
	if (!part)
		return -ENOMEM;
	put_list(part, c, offsets, at);
	if (fclose(part)) {
		free(list);
		return -ENOMEM;
	}
	fflush(f);
	*options = ftell(f);
	put_section(f, SECTION_OPTIONS, 0, len);
	at->buffer += *options + SECTION_HEADER;
	at->table += *options + SECTION_HEADER;
	fwrite(list, len, 1, f);
	free(list);
	put_section(f, SECTION_BUFFER, SECTION_COMPRESSED, 0);
	return ferror(f) ? -ENOMEM : 0;
}

struct packer {
	ZSTD_CCtx *zstd;
	char *plain, *packed;
	size_t plain_size, packed_size;
};

static int pack_new(struct packer *p, uint32_t page_size)
{
	p->plain_size = (size_t)CHUNK_PAGES * page_size;
	p->packed_size = 8 + ZSTD_compressBound(p->plain_size);
	p->zstd = ZSTD_createCCtx();
	p->plain = malloc(p->plain_size);
	p->packed = malloc(p->packed_size);
	return p->zstd && p->plain && p->packed ? 0 : -ENOMEM;
}

static void pack_free(struct packer *p)
{
	ZSTD_freeCCtx(p->zstd);
	free(p->plain);
	free(p->packed);
}

/* Packs the n bytes in p->plain, with their sizes before them. Length or negative errno */
static ssize_t pack(struct packer *p, size_t n)
{
	size_t len = ZSTD_compressCCtx(p->zstd, p->packed + 8, p->packed_size - 8, p->plain, n,
				       LEVEL);
	uint32_t sizes[2] = { len, n };

	if (ZSTD_isError(len))
		return -EIO;
	memcpy(p->packed, sizes, 8);
	return len + 8;
}

/*
 * One CPU's pages at *at, which it moves on. Sets size to what of the pages is in the file.
 * *unread: an error in reading them, which is no reason to give up other CPUs.
 */
static int write_cpu(int fd, struct packer *p, struct ccw_dat_pages *pages, uint64_t *at,
		     uint32_t page_size, int *unread)
{
	uint64_t size = pages->size, begin = *at, end = begin + 4;
	uint32_t chunks = 0;
	int rc = 0;

	pages->size = 0;
	while (!rc && pages->size < size && chunks < UINT32_MAX) {
		size_t n = size - pages->size < p->plain_size ? size - pages->size : p->plain_size;
		int e = dat_read_all(pages->fd, p->plain, n, pages->size);
		ssize_t len;

		if (e && n > page_size) /* perhaps some of its pages still can be read */
			e = dat_read_all(pages->fd, p->plain, n = page_size, pages->size);
		if (e) {
			*unread = e;
			break;
		}
		len = pack(p, n);
		rc = len < 0 ? (int)len : dat_write_all(fd, p->packed, len, end);
		if (!rc) {
			end += len;
			pages->size += n;
			chunks++;
		}
	}
	if (!rc && pages->size < size && !*unread)
		rc = -EFBIG;
	if (chunks) {
		int e = dat_write_all(fd, &chunks, 4, begin);

		if (e) {
			pages->size = 0;
			return e;
		}
		*at = end;
	}
	return rc;
}

static void set_cpu(char *entry, uint64_t offset, uint64_t size)
{
	memcpy(entry + 4, &offset, 8);
	memcpy(entry + 12, &size, 8);
}

static int write_pages(int fd, struct ccw_dat_contents *c, char *table, uint64_t *at, int *cut,
		       int *unread)
{
	struct packer p = { 0 };
	unsigned int i;
	int rc = pack_new(&p, c->page_size);

	for (i = 0; !rc && i < c->nr_cpus; i++) {
		uint64_t begin = *at;

		if (*cut)
			c->cpus[i].size = 0;
		else if (c->cpus[i].size)
			*cut = write_cpu(fd, &p, &c->cpus[i], at, c->page_size, unread);
		set_cpu(table + 20 * i, begin, *at - begin);
	}
	pack_free(&p);
	return rc;
}

int dat_write_v7(int fd, struct ccw_dat_contents *c, uint64_t *size, struct ccw_error *err)
{
	char *head = NULL;
	struct places at = { 0 };
	size_t len = 0;
	FILE *f = open_memstream(&head, &len);
	uint64_t options = 0, section, n;
	int rc = f ? put_head(f, c, &at, &options) : -ENOMEM, cut = 0, unread = 0;

	if (f && fclose(f))
		rc = -ENOMEM;
	/* First without contents, so that its space is there whatever happens then. */
	rc = rc ? rc : dat_write_all(fd, head, len, 0);
	*size = len;
	if (!rc)
		rc = write_pages(fd, c, head + at.table, size, &cut, &unread);
	if (!rc) {
		section = len - SECTION_HEADER;
		n = *size - len;
		memcpy(head + at.start, &options, 8);
		memcpy(head + at.buffer, &section, 8);
		memcpy(head + len - 8, &n, 8);
		rc = dat_write_all(fd, head, len, 0);
	}
	if (!rc && ftruncate(fd, *size))
		rc = -errno;
	if (rc)
		ccw_fail(err, rc, "cannot write the recording: %s", strerror(-rc));
	else
		rc = dat_say_missing(cut, unread, err);
	free(head);
	return rc;
}
