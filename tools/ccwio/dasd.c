// SPDX-License-Identifier: GPL-2.0
/*
 * ECKD DASD: tracks and records of a 3390.
 *
 * DEFINE EXTENT and LOCATE RECORD as in IBM "3990 Storage Control Reference" (GA32-0099); every I/O
 * has its own extent of exactly the tracks it may touch, so that a wrong seek address is an error
 * and not someone else's data.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "builtin.h"
#include "tools/dev/bytes.h"

/* DEFINE EXTENT byte 0, file mask: which writes are allowed */
#define MASK_NO_WRITE		0x40
#define MASK_WRITE_DATA		0x80
#define MASK_WRITE_ALL		0xc0
/* byte 1, global attributes: ECKD */
#define ATTR_ECKD		0xc0

/* LOCATE RECORD byte 0, operation */
#define LOCATE_WRITE_DATA	0x01
#define LOCATE_READ		0x06
#define LOCATE_FORMAT		0x43	/* format write, orientation to the home address end */
/* byte 1: the transfer length at the end is valid */
#define LOCATE_LENGTH		0x80

#define COUNT_SIZE		8u	/* count field: CCHHR, key length, data length */

static void put_cchh(uint8_t *to, uint32_t track)
{
	put_be16(to, (uint16_t)(track / DASD_HEADS));
	put_be16(to + 2, (uint16_t)(track % DASD_HEADS));
}

static void fill_extent(uint8_t de[16], uint8_t mask, uint32_t blocksize, uint32_t track)
{
	memset(de, 0, 16);
	de[0] = mask;
	de[1] = ATTR_ECKD;
	put_be16(de + 2, (uint16_t)blocksize);
	put_cchh(de + 8, track);
	put_cchh(de + 12, track);
}

static void fill_locate(uint8_t lr[16], uint8_t op, uint32_t count, uint32_t blocksize,
			uint32_t track, uint32_t record)
{
	memset(lr, 0, 16);
	lr[0] = op;
	lr[1] = LOCATE_LENGTH;
	lr[3] = (uint8_t)count;
	put_cchh(lr + 4, track);
	put_cchh(lr + 8, track);
	lr[12] = (uint8_t)record;
	/* no sector: the search starts at once */
	lr[13] = 0xff;
	put_be16(lr + 14, (uint16_t)blocksize);
}

static void put_data(FILE *f, const char *name, const uint8_t *bytes, size_t n)
{
	fprintf(f, "data %s", name);
	for (size_t i = 0; i < n; i++)
		fprintf(f, "%s%02x", i % 4 ? "" : " ", bytes[i]);
	fputc('\n', f);
}

static uint8_t mask_for(uint8_t op)
{
	return op == LOCATE_READ ? MASK_NO_WRITE : op == LOCATE_WRITE_DATA ? MASK_WRITE_DATA :
	       MASK_WRITE_ALL;
}

/* DEFINE EXTENT, LOCATE RECORD and their parameters, called PREFIXde and PREFIXlr */
static void text_locate(const struct builtin_options *o, FILE *f, const char *prefix, uint8_t op,
			uint32_t count, uint32_t record)
{
	uint8_t param[16];
	char name[PROG_NAME_LEN];

	fill_extent(param, mask_for(op), o->blocksize, o->first_track);
	snprintf(name, sizeof(name), "%sde", prefix);
	put_data(f, name, param, sizeof(param));
	fill_locate(param, op, count, o->blocksize, o->first_track, record);
	snprintf(name, sizeof(name), "%slr", prefix);
	put_data(f, name, param, sizeof(param));
	fprintf(f, "ccw define-extent cc count=16 data=%sde\n"
		"ccw locate-record cc count=16 data=%slr\n", prefix, prefix);
}

void dasd_text_record(const struct builtin_options *o, FILE *f, const char *prefix, bool write)
{
	text_locate(o, f, prefix, write ? LOCATE_WRITE_DATA : LOCATE_READ, 1, o->record);
	fprintf(f, "ccw %s count=%u data=%srec\n"
		"data %srec size=%u\n", write ? "write" : "read", o->blocksize, prefix, prefix,
		o->blocksize);
}

static void text_read_record(const struct builtin_options *o, FILE *f)
{
	dasd_text_record(o, f, "", false);
}

static void text_write_record(const struct builtin_options *o, FILE *f)
{
	dasd_text_record(o, f, "", true);
}

