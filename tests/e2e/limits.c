// SPDX-License-Identifier: GPL-2.0
/*
 * Programs at the bounds and beyond: each is refused or ends as it should, and what the costliest
 * of them take from the host is said. Runs in the guest, speaks TAP, for a device that answers
 * SENSE ID and runs its program inside START SUBCHANNEL, as those of qemu do.
 *
 *     vfio-limits UUID
 *
 * A comment line a program: nanoseconds of the request, and of all it costs until its pages are
 * unpinned; under qemu -icount those are instructions.
 */
#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "tests/e2e/client.h"
#include "tests/e2e/tap.h"

/* The driver's bounds, as docs/interface.md has them. */
enum { SEGMENTS = 256, CCWS = 4096, IDAWS = 16384, PAGES = 8192 };

#define PROGRAM 0x1000U
#define LISTS 0x80000U /* IDALs, to the end of the client's memory */
#define DATA 0x10000000U /* every other page of it is named: no neighbours */
#define DATA_SIZE (2UL * (PAGES + 2) * 4096)

#define ORB_2K 0x00030000U /* format-2 IDAWs of 2 KiB blocks */

enum { NOP = 0x03, READ = 0x02, SEARCH = 0x31, SENSE_ID = 0xe4 };

static struct client c;

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* --- programs; each returns ORB word 1 --- */

static uint32_t sense_id(void)
{
	client_ccw(&c, PROGRAM, SENSE_ID, SLI, 8, DATA);
	return ORB_PLAIN;
}

/* n segments of some NOPs and a TIC to the next; the last one ends. */
static uint32_t segments(uint32_t n, uint32_t nops)
{
	uint32_t at = PROGRAM, i, k;

	for (i = 0; i < n; i++) {
		for (k = 0; k < nops; k++, at += 8)
			client_ccw(&c, at, NOP, CC, 1, 0);
		if (i < n - 1)
			client_tic(&c, at, at + 8);
		else
			client_ccw(&c, at, NOP, 0, 1, 0);
		at += 8;
	}
	return ORB_PLAIN;
}

static uint32_t most_segments(void)
{
	return segments(SEGMENTS, CCWS / SEGMENTS - 1);
}

static uint32_t a_segment_too_many(void)
{
	return segments(SEGMENTS + 1, 1);
}

static uint32_t ten_thousand_segments(void)
{
	return segments(10000, 1);
}

static uint32_t longest_segment(void)
{
	return segments(1, 255);
}

static uint32_t too_long_a_segment(void)
{
	return segments(1, 256);
}

static uint32_t a_ccw_too_many(void)
{
	return segments(17, 255); /* 4,352 */
}

static uint32_t tic_to_itself(void)
{
	client_ccw(&c, PROGRAM, NOP, CC, 1, 0);
	client_tic(&c, PROGRAM + 8, PROGRAM + 8);
	return ORB_PLAIN;
}

/* Searches, each with a segment behind it that only a status modifier leads to. */
static uint32_t most_spare_segments(void)
{
	uint32_t i, at;

	for (i = 0, at = PROGRAM; i < SEGMENTS; i++, at += 32) {
		client_ccw(&c, at, SEARCH, CC, 1, DATA);
		client_tic(&c, at + 8, at + 32);
		client_ccw(&c, at + 16, SEARCH, CC, 1, DATA);
		client_ccw(&c, at + 24, SEARCH, CC, 1, DATA);
	}
	client_ccw(&c, at - 24, NOP, 0, 1, 0);
	return ORB_PLAIN;
}

static void idaw(uint32_t n, uint32_t page)
{
	uint64_t addr = htobe64(DATA + 2ULL * page * 4096);

	memcpy(c.mem + LISTS + n * 8, &addr, 8);
}

/* Reads of "each" IDAWs, n_idaws in all, in segments of at most "row" CCWs and a TIC. */
static uint32_t reads(uint32_t n_idaws, uint32_t each, uint32_t row)
{
	uint32_t at = PROGRAM, list = LISTS, left, k = 0;

	for (left = n_idaws; left; left -= each, list += each * 8) {
		if (each > left)
			each = left;
		client_ccw(&c, at, READ, SLI | IDA | (left > each ? CC : 0),
			   each == 32 ? 65535 : (uint16_t)(each * 2048), list);
		at += 8;
		if (++k % row == 0 && left > each) {
			client_tic(&c, at, at + 8);
			at += 8;
		}
	}
	return ORB_PLAIN | ORB_2K;
}

/* Every page once and once more, in an order that sorting has work with. */
static uint32_t most_pages(void)
{
	uint32_t i;

	for (i = 0; i < IDAWS; i++)
		idaw(i, (i * 4099U + i / PAGES) % PAGES);
	return reads(IDAWS, 32, 255);
}

static uint32_t a_page_too_many(void)
{
	most_pages();
	idaw(IDAWS - 1, PAGES);
	return reads(IDAWS, 32, 255);
}

