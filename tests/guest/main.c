// SPDX-License-Identifier: GPL-2.0
/*
 * Bare-metal guest with a device passed through: every I/O instruction and what the device and the
 * channel answer. Speaks TAP on the console; at the end "# functions start=N halt=N clear=N".
 */
#include "tests/guest/test.h"
#include "tests/guest/machine.h"

#define DEVNO		0x0100	/* the one under test */
#define ISC		3
#define TIMEOUT_MS	60000

/* values of parameter */
#define WAIT_FOR_UNPLUG	1
#define WAIT_FOR_PATH	2
#define WAIT_FOR_DEVICE	3		/* number of the host's subchannel in the upper half */

uint32_t sid;
struct irb irb;
static unsigned int tests, failed;
static uint32_t intparm;		/* interruption parameter of the last program */

bool ok(bool passed, const char *name)
{
	tests++;
	failed += !passed;
	say("%s %u - %s", passed ? "ok" : "not ok", tests, name);
	if (!passed)
		say("# last status: scsw %08x cpa %08x dstat %02x cstat %02x count %u "
		    "erw %08x sense %02x%02x", irb.scsw.w0, irb.scsw.cpa, irb.scsw.dstat,
		    irb.scsw.cstat, irb.scsw.count, irb.erw, irb.ecw[0], irb.ecw[1]);
	return passed;
}

void skip(const char *name, const char *why)
{
	tests++;
	say("ok %u - %s # SKIP %s", tests, name, why);
}

uint32_t address(const volatile void *p)
{
	return (uintptr_t)p;
}

void fill(void *p, int byte, unsigned int n)
{
	volatile uint8_t *b = p;

	while (n--)
		*b++ = byte;
}

bool same(const void *a, const void *b, unsigned int n)
{
	const uint8_t *x = a, *y = b;

	while (n && *x == *y)
		x++, y++, n--;
	return n == 0;
}

static uint32_t orb_of(struct orb *orb, struct ccw *program, uint32_t flags)
{
	*orb = (struct orb) {
		.intparm = ++intparm,
		.flags = ORB_FORMAT1 | ORB_LPM | flags,
		.cpa = address(program),
	};
	return intparm;
}

static int start(struct ccw *program, uint32_t flags)
{
	struct orb orb;

	orb_of(&orb, program, flags);
	return ssch(sid, &orb);
}

int next_status(void)
{
	if (machine_wait_for(ISC, false, TIMEOUT_MS) != WAIT_IO) {
		say("# no interruption");
		return -1;
	}
	if (lowcore.io_sid != sid) {
		say("# interruption of another subchannel, %08x", lowcore.io_sid);
		return -1;
	}
	return tsch(sid, &irb);
}

static bool final(void)
{
	return irb.scsw.w0 & STCTL_SECONDARY || !(irb.scsw.w0 & ACTL_MASK);
}

bool run(struct ccw *program, uint32_t flags)
{
	int cc = start(program, flags);

	if (cc != 0) {
		say("# START SUBCHANNEL: condition code %d", cc);
		return false;
	}
	do {
		cc = next_status();
		if (cc != 0) {
			say("# TEST SUBCHANNEL: condition code %d", cc);
			return false;
		}
		if (lowcore.io_intparm != intparm) {
			say("# interruption parameter %08x, not %08x", lowcore.io_intparm, intparm);
			return false;
		}
	} while (!final());
	return irb.scsw.w0 & FCTL_START;
}

bool runs_well(struct ccw *program, uint32_t flags)
{
	return run(program, flags) && SCSW_CC(irb.scsw.w0) == 0 && irb.scsw.cstat == 0 &&
		irb.scsw.dstat == (DSTAT_CE | DSTAT_DE);
}

/* --- subchannels --- */

static void find(void)
{
	struct schib schib;
	unsigned int n = 0;

	for (uint32_t s = 0x00010000; s <= 0x0001ffff; s++) {
		if (stsch(s, &schib) != 0)
			break;
		n++;
		if (!(schib.flags & PMCW_VALID))
			continue;
		say("# subchannel 0.0.%04x device 0.0.%04x pim %02x chpid %02x", s & 0xffff,
		    schib.devno, schib.pim, schib.chpid[0]);
		if (schib.devno == DEVNO)
			sid = s;
	}
	ok(n > 0, "STORE SUBCHANNEL: there are subchannels");
	ok(sid != 0, "one has device number 0100");
}

