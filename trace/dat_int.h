/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shared by the parsers of the two versions. Private to dat*.c.
 */
#ifndef TRACE_DAT_INT_H
#define TRACE_DAT_INT_H

#include <stddef.h>

#include "trace/dat.h"

/* Options, the same numbers in both versions. */

/*
 * A place in the file. Reading beyond the end sets what to the name of the thing that was cut off
 * and yields zeros from then on, so that a parser checks once after a group of reads.
 */
struct dat_reader {
	const uint8_t *base;
	uint64_t size, pos;
	bool swap;
	const char *what; /* NULL: fine so far */
};

struct dat_parser {
	struct ccw_dat *dat;
	struct dat_reader rd;
	const char *path;
	uint32_t page_size; /* as the file states it */
	struct ccw_error *err;
};

const void *dat_bytes(struct dat_reader *rd, uint64_t len, const char *what);
uint16_t dat_u16(struct dat_reader *rd, const char *what);
uint32_t dat_u32(struct dat_reader *rd, const char *what);
uint64_t dat_u64(struct dat_reader *rd, const char *what);
const char *dat_string(struct dat_reader *rd, const char *what); /* "" beyond the end */

int dat_cut_off(struct dat_parser *p); /* the error for rd.what */
int dat_header_info(struct dat_parser *p);
int dat_event_formats(struct dat_parser *p);
int dat_tracer_formats(struct dat_parser *p);
void dat_clock(struct dat_parser *p, const char *text, size_t len);
int dat_cpu_stat(struct dat_parser *p, const char *text, size_t len);
/* Adds the buffer that dat_add_cpu() adds to from now on. */
int dat_add_buffer(struct dat_parser *p, const char *name, const char *clock,
		   const struct ccw_page_format *format);
int dat_add_cpu(struct dat_parser *p, unsigned int cpu, uint64_t offset, uint64_t size);
int dat_keep_note(struct dat_parser *p, uint16_t id, const void *data, uint32_t len);
void dat_part(struct dat_reader *rd, struct ccw_dat_part *part, uint64_t len, const char *what);

int dat_parse_v6(struct dat_parser *p);
int dat_parse_v7(struct dat_parser *p);
void dat_more_v7(struct ccw_dat *dat);

/*
 * Goes to a section of version 7 and unpacks it if need be: in holds its contents, or in->what is
 * set. 0, -EINVAL not there, cut off or damaged; -ENOMEM.
 */
int dat_open_section(struct ccw_dat *dat, uint64_t offset, unsigned int id, struct dat_reader *in,
		     const char *what);

#endif /* TRACE_DAT_INT_H */
