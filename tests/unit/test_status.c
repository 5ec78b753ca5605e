// SPDX-License-Identifier: GPL-2.0
/*
 * What a user sees of the channel's status, on the driver's own interrupt path: which status ends
 * a program, how it queues, whose addresses it shows; and that the state machine refuses what
 * docs/interface.md says it refuses. The channel accepts whatever it is told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "driver/vccw.h"

#include <cmocka.h>

#define HOST 0x5000U /* where the programs are for the channel: cps[0], then cps[1] */
#define GUEST 0x1000U /* and for the guest */
#define SIZE 0x1000U

struct irb cio_irb;
int system_wq;
static struct task task;
struct task *current = &task;

static struct subchannel sub;
static struct vccw_dev dev;
static unsigned int signals, told;

/* --- the channel, and what else is not under test --- */

int ssch(struct subchannel_id schid, union orb *orb)
{
	(void)schid;
	(void)orb;
	return 0;
}

int hsch(struct subchannel_id schid)
{
	(void)schid;
	return 0;
}

int csch(struct subchannel_id schid)
{
	(void)schid;
	return 0;
}

int cio_cancel(struct subchannel *sch)
{
	(void)sch;
	return 0;
}

int cio_resume(struct subchannel *sch)
{
	return sch->lpm ? 0 : -EINVAL;
}

u8 chp_get_sch_opm(struct subchannel *sch)
{
	(void)sch;
	return 0x80;
}

int cio_update_schib(struct subchannel *sch)
{
	(void)sch;
	return 0;
}

static int enable_rc;

int cio_enable_subchannel(struct subchannel *sch, u32 intparm)
{
	(void)sch;
	(void)intparm;
	return enable_rc;
}

int cio_disable_subchannel(struct subchannel *sch)
{
	(void)sch;
	return 0;
}

void model_told(int function, int cc)
{
	(void)function;
	(void)cc;
}

void model_transition(int from, int event, int to, int rc)
{
	(void)from;
	(void)event;
	(void)to;
	(void)rc;
}

void vccw_stats_io(struct vccw_dev *d, struct vfio_ccw_io_record *rec)
{
	(void)d;
	(void)rec;
	told++;
}

void vccw_stats_state(struct vccw_dev *d)
{
	(void)d;
}

void vccw_signal(struct vccw_dev *d, unsigned int index)
{
	(void)d;
	signals += index == VFIO_CCW_IO_IRQ_INDEX;
}

u32 cp_guest_cpa(const struct cp *cp, u32 host)
{
	u32 at = host - HOST - (u32)(cp - dev.cps) * SIZE;

	return at < SIZE ? GUEST + (u32)(cp - dev.cps) * SIZE + at : 0;
}

void cp_go_on(struct cp *cp, u32 guest, const struct cp *next)
{
	(void)cp;
	(void)guest;
	(void)next;
}

int vccw_translate(struct vccw_dev *d, struct cp *cp, const __be32 orb[3], bool resumed)
{
	(void)d;
	(void)cp;
	(void)orb;
	(void)resumed;
	return 0;
}

void cp_release(struct cp *cp)
{
	(void)cp;
}

void cp_keep(struct cp *cp)
{
	(void)cp;
}

void cp_disown(struct cp *cp)
{
	(void)cp;
}

/* --- helpers --- */

/* A device that is open, with a program in the channel or without. */
static void begin(enum vfio_ccw_state state, bool held)
{
	memset(&sub, 0, sizeof(sub));
	memset(&dev, 0, sizeof(dev));
	dev.sch = &sub;
	sub.lpm = 0x80;
	dev.state = state;
	dev.open = true;
	dev.held = held;
	signals = told = 0;
}

static struct cmd_scsw *status(u8 fctl, u8 actl, u8 stctl)
{
	memset(&cio_irb, 0, sizeof(cio_irb));
	cio_irb.scsw.cmd.fctl = fctl;
	cio_irb.scsw.cmd.actl = actl;
	cio_irb.scsw.cmd.stctl = stctl | SCSW_STCTL_STATUS_PEND;
	return &cio_irb.scsw.cmd;
}

static void interrupt(void)
{
	struct vccw_parent parent = { .sch = &sub, .dev = &dev };

	sub.dev.data = &parent;
	vccw_irq(&sub);
}