static bool enable(bool on)
{
	struct schib schib;

	if (stsch(sid, &schib) != 0)
		return false;
	schib.intparm = 0x12345678;
	schib.isc = ISC << 3;
	schib.flags = (schib.flags & ~PMCW_ENABLED) | (on ? PMCW_ENABLED : 0);
	schib.chars |= PMCW_CSENSE;
	return msch(sid, &schib) == 0 && stsch(sid, &schib) == 0 && schib.intparm == 0x12345678 &&
		!!(schib.flags & PMCW_ENABLED) == on && schib.isc >> 3 == ISC;
}

/* --- programs --- */

static struct sense_id id;
static bool is_3390;
static struct ccw sense_id_ccw[1];

static struct ccw *sense_id(uint16_t count, uint8_t flags)
{
	fill(&id, 0, sizeof(id));
	sense_id_ccw[0] = (struct ccw) { CMD_SENSE_ID, flags, count, address(&id) };
	return sense_id_ccw;
}

static bool senses(void)
{
	return runs_well(sense_id(4, CCW_SLI), ORB_PREFETCH) && id.ff == 0xff;
}

static int start_sense_id(void)
{
	return start(sense_id(4, CCW_SLI), ORB_PREFETCH);
}

static void test_sense_id(void)
{
	static uint64_t idal[1];
	struct ccw by_idal = { CMD_SENSE_ID, CCW_SLI | CCW_IDA, 4, address(idal) };

	ok(runs_well(sense_id(sizeof(id), CCW_SLI), ORB_PREFETCH) && id.ff == 0xff, "SENSE ID");
	ok(irb.scsw.cpa == address(sense_id_ccw + 1), "the CCW address is the guest's");
	is_3390 = id.devtype[0] == 0x33 && id.devtype[1] == 0x90;
	say("# device %02x%02x/%02x control unit %02x%02x/%02x residual %u", id.devtype[0],
	    id.devtype[1], id.devmodel, id.cutype[0], id.cutype[1], id.cumodel, irb.scsw.count);
	sense_id(4, CCW_SLI);
	fill(&id, 0xee, sizeof(id));
	ok(runs_well(sense_id_ccw, ORB_PREFETCH) && id.ff == 0xff && id.cumodel != 0xee &&
	   id.devtype[0] == 0xee,
	   "four bytes of it, and no more");
	ok(run(sense_id(4, CCW_SLI), 0) && id.ff == 0xff, "prefetch not allowed");
	fill(&id, 0, sizeof(id));
	idal[0] = address(&id);
	ok(runs_well(&by_idal, ORB_PREFETCH | ORB_IDAW64) && id.ff == 0xff, "through an IDAL");
}

static void test_chains(void)
{
	static struct ccw nops[100], tic[2], target[1];

	for (int i = 0; i < 100; i++)
		nops[i] = (struct ccw) { CMD_NOP, CCW_CC | CCW_SLI, 1, address(&id) };
	nops[99].flags = CCW_SLI;
	ok(runs_well(nops + 99, ORB_PREFETCH), "NO-OPERATION");
	ok(runs_well(nops, ORB_PREFETCH) && irb.scsw.cpa == address(nops + 100),
	   "100 of them, chained");

	fill(&id, 0, sizeof(id));
	tic[0] = (struct ccw) { CMD_NOP, CCW_CC | CCW_SLI, 1, address(&id) };
	tic[1] = (struct ccw) { CMD_TIC, 0, 0, address(target) };
	target[0] = (struct ccw) { CMD_SENSE_ID, CCW_SLI, 4, address(&id) };
	ok(runs_well(tic, ORB_PREFETCH) && id.ff == 0xff && irb.scsw.cpa == address(target + 1),
	   "TRANSFER IN CHANNEL");
}

/* What the channel of qemu's own devices does not do, and a channel with a 3390 does. */
static void test_counts(void)
{
	ok(runs_well(sense_id(sizeof(id), CCW_SLI), ORB_PREFETCH) && irb.scsw.count > 0 &&
	   irb.scsw.count <= sizeof(id) - 7, "SENSE ID: residual count");
	ok(run(sense_id(2, 0), ORB_PREFETCH) && irb.scsw.cstat == CSTAT_IL,
	   "count too small: incorrect length");
}

