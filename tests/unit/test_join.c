// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "trace/join.h"

/* The layouts of a 6.12 kernel; numbers of the events are ours. */
#define COMMON \
	"format:\n" \
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n" \
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
#define F(type, name, offset, size, sign) \
	"\tfield:" type " " name ";\toffset:" #offset ";\tsize:" #size ";\tsigned:" #sign ";\n"
#define SCHID(name) F("u8", "cssid", 8, 1, 0) F("u8", "ssid", 9, 1, 0) F("u16", name, 10, 2, 0)
#define END "\nprint fmt: \"\"\n"

enum { SSCH = 100, INTERRUPT, TSCH, HSCH, CSCH, XSCH, IO_REQUEST, FSM_EVENT };

static const struct {
	const char *system, *text;
} formats[] = {
	{ "s390", "name: s390_cio_ssch\nID: 100\n" COMMON SCHID("schno")
		  F("union orb", "orb", 12, 32, 0) F("int", "cc", 44, 4, 1) END },
	{ "s390", "name: s390_cio_interrupt\nID: 101\n" COMMON
		  F("struct tpi_info", "tpi_info", 8, 12, 0) F("u8", "cssid", 20, 1, 0)
		  F("u8", "ssid", 21, 1, 0) F("u16", "schno", 22, 2, 0) END },
	{ "s390", "name: s390_cio_tsch\nID: 102\n" COMMON SCHID("schno")
		  F("struct irb", "irb", 12, 64, 0) F("u8", "scsw_fctl", 78, 1, 0)
		  F("u8", "scsw_actl", 79, 1, 0) F("u8", "scsw_stctl", 80, 1, 0)
		  F("u8", "scsw_dstat", 81, 1, 0) F("u8", "scsw_cstat", 82, 1, 0)
		  F("int", "cc", 84, 4, 1) END },
	{ "s390", "name: s390_cio_hsch\nID: 103\n" COMMON SCHID("schno")
		  F("int", "cc", 12, 4, 1) END },
	{ "s390", "name: s390_cio_csch\nID: 104\n" COMMON SCHID("schno")
		  F("int", "cc", 12, 4, 1) END },
	{ "s390", "name: s390_cio_xsch\nID: 105\n" COMMON SCHID("schno")
		  F("int", "cc", 12, 4, 1) END },
	{ "vfio_ccw", "name: vfio_ccw_fsm_io_request\nID: 106\n" COMMON SCHID("sch_no")
		      F("int", "fctl", 12, 4, 1) F("int", "errno", 16, 4, 1) END },
	{ "vfio_ccw", "name: vfio_ccw_fsm_event\nID: 107\n" COMMON SCHID("schno")
		      F("int", "state", 12, 4, 1) F("int", "event", 16, 4, 1) END },
};

struct world {
	struct ccw_decoder d;
	struct ccw_join *j;
	struct ccw_sink sink;
	struct ccw_io io[64];
	unsigned int n;
	uint16_t schno;
	bool big;
};

static int on_io(void *ctx, const struct ccw_io *io)
{
	struct world *w = ctx;

	assert_true(w->n < 64);
	w->io[w->n++] = *io;
	return 0;
}

static struct world *new_world(bool big)
{
	struct world *w = test_calloc(1, sizeof(*w));
	struct ccw_error err;
	size_t i;

	ccw_decoder_init(&w->d, big);
	for (i = 0; i < sizeof(formats) / sizeof(*formats); i++)
		assert_int_equal(ccw_decoder_add(&w->d, formats[i].system, formats[i].text,
						 strlen(formats[i].text), 8, &err), 0);
	for (i = 0; i < CCW_NR_CIO; i++)
		assert_int_equal(w->d.cio[i].id, 100 + i);
	assert_true(w->d.stock);
	w->d.join = true;
	w->j = ccw_join_new(&w->d);
	assert_non_null(w->j);
	w->sink = (struct ccw_sink){ .io = on_io, .ctx = w };
	w->schno = 3;
	w->big = big;
	return w;
}

static const struct ccw_joined *counts(const struct world *w)
{
	return ccw_join_counts(w->j);
}

static void end(struct world *w)
{
	ccw_join_free(w->j);
	test_free(w);
}

