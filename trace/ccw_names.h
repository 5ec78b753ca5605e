/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The field's names for its numbers (Principles of Operation, chapters 14 to 16), one table for
 * every tool. Functions that take a buffer return it; text that does not fit ends in "...".
 */
#ifndef TRACE_CCW_NAMES_H
#define TRACE_CCW_NAMES_H

#include <stddef.h>
#include <stdint.h>

#include "trace/ccw_io.h"

const char *ccw_dstat_str(uint8_t dstat, char *buf, size_t len); /* "CE|DE|UC", "0" */
const char *ccw_cstat_str(uint8_t cstat, char *buf, size_t len); /* "PGMCHK", "0" */
const char *ccw_fctl_str(uint8_t fctl, char *buf, size_t len); /* start 4, halt 2, clear 1 */
const char *ccw_actl_str(uint8_t actl, char *buf, size_t len); /* 7 bits, resume pending 0x40 ... */
const char *ccw_stctl_str(uint8_t stctl, char *buf, size_t len); /* 5 bits, alert 0x10 ... */
const char *ccw_io_flags_str(uint16_t flags, char *buf, size_t len); /* "FMT1|PFCH|IDA64" */

/* Names of errno as Linux on s390x numbers them, whatever machine this runs on: "-EIO". */
const char *ccw_rc_str(int rc, char *buf, size_t len);

const char *ccw_state_name(unsigned int state); /* "IDLE"; "?" if unknown */
const char *ccw_event_name(unsigned int event);
const char *ccw_why_name(unsigned int why); /* vfio_ccw_cp: "TIC_ALIGN", "NONE" */
const char *ccw_function_name(unsigned int function); /* vfio_ccw_ssch: "SSCH" */
const char *ccw_pin_name(unsigned int action); /* vfio_ccw_pin: "UNPIN" */
const char *ccw_stage_name(enum ccw_stage stage); /* "translate" */
const char *ccw_result_name(enum ccw_result r); /* "ok", "unit check" */

/* A short name for a command code on any device: "SENSE ID", "READ", "CONTROL"... */
const char *ccw_cmd_name(uint8_t cmd);

/* One line for an I/O that did not end well: "UNIT CHECK cmd=ff sense=80...", "-EINVAL "
									       "refused", "cc=3". */
const char *ccw_io_error_str(const struct ccw_io *io, char *buf, size_t len);

const char *ccw_sch_str(struct ccw_sch sch, char *buf, size_t len); /* "0.0.0003" */
int ccw_sch_parse(const char *text, struct ccw_sch *sch); /* 0 or -EINVAL */

/* Numbers as a column shows them: at most width characters, right aligned, with their unit. */
const char *ccw_ns_str(uint64_t ns, char *buf, size_t len); /* "950ns", "12.4us", "3.10s" */
const char *ccw_count_str(double n, char *buf, size_t len); /* "999", "12.4k", "1.25M" */
const char *ccw_bytes_str(double n, char *buf, size_t len); /* "512B", "4.00KiB", "1.25MiB" */

/* What follows a noun of which there are n: "1 I/O", "2 I/Os". */
static inline const char *ccw_s(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/*
 * Names of files, and texts in other people's recordings, can hold what a terminal obeys: control
 * characters and what is not UTF-8 become '?', in place. Returns text.
 */
char *ccw_plain(char *text);
/* The same in a copy, which is cut to len. */
const char *ccw_plain_str(const char *text, char *buf, size_t len);

#endif /* TRACE_CCW_NAMES_H */