static const struct cmd_scsw *queued(unsigned int n)
{
	return &dev.irbs.irb[(dev.irbs.head + n) % VCCW_IRBS].scsw.cmd;
}

enum {
	START = SCSW_FCTL_START_FUNC, HALT = SCSW_FCTL_HALT_FUNC, CLEAR = SCSW_FCTL_CLEAR_FUNC,
	SUSPENDED = SCSW_ACTL_SUSPENDED, DEVACT = SCSW_ACTL_DEVACT, SCHACT = SCSW_ACTL_SCHACT,
	CLEARING = SCSW_ACTL_CLEAR_PEND, HALTING = SCSW_ACTL_HALT_PEND,
	STARTING = SCSW_ACTL_START_PEND, RESUMING = SCSW_ACTL_RESUME_PEND,
	SEC = SCSW_STCTL_SEC_STATUS, PRIM = SCSW_STCTL_PRIM_STATUS,
	INTER = SCSW_STCTL_INTER_STATUS, ALERT = SCSW_STCTL_ALERT_STATUS,
};

/* --- tests --- */

static void what_ends_a_program(void **state)
{
	static const struct {
		u8 fctl, actl, stctl, cc;
		bool final;
	} rows[] = {
		{ START, 0, PRIM | SEC, 0, true },
		{ START, 0, PRIM, 0, true }, /* an ending with an error: no device end follows */
		{ START, DEVACT, PRIM, 0, false }, /* channel end alone */
		{ 0, 0, SEC, 0, true }, /* and the device end after it */
		{ START, SCHACT | DEVACT, INTER, 0, false }, /* PCI */
		{ START, STARTING, INTER, 0, false }, /* initial status */
		{ START, SUSPENDED, INTER, 0, false },
		{ START, RESUMING | SUSPENDED, INTER, 0, false },
		{ START, 0, ALERT, 0, true },
		{ START, SCHACT | DEVACT, ALERT, 0, false },
		{ START, STARTING, ALERT, 3, true }, /* deferred condition code */
		{ START, STARTING, ALERT, 1, true },
		{ 0, 0, ALERT, 0, false }, /* attention */
		{ START | HALT, 0, PRIM | SEC, 0, true },
		{ START | HALT, 0, 0, 0, true },
		{ START | HALT, SCHACT | DEVACT, 0, 0, true }, /* performed, whatever is shown */
		{ START | HALT, HALTING | SCHACT | DEVACT, INTER, 0, false }, /* not yet */
		{ CLEAR, 0, 0, 0, true },
		{ START | CLEAR, CLEARING | SCHACT, INTER, 0, false },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin(VFIO_CCW_STATE_ACTIVE, true);
		status(rows[i].fctl, rows[i].actl, rows[i].stctl)->cc = rows[i].cc;
		interrupt();
		if (dev.held != !rows[i].final)
			fail_msg("row %u: held %d", i, dev.held);
		assert_int_equal(dev.state, rows[i].final ? VFIO_CCW_STATE_IDLE :
							    VFIO_CCW_STATE_ACTIVE);
		assert_int_equal(told, rows[i].final);
		assert_int_equal(signals, 1); /* seen by the user in any case */
		assert_int_equal(dev.irbs.n, 1);
	}
}

static void no_status_is_lost_before_the_queue_is_full(void **state)
{
	unsigned int i;

	(void)state;
	begin(VFIO_CCW_STATE_ACTIVE, true);
	for (i = 0; i < VCCW_IRBS + 2; i++) {
		status(START, SCHACT | DEVACT, INTER)->count = (u16)i;
		interrupt();
	}
	assert_int_equal(dev.irbs.n, VCCW_IRBS);
	assert_int_equal(dev.stats.status_overflows, 2);
	for (i = 0; i < VCCW_IRBS - 1; i++)
		assert_int_equal(queued(i)->count, i);
	/* The newest tells where the program stands. */
	assert_int_equal(queued(VCCW_IRBS - 1)->count, VCCW_IRBS + 1);
	assert_int_equal(signals, VCCW_IRBS + 2);
}

static void nobody_is_told_while_it_is_quiesced_for_good(void **state)
{
	(void)state;
	begin(VFIO_CCW_STATE_QUIESCE, true);
	dev.mute = true;
	status(CLEAR, 0, 0);
	interrupt();
	assert_int_equal(dev.irbs.n + signals, 0);
	assert_int_equal(dev.state, VFIO_CCW_STATE_IDLE);
	assert_true(dev.quiet.done);
	assert_false(dev.held);
}

