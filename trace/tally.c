// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "trace/tally.h"

#define FIRST_SLOTS 256

int ccw_tally_init(struct ccw_tally *t, const struct ccw_decoder *d, const struct ccw_scan *scan)
{
	memset(t, 0, sizeof(*t));
	t->decoder = d;
	t->filter = scan->filter;
	t->select = scan->select && ccw_select_any(scan->select) ? scan->select : NULL;
	t->stats = ccw_stats_new();
	t->nr_slots = FIRST_SLOTS;
	t->slots = calloc(t->nr_slots, sizeof(*t->slots));
	t->errors.at = malloc(CCW_SCAN_ERRORS * sizeof(*t->errors.at));
	t->errors.key = malloc(CCW_SCAN_ERRORS * sizeof(*t->errors.key));
	return t->stats && t->slots && t->errors.at && t->errors.key ? 0 : -ENOMEM;
}

void ccw_tally_free(struct ccw_tally *t)
{
	size_t i;

	for (i = 0; t->slots && i < t->nr_slots; i++)
		free(t->slots[i].part.log);
	free(t->slots);
	for (i = 0; i < t->errors.nr; i++)
		free(t->errors.at[i]);
	free(t->errors.at);
	free(t->errors.key);
	ccw_stats_free(t->stats);
	memset(t, 0, sizeof(*t));
}

static bool more_slots(struct ccw_tally *t)
{
	size_t nr = 2 * t->nr_slots, i, j;
	struct ccw_tally_slot *slots = calloc(nr, sizeof(*slots));

	if (!slots)
		return false;
	for (i = 0; t->slots && i < t->nr_slots; i++) {
		if (!t->slots[i].taken)
			continue;
		j = ccw_tally_hash(t->slots[i].key, nr);
		while (slots[j].taken)
			j = (j + 1) & (nr - 1);
		slots[j] = t->slots[i];
	}
	free(t->slots);
	t->slots = slots;
	t->nr_slots = nr;
	return true;
}

struct ccw_tally_slot *ccw_tally_new_slot(struct ccw_tally *t, uint32_t key)
{
	struct ccw_sch sch = { .cssid = key >> 24, .ssid = key >> 16, .schno = key };
	struct ccw_tally_slot *slot;
	struct ccw_stat *st = NULL;
	bool skip = !ccw_filter_match(t->filter, sch);
	size_t i;

	if (2 * (t->nr_taken + 1) > t->nr_slots && !more_slots(t))
		return NULL;
	if (!skip) {
		st = ccw_stats_get(t->stats, sch);
		if (!st)
			return NULL;
	}
	i = ccw_tally_hash(key, t->nr_slots);
	while (t->slots[i].taken)
		i = (i + 1) & (t->nr_slots - 1);
	slot = &t->slots[i];
	slot->key = key;
	slot->taken = true;
	slot->skip = skip;
	slot->st = st;
	slot->status = UINT64_MAX;
	t->nr_taken++;
	return slot;
}

static void begin_part(struct ccw_tally_slot *slot)
{
	memset(&slot->part, 0, sizeof(slot->part));
	slot->part.key = slot->key;
	slot->in_slice = true;
}

static int log_number(struct ccw_seq_part *p, uint32_t seq)
{
	if (p->nr_log == p->room) {
		unsigned int room = p->room ? 2U * p->room : 6;
		uint32_t *log;

		room = room < CCW_SEQ_LOG ? room : CCW_SEQ_LOG;
		log = realloc(p->log, room * sizeof(*log));
		if (!log)
			return -ENOMEM;
		p->log = log;
		p->room = room;
	}
	p->log[p->nr_log++] = seq;
	return 0;
}

static void note_full(struct ccw_seq_part *p)
{
	if (p->nr_log != CCW_SEQ_LOG)
		return;
	p->full = p->seq;
	p->full_missing = p->missing;
}

