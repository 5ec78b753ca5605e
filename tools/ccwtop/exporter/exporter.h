/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ccwtop without a screen: what a monitoring system fetches over HTTP, for as long as the machine
 * runs.
 */
#ifndef CCWTOP_EXPORTER_EXPORTER_H
#define CCWTOP_EXPORTER_EXPORTER_H

#include <signal.h>

#include "tools/ccwtop/exporter/listen.h"
#include "tools/ccwtop/gather.h"
#include "tools/ccwtop/sysfs.h"

struct exporter {
	struct top_gather *gather;
	struct top_sysfs *sysfs; /* NULL for a recording */
	const struct ccw_filter *filter;
	double delay; /* seconds: what is not older is not read again */
	double speed; /* of a recording: trace time by real time, 0: do not wait */
	struct exp_address address;
	bool sandbox;
	const volatile sig_atomic_t *stop;
};

/* Serves until a signal comes. 0 or a negative errno with err filled. */
int exporter_run(const struct exporter *e, struct ccw_error *err);

#endif /* CCWTOP_EXPORTER_EXPORTER_H */
