/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The exposition: families of metrics, each with its subchannels. It is made while it is sent,
 * piece by piece, so that a client costs the same memory whatever the number of subchannels, and a
 * slow one no more than a fast one.
 */
#ifndef CCWTOP_EXPORTER_TEXT_H
#define CCWTOP_EXPORTER_TEXT_H

#include "tools/ccwtop/exporter/accept.h"
#include "tools/ccwtop/exporter/buf.h"
#include "tools/ccwtop/exporter/process.h"
#include "tools/ccwtop/exporter/store.h"
#include "trace/ccw_source.h"

/* Everything that is shown. */
struct exp_view {
	const struct exp_store *store;
	const struct ccw_source_info *source;
	const char *driver_version; /* empty: not known */
	bool sysfs; /* bound and names were looked up */
	struct exp_process process;
	uint64_t scrapes[2]; /* by enum exp_format */
	uint64_t collections, collect_ns; /* CPU time */
	uint64_t cut; /* connections that took too long */
	unsigned int connections;
};

enum exp_type { EXP_COUNTER, EXP_GAUGE, EXP_INFO, EXP_STATESET, EXP_HISTOGRAM };

struct exp_family {
	const char *name; /* without the suffix that its type brings with it */
	enum exp_type type;
	const char *unit; /* NULL: none; else the name ends in it */
	const char *help;
	bool (*known)(const struct exp_view *v); /* NULL: always */
	/* One of these: a line (or lines) for each subchannel, or once. */
	void (*sub)(struct exp_buf *b, const struct exp_family *f, const struct exp_sub *s);
	void (*once)(struct exp_buf *b, const struct exp_family *f, const struct exp_view *v);
	size_t offset; /* of a counter in struct exp_sub, for exp_put_counter() */
};

extern const struct exp_family exp_families[];
extern const size_t exp_nr_families;

/* The longest text of one subchannel in one family, or of a family's head. */
#define EXP_ITEM 16384

struct exp_cursor {
	const struct exp_view *v;
	enum exp_format format;
	size_t family;
	bool head; /* of the family: written */
	uint64_t key; /* of the next subchannel, at least */
	size_t index; /* where it is, unless others came */
	bool ended;
};

/*
 * Writes what comes next to buf, at least EXP_ITEM bytes long. Returns its length; 0 at the end, -1
 * if something did not fit where it should have.
 */
ssize_t exp_text(struct exp_cursor *c, char *buf, size_t len);

#endif /* CCWTOP_EXPORTER_TEXT_H */
