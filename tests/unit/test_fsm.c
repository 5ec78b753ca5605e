// SPDX-License-Identifier: GPL-2.0
/*
 * Every order in which a user, the host and a channel can meet the state machine, on the driver's
 * own table and actions (driver/fsm.c, driver/channel.c) with a model of a subchannel below.
 *
 * A breadth-first search over all reachable states. A step is what happens under the subchannel
 * lock at once: a piece of a user's call, an interrupt, the device going or coming. The calls that
 * the driver serialises (io_mutex) are pieces of one running call: another starts when it is over.
 *
 * In every state: storage that the channel may still use is the driver's to keep, a request that
 * was accepted is told of exactly once, nothing is started over a program that is held. And from
 * every state a close still comes to an end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/vccw.h"

#include <cmocka.h>

/* --- the subchannel: Principles of Operation, chapters 14 to 16, as far as it matters --- */

enum pending {
	NOTHING,
	INTERMEDIATE,
	PRIMARY,
	SECONDARY,
	FINAL_STATUS,
	DEFERRED_CC,
	HALTED,
	CLEARED,
	ATTENTION,
};

struct channel {
	u8 there; /* device present */
	u8 enabled;
	u8 program; /* holds a program: its storage is in use */
	u8 waiting; /* primary status was taken, device end is still to come */
	u8 suspended;
	u8 halt, clear; /* function accepted, not yet performed */
	u8 pending; /* enum pending: what the next interrupt says */
	u8 deaf; /* answers nothing any more */
	u8 orphan; /* its program was lost before: storage that nobody else gets, ever */
};

/* The piece of a user's call that comes next. */
enum call { NO_CALL, WRITE_TRANSLATED, QUIESCING, CLOSING };

struct world {
	struct channel ch;
	u8 state, open, held, mute, suspended, rounds, done;
	u8 call, for_close, tries;
	u8 accepted; /* requests accepted and not yet told of */
};

static struct world w;
static struct vccw_dev dev;
static struct subchannel sub;
static const char *broken;
static int visits[VFIO_CCW_NR_STATES][VFIO_CCW_NR_EVENTS];

struct irb cio_irb;
static struct task task;
struct task *current = &task;

static void must(bool good, const char *what)
{
	if (!good && !broken)
		broken = what;
}

static u8 actl(void)
{
	u8 a = 0;

	if (w.ch.program)
		a |= w.ch.suspended ? SCSW_ACTL_SUSPENDED : SCSW_ACTL_SCHACT | SCSW_ACTL_DEVACT;
	if (w.ch.waiting)
		a |= SCSW_ACTL_DEVACT;
	if (w.ch.halt)
		a |= SCSW_ACTL_HALT_PEND;
	if (w.ch.clear)
		a |= SCSW_ACTL_CLEAR_PEND;
	return a;
}

static bool usable(void)
{
	return w.ch.there && w.ch.enabled;
}

static int do_ssch(void)
{
	if (!usable())
		return 3;
	if (w.ch.pending)
		return 1;
	if (w.ch.program || w.ch.waiting || w.ch.halt || w.ch.clear)
		return 2;
	w.ch.program = 1;
	return 0;
}

static int do_hsch(void)
{
	if (!usable())
		return 3;
	if (w.ch.pending)
		return 1;
	if (w.ch.halt || w.ch.clear)
		return 2;
	w.ch.halt = 1;
	return 0;
}

static int do_csch(void)
{
	if (!usable())
		return 3;
	w.ch.clear = 1;
	w.ch.halt = 0;
	w.ch.pending = NOTHING;
	return 0;
}

static bool cancel_works; /* this step's XSCH finds the program still start-pending */

static int do_cancel(void)
{
	if (!usable())
		return -ENODEV;
	if (w.ch.pending)
		return -EBUSY;
	if (!cancel_works || !w.ch.program || w.ch.halt || w.ch.clear)
		return -EINVAL; /* too late: the channel is at it, or nothing to cancel */
	w.ch.program = 0;
	w.ch.suspended = 0;
	return 0;
}