static void put(const struct world *w, uint8_t *out, uint64_t v, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		out[i] = v >> 8 * (w->big ? n - 1 - i : i);
}

static void hand(struct world *w, uint64_t ts, const uint8_t *data, uint32_t len)
{
	assert_int_equal(ccw_decoder_kind(&w->d, data, len), CCW_KIND_CIO);
	assert_int_equal(ccw_join_record(w->j, 1, ts, data, len, &w->sink), 0);
}

static void simple(struct world *w, uint64_t ts, int id, int a, int b)
{
	uint8_t data[88] = { 0 };

	put(w, data, id, 2);
	put(w, data + 10, w->schno, 2);
	put(w, data + 12, a, 4);
	put(w, data + 16, b, 4);
	hand(w, ts, data, 20);
}

static void ssch(struct world *w, uint64_t ts, int cc)
{
	uint8_t data[48] = { 0 };

	put(w, data, SSCH, 2);
	put(w, data + 10, w->schno, 2);
	memcpy(data + 12 + 4, "\x00\xc2\x80\x00", 4); /* F, P, H of the ORB */
	put(w, data + 44, cc, 4);
	hand(w, ts, data, sizeof(data));
}

static void irq(struct world *w, uint64_t ts)
{
	uint8_t data[28] = { 0 };

	put(w, data, INTERRUPT, 2);
	put(w, data + 22, w->schno, 2);
	hand(w, ts, data, sizeof(data));
}

static void tsch(struct world *w, uint64_t ts, int fctl, int actl, int stctl, int dstat)
{
	uint8_t data[88] = { 0 };

	put(w, data, TSCH, 2);
	put(w, data + 10, w->schno, 2);
	memcpy(data + 12 + 10, "\x01\x02", 2);
	data[12 + 13] = 0x40;
	if (dstat & 2) {
		memcpy(data + 12 + 16, "\x01\x20\x00\x00", 4);
		memcpy(data + 12 + 32, "\x80\x01\x02\x03\x04\x05\x06\x07", 8);
	}
	data[78] = fctl;
	data[79] = actl;
	data[80] = stctl;
	data[81] = dstat;
	hand(w, ts, data, sizeof(data));
}

static void in_order(void **state)
{
	int big;

	(void)state;
	for (big = 0; big < 2; big++) {
		struct world *w = new_world(big);

		ssch(w, 1000, 0);
		irq(w, 5000);
		assert_int_equal(w->n, 0);
		tsch(w, 5100, 4, 0, 7, 0x0e);
		assert_int_equal(w->n, 1);
		assert_int_equal(w->io[0].ns[CCW_DEVICE], 4000);
		assert_int_equal(w->io[0].have, 1 << CCW_DEVICE);
		assert_int_equal(w->io[0].ts, 5100);
		assert_int_equal(w->io[0].seq, 1);
		assert_int_equal(w->io[0].sch.schno, 3);
		assert_int_equal(w->io[0].cpu, 1);
		assert_int_equal(w->io[0].dstat, 0x0e);
		assert_int_equal(w->io[0].resid, 0x102);
		assert_int_equal(w->io[0].lpum, 0x40);
		assert_int_equal(w->io[0].erw, 0x01200000);
		assert_true(w->io[0].sense == 0x8001020304050607ULL);
		assert_int_equal(w->io[0].flags, VFIO_CCW_IO_STARTED | VFIO_CCW_IO_ENDED |
				 VFIO_CCW_IO_SENSE | VFIO_CCW_IO_FMT1 | VFIO_CCW_IO_PFCH |
				 VFIO_CCW_IO_IDA64);
		assert_int_equal(ccw_io_result(&w->io[0]), CCW_ERR_UNIT_CHECK);
		ssch(w, 6000, 0);
		irq(w, 6500);
		tsch(w, 6600, 4, 0, 7, 0x0c);
		assert_int_equal(w->n, 2);
		assert_int_equal(w->io[1].seq, 2);
		assert_int_equal(w->io[1].ns[CCW_DEVICE], 500);
		assert_int_equal(w->io[1].sense, 0);
		assert_int_equal(counts(w)->ios, 2);
		end(w);
	}
}

