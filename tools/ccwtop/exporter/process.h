/* SPDX-License-Identifier: GPL-2.0 */
#ifndef CCWTOP_EXPORTER_PROCESS_H
#define CCWTOP_EXPORTER_PROCESS_H

#include <stdint.h>

/* What this process costs. */
struct exp_process {
	uint64_t started_ns; /* since 1970 */
	uint64_t cpu_ns; /* user and system */
	uint64_t resident_bytes, virtual_bytes; /* 0: /proc does not say */
	uint64_t open_fds, max_fds;
};

void exp_process_start(struct exp_process *p);
void exp_process_read(struct exp_process *p);

#endif /* CCWTOP_EXPORTER_PROCESS_H */
