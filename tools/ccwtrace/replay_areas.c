// SPDX-License-Identifier: GPL-2.0
/*
 * What a recorded program needs in guest memory (Principles of Operation, chapter 15: CCW formats,
 * data chaining, indirect data addressing).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/ccwtrace/replay.h"
#include "tools/dev/bytes.h"
#include "tools/dev/channel.h"
#include "trace/events/vfio_ccw_abi.h"

#define NO_DATA UINT32_MAX
#define LONGEST_OWN 256 /* bytes of a CCW, an IDAW, a command's parameters */
#define MAX_PASSES 64 /* to carry commands along data chains; more is no program of this world */

struct ccw {
	uint8_t cmd; /* of the CCW itself or, data chained, of the one that began the chain */
	uint8_t own; /* of the CCW itself */
	bool entered; /* not by data chaining alone: its own command is done then */
	uint8_t flags;
	uint16_t count;
	uint32_t addr;
	bool tic;
};

/* While one program is looked at. */
struct walk {
	const struct replay_program *p;
	struct replay_areas *areas;
	struct ccwio_error *err;
	struct ccw *ccws;
	uint32_t *by_addr; /* numbers of the CCWs by their address */
	uint32_t *param, *idaw; /* offset of an item in data, NO_DATA */
	uint32_t block; /* bytes that an IDAW stands for */
	bool wide; /* format-2 IDAWs */
	uint64_t spare_base;
};

static int unfit(struct walk *w, const char *why)
{
	return ccwio_fail(w->err, -EOPNOTSUPP, "program #%u (CCWs at 0x%x) cannot be run again: %s",
			  w->p->seq, w->p->cpa, why);
}

static struct ccw decode(const struct replay_program *p, uint32_t i)
{
	const uint8_t *b = p->ccw + 8u * i;
	struct ccw c;

	if (p->orb1 & ORB_FMT1) {
		c = (struct ccw){ .cmd = b[0], .flags = b[1], .count = get_be16(b + 2),
				  .addr = get_be32(b + 4) & 0x7fffffff };
		c.tic = c.cmd == CMD_TIC;
	} else {
		c = (struct ccw){ .cmd = b[0], .flags = b[4], .count = get_be16(b + 6),
				  .addr = get_be32(b) & 0xffffff };
		c.tic = (c.cmd & 0xf) == CMD_TIC;
	}
	if (c.tic)
		c.flags = c.count = 0;
	c.own = c.cmd;
	return c;
}

/* Number of the CCW at an address, -1: it is not in the program. */
static int64_t find(const struct walk *w, uint64_t addr)
{
	size_t low = 0, high = w->p->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (w->p->addr[w->by_addr[mid]] == addr)
			return w->by_addr[mid];
		if (w->p->addr[w->by_addr[mid]] < addr)
			low = mid + 1;
		else
			high = mid;
	}
	return -1;
}

static int by_address(const void *a, const void *b, void *ctx)
{
	const uint32_t *addr = ctx, x = addr[*(const uint32_t *)a], y = addr[*(const uint32_t *)b];

	return x < y ? -1 : x > y;
}

/* With data chaining the command goes on into the next CCW, through a TIC if that is next. */
static int carry_commands(struct walk *w)
{
	bool changed = true;
	int pass;

	for (pass = 0; changed && pass < MAX_PASSES; pass++) {
		changed = false;
		for (uint32_t i = 0; i < w->p->count; i++) {
			int64_t next;

			if (!(w->ccws[i].flags & CCW_CD))
				continue;
			next = find(w, (uint64_t)w->p->addr[i] + CCW_SIZE);
			if (next >= 0 && w->ccws[next].tic)
				next = find(w, w->ccws[next].addr);
			if (next < 0 || w->ccws[next].tic || w->ccws[next].cmd == w->ccws[i].cmd)
				continue;
			w->ccws[next].cmd = w->ccws[i].cmd;
			changed = true;
		}
	}
	return changed ? unfit(w, "its data chains go round in circles") : 0;
}

/* Items of data, each to its CCW. */
static int take_items(struct walk *w)
{
	const struct replay_program *p = w->p;
	uint32_t at, index, len;

	for (at = 0; at < p->data_len; at += 4 + len) {
		if (p->data_len - at < 4)
			return unfit(w, "its parameters are damaged in the recording");
		index = get_be16(p->data + at);
		len = p->data[at + 3];
		if (index >= p->count || len > p->data_len - at - 4)
			return unfit(w, "its parameters are damaged in the recording");
		if (p->data[at + 2] == VFIO_CCW_CCW_PARAM)
			w->param[index] = at + 3;
		else if (p->data[at + 2] == VFIO_CCW_CCW_IDAW && len == (w->wide ? 8 : 4))
			w->idaw[index] = at + 4;
	}
	return 0;
}

