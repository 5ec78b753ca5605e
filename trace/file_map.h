/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A recording in memory. Who makes the file shorter meanwhile causes SIGBUS. Private to the
 * library.
 */
#ifndef TRACE_FILE_MAP_H
#define TRACE_FILE_MAP_H

#include <stddef.h>

#include "trace/ccw_source.h"

struct ccw_file_map {
	void *p; /* NULL: nothing is mapped */
	size_t size;
};

int ccw_file_map(struct ccw_file_map *map, const char *path, struct ccw_error *err);
void ccw_file_unmap(struct ccw_file_map *map);

#endif /* TRACE_FILE_MAP_H */
