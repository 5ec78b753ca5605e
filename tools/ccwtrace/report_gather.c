// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>

#include "tools/ccwtrace/report.h"

int report_gather(struct report *r, struct ccw_error *err)
{
	struct ccw_source *src;
	uint64_t first, last;
	int rc;

	rc = ccw_source_open_file(&src, r->path, err);
	if (rc)
		return rc;
	if (!ccw_source_range(src, &first, &last)) {
		r->first = first;
		r->duration = last - first;
	}
	if (r->select) {
		ccw_select_start(r->select, r->first);
		r->duration = ccw_select_span(r->select, r->first, r->duration);
	}
	r->scan.select = r->select;
	rc = ccw_scan_run(&r->scan, src, err);
	r->info = *ccw_source_info(src);
	r->info.name = r->path; /* the source's own goes with it */
	ccw_source_close(src);
	return rc;
}

void report_free(struct report *r)
{
	ccw_scan_free(&r->scan);
}

double report_rate(const struct report *r, uint64_t n)
{
	return r->duration ? (double)n / ((double)r->duration / 1e9) : 0;
}