static int do_resume(void)
{
	if (!usable())
		return -ENODEV;
	if (w.ch.pending)
		return -EBUSY;
	if (!w.ch.program || !w.ch.suspended || w.ch.halt || w.ch.clear)
		return -EINVAL;
	w.ch.suspended = 0;
	return 0;
}

/* Each instruction that the driver executes must be told of by vfio_ccw_ssch, as it went. */
static int untold;

#define TOLD(function, cc) ((function) << 4 | (cc) | 0x1000)

static void executed(int function, int cc)
{
	must(!untold, "two instructions, and the first was not told of");
	untold = TOLD(function, cc);
}

void model_told(int function, int cc)
{
	must(untold == TOLD(function, cc), "told of an instruction that was not executed so");
	untold = 0;
}

int ssch(struct subchannel_id schid, union orb *orb)
{
	int cc = do_ssch();

	(void)schid;
	(void)orb;
	executed(VFIO_CCW_FN_SSCH, cc);
	return cc;
}

int hsch(struct subchannel_id schid)
{
	int cc = do_hsch();

	(void)schid;
	executed(VFIO_CCW_FN_HSCH, cc);
	return cc;
}

int csch(struct subchannel_id schid)
{
	int cc = do_csch();

	(void)schid;
	executed(VFIO_CCW_FN_CSCH, cc);
	return cc;
}

/* The kernel's helpers translate the condition code. */
static int cc_of(int rc)
{
	return rc == -ENODEV ? 3 : rc == -EINVAL ? 2 : rc == -EBUSY ? 1 : 0;
}

int cio_cancel(struct subchannel *sch)
{
	int rc = do_cancel();

	(void)sch;
	executed(VFIO_CCW_FN_XSCH, cc_of(rc));
	return rc;
}

int cio_resume(struct subchannel *sch)
{
	int rc = do_resume();

	(void)sch;
	executed(VFIO_CCW_FN_RSCH, cc_of(rc));
	return rc;
}

int cio_update_schib(struct subchannel *sch)
{
	sch->schib.scsw.cmd.actl = actl();
	return w.ch.there ? 0 : -ENODEV;
}

u8 chp_get_sch_opm(struct subchannel *sch)
{
	sch->schib.pmcw.pam = 0x80;
	return 0x80;
}

int cio_enable_subchannel(struct subchannel *sch, u32 intparm)
{
	(void)sch;
	(void)intparm;
	if (!w.ch.there)
		return -ENODEV;
	/* MODIFY SUBCHANNEL: cc 2 while a function is in progress; pending status goes first. */
	if (w.ch.program || w.ch.halt || w.ch.clear)
		return -EBUSY;
	w.ch.pending = NOTHING;
	w.ch.enabled = 1;
	return 0;
}

int cio_disable_subchannel(struct subchannel *sch)
{
	(void)sch;
	if (!w.ch.there)
		return -ENODEV;
	must(!w.ch.program || w.ch.orphan, "disabled with a program in the channel");
	w.ch.enabled = 0;
	w.ch.halt = 0;
	w.ch.clear = 0;
	w.ch.waiting = 0;
	w.ch.pending = NOTHING;
	return 0;
}

/* --- what the driver calls elsewhere --- */

void model_transition(int from, int event, int to, int rc)
{
	(void)to;
	(void)rc;
	must(!untold, "an instruction was not told of");
	visits[from][event]++;
}

void vccw_stats_io(struct vccw_dev *d, struct vfio_ccw_io_record *rec)
{
	(void)d;
	(void)rec;
	must(w.accepted == 1, "a request was told of twice, or never accepted");
	w.accepted = 0;
}

void vccw_stats_state(struct vccw_dev *d)
{
	(void)d;
}

void vccw_signal(struct vccw_dev *d, unsigned int index)
{
	(void)index;
	must(d->open, "status for a device that nobody has open");
}

