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

#include "trace/bytes.h"
#include "trace/ccw_io.h"
#include "trace/ccw_source.h"

#define CCW_TRACE_SYSTEM "vfio_ccw"
#define CCW_CIO_SYSTEM "s390"

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

/*
 * Events of every kernel and of its own vfio_ccw driver, from which join.c makes I/Os when there
 * is no vfio_ccw_io.
 */
enum ccw_cio_kind {
	CCW_CIO_SSCH,
	CCW_CIO_INTERRUPT,
	CCW_CIO_TSCH,
	CCW_CIO_HSCH,
	CCW_CIO_CSCH,
	CCW_CIO_XSCH,
	CCW_CIO_IO_REQUEST, /* vfio_ccw_fsm_io_request: a request that was refused */
	CCW_CIO_FSM_EVENT,
	CCW_NR_CIO,
};

#define CCW_CIO_FIELDS(X) \
	X(cssid) X(ssid) X(schno) X(sch_no) X(cc) X(scsw_fctl) X(scsw_actl) X(scsw_stctl) \
	X(scsw_dstat) X(scsw_cstat) X(errno) X(event)

struct ccw_cio_layout {
	int id; /* -1: the trace does not describe it */
	uint32_t len; /* a record must have at least this much */
	uint16_t block; /* where the ORB or IRB stands, as the channel subsystem has it */
	uint16_t block_len; /* 0: it has none */
#define FIELD(name) struct ccw_field f_##name;
	CCW_CIO_FIELDS(FIELD)
#undef FIELD
};

/* One record of them; orb and irb are big endian whatever the trace is. */
struct ccw_cio {
	enum ccw_cio_kind kind;
	struct ccw_sch sch;
	int32_t cc;
	int32_t rc;
	uint32_t event;
	uint8_t fctl, actl, stctl, dstat, cstat;
	const uint8_t *block; /* NULL: not there or too short */
};

enum ccw_kind {
	CCW_KIND_OTHER,
	CCW_KIND_IO,
	CCW_KIND_FSM,
	CCW_KIND_CIO, /* only if d->join */
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
	bool stock; /* some of the events that I/Os can be joined from */
	bool join; /* set by who wants those: ccw_decoder_kind() knows them then */
	struct ccw_io_layout io;
	struct ccw_fsm_layout fsm;
	struct ccw_cio_layout cio[CCW_NR_CIO];
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

/* Only for data of CCW_KIND_CIO. */
void ccw_decode_cio(const struct ccw_decoder *d, const uint8_t *data, uint32_t len,
		    struct ccw_cio *cio);

/* Shared by decode.c and decode_cio.c. */
struct tep_event;
bool ccw_decode_take_field(struct tep_event *event, const char *name, struct ccw_field *f,
			   uint32_t *len);
bool ccw_decode_take_type(struct ccw_decoder *d, struct tep_event *event, uint32_t *len);
/* Which of the events a format text describes; CCW_NR_CIO: none. */
enum ccw_cio_kind ccw_decode_cio_kind(const char *system, const char *text, const char **name);
bool ccw_decode_take_cio(struct ccw_decoder *d, enum ccw_cio_kind kind, struct tep_event *event);
/* CCW_NR_CIO: none of them */
enum ccw_cio_kind ccw_decode_cio_of(const struct ccw_decoder *d, uint16_t id);

static inline uint64_t ccw_decode_number(const uint8_t *data, struct ccw_field f, bool swap)
{
	const uint8_t *p = data + f.offset;

	switch (f.size) {
	case 1: return *p;
	case 2: return ccw_get16(p, swap);
	case 4: return ccw_get32(p, swap);
	case 8: return ccw_get64(p, swap);
	}
	return 0;
}

static inline int64_t ccw_decode_signed(const uint8_t *data, struct ccw_field f, bool swap)
{
	uint64_t v = ccw_decode_number(data, f, swap);

	switch (f.is_signed ? f.size : 0) {
	case 1: return (int8_t)v;
	case 2: return (int16_t)v;
	case 4: return (int32_t)v;
	}
	return v;
}

#endif /* TRACE_DECODE_H */
