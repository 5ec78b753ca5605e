// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "trace/join.h"

/* Bits of the SCSW as the events tell them, moved to the right end of a byte. */
#define FCTL_START 0x04
#define FCTL_HALT 0x02
#define FCTL_CLEAR 0x01
#define ACTL_BUSY 0x66 /* resume, start pending; subchannel, device active */
#define ACTL_SUSPENDED 0x01
#define STCTL_PRIMARY 0x04
#define STCTL_PENDING 0x01

/* ORB word 1 */
#define ORB_FMT1 0x00800000U
#define ORB_PFCH 0x00400000U
#define ORB_IDA64 0x00020000U
#define ORB_IDA2K 0x00010000U

/* IRB: extended-report word, its "concurrent sense" bit, where the rest stands */
#define IRB_COUNT 10
#define IRB_LPUM 13
#define IRB_ERW 16
#define IRB_ECW 32
#define ERW_CONS 0x01000000U

/*
 * How far an interrupt can be stamped before its SSCH: as long as the hypervisor keeps a CPU
 * waiting between the instruction and the record of it.
 */
#define MAX_EARLY_NS 100000000ULL

#define FIRST_SLOTS 64

struct entry {
	uint32_t key;
	uint32_t seq; /* I/Os so far */
	struct ccw_io io; /* the start function under way, if active; what its status said so far */
	struct ccw_io ended; /* final status whose SSCH has not come, if held */
	uint64_t ssch_ts, irq_ts, req_ts;
	uint32_t epoch; /* of the last SSCH, see struct ccw_join */
	bool active, held;
	bool irq; /* interrupt that no status was fetched for yet, at irq_ts */
	bool req; /* the driver was asked at req_ts */
	bool synced; /* an SSCH was seen since the last loss */
	bool seen_cio; /* s390_cio events tell of it */
	bool seen_tsch;
	bool cc_told; /* the SSCH of this request got a condition code: told already */
};

struct ccw_join {
	const struct ccw_decoder *decoder;
	struct entry **slots; /* hash table, size a power of two, at most half full */
	size_t nr_slots, nr_entries;
	uint32_t epoch; /* number of losses so far */
	struct ccw_joined counts;
};

struct ccw_join *ccw_join_new(const struct ccw_decoder *d)
{
	struct ccw_join *j = calloc(1, sizeof(*j));

	if (!j)
		return NULL;
	j->decoder = d;
	j->nr_slots = FIRST_SLOTS;
	j->slots = calloc(j->nr_slots, sizeof(*j->slots));
	if (!j->slots) {
		free(j);
		return NULL;
	}
	j->counts.used = true;
	return j;
}

void ccw_join_free(struct ccw_join *j)
{
	size_t i;

	if (!j)
		return;
	for (i = 0; i < j->nr_slots; i++)
		free(j->slots[i]);
	free(j->slots);
	free(j);
}

const struct ccw_joined *ccw_join_counts(const struct ccw_join *j)
{
	return &j->counts;
}

void ccw_join_lost(struct ccw_join *j)
{
	j->epoch++;
}

static size_t slot_of(struct entry *const *slots, size_t nr, uint32_t key)
{
	size_t i = (key * 0x9e3779b1U >> 7) & (nr - 1);

	while (slots[i] && slots[i]->key != key)
		i = (i + 1) & (nr - 1);
	return i;
}

static int grow(struct ccw_join *j)
{
	size_t nr = 2 * j->nr_slots, i;
	struct entry **slots = calloc(nr, sizeof(*slots));

	if (!slots)
		return -ENOMEM;
	for (i = 0; i < j->nr_slots; i++) {
		if (j->slots[i])
			slots[slot_of(slots, nr, j->slots[i]->key)] = j->slots[i];
	}
	free(j->slots);
	j->slots = slots;
	j->nr_slots = nr;
	return 0;
}

