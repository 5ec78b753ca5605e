/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Channel paths as sysfs has them: every path of the machine, and which of them a subchannel uses
 * (Principles of Operation, chapter 14: path masks of the PMCW).
 */
#ifndef CCWTOP_PATHS_H
#define CCWTOP_PATHS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace/ccw_io.h"

#define TOP_CHPIDS 8 /* of a subchannel */

/* Texts are printable and empty if unknown. */
struct top_chp {
	uint8_t cssid, id;
	char status[12]; /* "online", "offline": varied on and off */
	char type[8]; /* as the channel subsystem codes it, "1b" */
	char configure[24]; /* "configured", "standby", "reserved", "not recognized" */
};

struct top_sch_paths {
	struct ccw_sch sch;
	bool known; /* sysfs says */
	uint8_t pim, pam, pom; /* installed, available, operational; bit 0x80: path 0 */
	uint8_t chpid[TOP_CHPIDS];
};

struct top_paths;

struct top_paths *top_paths_new(const char *sys); /* where sysfs is, "/sys". NULL: no memory */
void top_paths_free(struct top_paths *p);

/* Looks again at every path. 0 or -ENOMEM; without a channel subsystem there are none. */
int top_paths_scan(struct top_paths *p);
/* Looks at a subchannel. */
void top_paths_read(const struct top_paths *p, struct ccw_sch sch, struct top_sch_paths *s);

size_t top_paths_count(const struct top_paths *p);
const struct top_chp *top_paths_at(const struct top_paths *p, size_t i); /* sorted */
const struct top_chp *top_paths_find(const struct top_paths *p, uint8_t cssid, uint8_t id);

/* Whether the i-th path of a subchannel is installed, and what is wrong with it: "" nothing. */
bool top_path_used(const struct top_sch_paths *s, int i);
const char *top_path_problem(const struct top_sch_paths *s, int i, const struct top_chp *chp);

#endif /* CCWTOP_PATHS_H */