static uint32_t an_idaw_too_many(void)
{
	most_pages();
	return reads(IDAWS + 1, 32, 255);
}

/* Two pages in turn until the list is full, then others, the last first. */
static uint32_t pages_in_the_worst_order(void)
{
	uint32_t i;

	for (i = 0; i < IDAWS; i++)
		idaw(i, i < PAGES ? i % 2 : i < IDAWS - 2 ? IDAWS - 1 - i : 0);
	return reads(IDAWS, 32, 255);
}

/* All bounds at once. */
static uint32_t most_of_everything(void)
{
	uint32_t i;

	for (i = 0; i < IDAWS; i++)
		idaw(i, (i * 4099U + i / PAGES) % PAGES);
	return reads(3840 * 4, 4, 15);
}

static const struct limit {
	const char *name;
	uint32_t (*build)(void);
	int rc;
	uint8_t cstat; /* of one that is started */
} limits[] = {
	{ "SENSE ID", sense_id, 0, 0 },
	{ "256 CCWs in a row", longest_segment, 0, 0 },
	{ "257 CCWs in a row", too_long_a_segment, -EINVAL, 0 },
	{ "256 segments, 4,096 CCWs", most_segments, 0, 0 },
	{ "257 segments", a_segment_too_many, -EINVAL, 0 },
	{ "10,000 segments", ten_thousand_segments, -EINVAL, 0 },
	{ "4,352 CCWs", a_ccw_too_many, -EINVAL, 0 },
	{ "a TIC to itself", tic_to_itself, 0, 0x20 },
	{ "256 segments and 256 behind searches", most_spare_segments, 0, 0 },
	{ "8,192 pages by 16,384 IDAWs", most_pages, 0, 0 },
	{ "8,193 pages", a_page_too_many, -EINVAL, 0 },
	{ "16,385 IDAWs", an_idaw_too_many, -EINVAL, 0 },
	{ "8,192 pages in the worst order", pages_in_the_worst_order, 0, 0 },
	{ "all bounds at once", most_of_everything, 0, 0 },
};

/* --- running them --- */

/* Starts the program and waits for its status. */
static int run(uint32_t word1)
{
	int rc = client_start(&c, word1, PROGRAM);

	if (!rc && !client_status(&c, 20000))
		return -ETIME;
	return rc;
}

static void one(const struct limit *l)
{
	struct ccw_stats_region was, is_now;
	uint64_t start, called, done;
	char name[100];
	uint32_t word1;
	int rc, unit_check;

	word1 = l->build();
	client_stats(&c, &was);
	start = now();
	rc = client_start(&c, word1, PROGRAM);
	called = now();
	snprintf(name, sizeof(name), "%s: %s", l->name, l->rc ? "refused" : "started");
	is(name, rc, l->rc);
	if (!rc) {
		ok(client_status(&c, 20000), "  a status");
		/* A device may refuse a command; what the channel refuses is the translation's. */
		unit_check = c.dstat & 0x02;
		is(unit_check ? "  the device refuses" : "  as the architecture has it",
		   c.cstat & 0x3f, l->cstat);
	}
	client_stats(&c, &is_now);
	/* The next one unpins what it does not name. */
	sense_id();
	if (run(ORB_PLAIN))
		ok(false, "  SENSE ID afterwards");
	done = now();
	printf("# %-40s request %11llu, all %11llu, of that translation %11llu; "
	       "ccws %llu segments %llu idaws %llu pages %llu\n",
	       l->name, (unsigned long long)(called - start), (unsigned long long)(done - start),
	       (unsigned long long)(is_now.stage[0].sum - was.stage[0].sum),
	       (unsigned long long)(is_now.ccws - was.ccws),
	       (unsigned long long)(is_now.segments - was.segments),
	       (unsigned long long)(is_now.idaws - was.idaws),
	       (unsigned long long)(is_now.pages - was.pages));
}

static long mem_free(void)
{
	FILE *f = fopen("/proc/meminfo", "r");
	char line[128];
	long kib = -1;

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "MemFree: %ld", &kib) == 1)
			break;
	if (f)
		fclose(f);
	return kib;
}

int main(int argc, char **argv)
{
	uint8_t *data;
	unsigned int i;
	long before;

	if (argc != 2) {
		fprintf(stderr, "usage: vfio-limits UUID\n");
		return 2;
	}
	data = mmap(NULL, DATA_SIZE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (data == MAP_FAILED || client_open(&c, argv[1]) ||
	    client_map(&c, data, DATA, DATA_SIZE)) {
		perror("vfio-limits");
		return 1;
	}
	sense_id();
	is("SENSE ID", run(ORB_PLAIN), 0);
	before = mem_free();
	for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		one(&limits[i]);
	before -= mem_free();
	printf("# memory for all of them: %ld KiB\n", before);
	ok(before < 8192, "memory is bounded: 8 MiB for the arena and the lists");
	client_close(&c);
	return tap_finish();
}
