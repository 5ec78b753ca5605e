// SPDX-License-Identifier: GPL-2.0
/* The load of demos: what a device understands, in changing order, with deliberate errors. */
#include <inttypes.h>
#include <string.h>

#include "builtin.h"
#include "tools/dev/bytes.h"

/* An address no default memory area holds; a format-0 CCW cannot leave 16 MiB, so it gets none. */
#define BAD_ADDRESS	0x7f000000u

/* One text, an entry point each; prepare() chooses by setting the ORB's cpa. */
static void text_mixed(const struct builtin_options *o, FILE *f)
{
	fputs("id: ccw sense-id sli count=64 data=idbuf\n"
	      "nop: ccw nop sli count=1 data=none\n"
	      "chain: ccw nop sli,cc count=1 data=none split=1 times=15\n"
	      "ccw nop sli count=1 data=none\n"
	      "sense: ccw sense sli count=32 data=sensebuf\n"
	      "reject: ccw 0xff sli count=1 data=none\n", f);
	if (o->ccw_format)
		fprintf(f, "badaddr: ccw sense-id sli,cc count=64 data=idbuf\n"
			"ccw sense-id sli count=64 addr=0x%x\n", BAD_ADDRESS);
	fputs("read:\n", f);
	dasd_text_record(o, f, "r", false);
	fputs("write:\n", f);
	dasd_text_record(o, f, "w", true);
	fputs("data idbuf size=64\n"
	      "data none size=1\n"
	      "data sensebuf size=32\n", f);
}

static void enter(struct load *l, const char *label)
{
	uint64_t addr;

	if (prog_symbol(l->p, label, &addr, NULL) == 0)
		prog_set_cpa(l->p, (uint32_t)addr);
}

static void prepare_error(struct load *l)
{
	l->bad = true;
	if (l->o->ccw_format && rng_next(&l->rng) % 4 == 0)
		enter(l, "badaddr");
	else
		enter(l, "reject");
}

static void prepare_dasd(struct load *l)
{
	uint32_t track = dasd_pick_track(l, true);
	uint32_t record = 1 + (uint32_t)(rng_next(&l->rng) % l->o->records);

	if (rng_next(&l->rng) % 100 < l->o->write_percent) {
		uint64_t addr;

		dasd_patch_record(l, "w", track, record);
		if (prog_symbol(l->p, "wrec", &addr, NULL) == 0)
			pattern_fill(prog_host(l->p, addr, l->o->blocksize), l->o->blocksize, track,
				     record, l->o->seed);
		enter(l, "write");
	} else {
		dasd_patch_record(l, "r", track, record);
		enter(l, "read");
	}
}

static void prepare_mixed(struct load *l)
{
	static const char *const others[] = { "id", "nop", "chain", "sense" };
	uint64_t addr;

	l->bad = false;
	if (l->n == 0) {
		enter(l, "id");
		return;
	}
	/* the first I/O told what the device is: FF, control unit, then the device type */
	if (l->n == 1 && prog_symbol(l->p, "idbuf", &addr, NULL) == 0) {
		const uint8_t *id = prog_host(l->p, addr, 64);

		l->dasd = id[0] == 0xff && get_be16(id + 4) == 0x3390;
	}
	if (rng_next(&l->rng) % 100 < l->o->error_percent)
		prepare_error(l);
	else if (l->dasd && rng_next(&l->rng) % 100 < 80)
		prepare_dasd(l);
	else
		enter(l, others[rng_next(&l->rng) % 4]);
}

const struct builtin builtin_mixed = {
	.name = "mixed",
	.summary = "a changing load; on a 3390 record I/O too; --errors and --writes set its parts",
	.dasd = true,
	.text = text_mixed,
	.prepare = prepare_mixed,
};
