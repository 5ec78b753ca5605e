/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From the bytes of a vfio_ccw_io record to the counters, without struct ccw_io between: for
 * records laid out as events/vfio_ccw.h lays them out (ccw_decoder.io_usual), of I/Os that ended
 * like the one before on their subchannel, and that went well. Private to the library.
 */
#ifndef TRACE_SCAN_FAST_H
#define TRACE_SCAN_FAST_H

#include "trace/tally.h"

#define INLINE __attribute__((always_inline))

/* Byte offsets; usual_io in decode.c has the same. */
enum {
	AT_SCH = 8, AT_SEQ = 12, AT_DEVICE = 16, AT_TRANSLATE = 24, AT_START = 28, AT_DELIVER = 32,
	AT_BYTES = 36, AT_SHAPE = 40, AT_CMD = 48, AT_IRQS = 54, AT_FCTL = 56,
};

/*
 * cc, rc and flags from the word at AT_CMD, dstat and cstat from that at AT_FCTL, as the bytes
 * stand in the record: equal words mean equal status, whatever the byte order.
 */
static inline INLINE uint64_t fast_status(const uint8_t *data)
{
	const bool big = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
	uint64_t a = ccw_get64(data + AT_CMD, big), b = ccw_get64(data + AT_FCTL, big);

	return (a >> 8 & 0xffffffffffULL) | (b >> 24 & 0xffff) << 48;
}

static inline INLINE uint32_t fast_key(const uint8_t *data, bool file_big)
{
	return (uint32_t)data[AT_SCH] << 24 | (uint32_t)data[AT_SCH + 1] << 16 |
	       ccw_get16(data + AT_SCH + 2, file_big != ccw_host_big_endian());
}

static inline INLINE bool fast_time(struct ccw_hist *h, uint64_t v)
{
	uint32_t *c = ccw_hist_counter(h, ccw_hist_bucket_inline(v));

	if (__builtin_expect(!c, 0))
		return false;
	++*c;
	if (__builtin_expect(v < h->min, 0))
		h->min = v;
	if (__builtin_expect(v > h->max, 0))
		h->max = v;
	h->sum += v;
	return true;
}

/* The status is that of slot->status. 0 or -ENOMEM; ios, results and counts follow at the flush. */
static inline INLINE int fast_io(struct ccw_tally *t, struct ccw_tally_slot *slot,
				 const uint8_t *data, uint64_t ts, bool swap)
{
	uint64_t translate = ccw_get32(data + AT_TRANSLATE, swap);
	uint64_t start = ccw_get32(data + AT_START, swap);
	uint64_t device = ccw_get64(data + AT_DEVICE, swap);
	uint64_t deliver = ccw_get32(data + AT_DELIVER, swap);
	uint32_t seq = ccw_get32(data + AT_SEQ, swap), ccws;
	struct ccw_stat *st = slot->st;
	bool ok;

	ok = fast_time(&st->hist[CCW_TRANSLATE], translate);
	ok &= fast_time(&st->hist[CCW_START], start);
	ok &= fast_time(&st->hist[CCW_DEVICE], device);
	ok &= fast_time(&st->hist[CCW_DELIVER], deliver);
	ok &= fast_time(&st->hist[CCW_TOTAL], translate + start + device + deliver);
	ccws = ccw_get16(data + AT_SHAPE, swap);
	st->ccws += ccws;
	if (__builtin_expect(ccws > st->max_ccws, 0))
		st->max_ccws = ccws;
	st->segments += ccw_get16(data + AT_SHAPE + 2, swap);
	st->idaws += ccw_get16(data + AT_SHAPE + 4, swap);
	st->pages += ccw_get16(data + AT_SHAPE + 6, swap);
	st->bytes += ccw_get32(data + AT_BYTES, swap);
	st->irqs += ccw_get16(data + AT_IRQS, swap);
	if (__builtin_expect(ts < st->first_ts, 0))
		st->first_ts = ts;
	if (ts > st->last_ts)
		st->last_ts = ts;
	slot->run++;
	if (__builtin_expect(seq == slot->part.seq.last + 1 && slot->in_slice &&
			     (t->whole || slot->part.nr_log == CCW_SEQ_LOG), 1)) {
		slot->part.seq.last = seq;
		slot->part.seq.seen = slot->part.seq.seen << 1 | 1;
		return ok ? 0 : -ENOMEM;
	}
	return ok ? ccw_tally_number(t, slot, seq) : -ENOMEM;
}

/* Whether records that end like this one may take the short way from now on. */
static inline bool fast_allowed(const struct ccw_decoder *d, const struct ccw_io *io)
{
	return d->io_usual && !io->rc && !io->cc && ccw_io_result(io) == CCW_OK &&
	       (io->flags & VFIO_CCW_IO_STARTED) && (io->flags & VFIO_CCW_IO_ENDED);
}

#endif /* TRACE_SCAN_FAST_H */
