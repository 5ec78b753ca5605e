// SPDX-License-Identifier: GPL-2.0
/*
 * What happens to a program that is active, so that a test can look at what the events tell of it.
 * For a 3390 of Hercules with nosyncio and an iodelay; runs in the guest, speaks TAP.
 *
 *     vfio-told UUID CASE
 *
 * Each case opens the device, so its requests are numbered from 1, and leaves status that it is not
 * about unread.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/e2e/client.h"
#include "tests/e2e/tap.h"

static struct client c;

static void ms(unsigned int n)
{
	usleep(n * 1000);
}

/* Two segments that lead to each other. */
static void make_loop(uint8_t flags)
{
	client_ccw(&c, 0x1000, 0x03, CC | SLI | flags, 1, 0x3000);
	client_tic(&c, 0x1008, 0x4000);
	client_ccw(&c, 0x4000, 0x03, CC | SLI | flags, 1, 0x3000);
	client_tic(&c, 0x4008, 0x1000);
}

static void start(const char *what, uint32_t word1)
{
	is(what, client_start(&c, word1, 0x1000), 0);
}

/* --- what the guest asked for --- */

static void case_tic_first(void)
{
	client_tic(&c, 0x1000, 0x2000);
	client_ccw(&c, 0x2000, 0x03, SLI, 1, 0x3000);
	start("tic-first: taken", ORB_PLAIN);
	ok(client_status(&c, PATIENCE), "tic-first: status");
}

static void case_tic_to_tic(void)
{
	client_ccw(&c, 0x1000, 0x03, CC | SLI, 1, 0x3000);
	client_tic(&c, 0x1008, 0x2000);
	client_tic(&c, 0x2000, 0x4000);
	client_ccw(&c, 0x4000, 0x03, SLI, 1, 0x3000);
	start("tic-to-tic: taken", ORB_PLAIN);
	ok(client_status(&c, PATIENCE), "tic-to-tic: status");
}

/* n NOPs with PCI and one without; nobody reads. */
static void pcis(const char *what, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		client_ccw(&c, 0x1000 + i * 8, 0x03, CC | SLI | PCI, 1, 0x3000);
	client_ccw(&c, 0x1000 + i * 8, 0x03, SLI, 1, 0x3000);
	start(what, ORB_PLAIN);
	/* BUSY is what a START behind the end does not say any more */
	for (i = 0; i < PATIENCE / 100 && client_start(&c, ORB_PLAIN, 0x1004) == -EBUSY; i++)
		ms(100);
	between("pci: it ends", i, 0, PATIENCE / 100 - 1);
}

static void case_pci(void)
{
	pcis("pci: 20 of them", 20);
}

static void case_pci_many(void)
{
	pcis("pci-many: 150 of them", 150);
}

static void suspend_at(const char *what, uint32_t cpa)
{
	ok(client_status(&c, PATIENCE) && c.actl & 1, what);
	is("  at the guest's CCW", c.cpa, cpa);
}

static void case_resume(void)
{
	uint32_t cc = 9;
	unsigned int i;

	client_ccw(&c, 0x1000, 0x03, CC | SLI, 1, 0x3000);
	client_ccw(&c, 0x1008, 0x03, CC | SLI | SUSP, 1, 0x3000);
	client_ccw(&c, 0x1010, 0xe4, SLI, 7, 0x5000);
	start("resume: a program that suspends itself", ORB_PLAIN | ORB_SUSPEND);
	suspend_at("resume: suspended", 0x1010);

	/* With a run of 257 CCWs from there it cannot go on, and stays where it is. */
	client_tic(&c, 0x1008, 0x8000);
	for (i = 0; i < 256; i++)
		client_ccw(&c, 0x8000 + i * 8, 0x03, CC | SLI, 1, 0x3000);
	client_ccw(&c, 0x8000 + i * 8, 0x03, SLI, 1, 0x3000);
	is("resume: too many CCWs", client_function(&c, VFIO_CCW_FUNC_RSCH, &cc), -EINVAL);
	is("  no instruction", cc, VFIO_CCW_NO_CC);

	client_ccw(&c, 0x8018, 0xe4, SLI, 7, 0x6000);
	is("resume: three NOPs and a SENSE ID", client_function(&c, VFIO_CCW_FUNC_RSCH, &cc), 0);
	is("  condition code 0", cc, 0);
	ok(client_status(&c, PATIENCE), "resume: status");
	is("  at the last CCW", c.cpa, 0x8020);
	is("  its data", c.mem[0x6000], 0xff);
}