/* The interrupt, and in the second I/O its status as well, is stamped before the SSCH. */
static void early_interrupt(void **state)
{
	struct world *w = new_world(true);

	(void)state;
	ssch(w, 100, 0);
	irq(w, 150);
	tsch(w, 160, 4, 0, 7, 0x0c);
	irq(w, 1000);
	ssch(w, 1010, 0);
	tsch(w, 1020, 4, 0, 7, 0x0c);
	irq(w, 2000);
	tsch(w, 2005, 4, 0, 7, 0x0e);
	assert_int_equal(w->n, 2);
	ssch(w, 2010, 0);
	assert_int_equal(w->n, 3);
	ssch(w, 3000, 0);
	irq(w, 3070);
	tsch(w, 3080, 4, 0, 7, 0x0c);
	assert_int_equal(w->n, 4);
	assert_int_equal(w->io[1].have, 0);
	assert_int_equal(w->io[1].ns[CCW_DEVICE], 0);
	assert_int_equal(w->io[2].have, 0);
	assert_int_equal(w->io[2].dstat, 0x0e);
	assert_true(w->io[2].flags & VFIO_CCW_IO_STARTED);
	assert_int_equal(w->io[3].ns[CCW_DEVICE], 70);
	assert_int_equal(counts(w)->early, 2);
	assert_int_equal(counts(w)->orphans, 0);
	assert_int_equal(counts(w)->unfinished, 0);
	end(w);
}

/* A status far before the next SSCH is not that one's. */
static void late_start(void **state)
{
	struct world *w = new_world(true);

	(void)state;
	tsch(w, 50, 4, 0, 7, 0x0c); /* under way when the trace began */
	assert_int_equal(w->n, 1);
	assert_int_equal(counts(w)->orphans, 1);
	ssch(w, 100, 0);
	irq(w, 150);
	tsch(w, 160, 4, 0, 7, 0x0c);
	tsch(w, 1000, 4, 0, 7, 0x0e); /* its SSCH is missing */
	assert_int_equal(w->n, 2);
	ssch(w, 1000000000, 0);
	assert_int_equal(w->n, 3);
	assert_int_equal(w->io[2].have, 0);
	assert_int_equal(w->io[2].ts, 1000);
	irq(w, 1000000200);
	tsch(w, 1000000210, 4, 0, 7, 0x0c);
	assert_int_equal(w->n, 4);
	assert_int_equal(w->io[3].ns[CCW_DEVICE], 200);
	assert_int_equal(counts(w)->orphans, 2);
	assert_int_equal(counts(w)->early, 0);
	end(w);
}

static void condition_codes(void **state)
{
	struct world *w = new_world(true);

	(void)state;
	ssch(w, 100, 3);
	assert_int_equal(w->n, 1);
	assert_int_equal(w->io[0].cc, 3);
	assert_int_equal(ccw_io_result(&w->io[0]), CCW_ERR_CC);
	simple(w, 110, IO_REQUEST, 4, -19); /* the same one told by the driver */
	assert_int_equal(w->n, 1);
	simple(w, 120, IO_REQUEST, 4, -22); /* refused before any SSCH */
	assert_int_equal(w->n, 2);
	assert_int_equal(w->io[1].rc, -22);
	assert_int_equal(ccw_io_result(&w->io[1]), CCW_ERR_REFUSED);
	/* busy: the one under way is not disturbed */
	ssch(w, 200, 0);
	ssch(w, 210, 2);
	irq(w, 300);
	tsch(w, 310, 4, 0, 7, 0x0c);
	assert_int_equal(w->n, 4);
	assert_int_equal(w->io[2].cc, 2);
	assert_int_equal(w->io[3].ns[CCW_DEVICE], 100);
	end(w);
}

static void intermediate(void **state)
{
	struct world *w = new_world(true);

	(void)state;
	ssch(w, 100, 0);
	irq(w, 200);
	tsch(w, 210, 4, 0x06, 0x09, 0); /* PCI */
	irq(w, 300);
	tsch(w, 310, 4, 0x01, 0x09, 0); /* suspended */
	irq(w, 400);
	tsch(w, 410, 4, 0x02, 0x05, 0x08); /* channel end alone */
	assert_int_equal(w->n, 0);
	irq(w, 500);
	tsch(w, 510, 4, 0, 0x03, 0x04);
	assert_int_equal(w->n, 1);
	assert_int_equal(w->io[0].ns[CCW_DEVICE], 400);
	assert_int_equal(w->io[0].irqs, 4);
	assert_int_equal(w->io[0].dstat, 0x0c);
	assert_true(w->io[0].flags & VFIO_CCW_IO_SUSPENDED);
	end(w);
}

