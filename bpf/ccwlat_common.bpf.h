/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Maps and arithmetic that the objects share. Included once by each.
 */
#ifndef BPF_CCWLAT_COMMON_H
#define BPF_CCWLAT_COMMON_H

#define MAX_SUBCHANNELS 65536
#define EVENTS_BYTES (256 * 1024)

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_SUBCHANNELS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, u32);
	__type(value, struct ccwlat);
} ccw_lat SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, EVENTS_BYTES);
} ccw_events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, CCWLAT_NR_LOST);
	__type(key, u32);
	__type(value, u64);
} ccw_lost SEC(".maps");

/* Settings (struct ccwlat_settings); the loader may change them at any time. */
u64 slow_ns = 100000000; /* an I/O that takes so long goes to ccw_events; -1: none does */
u64 tell_errors = 1; /* and so does one that fails */

static const struct ccwlat nothing;

static __always_inline void lost(u32 why)
{
	u64 *n = bpf_map_lookup_elem(&ccw_lost, &why);

	if (n)
		++*n;
}

static __always_inline struct ccwlat *entry(u32 sch)
{
	struct ccwlat *l = bpf_map_lookup_elem(&ccw_lat, &sch);

	if (l)
		return l;
	bpf_map_update_elem(&ccw_lat, &sch, &nothing, BPF_NOEXIST);
	l = bpf_map_lookup_elem(&ccw_lat, &sch);
	if (!l)
		lost(CCWLAT_NO_ENTRY);
	return l;
}

/* struct subchannel_id is a word: cssid 8, 4 unused, m 1, ssid 2, one 1, schno 16 bits. */
static __always_inline u32 sch_key(u32 id)
{
	return (id & 0xff000000) | (id >> 17 & 3) << 16 | (id & 0xffff);
}

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

static __always_inline void bump(u64 *counter, u64 n)
{
	__sync_fetch_and_add(counter, n);
}

static __always_inline void count(struct ccwlat *l, u32 stage, u64 b)
{
	/* Or the compiler checks a copy of it, and the verifier sees no bound. */
	asm volatile("" : "+r"(b));
	if (b < CCWLAT_BUCKETS)
		__sync_fetch_and_add(&l->hist[stage][b], 1);
}

static __always_inline void count_bits(u64 *counts, u32 bits)
{
	u32 i;

#pragma unroll
	for (i = 0; i < 8; i++)
		if (bits & 1 << i)
			counts[i]++;
}

#endif /* BPF_CCWLAT_COMMON_H */