u32 cp_guest_cpa(const struct cp *cp, u32 host)
{
	(void)cp;
	return host;
}

void cp_go_on(struct cp *cp, u32 guest, const struct cp *next)
{
	(void)cp;
	(void)guest;
	(void)next;
	must(w.ch.suspended || !w.ch.program || w.ch.halt || w.ch.clear || !usable(),
	     "a program was patched that runs");
}

int vccw_translate(struct vccw_dev *d, struct cp *cp, const __be32 orb[3], bool resumed)
{
	(void)d;
	(void)cp;
	(void)orb;
	must(resumed, "a start was translated under the lock");
	return 0;
}

static void storage_goes(void)
{
	must(!w.ch.program || w.ch.orphan, "storage was released that the channel uses");
}

void cp_release(struct cp *cp)
{
	if (cp == &dev.cps[dev.cur])
		storage_goes();
}

void cp_keep(struct cp *cp)
{
	cp_release(cp);
}

void cp_disown(struct cp *cp)
{
	(void)cp; /* its pages are nobody's: whatever the channel does to them harms nobody */
}

/* --- from the world to the driver's structure and back --- */

static void to_driver(void)
{
	memset(&sub, 0, sizeof(sub));
	dev.sch = &sub;
	sub.lpm = 0x80;
	dev.state = w.state;
	dev.open = w.open;
	dev.held = w.held;
	dev.mute = w.mute;
	dev.suspended = w.suspended ? 0x1000 : 0;
	dev.rounds = w.rounds;
	dev.went_on = false;
	dev.quiet.done = w.done;
	dev.irbs.n = 0;
}

static void from_driver(void)
{
	w.state = dev.state;
	w.open = dev.open;
	w.held = dev.held;
	w.mute = dev.mute;
	w.suspended = dev.suspended != 0;
	w.rounds = dev.rounds;
	w.done = dev.quiet.done;
}

static int fsm(enum vfio_ccw_event event, const void *arg)
{
	u8 from = dev.state;
	int rc = vccw_fsm(&dev, event, arg);

	if (event == VFIO_CCW_EVENT_IO_REQ && !rc) {
		must(!dev.held, "a request was accepted over a program that is held");
		must(!w.accepted, "a request was accepted while another is open");
		w.accepted = 1;
	}
	if (event == VFIO_CCW_EVENT_START && rc && from == VFIO_CCW_STATE_TRANSLATE)
		must(!dev.held, "held without a start");
	return rc;
}

/* --- steps: each changes w, and says whether it applies --- */

static bool idle_user(void)
{
	return w.call == NO_CALL;
}

static bool user_opens(void)
{
	if (!idle_user() || w.open)
		return false;
	dev.held = false; /* as vccw_open() does: a lost program's storage is left alone */
	dev.suspended = 0;
	dev.mute = false;
	dev.open = true;
	/* What the channel was lost with is no longer this device's. */
	w.ch.orphan = w.ch.program;
	if (fsm(VFIO_CCW_EVENT_OPEN, NULL))
		dev.open = false;
	return true;
}

static bool user_writes(void)
{
	if (!idle_user() || !w.open)
		return false;
	if (!fsm(VFIO_CCW_EVENT_IO_REQ, NULL)) {
		vccw_release(&dev, true);
		w.call = WRITE_TRANSLATED;
	}
	return true;
}

static bool translation_succeeds(void)
{
	static const __be32 orb[3];

	if (w.call != WRITE_TRANSLATED)
		return false;
	w.call = NO_CALL;
	if (fsm(VFIO_CCW_EVENT_START, orb))
		vccw_stats_io(&dev, &dev.rec); /* as io_request() does */
	return true;
}

static bool translation_fails(void)
{
	if (w.call != WRITE_TRANSLATED)
		return false;
	w.call = NO_CALL;
	fsm(VFIO_CCW_EVENT_FAIL, NULL);
	vccw_stats_io(&dev, &dev.rec);
	return true;
}

