/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A recorder without a kernel: for tests of what it does with pages once they are taken.
 */
#ifndef TESTS_UNIT_RECORD_FIXTURE_H
#define TESTS_UNIT_RECORD_FIXTURE_H

#include "trace/record_int.h"

#define RECORD_CPUS 3

struct record_fixture {
	struct ccw_record rec; /* records vfio_ccw_io to path */
	struct record_cpu data[RECORD_CPUS];
	struct ccw_instance_cpu cpus[RECORD_CPUS];
	struct record_event event;
	char dir[40], path[64];
};

void record_fixture_make(struct record_fixture *x);
void record_fixture_end(struct record_fixture *x); /* removes its files */

/* Records of each CPU in the file of that name, as libccw reads it. */
void record_fixture_count(const char *path, unsigned int n[RECORD_CPUS]);

#endif /* TESTS_UNIT_RECORD_FIXTURE_H */
