// SPDX-License-Identifier: GPL-2.0
/*
 * Latency of channel I/Os, added up in the kernel: one hit an I/O, on the event that tells its
 * whole story. Runs without JIT; plain bpftool can load, attach and dump it.
 */
#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "bpf/ccwlat.h"
#include "trace/events/vfio_ccw_abi.h"

/* The driver's record, found in the module's BTF; see trace/events/vfio_ccw.h. */
struct vfio_ccw_io_record {
	struct subchannel_id schid;
	u64 device_ns;
	u32 translate_ns;
	u32 start_ns;
	u32 deliver_ns;
	u32 bytes;
	u16 ccws;
	s16 rc;
	u16 flags;
	u16 irqs;
	u8 dstat;
	u8 cstat;
} __attribute__((preserve_access_index));

#define MAX_SUBCHANNELS 65536

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, MAX_SUBCHANNELS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, u32);
	__type(value, struct ccwlat_io);
} ccw_io SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, MAX_SUBCHANNELS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, u32);
	__type(value, struct ccwlat_hist);
} ccw_hist SEC(".maps");

/* I/Os that found no room in the maps. */
u64 dropped;

static const struct ccwlat_io no_io;
static const struct ccwlat_hist no_hist;

/* Position of the highest bit; BPF has no instruction for it. v is not 0. */
static __always_inline u32 msb(u64 v)
{
	u32 n = 0;

	if (v >> 32) {
		v >>= 32;
		n += 32;
	}
	if (v >> 16) {
		v >>= 16;
		n += 16;
	}
	if (v >> 8) {
		v >>= 8;
		n += 8;
	}
	if (v >> 4) {
		v >>= 4;
		n += 4;
	}
	if (v >> 2) {
		v >>= 2;
		n += 2;
	}
	return n + (v >> 1);
}

static __always_inline u32 bucket(u64 v)
{
	u32 shift;

	if (v >> CCWLAT_BITS)
		return CCWLAT_BUCKETS - 1;
	if (v < 1 << CCWLAT_SUB_BITS)
		return v;
	shift = msb(v) - CCWLAT_SUB_BITS;
	return (shift << CCWLAT_SUB_BITS) + (u32)(v >> shift);
}

static __always_inline void account(struct ccwlat_io *io, struct ccwlat_hist *h, u32 stage, u64 ns)
{
	u32 b = bucket(ns);

	io->sum_ns[stage] += ns;
	if (ns > io->max_ns[stage])
		io->max_ns[stage] = ns;
	if (b < CCWLAT_BUCKETS)
		h->count[stage][b]++;
}

static __always_inline void *value(void *map, const u32 *key, const void *fresh)
{
	void *v = bpf_map_lookup_elem(map, key);

	if (v)
		return v;
	bpf_map_update_elem(map, key, fresh, BPF_NOEXIST);
	return bpf_map_lookup_elem(map, key);
}

SEC("tp_btf/vfio_ccw_io")
int BPF_PROG(ccw_io_end, const struct vfio_ccw_io_record *rec)
{
	u64 device, translate, start, deliver;
	u32 flags, id = 0, key;
	struct ccwlat_hist *h;
	struct ccwlat_io *io;

	if (!rec) /* never, but the verifier of 6.12 cannot know */
		return 0;
	device = rec->device_ns;
	translate = rec->translate_ns;
	start = rec->start_ns;
	deliver = rec->deliver_ns;
	flags = rec->flags;

	/* struct subchannel_id is a word: cssid 8, 4 unused, m 1, ssid 2, one 1, schno 16 bits. */
	bpf_core_read(&id, sizeof(id), &rec->schid);
	key = (id & 0xff000000) | (id >> 17 & 3) << 16 | (id & 0xffff);

	io = value(&ccw_io, &key, &no_io);
	h = value(&ccw_hist, &key, &no_hist);
	if (!io || !h) {
		__sync_fetch_and_add(&dropped, 1);
		return 0;
	}
	io->ios++;
	io->bytes += rec->bytes;
	io->ccws += rec->ccws;
	io->irqs += rec->irqs;
	if (rec->rc)
		io->refused++;
	else if (flags & (VFIO_CCW_IO_HALTED | VFIO_CCW_IO_CLEARED | VFIO_CCW_IO_CANCELLED |
			  VFIO_CCW_IO_ABORTED))
		io->aborted++;
	else if ((rec->dstat & 0x03) || (rec->cstat & 0x7f))
		io->failed++;
	account(io, h, CCWLAT_TRANSLATE, translate);
	account(io, h, CCWLAT_START, start);
	account(io, h, CCWLAT_DEVICE, device);
	account(io, h, CCWLAT_DELIVER, deliver);
	account(io, h, CCWLAT_TOTAL, translate + start + device + deliver);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