static bool user_commands(u32 command)
{
	if (!idle_user() || !w.open)
		return false;
	fsm(VFIO_CCW_EVENT_ASYNC_REQ, &command);
	return true;
}

static bool user_halts(void)
{
	return user_commands(VFIO_CCW_ASYNC_CMD_HSCH);
}

static bool user_clears(void)
{
	return user_commands(VFIO_CCW_ASYNC_CMD_CSCH);
}

static bool user_resumes(void)
{
	bool issued;

	if (!idle_user() || !w.open)
		return false;
	vccw_resume(&dev, &issued);
	return true;
}

static bool user_cancels(void)
{
	if (!idle_user() || !w.open)
		return false;
	fsm(VFIO_CCW_EVENT_CANCEL, NULL);
	return true;
}

/* One round of vccw_quiesce(), between two waits. */
static void quiesce_round(void)
{
	/* It waits for an interrupt of any kind; without one it goes on after a second. */
	bool unanswered = w.tries && !dev.quiet.done;

	reinit_completion(&dev.quiet);
	if (!w.tries || dev.state == VFIO_CCW_STATE_QUIESCE) {
		dev.mute = true;
		fsm(VFIO_CCW_EVENT_RESET, &unanswered);
		must(!unanswered || dev.state != VFIO_CCW_STATE_QUIESCE || w.ch.clear,
		     "a channel that did not answer was asked gently again");
	}
	if (dev.state == VFIO_CCW_STATE_QUIESCE && w.tries >= 6) {
		fsm(VFIO_CCW_EVENT_GIVEN_UP, NULL);
		must(w.ch.deaf || w.ch.program || w.ch.waiting || w.ch.halt || w.ch.clear ||
		     w.ch.pending, "given up on an idle channel");
	}
	if (dev.state == VFIO_CCW_STATE_QUIESCE) {
		w.tries++;
		return;
	}
	dev.mute = false;
	/* Whatever state it came from. */
	must(dev.state != VFIO_CCW_STATE_IDLE || !usable() ||
	     !(w.ch.halt || w.ch.clear || w.ch.waiting || w.ch.program),
	     "a reset left the channel at work");
	vccw_release(&dev, false);
	w.tries = 0;
	w.call = w.for_close ? CLOSING : NO_CALL;
}

static bool begin_quiesce(bool for_close)
{
	if (!idle_user() || !w.open)
		return false;
	w.for_close = for_close;
	w.tries = 0;
	w.call = QUIESCING;
	quiesce_round();
	return true;
}

static bool user_resets(void)
{
	return begin_quiesce(false);
}

static bool user_closes(void)
{
	return begin_quiesce(true);
}

static bool quiesce_goes_on(void)
{
	if (w.call != QUIESCING)
		return false;
	quiesce_round();
	return true;
}

static bool quiesce_cancels_in_time(void)
{
	bool applies;

	if (w.call != QUIESCING && !(idle_user() && w.open))
		return false;
	cancel_works = true;
	applies = w.call == QUIESCING ? quiesce_goes_on() : user_closes();
	cancel_works = false;
	return applies;
}

static bool close_ends(void)
{
	if (w.call != CLOSING)
		return false;
	w.call = NO_CALL;
	w.for_close = 0;
	fsm(VFIO_CCW_EVENT_CLOSE, NULL);
	dev.open = false;
	if (!dev.held)
		storage_goes();
	/* Told of everything, but for one that is lost with its channel: that was told, too. */
	must(!w.accepted, "closed with a request nobody was told of");
	return true;
}

