/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The metadata of a trace.dat file, versions 6 and 7, as trace-cmd.dat.v6(5) and .v7(5) document
 * it. Works on memory, believes nothing. Private to the library.
 */
#ifndef TRACE_DAT_H
#define TRACE_DAT_H

#include <stdbool.h>
#include <stdint.h>

#include "trace/ccw_source.h"
#include "trace/decode.h"
#include "trace/ring.h"

#define CCW_DAT_MAX_CPUS 4096

struct ccw_dat_cpu {
	unsigned int cpu;
	uint64_t offset, size; /* as the file states them: may reach beyond its end */
};

/* Bytes of the file, not terminated. */
struct ccw_dat_part {
	const char *p;
	uint64_t len;
};

/* The format text of one event. */
struct ccw_dat_event_format {
	const char *system; /* terminated; "ftrace" for those of the tracer itself */
	struct ccw_dat_part text;
};

/* Statistics of a CPU's buffer at the end of the recording. */
struct ccw_dat_stat {
	unsigned int cpu;
	uint64_t lost; /* records overwritten or refused */
	uint64_t read; /* records that the recorder took; 0: not known */
};

struct ccw_dat {
	unsigned int version;
	bool big_endian;
	struct ccw_page_format format;
	struct ccw_decoder decoder;
	char clock[32]; /* empty: the file does not say */
	struct ccw_dat_part header_page; /* texts of tracefs; p NULL: the file has none */
	struct ccw_dat_part kallsyms, printk, cmdlines;
	struct ccw_dat_event_format *events;
	size_t nr_events;
	unsigned int cpus;
	unsigned int nr_data; /* CPUs of all buffers together */
	struct ccw_dat_cpu *data;
	unsigned int nr_stats;
	struct ccw_dat_stat *stats; /* if the file has them and one buffer only */
};

/* 0, or what ccw_source_open_file() returns with err filled. Free in either case. */
int ccw_dat_parse(struct ccw_dat *dat, const char *path, const void *map, uint64_t size,
		  struct ccw_error *err);
void ccw_dat_free(struct ccw_dat *dat);

#endif /* TRACE_DAT_H */
