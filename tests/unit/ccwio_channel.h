/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A channel for tests: walks an assembled program in guest memory as the Principles of Operation
 * say a channel does, independently of the assembler, and gathers each command's storage.
 */
#ifndef TESTS_CCWIO_CHANNEL_H
#define TESTS_CCWIO_CHANNEL_H

#include <stddef.h>
#include <stdint.h>

#include "tools/ccwio/program.h"

struct command {
	uint8_t cmd;
	uint8_t flags;		/* of the last CCW of the command */
	unsigned int ccws;	/* data-chained CCWs */
	uint32_t count;		/* bytes of all of them */
	uint64_t first;		/* guest address of the first byte */
	uint8_t *bytes;		/* to be freed */
};

/*
 * Runs through the program of @p from the ORB's cpa; a TIC is taken, a search command succeeds at
 * once (status modifier). Returns the number of commands in @list, at most @max, or -1 with a
 * reason in @why for what a channel would refuse (program check).
 */
int channel_walk(const struct program *p, struct command *list, int max, const char **why);
void channel_free(struct command *list, int n);

#endif