int ccw_tally_number(struct ccw_tally *t, struct ccw_tally_slot *slot, uint32_t seq)
{
	struct ccw_seq_part *p = &slot->part;

	if (!slot->in_slice)
		begin_part(slot);
	t->strange |= seq == CCW_SEQ_LOG_OPEN;
	ccw_seq_track(&p->seq, seq, &p->missing);
	if (t->whole || p->nr_log == CCW_SEQ_LOG)
		return 0;
	if (log_number(p, seq))
		return -ENOMEM;
	note_full(p);
	return 0;
}

static int number_open(struct ccw_tally *t, struct ccw_tally_slot *slot)
{
	struct ccw_seq_part *p = &slot->part;

	if (!slot->in_slice)
		begin_part(slot);
	ccw_seq_open(&p->seq);
	if (t->whole || p->nr_log == CCW_SEQ_LOG)
		return 0;
	if (log_number(p, CCW_SEQ_LOG_OPEN))
		return -ENOMEM;
	note_full(p);
	return 0;
}

bool ccw_seq_join(struct ccw_stat *st, const struct ccw_seq_part *p)
{
	unsigned int i;

	for (i = 0; i < p->nr_log; i++) {
		if (p->log[i] == CCW_SEQ_LOG_OPEN)
			ccw_seq_open(&st->seq);
		else
			ccw_seq_track(&st->seq, p->log[i], &st->missing);
	}
	if (p->nr_log < CCW_SEQ_LOG)
		return true;
	if (!ccw_seq_alike(&st->seq, &p->full))
		return false;
	st->seq = p->seq;
	st->missing += p->missing - p->full_missing;
	return true;
}

int ccw_tally_end_slice(struct ccw_tally *t, struct ccw_seq_part **parts, size_t *nr)
{
	size_t i, n = 0;

	*nr = 0;
	*parts = malloc((t->nr_taken + 1) * sizeof(**parts));
	if (!*parts)
		return -ENOMEM;
	for (i = 0; i < t->nr_slots; i++) {
		struct ccw_tally_slot *slot = &t->slots[i];

		if (!slot->in_slice)
			continue;
		(*parts)[n++] = slot->part;
		slot->part.log = NULL;
		slot->in_slice = false;
	}
	*nr = n;
	return 0;
}

/*
 * What tells errors apart, in the order in which they are listed, the most important leftmost: all
 * but the sense bytes after the second, the addresses and the numbers.
 */
static unsigned __int128 error_key(const struct ccw_io *io, enum ccw_result result)
{
	int32_t rc = io->rc < -32768 ? -32768 : io->rc > 32767 ? 32767 : io->rc;
	uint64_t high, low;

	high = (uint64_t)ccw_sch_key(io->sch) << 32 | (uint64_t)result << 24 |
	       (uint64_t)io->cmd << 16 | (uint16_t)(rc + 32768);
	low = (uint64_t)io->cc << 56 | (uint64_t)io->cstat << 48 | (uint64_t)io->dstat << 40 |
	      (uint64_t)io->flags << 16 | io->sense >> 48;
	return (unsigned __int128)high << 64 | low;
}

/* Makes place at index i for a new kind. NULL: no memory */
static struct ccw_scan_error *insert_error(struct ccw_error_table *t, size_t i,
					   unsigned __int128 key)
{
	struct ccw_scan_error *e;

	if (t->nr == CCW_SCAN_ERRORS) {
		e = t->at[--t->nr];
		t->other += e->count;
	} else {
		e = malloc(sizeof(*e));
		if (!e)
			return NULL;
	}
	memmove(t->at + i + 1, t->at + i, (t->nr - i) * sizeof(*t->at));
	memmove(t->key + i + 1, t->key + i, (t->nr - i) * sizeof(*t->key));
	t->at[i] = e;
	t->key[i] = key;
	t->nr++;
	return e;
}