static void text_read_track(const struct builtin_options *o, FILE *f)
{
	text_locate(o, f, "", LOCATE_READ, o->records, 1);
	for (uint32_t i = 0; i < o->records; i++)
		fprintf(f, "ccw read %scount=%u data=rec+%u\n", i + 1 < o->records ? "cc " : "",
			o->blocksize, i * o->blocksize);
	fprintf(f, "data rec size=%u\n", o->records * o->blocksize);
}

static void text_write_track(const struct builtin_options *o, FILE *f)
{
	text_locate(o, f, "", LOCATE_WRITE_DATA, o->records, 1);
	for (uint32_t i = 0; i < o->records; i++)
		fprintf(f, "ccw %s %scount=%u data=rec+%u\n", o->records > 1 ? "write-mt" :
			"write", i + 1 < o->records ? "cc " : "", o->blocksize, i * o->blocksize);
	fprintf(f, "data rec size=%u\n", o->records * o->blocksize);
}

static void text_format_track(const struct builtin_options *o, FILE *f)
{
	uint32_t size = COUNT_SIZE + o->blocksize;

	text_locate(o, f, "", LOCATE_FORMAT, o->records, 0);
	for (uint32_t i = 0; i < o->records; i++)
		fprintf(f, "ccw write-ckd %scount=%u data=rec+%u\n",
			i + 1 < o->records ? "cc " : "",
			size, i * size);
	fprintf(f, "data rec size=%u\n", o->records * size);
}

static void text_seek_loop(const struct builtin_options *o, FILE *f)
{
	uint8_t seek[6] = { 0 }, id[5];

	put_cchh(seek + 2, o->first_track);
	put_cchh(id, o->first_track);
	id[4] = (uint8_t)o->record;
	put_data(f, "seek", seek, sizeof(seek));
	put_data(f, "id", id, sizeof(id));
	fprintf(f, "ccw seek cc count=6 data=seek\n"
		"search: ccw search-id cc count=5 data=id split=1\n"
		"tic search		# status modifier skips this TIC\n"
		"ccw read count=%u data=rec\n"
		"data rec size=%u\n", o->blocksize, o->blocksize);
}

static uint8_t *place(struct load *l, const char *prefix, const char *name)
{
	char symbol[PROG_NAME_LEN];
	uint64_t addr, size;

	snprintf(symbol, sizeof(symbol), "%s%s", prefix, name);
	if (prog_symbol(l->p, symbol, &addr, &size))
		return NULL;
	return prog_host(l->p, addr, size);
}

uint32_t dasd_pick_track(struct load *l, bool random)
{
	uint64_t n = (uint64_t)l->o->last_track - l->o->first_track + 1;

	return l->o->first_track + (uint32_t)((random ? rng_next(&l->rng) : l->n) % n);
}

void dasd_patch_record(struct load *l, const char *prefix, uint32_t track, uint32_t record)
{
	uint8_t *de = place(l, prefix, "de"), *lr = place(l, prefix, "lr");

	l->track = track;
	l->record = record;
	put_cchh(de + 8, track);
	put_cchh(de + 12, track);
	put_cchh(lr + 4, track);
	put_cchh(lr + 8, track);
	lr[12] = (uint8_t)record;
}

/* What a read left from last time must not pass for what this read brings. */
static void clear_for_verify(struct load *l, size_t len)
{
	if (l->o->verify)
		memset(place(l, "", "rec"), 0xa5, len);
}

static void prepare_read_record(struct load *l)
{
	dasd_patch_record(l, "", dasd_pick_track(l, false), l->o->record);
	clear_for_verify(l, l->o->blocksize);
}

static void prepare_random_read(struct load *l)
{
	uint32_t track = dasd_pick_track(l, true);

	dasd_patch_record(l, "", track, 1 + (uint32_t)(rng_next(&l->rng) % l->o->records));
	clear_for_verify(l, l->o->blocksize);
}

static void prepare_write_record(struct load *l)
{
	dasd_patch_record(l, "", dasd_pick_track(l, false), l->o->record);
	pattern_fill(place(l, "", "rec"), l->o->blocksize, l->track, l->record, l->o->seed);
}

static void prepare_read_track(struct load *l)
{
	dasd_patch_record(l, "", dasd_pick_track(l, false), 1);
	clear_for_verify(l, (size_t)l->o->records * l->o->blocksize);
}

