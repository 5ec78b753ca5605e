/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the maps of ccwlat.bpf.o hold, for the program and for whoever reads them.
 */
#ifndef BPF_CCWLAT_H
#define BPF_CCWLAT_H

/* Buckets of struct ccw_hist (trace/ccw_stat.h): 16 to a power of two, 0 .. 2^42 ns. */
#define CCWLAT_SUB_BITS 4
#define CCWLAT_BITS 42
#define CCWLAT_BUCKETS ((CCWLAT_BITS - CCWLAT_SUB_BITS + 1) << CCWLAT_SUB_BITS)

enum ccwlat_stage {
	CCWLAT_TRANSLATE,
	CCWLAT_START,
	CCWLAT_DEVICE,
	CCWLAT_DELIVER,
	CCWLAT_TOTAL,
	CCWLAT_STAGES,
};

/* Key of both maps: cssid << 24 | ssid << 16 | schno. Values are per CPU: add them up. */
struct ccwlat_io {
	unsigned long long ios;
	unsigned long long refused; /* rc != 0 */
	unsigned long long failed; /* ended with unit check, unit exception or channel status */
	unsigned long long aborted; /* halted, cleared, cancelled or cut short */
	unsigned long long bytes;
	unsigned long long ccws;
	unsigned long long irqs;
	unsigned long long sum_ns[CCWLAT_STAGES];
	unsigned long long max_ns[CCWLAT_STAGES];
};

struct ccwlat_hist {
	unsigned int count[CCWLAT_STAGES][CCWLAT_BUCKETS];
};

#endif /* BPF_CCWLAT_H */
