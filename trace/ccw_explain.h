/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the channel subsystem's codes mean, in a sentence for people who do not have the Principles
 * of Operation (chapters 14 to 16) or the control unit's manual at hand.
 */
#ifndef TRACE_CCW_EXPLAIN_H
#define TRACE_CCW_EXPLAIN_H

#include <stddef.h>
#include <stdint.h>

#include "trace/ccw_io.h"

/* bit: one of 0x80 ... 0x01. NULL: nothing is wrong with it */
const char *ccw_explain_dstat(uint8_t bit);
const char *ccw_explain_cstat(uint8_t bit);

/*
 * Sense byte 0 and 1 of ECKD DASDs and, for byte 0, of nearly every other control unit. NULL: not
 * defined there
 */
const char *ccw_explain_sense(unsigned int byte, uint8_t bit);
const char *ccw_sense_name(unsigned int byte, uint8_t bit); /* "command reject" */

const char *ccw_explain_cc(unsigned int cc); /* of START SUBCHANNEL; NULL: 0 */

/* Why the driver refused a request (docs/interface.md). NULL: no common reason is known */
const char *ccw_explain_rc(int32_t rc);

/*
 * Why an I/O failed, the weightiest reason alone: what the sense bytes say of a unit check, else
 * its status, condition code or errno. "" of one that did not fail. Returns buf.
 */
const char *ccw_explain_io(const struct ccw_io *io, char *buf, size_t len);

const char *ccw_explain_result(enum ccw_result result);

#endif /* TRACE_CCW_EXPLAIN_H */