static int add(struct walk *w, struct replay_area area)
{
	struct replay_areas *a = w->areas;

	if (area.addr + area.len - 1 < area.addr)
		return unfit(w, "an address in it wraps around");
	if (a->count == a->room) {
		size_t room = a->room ? 2 * a->room : 64;
		struct replay_area *all = realloc(a->all, room * sizeof(*all));

		if (!all)
			return ccwio_fail(w->err, -ENOMEM, "out of memory");
		a->all = all;
		a->room = room;
	}
	a->all[a->count++] = area;
	return 0;
}

static bool is_input(const struct ccw *c)
{
	return (c->cmd & 3) == 2 || (c->cmd & 0xf) == 4 || (c->cmd & 0xf) == 0xc;
}

static bool is_control(const struct ccw *c)
{
	return (c->cmd & 3) == 3;
}

/*
 * Commands that change what is on a device: WRITE and its like by their low bits, and of the
 * control commands those that write, mark or erase on some kind of device (tape: ERASE GAP, WRITE
 * TAPE MARK, DATA SECURITY ERASE; DASD: DEFINE SUBSYSTEM OPERATION, which can release space).
 */
static bool is_write(uint8_t cmd)
{
	return (cmd & 3) == 1 || cmd == 0x17 || cmd == 0x1f || cmd == 0x97 || cmd == 0xf7;
}

static void enter(struct walk *w, uint64_t addr)
{
	int64_t i = find(w, addr);

	if (i >= 0)
		w->ccws[i].entered = true;
}

/* Wherever the program can go is a CCW that was recorded, or the channel runs what was not. */
static int closed(struct walk *w)
{
	uint32_t i;

	if (find(w, w->p->cpa) < 0)
		return unfit(w, "its first CCW was not recorded");
	enter(w, w->p->cpa);
	for (i = 0; i < w->p->count; i++) {
		const struct ccw *c = &w->ccws[i];

		if (c->tic ? find(w, c->addr) < 0 :
			     c->flags & (CCW_CD | CCW_CC) &&
				     find(w, (uint64_t)w->p->addr[i] + CCW_SIZE) < 0)
			return unfit(w, "it goes on with a CCW that was not recorded");
		if (c->tic)
			enter(w, c->addr);
		if (c->flags & CCW_CC && !(c->flags & CCW_CD)) {
			enter(w, (uint64_t)w->p->addr[i] + CCW_SIZE);
			enter(w, (uint64_t)w->p->addr[i] + 2 * CCW_SIZE); /* status modifier */
		}
	}
	return 0;
}

/* Contents of a stretch of data that begins @from bytes into the CCW's. */
static int add_data(struct walk *w, uint32_t i, uint64_t addr, uint32_t len, uint32_t from,
		    bool invented)
{
	const struct ccw *c = &w->ccws[i];
	struct replay_area area = { .kind = is_input(c) ? REPLAY_IN : REPLAY_OUT, .addr = addr,
				    .len = len, .index = i, .invented = invented };
	uint32_t have;

	if (is_control(c) && c->cmd != 0x03) {
		area.kind = REPLAY_PARAM;
		have = w->param[i] == NO_DATA ? 0 : w->p->data[w->param[i]];
		if (from + len > have)
			return unfit(w, "not all parameter bytes of a control command were "
					"recorded");
		area.value = w->param[i] + 1 + from;
	}
	return add(w, area);
}

/* The blocks behind the first IDAW: taken to follow it, upwards or, READ BACKWARD, downwards. */
static int add_idal(struct walk *w, uint32_t i)
{
	const struct ccw *c = &w->ccws[i];
	bool down = (c->cmd & 0xf) == 0xc, invented = false;
	uint32_t left = c->count, size = w->wide ? 8 : 4, n = 0, len;
	uint64_t first, at;
	int rc = 0;

	if (w->idaw[i] == NO_DATA)
		return unfit(w, "an indirect data address was not recorded");
	first = w->wide ? get_be64(w->p->data + w->idaw[i]) : get_be32(w->p->data + w->idaw[i]);
	for (at = first; !rc && left; n++) {
		uint64_t base = at & ~(uint64_t)(w->block - 1);

		len = down ? at - base + 1 : base + w->block - at;
		len = len < left ? len : left;
		rc = add(w, (struct replay_area){ .kind = REPLAY_IDAW, .len = size, .index = i,
						  .addr = (uint64_t)c->addr + n * size,
						  .value = at });
		if (!rc)
			rc = add_data(w, i, down ? at - len + 1 : at, len, c->count - left,
				      invented);
		left -= len;
		if (!rc && left && (down ? !base : !(base + w->block)))
			return unfit(w, "an address in it wraps around");
		at = down ? base - 1 : base + w->block;
		invented = true;
	}
	return rc;
}