/* NULL in *out: there are too many subchannels already. */
static int find(struct ccw_join *j, struct ccw_sch sch, struct entry **out)
{
	uint32_t key = ccw_sch_key(sch);
	size_t i = slot_of(j->slots, j->nr_slots, key);

	*out = j->slots[i];
	if (*out)
		return 0;
	if (j->nr_entries == CCW_JOIN_MAX) {
		j->counts.untracked++;
		return 0;
	}
	if (2 * (j->nr_entries + 1) > j->nr_slots) {
		if (grow(j))
			return -ENOMEM;
		i = slot_of(j->slots, j->nr_slots, key);
	}
	*out = calloc(1, sizeof(**out));
	if (!*out)
		return -ENOMEM;
	(*out)->key = key;
	(*out)->epoch = j->epoch;
	j->slots[i] = *out;
	j->nr_entries++;
	return 0;
}

static int emit(struct ccw_join *j, struct entry *e, struct ccw_io *io, const struct ccw_sink *sink)
{
	io->seq = ++e->seq;
	j->counts.ios++;
	return sink->io ? sink->io(sink->ctx, io) : 0;
}

/* The device time, if both ends were stamped in their order and nothing is missing between. */
static void take_device_time(struct ccw_join *j, const struct entry *e, struct ccw_io *io,
			     uint64_t end)
{
	if (e->epoch != j->epoch)
		return;
	if (end < e->ssch_ts) {
		j->counts.early++;
		return;
	}
	io->ns[CCW_DEVICE] = end - e->ssch_ts;
	io->have = 1U << CCW_DEVICE;
}

/*
 * A start function whose final status has no record: s390_cio_tsch was not recorded, or it was
 * lost. Without any, the interrupt ended it.
 */
static int give_up(struct ccw_join *j, struct entry *e, const struct ccw_sink *sink)
{
	e->active = false;
	if (e->irq && !e->seen_tsch) {
		e->irq = false;
		e->io.irqs++;
		e->io.ts = e->irq_ts > e->ssch_ts ? e->irq_ts : e->ssch_ts;
		take_device_time(j, e, &e->io, e->irq_ts);
	} else {
		j->counts.unfinished++;
	}
	return emit(j, e, &e->io, sink);
}

/* A final status whose SSCH has no record: its start is not known. */
static int orphan(struct ccw_join *j, struct entry *e, struct ccw_io *io,
		  const struct ccw_sink *sink)
{
	j->counts.orphans++;
	return emit(j, e, io, sink);
}

static uint16_t orb_flags(const uint8_t *orb)
{
	uint32_t word;

	if (!orb)
		return 0;
	word = ccw_get32(orb + 4, !ccw_host_big_endian());
	return (word & ORB_FMT1 ? VFIO_CCW_IO_FMT1 : 0) | (word & ORB_PFCH ? VFIO_CCW_IO_PFCH : 0) |
	       (word & ORB_IDA64 ? VFIO_CCW_IO_IDA64 : 0) |
	       ((word & ORB_IDA64) && (word & ORB_IDA2K) ? VFIO_CCW_IO_IDA2K : 0);
}

static int on_ssch(struct ccw_join *j, struct entry *e, const struct ccw_cio *cio,
		   const struct ccw_io *base, const struct ccw_sink *sink)
{
	struct ccw_io io = *base;
	bool early;
	int rc = 0;

	io.flags = VFIO_CCW_IO_STARTED | orb_flags(cio->block);
	io.cc = cio->cc & 3;
	if (io.cc) {
		e->cc_told = true;
		return emit(j, e, &io, sink);
	}
	if (e->active)
		rc = give_up(j, e, sink);
	if (e->irq && io.ts - e->irq_ts > MAX_EARLY_NS)
		e->irq = false; /* of something else, and its status was not fetched */
	early = e->held && io.ts - e->ended.ts <= MAX_EARLY_NS;
	e->active = true;
	e->synced = true;
	e->epoch = j->epoch;
	e->ssch_ts = io.ts;
	e->io = io;
	if (!e->held || rc)
		return rc;
	e->held = false;
	if (!early)
		return orphan(j, e, &e->ended, sink);
	/* Its end was stamped first: this is the start that was waited for. */
	j->counts.early++;
	e->active = false;
	e->ended.flags |= io.flags;
	e->ended.ts = io.ts;
	return emit(j, e, &e->ended, sink);
}

