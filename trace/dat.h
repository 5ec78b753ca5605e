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
#include "trace/pages.h"
#include "trace/ring.h"
#include "trace/unpack.h"

/* Options, the same numbers in both versions; and sections of version 7. */
enum {
	CCW_DAT_DONE = 0,
	CCW_DAT_DATE = 1,
	CCW_DAT_CPUSTAT = 2,
	CCW_DAT_BUFFER = 3,
	CCW_DAT_CLOCK = 4,
	CCW_DAT_UNAME = 5,
	CCW_DAT_HOOK = 6,
	CCW_DAT_OFFSET = 7,
	CCW_DAT_CPUCOUNT = 8,
	CCW_DAT_VERSION = 9,
	CCW_DAT_PROCMAPS = 10,
	CCW_DAT_TRACEID = 11,
	CCW_DAT_TIME_SHIFT = 12,
	CCW_DAT_GUEST = 13,
	CCW_DAT_TSC2NSEC = 14,
	CCW_DAT_STRINGS = 15,
	CCW_DAT_HEADER_INFO = 16,
	CCW_DAT_FTRACE_EVENTS = 17,
	CCW_DAT_EVENT_FORMATS = 18,
	CCW_DAT_KALLSYMS_SECTION = 19,
	CCW_DAT_PRINTK_SECTION = 20,
	CCW_DAT_CMDLINES_SECTION = 21,
	CCW_DAT_BUFFER_TEXT = 22,
};

#define CCW_DAT_MAX_CPUS 4096
#define CCW_DAT_MAX_BUFFERS 1024

/* A tracing instance that was recorded. */
struct ccw_dat_buffer {
	const char *name; /* "" is the top one; in the file */
	char clock[32]; /* empty: the file does not say */
	struct ccw_page_format format;
	uint64_t section; /* offset of the header of its data's section; version 7 */
	bool packed;
};

/* The pages of a CPU of a buffer. */
struct ccw_dat_cpu {
	unsigned int cpu;
	unsigned int buffer; /* index */
	uint64_t offset, size; /* as the file states them: may reach beyond its end */
};

/* Bytes of the file, not terminated. */
struct ccw_dat_part {
	const char *p;
	uint64_t len;
};

/* An option that is kept for people: see ccw_dat_option(). */
struct ccw_dat_note {
	uint16_t id;
	struct ccw_dat_part data;
};

/* The sections that are read when somebody asks for them: ccw_dat_more(). */
enum ccw_dat_later {
	CCW_DAT_TRACER_FORMATS,
	CCW_DAT_KALLSYMS,
	CCW_DAT_PRINTK,
	CCW_DAT_CMDLINES,
	CCW_DAT_NR_LATER,
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
	const uint8_t *map; /* the file */
	uint64_t size;
	unsigned int version;
	bool big_endian;
	unsigned int long_size; /* of the recorder, not of its kernel */
	char compression[32]; /* "none", "zstd", "zlib", as the file says */
	struct ccw_unpacker *unpacker; /* NULL: not compressed */
	char missing[160]; /* what is cut off of it besides records; empty: nothing */
	bool zero_sizes; /* sizes that should be there are 0, see trace/pages.h */
	struct ccw_page_format format; /* of the first buffer */
	struct ccw_decoder decoder;
	char clock[32]; /* empty: the file does not say */
	struct ccw_dat_part header_page, header_event; /* texts of tracefs */
	/* p NULL: the file has none, or see ccw_dat_more() */
	struct ccw_dat_part kallsyms, printk, cmdlines;
	struct ccw_dat_event_format *events;
	size_t nr_events;
	struct ccw_dat_note *notes;
	size_t nr_notes;
	uint64_t later[CCW_DAT_NR_LATER]; /* offsets of sections in version 7, 0: none */
	uint8_t **unpacked; /* sections */
	size_t nr_unpacked;
	unsigned int cpus;
	unsigned int nr_buffers;
	struct ccw_dat_buffer *buffers;
	unsigned int nr_data; /* CPUs of all buffers together */
	struct ccw_dat_cpu *data;
	unsigned int nr_stats;
	struct ccw_dat_stat *stats; /* if the file has them and one buffer only */
};

/* 0, or what ccw_source_open_file() returns with err filled. Free in either case. */
int ccw_dat_parse(struct ccw_dat *dat, const char *path, const void *map, uint64_t size,
		  struct ccw_error *err);
/*
 * Reads what only ccw_dat_tep() and people want: formats of the tracer's own events, symbols,
 * names of processes. What of it is damaged is left out.
 */
void ccw_dat_more(struct ccw_dat *dat);

/* Sets up the pages of dat->data[i] as far as the file has them. */
void ccw_dat_pages(const struct ccw_dat *dat, unsigned int i, struct ccw_pages *pages);

/* An option's data as text, at most len - 1 bytes of it; false if the file has no such option. */
bool ccw_dat_option(const struct ccw_dat *dat, uint16_t id, char *text, size_t len);

void ccw_dat_free(struct ccw_dat *dat);

#endif /* TRACE_DAT_H */