static int add_ccw(struct walk *w, uint32_t i)
{
	const struct ccw *c = &w->ccws[i];
	int rc = add(w, (struct replay_area){ .kind = REPLAY_CCW, .addr = w->p->addr[i],
					      .len = CCW_SIZE, .index = i });

	if (rc || c->tic)
		return rc;
	if ((is_write(c->cmd) || (c->entered && is_write(c->own))) && !w->areas->writes) {
		w->areas->writes = true;
		w->areas->write_cmd = is_write(c->cmd) ? c->cmd : c->own;
	}
	if (c->flags & CCW_SUSPEND && w->p->orb1 & ORB_SPND)
		return unfit(w, "it suspends, and what resumed it was not recorded");
	if (!c->count || (c->flags & CCW_SKIP && is_input(c)))
		return 0;
	if (c->flags & CCW_MIDA && w->p->orb1 & ORB_MIDAW)
		return unfit(w, "it uses MIDAWs, which are not recorded");
	if (c->flags & CCW_IDA)
		return add_idal(w, i);
	if ((c->cmd & 0xf) == 0xc)
		return add_data(w, i, (uint64_t)c->addr - c->count + 1, c->count, 0, false);
	return add_data(w, i, c->addr, c->count, 0, false);
}

static int by_place(const void *a, const void *b)
{
	const struct replay_area *x = a, *y = b;

	return x->addr < y->addr ? -1 : x->addr > y->addr;
}

/* Whether bytes of the program itself lie in a stretch; @own is sorted. */
static bool hits(const struct replay_area *own, size_t n, uint64_t addr, uint32_t len)
{
	size_t low = 0, high = n;

	/* the first that begins behind the stretch */
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (own[mid].addr < addr + len)
			low = mid + 1;
		else
			high = mid;
	}
	while (low > 0 && own[low - 1].addr + LONGEST_OWN >= addr) {
		low--;
		if (own[low].addr + own[low].len > addr)
			return true;
	}
	return false;
}

/* A place that nobody recorded must not put data over the program. */
static int move_invented(struct walk *w)
{
	struct replay_areas *a = w->areas;
	struct replay_area *own = calloc(a->count + 1, sizeof(*own));
	size_t n = 0, i;

	if (!own)
		return ccwio_fail(w->err, -ENOMEM, "out of memory");
	for (i = 0; i < a->count; i++) {
		if (a->all[i].kind <= REPLAY_PARAM && !a->all[i].invented)
			own[n++] = a->all[i];
	}
	qsort(own, n, sizeof(*own), by_place);
	for (i = 1; i < a->count; i++) {
		struct replay_area *data = &a->all[i];
		uint64_t to = w->spare_base + a->spare;

		if (!data->invented || !hits(own, n, data->addr, data->len))
			continue;
		/* its IDAW stands before it */
		a->all[i - 1].value = to + (a->all[i - 1].value & (w->block - 1));
		data->addr = to + (data->addr & (w->block - 1));
		data->spare = true;
		a->spare += w->block;
	}
	free(own);
	return 0;
}

static int look(struct walk *w)
{
	const struct replay_program *p = w->p;
	uint32_t i;
	int rc;

	for (i = 0; i < p->count; i++) {
		w->ccws[i] = decode(p, i);
		w->by_addr[i] = i;
		w->param[i] = w->idaw[i] = NO_DATA;
	}
	qsort_r(w->by_addr, p->count, sizeof(*w->by_addr), by_address, p->addr);
	rc = closed(w);
	rc = rc ? rc : carry_commands(w);
	if (!rc)
		rc = take_items(w);
	for (i = 0; !rc && i < p->count; i++)
		rc = add_ccw(w, i);
	return rc ? rc : move_invented(w);
}

int replay_areas(const struct replay_program *p, uint64_t spare_base, struct replay_areas *areas,
		 struct ccwio_error *err)
{
	struct walk w = { .p = p, .areas = areas, .err = err, .spare_base = spare_base };
	int rc;

	areas->count = 0;
	areas->spare = 0;
	areas->writes = false;
	w.wide = p->orb1 & ORB_C64;
	w.block = w.wide && !(p->orb1 & ORB_I2K) ? 4096 : 2048;
	if (p->cut)
		return unfit(&w, "the driver recorded only a part of it");
	if (p->broken || p->count != p->total || !p->count)
		return unfit(&w, "records of it are missing");
	w.ccws = calloc(p->count, sizeof(*w.ccws));
	w.by_addr = calloc(p->count, 3 * sizeof(*w.by_addr));
	if (w.ccws && w.by_addr) {
		w.param = w.by_addr + p->count;
		w.idaw = w.param + p->count;
		rc = look(&w);
	} else {
		rc = ccwio_fail(err, -ENOMEM, "out of memory");
	}
	free(w.ccws);
	free(w.by_addr);
	return rc;
}