static void test_checks(void)
{
	static uint8_t sense[32];
	struct ccw invalid = { CMD_INVALID, CCW_SLI, 1, address(sense) };
	struct ccw get_sense = { CMD_SENSE, CCW_SLI, sizeof(sense), address(sense) };
	struct ccw nowhere = { CMD_SENSE_ID, CCW_SLI, 4, 0x7ffff000 };

	ok(run(&invalid, ORB_PREFETCH) && irb.scsw.dstat & DSTAT_UC,
	   "an invalid command: unit check");
	if (irb.erw & ERW_CSENSE) {
		ok(irb.ecw[0] & 0x80, "concurrent sense: command reject");
		ok(runs_well(&get_sense, ORB_PREFETCH), "SENSE");
	} else {
		skip("concurrent sense: command reject", "the device has none");
		ok(runs_well(&get_sense, ORB_PREFETCH) && sense[0] & 0x80, "SENSE: command reject");
	}
	ok(run(&nowhere, ORB_PREFETCH) && irb.scsw.cstat & CSTAT_PROGRAM,
	   "an address that is none: program check");
	ok(senses(), "and then SENSE ID");
}

/* --- the other functions --- */

/*
 * CLEAR SUBCHANNEL withdraws an interruption that is pending; the client's qemu leaves it pending
 * and adds its own. Takes those, whose status is gone.
 */
static void drain(void)
{
	while (machine_wait_for(ISC, false, 200) == WAIT_IO)
		tsch(sid, &irb);
}

/*
 * Takes interruptions until function is done. Status of before may come first: qemu leaves an
 * interruption pending that CLEAR should have taken back, and shows the new function with it.
 */
static bool function_ends(uint32_t function)
{
	for (int i = 0; i < 4; i++) {
		if (next_status() != 0)
			return false;
		if (irb.scsw.w0 & function && !(irb.scsw.w0 & ACTL_MASK))
			return true;
	}
	return false;
}

static bool pending(void)
{
	struct schib schib;

	for (int i = 0; i < 10000000; i++)
		if (stsch(sid, &schib) == 0 && schib.scsw.w0 & STCTL_PENDING)
			return true;
	return false;
}

static void test_status(void)
{
	ok(tsch(sid, &irb) == 1, "TEST SUBCHANNEL without status: condition code 1");
	ok(start_sense_id() == 0 && pending(), "a program runs, its status waits");
	ok(start_sense_id() == 1, "START SUBCHANNEL with status pending: condition code 1");
	ok(hsch(sid) == 1, "HALT SUBCHANNEL likewise");
	ok(xsch(sid) == 1, "CANCEL SUBCHANNEL likewise");
	lowcore.io_sid = 0;
	ok(tpi() == 1 && lowcore.io_sid == sid && lowcore.io_intparm == intparm - 1,
	   "TEST PENDING INTERRUPTION takes the interruption");
	ok(tsch(sid, &irb) == 0 && irb.scsw.w0 & FCTL_START, "TEST SUBCHANNEL takes the status");
	ok(tpi() == 0, "no more interruptions");
}

static void test_functions(void)
{
	ok(hsch(sid) == 0 && function_ends(FCTL_HALT), "HALT SUBCHANNEL, idle");
	ok(senses(), "and then SENSE ID");
	ok(csch(sid) == 0 && function_ends(FCTL_CLEAR), "CLEAR SUBCHANNEL, idle");
	ok(senses(), "and then SENSE ID");
	ok(xsch(sid) == 2, "CANCEL SUBCHANNEL, idle: condition code 2");
	ok(start_sense_id() == 0 && csch(sid) == 0 && function_ends(FCTL_CLEAR),
	   "CLEAR SUBCHANNEL right behind START SUBCHANNEL");
	drain();
	ok(senses(), "and then SENSE ID");
	ok(csch(sid) == 0 && csch(sid) == 0 && function_ends(FCTL_CLEAR), "CLEAR SUBCHANNEL twice");
	drain();
	ok(senses(), "and then SENSE ID");
}

/* A program without end: only where the channel works while the CPU goes on. */
static void test_running(void)
{
	static struct ccw here[2], there[2];

	here[0] = (struct ccw) { CMD_NOP, CCW_CC | CCW_SLI, 1, address(&id) };
	here[1] = (struct ccw) { CMD_TIC, 0, 0, address(there) };
	there[0] = here[0];
	there[1] = (struct ccw) { CMD_TIC, 0, 0, address(here) };

	ok(start(here, ORB_PREFETCH) == 0 && machine_wait_for(ISC, false, 500) == WAIT_TIMEOUT,
	   "a program without end");
	ok(start(here, ORB_PREFETCH) == 2, "START SUBCHANNEL meanwhile: condition code 2");
	/*
	 * Nothing of CANCEL SUBCHANNEL here: qemu answers it by itself, from the state that it
	 * keeps, in which a start stays pending until its status.
	 */
	/* Hercules' channel leaves the activity bits of a halted program on. */
	ok(hsch(sid) == 0 && next_status() == 0 && irb.scsw.w0 & FCTL_HALT,
	   "HALT SUBCHANNEL ends it");
	ok(senses(), "and then SENSE ID");
	ok(start(here, ORB_PREFETCH) == 0 && machine_wait_for(ISC, false, 500) == WAIT_TIMEOUT,
	   "again");
	ok(csch(sid) == 0 && function_ends(FCTL_CLEAR), "CLEAR SUBCHANNEL ends it");
	ok(senses(), "and then SENSE ID");
}

