/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From the bytes of a record to struct ccw_io and struct ccw_fsm. Where a field stands comes from
 * the event's format text; per record nothing is looked up. Private to the library.
 */
#ifndef TRACE_DECODE_H
#define TRACE_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace/ccw_io.h"
#include "trace/ccw_source.h"

#define CCW_TRACE_SYSTEM "vfio_ccw"

/* Fields of the two events that tell everything; see events/vfio_ccw.h. */
#define CCW_IO_FIELDS(X) \
	X(cssid) X(ssid) X(schno) X(seq) X(device_ns) X(translate_ns) X(start_ns) X(deliver_ns) \
	X(bytes) X(ccws) X(segments) X(idaws) X(pages) X(cmd) X(cc) X(rc) X(flags) X(irqs) \
	X(fctl) X(actl) X(stctl) X(dstat) X(cstat) X(lpum) X(resid) X(sense) X(erw)
#define CCW_FSM_FIELDS(X) \
	X(cssid) X(ssid) X(schno) X(seq) X(from) X(event) X(to) X(rc)

struct ccw_field {
	uint16_t offset;
	uint8_t size; /* 1, 2, 4, 8; 0: the event does not have it */
	uint8_t is_signed;
};

struct ccw_io_layout {
#define FIELD(name) struct ccw_field name;
	CCW_IO_FIELDS(FIELD)
#undef FIELD
};

struct ccw_fsm_layout {
#define FIELD(name) struct ccw_field name;
	CCW_FSM_FIELDS(FIELD)
#undef FIELD
};

enum ccw_kind {
	CCW_KIND_OTHER,
	CCW_KIND_IO,
	CCW_KIND_FSM,
	CCW_KIND_SHORT, /* of ours, but shorter than its format says */
};

struct ccw_decoder {
	bool swap;
	bool big_endian;
	bool have_type; /* an event told where common_type stands */
	struct ccw_field type;
	int io_id, fsm_id; /* -1: the trace does not describe this event */
	uint32_t io_len, fsm_len; /* a record must have at least this much */
	uint32_t io_have; /* stages that the event has a field for */
	bool io_usual; /* laid out as events/vfio_ccw.h of this version lays it out */
	bool other_driver; /* vfio_ccw events, but neither of the two: the kernel's own driver */
	struct ccw_io_layout io;
	struct ccw_fsm_layout fsm;
};

void ccw_decoder_init(struct ccw_decoder *d, bool big_endian);

/*
 * Takes one event's format text, ignoring events that are not ours. long_size: of the kernel that
 * wrote it. 0, -EINVAL with err filled if an event of ours cannot be understood, -ENOMEM.
 */
int ccw_decoder_add(struct ccw_decoder *d, const char *system, const char *text, size_t len,
		    int long_size, struct ccw_error *err);

enum ccw_kind ccw_decoder_kind(const struct ccw_decoder *d, const uint8_t *data, uint32_t len);

/* Only for data of that kind. Everything but ts and cpu is filled. */
void ccw_decode_io(const struct ccw_decoder *d, const uint8_t *data, struct ccw_io *io);
void ccw_decode_fsm(const struct ccw_decoder *d, const uint8_t *data, struct ccw_fsm *fsm);

#endif /* TRACE_DECODE_H */