static bool interrupt(void)
{
	struct vccw_parent parent = { .sch = &sub, .dev = &dev };
	struct cmd_scsw *s = &cio_irb.scsw.cmd;

	if (!w.ch.pending || !usable() || w.ch.deaf)
		return false;
	memset(&cio_irb, 0, sizeof(cio_irb));
	s->stctl = SCSW_STCTL_STATUS_PEND;
	s->fctl = w.ch.program || w.ch.waiting ? SCSW_FCTL_START_FUNC : 0;
	s->cpa = 0x1008;
	switch (w.ch.pending) {
	case INTERMEDIATE:
		s->fctl = SCSW_FCTL_START_FUNC;
		s->stctl |= SCSW_STCTL_INTER_STATUS;
		break;
	case PRIMARY: /* channel end: storage is free, the device goes on */
		s->fctl = SCSW_FCTL_START_FUNC;
		s->stctl |= SCSW_STCTL_PRIM_STATUS;
		break;
	case FINAL_STATUS:
		s->fctl = SCSW_FCTL_START_FUNC;
		s->stctl |= SCSW_STCTL_PRIM_STATUS | SCSW_STCTL_SEC_STATUS;
		break;
	case SECONDARY: /* device end; TSCH of channel end took the start function away */
		s->fctl = 0;
		s->stctl |= SCSW_STCTL_SEC_STATUS;
		break;
	case DEFERRED_CC: /* shown as if the start were pending still */
		s->fctl = SCSW_FCTL_START_FUNC;
		s->stctl |= SCSW_STCTL_ALERT_STATUS;
		s->cc = 3;
		break;
	case HALTED:
		s->fctl |= SCSW_FCTL_HALT_FUNC;
		break;
	case CLEARED:
		s->fctl = SCSW_FCTL_CLEAR_FUNC;
		break;
	case ATTENTION:
		s->fctl = 0;
		s->stctl |= SCSW_STCTL_ALERT_STATUS;
		break;
	}
	s->actl = actl() | (w.ch.pending == DEFERRED_CC ? SCSW_ACTL_START_PEND : 0);
	w.ch.pending = NOTHING;
	sub.dev.data = &parent;
	vccw_irq(&sub);
	return true;
}

static bool ch_free(void)
{
	return usable() && !w.ch.deaf && !w.ch.pending;
}

static bool program_suspends(void)
{
	if (!ch_free() || !w.ch.program || w.ch.suspended || w.ch.halt || w.ch.clear)
		return false;
	w.ch.suspended = 1;
	w.ch.pending = INTERMEDIATE;
	return true;
}

static bool program_pci(void)
{
	if (!ch_free() || !w.ch.program || w.ch.suspended || w.ch.clear)
		return false;
	w.ch.pending = INTERMEDIATE; /* also with a halt pending */
	return true;
}

static bool program_ends(void)
{
	if (!ch_free() || !w.ch.program || w.ch.suspended || w.ch.halt || w.ch.clear)
		return false;
	w.ch.program = 0;
	w.ch.pending = FINAL_STATUS;
	return true;
}

static bool channel_ends(void)
{
	if (!ch_free() || !w.ch.program || w.ch.suspended || w.ch.halt || w.ch.clear)
		return false;
	w.ch.program = 0;
	w.ch.waiting = 1;
	w.ch.pending = PRIMARY;
	return true;
}

static bool device_ends(void)
{
	if (!ch_free() || !w.ch.waiting || w.ch.halt || w.ch.clear)
		return false;
	w.ch.waiting = 0;
	w.ch.pending = SECONDARY;
	return true;
}

static bool start_is_deferred(void)
{
	if (!ch_free() || !w.ch.program || w.ch.suspended || w.ch.halt || w.ch.clear)
		return false;
	w.ch.program = 0;
	w.ch.pending = DEFERRED_CC;
	return true;
}

static bool halt_done(void)
{
	if (!ch_free() || !w.ch.halt)
		return false;
	w.ch.halt = 0;
	w.ch.pending = HALTED;
	w.ch.program = 0;
	w.ch.waiting = 0;
	w.ch.suspended = 0;
	return true;
}

static bool clear_done(void)
{
	if (!ch_free() || !w.ch.clear)
		return false;
	w.ch.clear = 0;
	w.ch.pending = CLEARED;
	w.ch.program = 0;
	w.ch.waiting = 0;
	w.ch.suspended = 0;
	return true;
}

