/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the maps of the BPF objects hold, for the programs and for whoever reads them.
 *
 * Both objects, ccwlat (this project's driver) and ccwcio (any subchannel of any kernel), have the
 * same maps, so that one reader serves both:
 *
 *   ccw_lat     hash, subchannel -> struct ccwlat
 *   ccw_events  ring buffer of struct ccwlat_event: what was slow or failed
 *   ccw_lost    array, enum ccwlat_lost -> count, per CPU
 *
 * The key of ccw_lat is cssid << 24 | ssid << 16 | schno. Its values are not per CPU: the events
 * of a subchannel come one at a time, so nothing is counted twice or lost, and on a machine of 200
 * CPUs a subchannel costs 13 KB instead of 2.6 MB. The driver fires vfio_ccw_io in vccw_stats_io()
 * alone, whose callers hold the subchannel lock with interrupts off, whichever CPU they are on; so
 * do those of SSCH, HSCH, CSCH, XSCH and TSCH, whose events ccwcio counts by. Interrupts off also
 * means that no program is entered again on its CPU, where the kernel would leave the event out.
 */
#ifndef BPF_CCWLAT_H
#define BPF_CCWLAT_H

/* Buckets of struct ccw_hist (trace/ccw_stat.h): 16 to a power of two, 0 .. 2^42 ns. */
#define CCWLAT_SUB_BITS 4
#define CCWLAT_BITS 42
#define CCWLAT_BUCKETS ((CCWLAT_BITS - CCWLAT_SUB_BITS + 1) << CCWLAT_SUB_BITS)

/* The stages of enum ccw_stage (trace/ccw_io.h). */
enum ccwlat_stage {
	CCWLAT_TRANSLATE,
	CCWLAT_START,
	CCWLAT_DEVICE,
	CCWLAT_DELIVER,
	CCWLAT_TOTAL,
	CCWLAT_STAGES,
};

#define CCWLAT_ERRNOS 8

struct ccwlat_errno {
	long long rc; /* 0 in the last: all others */
	unsigned long long count;
};

struct ccwlat {
	/* I/Os that went the usual way: cc 0, channel end and device end, nothing else. */
	unsigned long long usual;
	/* The others, by enum ccw_result (trace/ccw_io.h); an unusual one can be fine, too. */
	unsigned long long result[8];
	unsigned long long bytes;
	unsigned long long ccws;
	unsigned long long segments;
	unsigned long long idaws;
	unsigned long long pages;
	unsigned long long irqs;
	/* sum_ns has no total: it is the sum of the others. */
	unsigned long long sum_ns[CCWLAT_TOTAL];
	unsigned long long max_ns; /* of the total */
	/* Of those not usual: by bit of dstat and cstat (0 is 0x01), by condition code. */
	unsigned long long dstat[8];
	unsigned long long cstat[8];
	unsigned long long cc[4];
	struct ccwlat_errno rc[CCWLAT_ERRNOS]; /* of those refused */
	/* A stage that an I/O did not reach is not in its histogram. */
	unsigned int hist[CCWLAT_STAGES][CCWLAT_BUCKETS];
};

/* The programs' variables: the map whose name ends in .data. */
struct ccwlat_settings {
	unsigned long long slow_ns; /* an I/O that takes so long is told; -1: none is */
	unsigned long long tell_errors; /* and so is one that fails; 0: it is not */
};

enum ccwlat_lost {
	CCWLAT_NO_ENTRY, /* an I/O found no room in ccw_lat: not counted */
	CCWLAT_NO_ROOM, /* an event found no room in ccw_events: counted, not told */
	CCWLAT_NO_START, /* ccwcio: a final status whose start was not seen */
	CCWLAT_NR_LOST,
};

/* An I/O worth telling; fields as in the event vfio_ccw_io (trace/events/vfio_ccw.h). */
struct ccwlat_event {
	unsigned long long ts; /* CLOCK_MONOTONIC, ns, at its end */
	unsigned long long device_ns;
	unsigned long long sense;
	unsigned int sch; /* the key of ccw_lat */
	unsigned int seq;
	unsigned int translate_ns;
	unsigned int start_ns;
	unsigned int deliver_ns;
	unsigned int bytes;
	unsigned int erw;
	unsigned int cpu;
	unsigned short ccws;
	unsigned short segments;
	unsigned short idaws;
	unsigned short pages;
	short rc;
	unsigned short flags;
	unsigned short irqs;
	unsigned short resid;
	unsigned char cmd;
	unsigned char cc;
	unsigned char fctl;
	unsigned char actl;
	unsigned char stctl;
	unsigned char dstat;
	unsigned char cstat;
	unsigned char lpum;
};

#endif /* BPF_CCWLAT_H */