/* count I/Os like io, the first at first_ts and io the last. */
static int add_error(struct ccw_error_table *t, const struct ccw_io *io, enum ccw_result result,
		     uint64_t first_ts, uint64_t count)
{
	unsigned __int128 key = error_key(io, result);
	size_t lo = 0, hi = t->nr;
	struct ccw_scan_error *e;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (t->key[mid] < key)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo < t->nr && t->key[lo] == key) {
		e = t->at[lo];
		e->count += count;
		if (io->ts >= e->io.ts)
			e->io = *io;
		if (first_ts < e->first_ts)
			e->first_ts = first_ts;
		return 0;
	}
	if (lo == CCW_SCAN_ERRORS) {
		t->other += count;
		return 0;
	}
	e = insert_error(t, lo, key);
	if (!e)
		return -ENOMEM;
	*e = (struct ccw_scan_error){ .io = *io, .first_ts = first_ts, .count = count };
	return 0;
}

/* What the I/Os of a run have in common, see struct ccw_tally_slot. */
static void flush(struct ccw_tally_slot *slot)
{
	struct ccw_stat *st = slot->st;
	uint8_t dstat = slot->status >> 48, cstat = slot->status >> 56;
	uint64_t n = slot->run;
	unsigned int i;

	slot->run = 0;
	st->ios += n;
	st->result[CCW_OK] += n;
	st->cc[0] += n;
	for (; dstat; dstat &= dstat - 1)
		st->dstat[__builtin_ctz(dstat)] += n;
	for (; cstat; cstat &= cstat - 1)
		st->cstat[__builtin_ctz(cstat)] += n;
	for (i = 0; i < CCW_NR_STAGES; i++)
		st->hist[i].count += n;
}

void ccw_tally_expect(struct ccw_tally_slot *slot, uint64_t status)
{
	if (slot->run && slot->status != status)
		flush(slot);
	slot->status = status;
}

void ccw_tally_flush(struct ccw_tally *t)
{
	size_t i;

	for (i = 0; i < t->nr_slots; i++) {
		if (t->slots[i].run)
			flush(&t->slots[i]);
	}
}

int ccw_tally_io(struct ccw_tally *t, const struct ccw_io *io)
{
	struct ccw_tally_slot *slot = ccw_tally_slot(t, ccw_sch_key(io->sch));
	enum ccw_result result = ccw_io_result(io);
	int rc;

	if (!slot)
		return -ENOMEM;
	if (slot->skip || (t->select && !ccw_select_io(t->select, io)))
		return 0;
	rc = ccw_stat_count(slot->st, io);
	rc = rc ? rc : ccw_tally_number(t, slot, io->seq);
	if (!rc && result != CCW_OK)
		rc = add_error(&t->errors, io, result, io->ts, 1);
	return rc;
}

int ccw_tally_fsm(struct ccw_tally *t, const struct ccw_fsm *fsm)
{
	struct ccw_tally_slot *slot = ccw_tally_slot(t, ccw_sch_key(fsm->sch));

	if (!slot)
		return -ENOMEM;
	if (slot->skip || (t->select && !ccw_select_time(t->select, fsm->ts)))
		return 0;
	t->transitions++;
	ccw_stat_fsm(slot->st, fsm);
	return fsm->event == VFIO_CCW_EVENT_OPEN ? number_open(t, slot) : 0;
}

int ccw_tally_merge(struct ccw_tally *to, struct ccw_tally *from)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < ccw_stats_count(from->stats) && !rc; i++) {
		struct ccw_stat *st = ccw_stats_at(from->stats, i);
		struct ccw_stat *sum = ccw_stats_get(to->stats, st->sch);

		rc = sum ? ccw_stat_merge(sum, st) : -ENOMEM;
		ccw_stat_free(st); /* at once: two of each would be twice the memory */
	}
	for (i = 0; i < from->errors.nr && !rc; i++) {
		const struct ccw_scan_error *e = from->errors.at[i];

		rc = add_error(&to->errors, &e->io, ccw_io_result(&e->io), e->first_ts, e->count);
	}
	to->errors.other += from->errors.other;
	to->transitions += from->transitions;
	ccw_tally_free(from);
	return rc;
}