static bool attention(void)
{
	if (!ch_free() || w.ch.program || w.ch.waiting || w.ch.halt || w.ch.clear)
		return false;
	w.ch.pending = ATTENTION;
	return true;
}

static bool goes_deaf(void)
{
	if (!usable() || w.ch.deaf || !w.ch.program)
		return false;
	w.ch.deaf = 1;
	return true;
}

static bool device_goes(void)
{
	if (!w.ch.there)
		return false;
	memset(&w.ch, 0, sizeof(w.ch));
	fsm(VFIO_CCW_EVENT_NOT_OPER, NULL);
	return true;
}

static bool device_comes(void)
{
	if (w.ch.there)
		return false;
	w.ch.there = 1;
	fsm(VFIO_CCW_EVENT_OPER, NULL);
	return true;
}

static const struct {
	const char *name;
	bool (*take)(void);
} steps[] = {
#define STEP(name) { #name, name }
	STEP(user_opens),	 STEP(user_writes),	  STEP(translation_succeeds),
	STEP(translation_fails), STEP(user_halts),	  STEP(user_clears),
	STEP(user_resumes),	 STEP(user_cancels),	  STEP(user_resets),
	STEP(user_closes),	 STEP(quiesce_goes_on),	  STEP(quiesce_cancels_in_time),
	STEP(close_ends),	 STEP(interrupt),	  STEP(program_suspends),
	STEP(program_pci),	 STEP(program_ends),	  STEP(channel_ends),
	STEP(device_ends),	 STEP(halt_done),	  STEP(clear_done),
	STEP(attention),	 STEP(start_is_deferred), STEP(goes_deaf),
	STEP(device_goes),	 STEP(device_comes),
};
#define STEPS (sizeof(steps) / sizeof(steps[0]))

static bool take(unsigned int step)
{
	bool applies;

	to_driver();
	applies = steps[step].take();
	w.ch.orphan &= w.ch.program;
	from_driver();
	return applies;
}

static void check_state(void)
{
	must(w.state != VFIO_CCW_STATE_ACTIVE || w.held, "ACTIVE without a program");
	must(w.state != VFIO_CCW_STATE_ACTIVE || w.ch.program || w.ch.waiting || w.ch.halt ||
	     w.ch.clear || w.ch.pending, "ACTIVE though the channel is done");
	must(!w.ch.program || w.held || w.ch.orphan, "the channel has a program that is not held");
	must(!w.held || w.state == VFIO_CCW_STATE_ACTIVE || w.state == VFIO_CCW_STATE_QUIESCE ||
	     w.state == VFIO_CCW_STATE_NOT_OPER || w.state == VFIO_CCW_STATE_STANDBY,
	     "a program is held in the wrong state");
	must(w.state != VFIO_CCW_STATE_TRANSLATE || w.call == WRITE_TRANSLATED,
	     "TRANSLATE without a request");
	must(w.state != VFIO_CCW_STATE_QUIESCE || w.call == QUIESCING, "QUIESCE without a call");
	must(w.open || w.state == VFIO_CCW_STATE_STANDBY || w.state == VFIO_CCW_STATE_NOT_OPER,
	     "closed, and not in STANDBY");
}

/* --- the search --- */

#define MAX_STATES (1U << 18)

static struct node {
	struct world w;
	u32 parent, next;
	u8 step;
} *nodes;
static u32 n_nodes, *buckets;

static u32 hash(const struct world *x)
{
	const u8 *b = (const u8 *)x;
	u32 h = 2166136261U;
	size_t i;

	for (i = 0; i < sizeof(*x); i++)
		h = (h ^ b[i]) * 16777619U;
	return h % MAX_STATES;
}

