/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the BPF programs counted since the last look, out of what they counted since they were
 * loaded. Private to the library; knows nothing of how maps are read.
 */
#ifndef TRACE_BPF_SUM_H
#define TRACE_BPF_SUM_H

#include <stdint.h>

#include "bpf/ccwlat.h"
#include "trace/ccw_source.h"

struct ccw_bpf_sums; /* what was seen of every subchannel */

struct ccw_bpf_sums *ccw_bpf_sums_new(void); /* NULL: no memory */
void ccw_bpf_sums_free(struct ccw_bpf_sums *sums);

struct ccw_bpf_look {
	uint32_t have; /* bits: stages that the programs measure */
	uint32_t stages; /* bits: of those, whose histograms are looked at; the others wait */
	uint64_t first_ts, last_ts; /* the time between the looks */
};

/*
 * now is the value of key in the map ccw_lat. What came since the last call for this key goes into
 * delta, which is emptied before; have and times are set. 1: there was or may be something; 0: no;
 * -ENOMEM.
 *
 * The kernel goes on counting while the value is copied: an I/O can be in one counter already and
 * in another only next time, then as a delta without I/Os. Nothing is counted twice or lost.
 */
int ccw_bpf_sums_delta(struct ccw_bpf_sums *sums, uint32_t key, const struct ccwlat *now,
		       const struct ccw_bpf_look *look, struct ccw_stat *delta);

/*
 * Histograms alone: of stages that were not looked at, everything until now. Sums of times are not
 * in delta, nor is any I/O: they were handed out in their time. 0 or -ENOMEM
 */
int ccw_bpf_sums_catch_up(struct ccw_bpf_sums *sums, uint32_t key, const struct ccwlat *now,
			  const struct ccw_bpf_look *look, struct ccw_stat *delta);

void ccw_bpf_event_io(const struct ccwlat_event *e, uint32_t have, struct ccw_io *io);

#endif /* TRACE_BPF_SUM_H */