static void test_disabled(void)
{
	ok(enable(false), "MODIFY SUBCHANNEL: disabled");
	ok(start_sense_id() == 3, "START SUBCHANNEL: condition code 3");
	ok(enable(true), "enabled again");
}

static void test_many(void)
{
	bool good = true;

	for (int i = 0; i < 200 && good; i++)
		good = runs_well(sense_id(7, CCW_SLI), ORB_PREFETCH) && id.ff == 0xff;
	ok(good, "SENSE ID, 200 times");
}

static void test_unplug(void)
{
	struct schib schib;
	enum wait_end end;
	uint32_t crw;
	bool mine = false;

	say("# waiting to be unplugged");
	end = machine_wait_for(ISC, true, TIMEOUT_MS);
	if (!ok(end == WAIT_MCHECK, "a machine check for channel reports")) {
		say("# the wait ended with %d, interruption %08x", end, lowcore.io_sid);
		return;
	}
	while (stcrw(&crw) == 0) {
		say("# channel report %08x", crw);
		/* source: subchannel */
		mine |= (crw >> 24 & 0x0f) == 3 && (crw & 0xffff) == (sid & 0xffff);
	}
	ok(mine, "a channel report of the subchannel");
	ok(stsch(sid, &schib) == 3 || !(schib.flags & PMCW_VALID), "the device is gone");
	ok(start_sense_id() == 3, "START SUBCHANNEL: condition code 3");
}

/* A machine check with that channel report and no other: its reporting source, code and ID. */
static void reported(const char *what, uint32_t source, uint32_t code, uint32_t wanted_id)
{
	uint32_t crw, wanted = source << 24 | code << 16 | wanted_id;
	unsigned int n = 0, others = 0;

	say("# waiting: %s", what);
	if (!ok(machine_wait_for(ISC, true, TIMEOUT_MS) == WAIT_MCHECK, what))
		return;
	while (stcrw(&crw) == 0) {
		say("# channel report %08x", crw);
		n += crw == wanted;
		others += crw != wanted;
	}
	ok(n == 1 && others == 0, "  the channel report");
}

/* A channel path that the host varies off and on. */
static void test_path(void)
{
	struct schib schib;

	if (!ok(stsch(sid, &schib) == 0, "STORE SUBCHANNEL"))
		return;
	reported("path gone", 4, 6, schib.chpid[0]);
	ok(start_sense_id() == 3, "START SUBCHANNEL: condition code 3");
	reported("path back", 4, 2, schib.chpid[0]);
	ok(senses(), "SENSE ID");
}

/*
 * A device that goes from the host and comes back. Qemu passes reports on as the host has them,
 * with the number of the host's subchannel.
 */
static void test_device(void)
{
	reported("device gone", 3, 4, parameter >> 16);
	ok(start_sense_id() == 3, "START SUBCHANNEL: condition code 3");
	reported("device back", 3, 4, parameter >> 16);
	ok(senses(), "SENSE ID");
}

int main(void)
{
	machine_init();
	find();
	if (!sid || !ok(enable(true), "MODIFY SUBCHANNEL: enabled"))
		goto out;
	test_sense_id();
	test_chains();
	test_checks();
	test_status();
	test_functions();
	test_disabled();
	if (is_3390) {
		test_counts();
		test_running();
		test_dasd();
	}
	test_many();
	if (parameter == WAIT_FOR_UNPLUG)
		test_unplug();
	if (parameter == WAIT_FOR_PATH)
		test_path();
	if ((parameter & 0xffff) == WAIT_FOR_DEVICE)
		test_device();
out:
	say("# functions start=%u halt=%u clear=%u", cio_started, cio_halted, cio_cleared);
	say("1..%u", tests);
	machine_stop();
}