static void take_status(struct ccw_io *io, const struct ccw_cio *cio)
{
	const bool swap = !ccw_host_big_endian();

	io->irqs++;
	io->fctl = cio->fctl;
	io->actl = cio->actl;
	io->stctl = cio->stctl;
	/* Channel end alone: the final status does not say it again. */
	io->dstat |= cio->dstat;
	io->cstat |= cio->cstat;
	if (cio->actl & ACTL_SUSPENDED)
		io->flags |= VFIO_CCW_IO_SUSPENDED;
	if (!cio->block)
		return;
	if (cio->stctl & STCTL_PRIMARY)
		io->resid = ccw_get16(cio->block + IRB_COUNT, swap);
	io->lpum = cio->block[IRB_LPUM];
	io->erw = ccw_get32(cio->block + IRB_ERW, swap);
	if (io->erw & ERW_CONS) {
		io->flags |= VFIO_CCW_IO_SENSE;
		io->sense = ccw_get64(cio->block + IRB_ECW, swap);
	}
}

static int on_tsch(struct ccw_join *j, struct entry *e, const struct ccw_cio *cio,
		   const struct ccw_io *base, const struct ccw_sink *sink)
{
	uint64_t end = e->irq ? e->irq_ts : base->ts;
	struct ccw_io io = *base;

	e->seen_tsch = true;
	if (cio->cc || !(cio->stctl & STCTL_PENDING))
		return 0;
	e->irq = false;
	if (!cio->fctl) {
		j->counts.unsolicited++;
		return 0;
	}
	if (e->active) {
		take_status(&e->io, cio);
		if (cio->actl & (ACTL_BUSY | ACTL_SUSPENDED))
			return 0; /* intermediate: the channel goes on */
		e->active = false;
		e->io.ts = base->ts;
		e->io.flags |= VFIO_CCW_IO_ENDED;
		if (e->epoch != j->epoch)
			j->counts.orphans++;
		take_device_time(j, e, &e->io, end);
		return emit(j, e, &e->io, sink);
	}
	if (!(cio->fctl & FCTL_START) || cio->actl & (ACTL_BUSY | ACTL_SUSPENDED))
		return 0; /* HALT or CLEAR of an idle subchannel */
	io.flags = VFIO_CCW_IO_ENDED;
	take_status(&io, cio);
	if (e->held) { /* two ends without a start: the first one's is missing */
		struct ccw_io first = e->ended;

		e->ended = io;
		return orphan(j, e, &first, sink);
	}
	if (!e->synced || e->epoch != j->epoch) {
		e->epoch = j->epoch;
		return orphan(j, e, &io, sink);
	}
	e->held = true;
	e->ended = io;
	return 0;
}

/*
 * Two interrupts and no status between: s390_cio_tsch is not recorded, and the second one belongs
 * to an SSCH whose record is still to come.
 */
static int on_interrupt(struct ccw_join *j, struct entry *e, uint64_t ts,
			const struct ccw_sink *sink)
{
	int rc = 0;

	if (e->active && e->irq && !e->seen_tsch)
		rc = give_up(j, e, sink);
	e->irq = true;
	e->irq_ts = ts;
	return rc;
}

static int on_cancel(struct ccw_join *j, struct entry *e, const struct ccw_io *base,
		     const struct ccw_sink *sink)
{
	if (!e->active)
		return 0;
	e->active = false;
	e->io.ts = base->ts;
	e->io.flags |= VFIO_CCW_IO_CANCELLED;
	return emit(j, e, &e->io, sink);
}

static int on_refusal(struct ccw_join *j, struct entry *e, const struct ccw_cio *cio,
		      const struct ccw_io *base, const struct ccw_sink *sink)
{
	struct ccw_io io = *base;

	e->req = false;
	if (cio->rc >= 0)
		return 0;
	if (e->cc_told) {
		e->cc_told = false;
		return 0;
	}
	io.rc = cio->rc;
	return emit(j, e, &io, sink);
}

