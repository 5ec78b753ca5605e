// SPDX-License-Identifier: GPL-2.0
/* Records of a 3390: DEFINE EXTENT, LOCATE RECORD, READ DATA, WRITE DATA. */
#include "tests/guest/test.h"

#define RECORD		4096
#define RECORDS		12	/* a track, as dasdinit -linux formats it */
#define HEADS		15

/* LOCATE RECORD: operations */
#define WRITE_DATA	0x01
#define READ_DATA	0x06

struct define_extent {
	uint8_t		mask;
	uint8_t		attributes;
	uint16_t	blocksize;
	uint32_t	cache;
	uint16_t	first_cyl, first_head;
	uint16_t	last_cyl, last_head;
} __attribute__((packed, aligned(8)));

struct locate_record {
	uint8_t		operation;
	uint8_t		auxiliary;
	uint8_t		zero;
	uint8_t		count;
	uint16_t	seek_cyl, seek_head;
	uint16_t	cyl, head;
	uint8_t		record;
	uint8_t		sector;
	uint16_t	length;
} __attribute__((packed, aligned(8)));

static struct define_extent extent;
static struct locate_record locate;
static uint8_t written[RECORDS * RECORD] __attribute__((aligned(4096)));
static uint8_t read[RECORDS * RECORD] __attribute__((aligned(4096)));
static struct ccw program[2 + RECORDS];

/* DEFINE EXTENT and LOCATE RECORD for count records of a track. Returns where the data CCWs go. */
static struct ccw *domain(unsigned int track, unsigned int record, unsigned int count,
			  uint8_t operation)
{
	uint16_t cyl = track / HEADS, head = track % HEADS;

	extent = (struct define_extent) {
		.mask = operation == READ_DATA ? 0x40 : 0x80,	/* no writes; update writes */
		.attributes = 0xc0,				/* ECKD */
		.blocksize = RECORD,
		.first_cyl = cyl, .first_head = head, .last_cyl = cyl, .last_head = head,
	};
	locate = (struct locate_record) {
		.operation = operation,
		.auxiliary = 0x80,				/* length is valid */
		.count = count,
		.seek_cyl = cyl, .seek_head = head, .cyl = cyl, .head = head,
		.record = record,
		.sector = 0xff,
		.length = RECORD,
	};
	program[0] = (struct ccw) { CMD_DEFINE_EXTENT, CCW_CC, sizeof(extent), address(&extent) };
	program[1] = (struct ccw) { CMD_LOCATE_RECORD, CCW_CC, sizeof(locate), address(&locate) };
	return program + 2;
}

static bool write_record(unsigned int track, unsigned int record)
{
	struct ccw *c = domain(track, record, 1, WRITE_DATA);

	*c = (struct ccw) { CMD_WRITE_DATA, 0, RECORD, address(written + (record - 1) * RECORD) };
	return runs_well(program, ORB_PREFETCH);
}

static bool read_track(unsigned int track)
{
	struct ccw *c = domain(track, 1, RECORDS, READ_DATA);

	fill(read, 0, sizeof(read));
	for (unsigned int r = 0; r < RECORDS; r++)
		c[r] = (struct ccw) { CMD_READ_DATA, CCW_CC, RECORD, address(read + r * RECORD) };
	c[RECORDS - 1].flags = 0;
	return runs_well(program, ORB_PREFETCH);
}

/* Any two records of any two tracks differ. */
static void pattern(unsigned int track)
{
	uint32_t x = track * 2654435761u + 1;

	for (unsigned int i = 0; i < sizeof(written); i++) {
		x = x * 1664525 + 1013904223;
		written[i] = x >> 24;
	}
}

static bool test_track(unsigned int track)
{
	bool good = true;

	pattern(track);
	for (unsigned int r = 1; r <= RECORDS; r++)
		good &= write_record(track, r);
	return good & read_track(track) && same(read, written, sizeof(read));
}

static bool read_by_idal(unsigned int track)
{
	static uint64_t idal[4];
	struct ccw *c = domain(track, 3, 1, READ_DATA);

	/* a record across two pages that do not follow each other, from the middle of the first */
	idal[0] = address(read + 2 * RECORD + 1024);
	idal[1] = address(read + 6 * RECORD);
	fill(read, 0, sizeof(read));
	*c = (struct ccw) { CMD_READ_DATA, CCW_IDA, RECORD, address(idal) };
	return runs_well(program, ORB_PREFETCH | ORB_IDAW64) &&
		same(read + 2 * RECORD + 1024, written + 2 * RECORD, RECORD - 1024) &&
		same(read + 6 * RECORD, written + 2 * RECORD + RECORD - 1024, 1024);
}

/* In three parts, into places that do not follow each other. */
static bool read_by_data_chaining(unsigned int track)
{
	struct ccw *c = domain(track, 5, 1, READ_DATA);
	const uint8_t *record = written + 4 * RECORD;

	fill(read, 0, sizeof(read));
	c[0] = (struct ccw) { CMD_READ_DATA, CCW_DC, 100, address(read + RECORD) };
	/* the command code is that of the first */
	c[1] = (struct ccw) { 0, CCW_DC, 3000, address(read + 5 * RECORD) };
	c[2] = (struct ccw) { 0, 0, RECORD - 3100, address(read + 3 * RECORD) };
	return runs_well(program, ORB_PREFETCH) && same(read + RECORD, record, 100) &&
		same(read + 5 * RECORD, record + 100, 3000) &&
		same(read + 3 * RECORD, record + 3100, RECORD - 3100);
}

static bool no_record_found(void)
{
	struct ccw *c = domain(100, RECORDS + 5, 1, READ_DATA);

	*c = (struct ccw) { CMD_READ_DATA, 0, RECORD, address(read) };
	return run(program, ORB_PREFETCH) && (irb.scsw.dstat & DSTAT_UC);
}

void test_dasd(void)
{
	static uint8_t characteristics[64];
	struct ccw rdc = { CMD_RDC, 0, sizeof(characteristics), address(characteristics) };
	bool good = true;

	ok(runs_well(&rdc, ORB_PREFETCH) &&
	   characteristics[3] == 0x33 && characteristics[4] == 0x90,
	   "READ DEVICE CHARACTERISTICS: a 3390");
	for (unsigned int track = 100; track < 110 && good; track++)
		good = test_track(track);
	ok(good, "10 tracks: 12 records written one by one, read in one chain, the same");
	pattern(109);
	ok(read_by_idal(109), "a record read through an IDAL");
	ok(read_by_data_chaining(109), "a record read by data chaining");
	ok(read_track(100) && !same(read, written, sizeof(read)),
	   "another track holds something else");
	ok(no_record_found(), "a record that is not there: unit check");
	pattern(100);
	ok(read_track(100) && same(read, written, sizeof(read)),
	   "the first track still holds what was written");
}