static bool visit(const struct world *x, u32 parent, u8 step)
{
	u32 *slot = &buckets[hash(x)], i;

	for (i = *slot; i; i = nodes[i - 1].next)
		if (!memcmp(&nodes[i - 1].w, x, sizeof(*x)))
			return false;
	assert_true(n_nodes < MAX_STATES);
	nodes[n_nodes] = (struct node){ .w = *x, .parent = parent, .next = *slot, .step = step };
	*slot = ++n_nodes;
	return true;
}

static void tell_path(u32 i)
{
	u32 path[256], n = 0;

	for (; i && n < 256; i = nodes[i - 1].parent)
		path[n++] = i;
	while (n--)
		if (nodes[path[n] - 1].parent)
			print_error("  %s\n", steps[nodes[path[n] - 1].step].name);
}

/* From here, with a channel that answers, a close must end, whatever is under way. */
static bool can_close(void)
{
	unsigned int i;

	w.ch.deaf = 0;
	for (i = 0; i < 64; i++) {
		if (!w.open && w.call == NO_CALL)
			return true;
		if (w.ch.pending && usable())
			take(13);
		else if (!take(19) && !take(20) && !take(2) && !take(12) && !take(10))
			take(9);
	}
	return false;
}

static void every_order_of_events(void **state)
{
	struct world start = { .ch = { .there = 1 }, .state = VFIO_CCW_STATE_STANDBY };
	unsigned int s, e;
	u32 i;

	(void)state;
	assert_string_equal(steps[13].name, "interrupt");
	assert_string_equal(steps[19].name, "halt_done");
	assert_string_equal(steps[20].name, "clear_done");
	assert_string_equal(steps[2].name, "translation_succeeds");
	assert_string_equal(steps[12].name, "close_ends");
	assert_string_equal(steps[10].name, "quiesce_goes_on");
	assert_string_equal(steps[9].name, "user_closes");
	visit(&start, 0, 0);
	for (i = 0; i < n_nodes; i++) {
		for (s = 0; s < STEPS; s++) {
			w = nodes[i].w;
			broken = NULL;
			untold = 0;
			if (!take(s))
				continue;
			check_state();
			if (broken) {
				print_error("%s, after\n", broken);
				tell_path(i + 1);
				print_error("  %s\n", steps[s].name);
				fail();
			}
			visit(&w, i + 1, s);
		}
		w = nodes[i].w;
		if (!can_close() || broken) {
			print_error("a close does not end (%s), after\n",
				    broken ? broken : "stuck");
			tell_path(i + 1);
			fail();
		}
	}
	print_message("%u states\n", n_nodes);
	assert_true(n_nodes > 500);

	/* Cells that nothing reaches are those of calls that exclude each other, and no others. */
	for (s = 0; s < VFIO_CCW_NR_STATES; s++)
		for (e = 0; e < VFIO_CCW_NR_EVENTS; e++)
			if (!visits[s][e])
				print_message("not reached: state %u event %u\n", s, e);
	assert_true(visits[VFIO_CCW_STATE_ACTIVE][VFIO_CCW_EVENT_FINAL]);
	assert_true(visits[VFIO_CCW_STATE_QUIESCE][VFIO_CCW_EVENT_FINAL]);
	assert_true(visits[VFIO_CCW_STATE_QUIESCE][VFIO_CCW_EVENT_GIVEN_UP]);
	assert_true(visits[VFIO_CCW_STATE_QUIESCE][VFIO_CCW_EVENT_NOT_OPER]);
	assert_true(visits[VFIO_CCW_STATE_TRANSLATE][VFIO_CCW_EVENT_NOT_OPER]);
	assert_true(visits[VFIO_CCW_STATE_NOT_OPER][VFIO_CCW_EVENT_START]);
}

int main(void)
{
	static const struct CMUnitTest tests[] = { cmocka_unit_test(every_order_of_events) };

	nodes = calloc(MAX_STATES, sizeof(*nodes));
	buckets = calloc(MAX_STATES, sizeof(*buckets));
	if (!nodes || !buckets)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