/* --- who takes the program back --- */

static void case_unmap(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	is("unmap: a page of its own", client_map(&c, page, 0x200000, 4096), 0);
	make_loop(0);
	client_ccw(&c, 0x1000, 0xe4, CC | SLI, 7, 0x200000);
	client_ccw(&c, 0x4000, 0xe4, CC | SLI, 7, 0x5000);
	start("unmap: an endless program stores into it", ORB_PLAIN);
	ms(300);
	is("unmap: it is unmapped", client_unmap(&c, 0x200000, 4096), 0);
}

/* The program has begun: HALT is what ends it. */
static void case_halt(void)
{
	make_loop(0);
	start("halt: an endless program", ORB_PLAIN);
	ms(300);
	is("halt: reset", client_reset(&c), 0);
}

/*
 * The start is pending still: CANCEL is enough. How long the channel leaves it so is up to the
 * machine, hence many.
 */
static void case_cancel(void)
{
	struct ccw_stats_region s = { 0 };
	unsigned int i;

	client_ccw(&c, 0x1000, 0x03, SLI, 1, 0x3000);
	for (i = 0; i < 100; i++)
		if (client_start(&c, ORB_PLAIN, 0x1000) || client_reset(&c))
			break;
	is("cancel: 100 programs, each reset at once", i, 100);
	is("cancel: the counters", client_stats(&c, &s), 0);
	/* on a busy machine one may be through before the reset */
	between("cancel: they were cut short", s.aborted, 50, 100);
}

/*
 * HALT of a start that is pending still makes this channel forget it, and no interrupt comes. So
 * nothing gentle helps, and after a second the driver uses CLEAR. Again many; one for which it was
 * quiescing so long is enough.
 */
static void case_clear(void)
{
	struct ccw_stats_region s = { 0 };
	uint64_t before = 0, took = 0;
	unsigned int i;
	int rc = 0;

	client_ccw(&c, 0x1000, 0x03, SLI, 1, 0x3000);
	for (i = 0; i < 200 && !rc && took < 900000000; i++) {
		rc = client_start(&c, ORB_PLAIN, 0x1000);
		if (!rc)
			rc = client_command(&c, VFIO_CCW_ASYNC_CMD_HSCH);
		if (!rc || rc == -EBUSY) /* it was through already */
			rc = client_reset(&c);
		if (!rc)
			rc = client_stats(&c, &s);
		took = s.state_ns[5] - before; /* QUIESCE */
		before = s.state_ns[5];
	}
	printf("# %u programs\n", i);
	is("clear: programs, each halted and reset at once", rc, 0);
}

static const struct {
	const char *name;
	void (*run)(void);
} cases[] = {
	{ "tic-first", case_tic_first },
	{ "tic-to-tic", case_tic_to_tic },
	{ "pci", case_pci },
	{ "pci-many", case_pci_many },
	{ "resume", case_resume },
	{ "unmap", case_unmap },
	{ "clear", case_clear },
	{ "cancel", case_cancel },
	{ "halt", case_halt },
};

int main(int argc, char **argv)
{
	unsigned int i, n = sizeof(cases) / sizeof(*cases);

	for (i = 0; argc == 3 && i < n; i++)
		if (!strcmp(argv[2], cases[i].name))
			break;
	if (argc != 3 || i == n) {
		fprintf(stderr, "usage: vfio-told UUID CASE\n");
		return 2;
	}
	if (is("open", client_open(&c, argv[1]), 0)) {
		cases[i].run();
		client_close(&c);
	}
	return tap_finish();
}
