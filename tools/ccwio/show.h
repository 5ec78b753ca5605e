/* SPDX-License-Identifier: GPL-2.0 */
/* ORB, IRB, programs and data, in hex and in words. */
#ifndef CCWIO_SHOW_H
#define CCWIO_SHOW_H

#include <stdio.h>

#include "tools/dev/io.h"
#include "program.h"

void show_hex(FILE *f, uint64_t addr, const uint8_t *bytes, size_t len);
void show_orb(FILE *f, const uint8_t *orb);
void show_irb(FILE *f, const uint8_t *irb);

/* What the driver counted since the device was opened (drvstats.c). */
struct ccw_stats_region;
void show_driver_stats(FILE *f, const struct ccw_stats_region *s);

/* The outcome of one I/O in one line, without a newline. */
const char *show_outcome(const struct io_result *res, char *buf, size_t len);

/*
 * What the device stored, area by area, the beginning or @all of it; SENSE ID and SENSE data also
 * in words.
 */
void show_inputs(FILE *f, const struct program *p, bool all);

/* Memory areas, ORB, CCWs decoded, IDALs and data of an assembled program (dump.c). */
void show_program(FILE *f, const struct program *p);

#endif
