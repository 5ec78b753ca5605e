/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What ccwtrace info gathers.
 */
#ifndef CCWTRACE_INFO_H
#define CCWTRACE_INFO_H

#include <stdio.h>

#include "tools/ccwtrace/walk.h"
#include "trace/ccw_recording.h"

struct info_event {
	char name[96]; /* "system:event" */
	uint64_t count;
};

struct info_sch {
	struct ccw_sch sch;
	uint64_t events;
};

struct info {
	struct walk walk;
	struct ccw_recording recording; /* texts copied below */
	char compression[32];
	struct info_event events[256]; /* more kinds of events than that are counted together */
	unsigned int nr_events;
	struct info_sch *subchannels; /* by number */
	size_t nr_subchannels;
	uint64_t records, lost;
	bool lost_unknown;
};

/* 0 or a negative errno with err filled. Free in either case. */
int info_gather(struct info *in, struct ccw_error *err);
void info_free(struct info *in);

int info_text(const struct info *in, FILE *f); /* 0 or -ENOMEM */
int info_json(const struct info *in, FILE *f);

#endif /* CCWTRACE_INFO_H */