static void prepare_write_track(struct load *l)
{
	uint8_t *rec = place(l, "", "rec");

	dasd_patch_record(l, "", dasd_pick_track(l, false), 1);
	for (uint32_t i = 0; i < l->o->records; i++)
		pattern_fill(rec + (size_t)i * l->o->blocksize, l->o->blocksize, l->track, i + 1,
			     l->o->seed);
}

static void prepare_format_track(struct load *l)
{
	uint8_t *rec = place(l, "", "rec");

	dasd_patch_record(l, "", dasd_pick_track(l, false), 0);
	for (uint32_t i = 0; i < l->o->records; i++, rec += COUNT_SIZE + l->o->blocksize) {
		put_cchh(rec, l->track);
		rec[4] = (uint8_t)(i + 1);
		rec[5] = 0;
		put_be16(rec + 6, (uint16_t)l->o->blocksize);
	}
}

static void prepare_seek_loop(struct load *l)
{
	uint8_t *seek = place(l, "", "seek"), *id = place(l, "", "id");

	l->track = dasd_pick_track(l, false);
	l->record = l->o->record;
	put_cchh(seek + 2, l->track);
	put_cchh(id, l->track);
	id[4] = (uint8_t)l->record;
	clear_for_verify(l, l->o->blocksize);
}

static int check_record(struct load *l, const uint8_t *got, uint32_t record,
			struct ccwio_error *err)
{
	uint32_t len = l->o->blocksize, track, rec;
	uint64_t seed;
	size_t at;

	pattern_fill(l->expected, len, l->track, record, l->o->seed);
	at = pattern_compare(l->expected, got, len);
	l->verified += len;
	if (at == len)
		return 0;
	if (pattern_identify(got, len, &track, &rec, &seed) &&
	    (track != l->track || rec != record || seed != l->o->seed))
		return ccwio_fail(err, -EILSEQ, "track %u record %u holds what was written to "
				  "track %u record %u with seed %" PRIu64
				  " (expected seed %" PRIu64 ")",
				  l->track, record, track, rec, seed, l->o->seed);
	return ccwio_fail(err, -EILSEQ, "track %u record %u differs at byte %zu: read 0x%02x, "
			  "written was 0x%02x", l->track, record, at, got[at], l->expected[at]);
}

static int check_one(struct load *l, struct ccwio_error *err)
{
	return check_record(l, place(l, "", "rec"), l->record, err);
}

static int check_track(struct load *l, struct ccwio_error *err)
{
	const uint8_t *rec = place(l, "", "rec");

	for (uint32_t i = 0; i < l->o->records; i++) {
		int rc = check_record(l, rec + (size_t)i * l->o->blocksize, i + 1, err);

		if (rc)
			return rc;
	}
	return 0;
}

const struct builtin builtin_dasd[] = {
	{ .name = "read-record", .summary = "one record of each track (DEFINE EXTENT, LOCATE "
	  "RECORD, READ 06)", .dasd = true, .sequential = true, .text = text_read_record,
	  .prepare = prepare_read_record, .check = check_one },
	{ .name = "write-record", .summary = "one record of each track, the pattern of --seed "
	  "(WRITE 05)", .dasd = true, .sequential = true, .writes = true,
	  .text = text_write_record, .prepare = prepare_write_record },
	{ .name = "read-track", .summary = "all records of each track, a READ each", .dasd = true,
	  .sequential = true, .text = text_read_track, .prepare = prepare_read_track,
	  .check = check_track },
	{ .name = "write-track", .summary = "all records of each track, the pattern of --seed",
	  .dasd = true, .sequential = true, .writes = true, .text = text_write_track,
	  .prepare = prepare_write_track },
	{ .name = "verify-track", .summary = "read-track --verify", .dasd = true,
	  .sequential = true, .text = text_read_track, .prepare = prepare_read_track,
	  .check = check_track },
	{ .name = "format-track", .summary = "new records of zeros on each track (WRITE COUNT KEY "
	  "AND DATA 1D)", .dasd = true, .sequential = true, .writes = true,
	  .text = text_format_track, .prepare = prepare_format_track },
	{ .name = "seek-loop", .summary = "SEEK, SEARCH ID EQUAL, TIC back, READ: status modifier",
	  .dasd = true, .sequential = true, .text = text_seek_loop,
	  .prepare = prepare_seek_loop, .check = check_one },
	{ .name = "random-read", .summary = "one record at random among the tracks", .dasd = true,
	  .text = text_read_record, .prepare = prepare_random_read, .check = check_one },
};
const size_t builtin_dasd_count = sizeof(builtin_dasd) / sizeof(builtin_dasd[0]);
