/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An own instance of the kernel's tracer: own buffers, clock and set of events, so that nothing
 * that others trace is disturbed. Private to the library.
 */
#ifndef TRACE_INSTANCE_H
#define TRACE_INSTANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <tracefs/tracefs.h>

#include "trace/ccw_source.h"
#include "trace/decode.h"
#include "trace/ring.h"

/*
 * Makes an instance named after this process and removes those that dead processes left. Its
 * clock is mono; nothing is enabled. 0, -ENOENT no tracefs, -EACCES no rights, or another errno.
 */
int ccw_instance_create(struct tracefs_instance **inst, struct ccw_error *err);

/* Stops it and removes it with its buffers. NULL is fine. Its files must be closed. */
void ccw_instance_destroy(struct tracefs_instance *inst);

/* Whose events of vfio_ccw this kernel has. */
enum ccw_driver { CCW_DRIVER_NONE, CCW_DRIVER_OTHER, CCW_DRIVER_OURS };
enum ccw_driver ccw_instance_driver(void);

/* -ENODEV with the reason and the way out unless the driver's events are there. */
int ccw_instance_check_driver(struct ccw_error *err);

/* Turns an event on. With filter not NULL only records that match it are made. */
int ccw_instance_enable(struct tracefs_instance *inst, const char *system, const char *event,
			const char *filter, struct ccw_error *err);

/* Page and event layout of the running kernel. */
int ccw_instance_formats(struct ccw_page_format *fmt, struct ccw_decoder *d,
			 struct ccw_error *err);

/* One per CPU of per_cpu/, opened for non-blocking reading of raw pages. */
struct ccw_instance_cpu {
	unsigned int cpu;
	int fd;
	bool absent; /* possible, but not there so far: has no buffer */
};

/* cpus: to be freed by the caller after closing every fd. */
int ccw_instance_open_cpus(struct tracefs_instance *inst, struct ccw_instance_cpu **cpus,
			   unsigned int *nr, struct ccw_error *err);

/*
 * Waits until a CPU has data, at most timeout_ms. 1: one has; 0: none, or a signal came; negative
 * errno.
 */
int ccw_instance_wait(struct ccw_instance_cpu *cpus, unsigned int nr, int timeout_ms);

#endif /* TRACE_INSTANCE_H */