static void unsolicited(void **state)
{
	struct world *w = new_world(true);

	(void)state;
	irq(w, 50);
	tsch(w, 60, 0, 0, 0x11, 0x80);
	assert_int_equal(w->n, 0);
	assert_int_equal(counts(w)->unsolicited, 1);
	ssch(w, 100, 0);
	irq(w, 180);
	tsch(w, 190, 4, 0, 7, 0x0c);
	assert_int_equal(w->io[0].ns[CCW_DEVICE], 80);
	simple(w, 200, HSCH, 0, 0); /* of an idle subchannel */
	irq(w, 210);
	tsch(w, 220, 2, 0, 0x01, 0);
	tsch(w, 230, 4, 0, 7, 0x0c);
	assert_int_equal(w->n, 1);
	/* nothing pending, or another's */
	simple(w, 240, CSCH, 0, 0);
	assert_int_equal(counts(w)->orphans, 0);
	end(w);
}

static void cut_short(void **state)
{
	struct world *w = new_world(true);

	(void)state;
	ssch(w, 100, 0);
	simple(w, 150, HSCH, 2, 0); /* did not work */
	simple(w, 160, HSCH, 0, 0);
	irq(w, 200);
	tsch(w, 210, 6, 0, 7, 0x0c);
	assert_true(w->io[0].flags & VFIO_CCW_IO_HALTED);
	assert_int_equal(ccw_io_result(&w->io[0]), CCW_ERR_ABORTED);
	ssch(w, 300, 0);
	simple(w, 310, CSCH, 0, 0);
	irq(w, 320);
	tsch(w, 330, 1, 0, 1, 0);
	assert_int_equal(w->n, 2);
	assert_true(w->io[1].flags & VFIO_CCW_IO_CLEARED);
	assert_int_equal(w->io[1].ns[CCW_DEVICE], 20);
	ssch(w, 400, 0);
	simple(w, 410, XSCH, 2, 0);
	assert_int_equal(w->n, 2);
	simple(w, 420, XSCH, 0, 0);
	assert_int_equal(w->n, 3);
	assert_true(w->io[2].flags & VFIO_CCW_IO_CANCELLED);
	ssch(w, 500, 0);
	irq(w, 560);
	tsch(w, 570, 4, 0, 7, 0x0c);
	assert_int_equal(w->n, 4);
	assert_int_equal(ccw_io_result(&w->io[3]), CCW_OK);
	end(w);
}

static void losses(void **state)
{
	struct world *w = new_world(true);

	(void)state;
	ssch(w, 100, 0);
	ccw_join_lost(w->j); /* its end, and another's start */
	irq(w, 900);
	tsch(w, 910, 4, 0, 7, 0x0c);
	assert_int_equal(w->n, 1);
	assert_int_equal(w->io[0].have, 0);
	/* one end that is lost without a word */
	ssch(w, 1000, 0);
	ssch(w, 2000, 0);
	irq(w, 2100);
	tsch(w, 2110, 4, 0, 7, 0x0c);
	assert_int_equal(w->n, 3);
	assert_int_equal(w->io[1].have, 0);
	assert_int_equal(w->io[1].flags & VFIO_CCW_IO_ENDED, 0);
	assert_int_equal(w->io[2].ns[CCW_DEVICE], 100);
	assert_int_equal(counts(w)->unfinished, 1);
	ssch(w, 3000, 0);
	assert_int_equal(ccw_join_end(w->j, &w->sink), 0);
	assert_int_equal(w->n, 3);
	assert_int_equal(counts(w)->running, 1);
	end(w);
}

/* Only SSCH and interrupts were recorded. */
static void without_status(void **state)
{
	struct world *w = new_world(true);

	(void)state;
	ssch(w, 100, 0);
	irq(w, 250);
	ssch(w, 300, 0);
	irq(w, 350);
	irq(w, 1000);
	ssch(w, 1005, 0);
	assert_int_equal(ccw_join_end(w->j, &w->sink), 0);
	assert_int_equal(w->n, 3);
	assert_int_equal(w->io[0].ns[CCW_DEVICE], 150);
	assert_int_equal(w->io[0].flags & VFIO_CCW_IO_ENDED, 0);
	end(w);
}