static void clear_takes_back_what_was_not_fetched(void **state)
{
	u32 command = VFIO_CCW_ASYNC_CMD_HSCH;

	(void)state;
	begin(VFIO_CCW_STATE_ACTIVE, true);
	status(START, SCHACT | DEVACT, INTER);
	interrupt();
	memset(dev.io.irb_area, 0x55, sizeof(dev.io.irb_area));
	assert_int_equal(vccw_fsm(&dev, VFIO_CCW_EVENT_ASYNC_REQ, &command), 0);
	assert_int_equal(dev.irbs.n, 1); /* HALT does not */
	assert_int_equal(dev.io.irb_area[0], 0x55);
	command = VFIO_CCW_ASYNC_CMD_CSCH;
	assert_int_equal(vccw_fsm(&dev, VFIO_CCW_EVENT_ASYNC_REQ, &command), 0);
	assert_int_equal(dev.irbs.n, 0);
	assert_int_equal(dev.io.irb_area[0], 0);
}

static void addresses_are_the_guests_or_zero(void **state)
{
	static const struct {
		u32 host, guest;
		bool held;
	} rows[] = {
		{ HOST + 0x18, GUEST + 0x18, true },
		{ 0x77777778, 0, true }, /* of no program of ours */
		{ HOST + 0x18, 0, false }, /* nothing of ours is in the channel */
	};
	const struct esw0 *seen = &dev.irbs.irb[0].esw.esw0;
	unsigned int i, scavf;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (scavf = 0; scavf < 2; scavf++) {
			struct cmd_scsw *s;

			begin(rows[i].held ? VFIO_CCW_STATE_ACTIVE : VFIO_CCW_STATE_IDLE,
			      rows[i].held);
			s = status(START, SCHACT, INTER);
			s->cpa = rows[i].host;
			s->eswf = 1;
			cio_irb.esw.esw0.erw.fsavf = 1;
			cio_irb.esw.esw0.faddr[0] = HOST;
			cio_irb.esw.esw0.faddr[1] = HOST;
			cio_irb.esw.esw0.erw.scavf = scavf;
			cio_irb.esw.esw0.saddr = rows[i].host;
			interrupt();
			assert_int_equal(queued(0)->cpa, rows[i].guest);
			assert_int_equal(seen->erw.fsavf, 0);
			assert_int_equal(seen->faddr[0], 0);
			assert_int_equal(seen->faddr[1], 0);
			assert_int_equal(seen->saddr, scavf ? rows[i].guest : 0);
		}
	}
}

static void a_resumed_program_may_stand_in_either(void **state)
{
	bool issued = true;

	(void)state;
	begin(VFIO_CCW_STATE_ACTIVE, true);
	status(START, SUSPENDED, INTER)->cpa = HOST + 0x18;
	interrupt();
	assert_int_equal(dev.suspended, GUEST + 0x10); /* the CCW before */
	sub.lpm = 0; /* RESUME is refused: nothing has changed */
	assert_int_equal(vccw_resume(&dev, &issued), -EINVAL);
	assert_int_equal(dev.cur, 0);
	assert_int_equal(dev.suspended, GUEST + 0x10);
	sub.lpm = 0x80;
	assert_int_equal(vccw_resume(&dev, &issued), 0);
	assert_true(issued);
	assert_int_equal(dev.cur, 1);
	assert_int_equal(dev.suspended, 0);
	dev.irbs.n = 0;
	status(START, SCHACT, INTER)->cpa = HOST + 0x18; /* where it was suspended */
	interrupt();
	assert_int_equal(queued(0)->cpa, GUEST + 0x18);
	status(START, 0, PRIM | SEC)->cpa = HOST + SIZE + 0x20; /* what it went on with */
	interrupt();
	assert_int_equal(queued(1)->cpa, GUEST + SIZE + 0x20);
	assert_false(dev.held);
}

/* --- the table of docs/interface.md --- */

