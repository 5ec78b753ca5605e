// SPDX-License-Identifier: GPL-2.0
/*
 * Where a subchannel's time goes by state, and which transitions it makes: some six hits an I/O on
 * vfio_ccw_fsm, so an object of its own, to be attached when the question comes up.
 */
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "bpf/ccwfsm.h"

#define MAX_SUBCHANNELS 65536

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_SUBCHANNELS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, u32);
	__type(value, struct ccwfsm);
} ccw_fsm SEC(".maps");

/* Transitions that found no room in the map. */
u64 dropped;

static const struct ccwfsm nothing;

/* struct subchannel_id comes by value: cssid 8, 4 unused, m 1, ssid 2, one 1, schno 16 bits. */
static __always_inline u32 sch_key(u32 id)
{
	return (id & 0xff000000) | (id >> 17 & 3) << 16 | (id & 0xffff);
}

SEC("tp_btf/vfio_ccw_fsm")
int BPF_PROG(ccw_fsm_step, u64 schid, u32 seq, u8 from, u8 event, u8 to, int rc)
{
	u64 now = bpf_ktime_get_ns();
	u32 sch = sch_key(schid);
	struct ccwfsm *m = bpf_map_lookup_elem(&ccw_fsm, &sch);

	if (!m) {
		bpf_map_update_elem(&ccw_fsm, &sch, &nothing, BPF_NOEXIST);
		m = bpf_map_lookup_elem(&ccw_fsm, &sch);
	}
	if (!m) {
		__sync_fetch_and_add(&dropped, 1);
		return 0;
	}
	if (from >= VFIO_CCW_NR_STATES || event >= VFIO_CCW_NR_EVENTS || to >= VFIO_CCW_NR_STATES)
		return 0;
	if (m->since)
		m->ns[from] += now - m->since;
	m->since = now;
	m->state = to;
	m->seq = seq;
	m->count[from][event]++;
	if (rc)
		m->refused[from][event]++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
