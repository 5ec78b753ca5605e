/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What ccwtrace export turns a recording into. A format is one function.
 */
#ifndef CCWTRACE_EXPORT_H
#define CCWTRACE_EXPORT_H

#include <stdio.h>

#include "trace/ccw_filter.h"
#include "trace/ccw_select.h"
#include "trace/ccw_source.h"

struct export_request {
	const char *path; /* of the recording */
	const struct ccw_filter *filter; /* NULL: all subchannels */
	struct ccw_select *select; /* NULL: all I/Os */
};

struct export_format {
	const char *name;
	/*
	 * Reads the recording and writes all of it to @out, whose errors stay in it. *@info is what
	 * the source said at the end of the recording; lost and truncated decide the exit code.
	 * 0, or a negative errno with @err filled.
	 */
	int (*write)(const struct export_request *r, FILE *out, struct ccw_source_info *info,
		     struct ccw_error *err);
};

/* html.c: one page with plots, its size bounded whatever the recording's; -EOPNOTSUPP: not built */
int export_html(const struct export_request *r, FILE *out, struct ccw_source_info *info,
		struct ccw_error *err);

/* One I/O after the other, in bounded memory. */
int export_perfetto(const struct export_request *r, FILE *out, struct ccw_source_info *info,
		    struct ccw_error *err);
int export_chrome(const struct export_request *r, FILE *out, struct ccw_source_info *info,
		  struct ccw_error *err);
int export_csv(const struct export_request *r, FILE *out, struct ccw_source_info *info,
	       struct ccw_error *err);
int export_ndjson(const struct export_request *r, FILE *out, struct ccw_source_info *info,
		  struct ccw_error *err);

#endif /* CCWTRACE_EXPORT_H */
