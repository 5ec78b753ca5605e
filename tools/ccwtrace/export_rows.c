// SPDX-License-Identifier: GPL-2.0
/*
 * A recording as a line for each I/O.
 */
#include "tools/ccwtrace/export.h"
#include "tools/ccwtrace/rows.h"

static int export_rows(const struct export_request *r, FILE *out, struct ccw_source_info *info,
		       enum row_format format, struct ccw_error *err)
{
	static const struct walk_ops ops = {
		.begin = rows_io_head, .io = rows_io, .lost = rows_io_lost,
	};
	struct walk w = { .path = r->path, .filter = r->filter, .select = r->select };
	struct rows rows = { .out = out, .format = format, .walk = &w };
	int rc = walk(&w, &ops, &rows, err);

	*info = w.info;
	return rc;
}

int export_csv(const struct export_request *r, FILE *out, struct ccw_source_info *info,
	       struct ccw_error *err)
{
	return export_rows(r, out, info, ROW_CSV, err);
}

int export_ndjson(const struct export_request *r, FILE *out, struct ccw_source_info *info,
		  struct ccw_error *err)
{
	return export_rows(r, out, info, ROW_JSON, err);
}