/* The driver's own events alone tell how long the whole took. */
static void driver_alone(void **state)
{
	struct world *w = new_world(true);

	(void)state;
	simple(w, 50, FSM_EVENT, 1, VFIO_CCW_EVENT_OPEN);
	simple(w, 100, FSM_EVENT, 2, VFIO_CCW_EVENT_IO_REQ);
	simple(w, 700, FSM_EVENT, 4, VFIO_CCW_EVENT_INTERRUPT);
	simple(w, 750, FSM_EVENT, 2, VFIO_CCW_EVENT_INTERRUPT);
	simple(w, 800, FSM_EVENT, 2, VFIO_CCW_EVENT_IO_REQ);
	simple(w, 810, IO_REQUEST, 4, -22);
	simple(w, 850, FSM_EVENT, 2, VFIO_CCW_EVENT_INTERRUPT);
	assert_int_equal(w->n, 2);
	assert_int_equal(w->io[0].have, 1 << CCW_TOTAL);
	assert_int_equal(w->io[0].ns[CCW_TOTAL], 600);
	assert_int_equal(w->io[1].rc, -22);
	end(w);
}

static void both_sets(void **state)
{
	struct world *w = new_world(true);

	(void)state;
	simple(w, 100, FSM_EVENT, 2, VFIO_CCW_EVENT_IO_REQ);
	ssch(w, 150, 0);
	irq(w, 200);
	tsch(w, 210, 4, 0, 7, 0x0c);
	simple(w, 250, FSM_EVENT, 4, VFIO_CCW_EVENT_INTERRUPT);
	assert_int_equal(w->n, 1);
	assert_int_equal(w->io[0].ns[CCW_DEVICE], 50);
	end(w);
}

static void many_subchannels(void **state)
{
	struct world *w = new_world(false);
	unsigned int i;

	(void)state;
	for (i = 0; i < 60000; i++) {
		w->schno = i;
		ssch(w, 1000 + i, 0);
	}
	for (i = 0; i < 60000; i++) {
		w->schno = i;
		w->n = 0;
		irq(w, 101000 + 2 * i);
		tsch(w, 101001 + 2 * i, 4, 0, 7, 0x0c);
		assert_int_equal(w->n, 1);
		assert_int_equal(w->io[0].ns[CCW_DEVICE], 100000 + i);
		assert_int_equal(w->io[0].sch.schno, i);
	}
	end(w);
}

/* However many subchannels a file names, memory has a bound. */
static void too_many(void **state)
{
	struct world *w = new_world(true);
	uint8_t data[28] = { 0 };
	unsigned int i;

	(void)state;
	put(w, data, INTERRUPT, 2);
	for (i = 0; i < CCW_JOIN_MAX + 10; i++) {
		put(w, data + 20, i >> 16, 1);
		put(w, data + 22, i & 0xffff, 2);
		hand(w, 100, data, sizeof(data));
	}
	assert_int_equal(counts(w)->untracked, 10);
	end(w);
}

/* Kernels may lay these out as they like; what cannot be used is left alone. */
static void strange_format(void **state)
{
	static const char text[] = "name: s390_cio_tsch\nID: 102\n" COMMON SCHID("schno") END;
	struct ccw_decoder d;
	struct ccw_error err;

	(void)state;
	ccw_decoder_init(&d, true);
	assert_int_equal(ccw_decoder_add(&d, "s390", text, sizeof(text) - 1, 8, &err), 0);
	assert_int_equal(d.cio[CCW_CIO_TSCH].id, -1);
	assert_false(d.stock);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_order),
		cmocka_unit_test(early_interrupt),
		cmocka_unit_test(late_start),
		cmocka_unit_test(condition_codes),
		cmocka_unit_test(intermediate),
		cmocka_unit_test(unsolicited),
		cmocka_unit_test(cut_short),
		cmocka_unit_test(losses),
		cmocka_unit_test(without_status),
		cmocka_unit_test(driver_alone),
		cmocka_unit_test(both_sets),
		cmocka_unit_test(many_subchannels),
		cmocka_unit_test(too_many),
		cmocka_unit_test(strange_format),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
