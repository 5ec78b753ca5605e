// SPDX-License-Identifier: GPL-2.0
/*
 * Sets of events by name. A set names what it wants of every version of the drivers: what the
 * running kernel does not have is left out.
 */
#include <fnmatch.h>
#include <string.h>

#include "trace/record_int.h"

#define OURS CCW_TRACE_SYSTEM ":"
#define CIO "s390:s390_cio_"

/* One I/O, one record; and what happens to the subchannel without being asked. */
#define EVERYDAY OURS "vfio_ccw_io", OURS "vfio_ccw_crw", OURS "vfio_ccw_chp_event"

/* What starts and ends an I/O on any subchannel, whoever drives it. */
#define STOCK \
	CIO "ssch", CIO "hsch", CIO "csch", CIO "xsch", CIO "rsch", CIO "interrupt", CIO "tsch"

static const struct record_set sets[] = {
	{ .name = "default", .events = { EVERYDAY } },
	{ .name = "detail", .events = { OURS "*" }, .without = OURS "vfio_ccw_ccw" },
	{ .name = "all", .events = { OURS "*" } },
	{ .name = "program", .events = { EVERYDAY, OURS "vfio_ccw_ccw" }, .needs = "vfio_ccw_ccw" },
	{ .name = "fsm", .events = { EVERYDAY, OURS "vfio_ccw_fsm" }, .needs = "vfio_ccw_fsm" },
	{ .name = "cio", .events = { CIO "*" } },
};

/* "default" and without -e, where the driver of this project is not loaded. */
static const struct record_set other_driver = { .name = "default", .events = { OURS "*", STOCK } };
static const struct record_set no_driver = { .name = "default", .events = { STOCK } };

const struct record_set *record_set_find(const char *name, enum ccw_driver driver)
{
	size_t i;

	if (!strcmp(name, "default"))
		return record_set_usual(driver);
	for (i = 0; i < sizeof(sets) / sizeof(*sets); i++) {
		if (!strcmp(sets[i].name, name))
			return &sets[i];
	}
	return NULL;
}

const struct record_set *record_set_usual(enum ccw_driver driver)
{
	switch (driver) {
	case CCW_DRIVER_OURS:
		return &sets[0];
	case CCW_DRIVER_OTHER:
		return &other_driver;
	default:
		return &no_driver;
	}
}

bool record_set_excludes(const struct record_set *set, const char *system, const char *name)
{
	size_t n = strlen(system);

	return set->without && !strncmp(set->without, system, n) && set->without[n] == ':' &&
	       !fnmatch(set->without + n + 1, name, 0);
}