/* The driver's own events alone: from the request to the end of it, whatever happened between. */
static int on_fsm_event(struct ccw_join *j, struct entry *e, const struct ccw_cio *cio,
			const struct ccw_io *base, const struct ccw_sink *sink)
{
	struct ccw_io io = *base;

	switch (cio->event) {
	case VFIO_CCW_EVENT_IO_REQ:
		e->cc_told = false;
		if (e->req && !e->seen_cio)
			j->counts.unfinished++;
		e->req = true;
		e->req_ts = io.ts;
		e->epoch = e->seen_cio ? e->epoch : j->epoch;
		return 0;
	case VFIO_CCW_EVENT_INTERRUPT:
		if (!e->req)
			return 0;
		e->req = false;
		if (e->seen_cio)
			return 0;
		io.irqs = 1;
		if (e->epoch == j->epoch && io.ts >= e->req_ts) {
			io.ns[CCW_TOTAL] = io.ts - e->req_ts;
			io.have = 1U << CCW_TOTAL;
		}
		return emit(j, e, &io, sink);
	}
	return 0;
}

int ccw_join_record(struct ccw_join *j, unsigned int cpu, uint64_t ts, const uint8_t *data,
		    uint32_t len, const struct ccw_sink *sink)
{
	struct ccw_io base = { .ts = ts, .cpu = cpu };
	struct ccw_cio cio;
	struct entry *e;
	int rc;

	ccw_decode_cio(j->decoder, data, len, &cio);
	base.sch = cio.sch;
	rc = find(j, cio.sch, &e);
	if (rc || !e)
		return rc;
	e->seen_cio |= cio.kind != CCW_CIO_IO_REQUEST && cio.kind != CCW_CIO_FSM_EVENT;
	switch (cio.kind) {
	case CCW_CIO_SSCH:
		return on_ssch(j, e, &cio, &base, sink);
	case CCW_CIO_INTERRUPT:
		return on_interrupt(j, e, ts, sink);
	case CCW_CIO_TSCH:
		return on_tsch(j, e, &cio, &base, sink);
	case CCW_CIO_HSCH:
		if (e->active && !cio.cc)
			e->io.flags |= VFIO_CCW_IO_HALTED;
		return 0;
	case CCW_CIO_CSCH:
		if (e->active && !cio.cc)
			e->io.flags |= VFIO_CCW_IO_CLEARED;
		return 0;
	case CCW_CIO_XSCH:
		return cio.cc ? 0 : on_cancel(j, e, &base, sink);
	case CCW_CIO_IO_REQUEST:
		return on_refusal(j, e, &cio, &base, sink);
	case CCW_CIO_FSM_EVENT:
		return on_fsm_event(j, e, &cio, &base, sink);
	default:
		return 0;
	}
}

static int by_key(const void *a, const void *b)
{
	const struct entry *x = *(struct entry *const *)a, *y = *(struct entry *const *)b;

	return x->key < y->key ? -1 : x->key > y->key;
}

static int end_entry(struct ccw_join *j, struct entry *e, const struct ccw_sink *sink)
{
	int rc = 0;

	if (e->held) {
		e->held = false;
		rc = orphan(j, e, &e->ended, sink);
	}
	if (!rc && e->active && e->irq && !e->seen_tsch)
		rc = give_up(j, e, sink);
	else
		j->counts.running += e->active;
	e->active = false;
	return rc;
}

int ccw_join_end(struct ccw_join *j, const struct ccw_sink *sink)
{
	struct entry **list = malloc((j->nr_entries + 1) * sizeof(*list));
	size_t i, n = 0;
	int rc = 0;

	if (!list)
		return -ENOMEM;
	for (i = 0; i < j->nr_slots; i++) {
		if (j->slots[i])
			list[n++] = j->slots[i];
	}
	qsort(list, n, sizeof(*list), by_key);
	for (i = 0; i < n && !rc; i++)
		rc = end_entry(j, list[i], sink);
	free(list);
	return rc;
}