static int code(const char *cell)
{
	static const struct {
		const char *name;
		int rc;
	} codes[] = {
		{ "-ENODEV", -ENODEV }, { "-EIO", -EIO }, { "-EAGAIN", -EAGAIN },
		{ "-EBUSY", -EBUSY }, { "stay", 0 },
	};
	unsigned int i;

	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (!strcmp(cell, codes[i].name))
			return codes[i].rc;
	return 1; /* something is done */
}

static const char *const events[VFIO_CCW_NR_EVENTS] = {
#define NAME(n, name) [n] = #name,
	VFIO_CCW_EVENTS(NAME)
#undef NAME
};

/* A row: "| EVENT | cell | cell ...", cells in the order of the states. */
static bool check_row(char *line)
{
	char *save, *cell = strtok_r(line, "|\n", &save);
	unsigned int event, s;
	char name[64];

	if (!cell || sscanf(cell, " %63s ", name) != 1)
		return false;
	for (event = 0; event < VFIO_CCW_NR_EVENTS; event++)
		if (events[event] && !strcmp(name, events[event]))
			break;
	if (event == VFIO_CCW_NR_EVENTS)
		return false;
	for (s = 0; s < VFIO_CCW_NR_STATES; s++) {
		int want, rc;
		char what[64];

		cell = strtok_r(NULL, "|\n", &save);
		assert_non_null(cell);
		if (sscanf(cell, " %63[^ \t]", what) != 1 || strchr(cell, '/'))
			continue;
		want = code(what);
		if (want > 0)
			continue;
		begin(s, false);
		status(0, 0, ALERT);
		rc = vccw_fsm(&dev, event,
			      &(struct vccw_status){ .irb = &cio_irb, .now = 0 });
		if (rc != want || dev.state != s || dev.irbs.n || signals)
			fail_msg("%s in state %u: %d, then state %u; documented is %s", name, s, rc,
				 dev.state, what);
	}
	return true;
}

static void as_it_was_enabled(void)
{
	begin(VFIO_CCW_STATE_STANDBY, false);
	sub.isc = 3;
	sub.schib.pmcw.ena = 1;
	sub.schib.pmcw.isc = 3;
	sub.schib.pmcw.intparm = (u32)virt_to_phys(&sub);
}

/* MODIFY SUBCHANNEL is refused: only a subchannel that is as it would make it, and idle, does. */
static void enabled_before(void **state)
{
	int i;

	(void)state;
	enable_rc = -EBUSY;
	for (i = 0; i < 6; i++) {
		as_it_was_enabled();
		switch (i) {
		case 1:	sub.schib.pmcw.ena = 0; break;
		case 2:	sub.schib.pmcw.isc = 4; break;
		case 3:	sub.schib.pmcw.intparm++; break;
		case 4:	sub.schib.scsw.cmd.fctl = SCSW_FCTL_START_FUNC; break;
		case 5:	sub.schib.scsw.cmd.actl = SCSW_ACTL_DEVACT; break;
		}
		assert_int_equal(vccw_fsm(&dev, VFIO_CCW_EVENT_OPEN, NULL), i ? -EBUSY : 0);
		assert_int_equal(dev.state,
				 i ? VFIO_CCW_STATE_STANDBY : VFIO_CCW_STATE_IDLE);
	}
	enable_rc = -EIO;
	as_it_was_enabled();
	assert_int_equal(vccw_fsm(&dev, VFIO_CCW_EVENT_OPEN, NULL), -EIO);
	enable_rc = 0;
}

static void the_documented_refusals(void **state)
{
	FILE *f = fopen("docs/interface.md", "r");
	unsigned int rows = 0;
	char line[512];
	bool in = false;

	(void)state;
	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		if (!strncmp(line, "## ", 3))
			in = !strncmp(line, "## State machine", 16);
		if (in && line[0] == '|')
			rows += check_row(line + 1);
	}
	fclose(f);
	assert_int_equal(rows, VFIO_CCW_NR_EVENTS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_ends_a_program),
		cmocka_unit_test(no_status_is_lost_before_the_queue_is_full),
		cmocka_unit_test(nobody_is_told_while_it_is_quiesced_for_good),
		cmocka_unit_test(clear_takes_back_what_was_not_fetched),
		cmocka_unit_test(addresses_are_the_guests_or_zero),
		cmocka_unit_test(a_resumed_program_may_stand_in_either),
		cmocka_unit_test(enabled_before),
		cmocka_unit_test(the_documented_refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
