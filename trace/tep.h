/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A handle of libtraceevent for all events of a trace: what ccw_source_tep() hands out. Private to
 * the library.
 */
#ifndef TRACE_TEP_H
#define TRACE_TEP_H

#include <stdbool.h>
#include <traceevent/event-parse.h>

struct ccw_dat;
struct tep_plugin_list;

struct ccw_tep {
	struct tep_handle *handle;
	struct tep_plugin_list *plugins;
};

/* For the events of a recording; NULL for lack of memory. */
struct ccw_tep *ccw_tep_of_dat(const struct ccw_dat *dat);

/* For those of the running kernel; NULL for lack of memory or of rights. */
struct ccw_tep *ccw_tep_of_kernel(void);

/*
 * For some events of the running kernel, NULL at the end of their names, without plugins and names
 * of processes: all of it takes seconds on a slow machine. NULL for lack of memory.
 */
struct ccw_tep *ccw_tep_of_events(const char *system, const char *const *events);

void ccw_tep_free(struct ccw_tep *tep);

#endif /* TRACE_TEP_H */
