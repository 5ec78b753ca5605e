/* SPDX-License-Identifier: GPL-2.0 */
/* Tests of one passed-through device: TAP, and one channel program after the other. */
#ifndef GUEST_TEST_H
#define GUEST_TEST_H

#include "tests/guest/cio.h"

/* What the device is, from SENSE ID. */
struct sense_id {
	uint8_t		ff;
	uint8_t		cutype[2], cumodel;
	uint8_t		devtype[2], devmodel;
	uint8_t		rest[249];
};

extern uint32_t sid;		/* of the device under test */
extern struct irb irb;		/* of the last interruption */

/* One test. Returns passed. */
bool ok(bool passed, const char *name);
void skip(const char *name, const char *why);

/*
 * START SUBCHANNEL and wait for the final status. true when the interruption was for this
 * subchannel and this program; the status is in irb. Says what went wrong.
 */
bool run(struct ccw *program, uint32_t orb_flags);
/* The same, and channel end, device end alone, no subchannel status. */
bool runs_well(struct ccw *program, uint32_t orb_flags);
/* Next interruption of the subchannel into irb: condition code of TSCH, -1 if none comes. */
int next_status(void);

uint32_t address(const volatile void *p);
void fill(void *p, int byte, unsigned int n);
bool same(const void *a, const void *b, unsigned int n);

void test_dasd(void);

#endif
