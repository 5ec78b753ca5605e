// SPDX-License-Identifier: GPL-2.0
/*
 * The driver on a channel that works on its own while the CPU goes on: programs that are active,
 * halted, cleared, suspended, resumed, cancelled, closed and killed. For a 3390 of Hercules with
 * nosyncio and an iodelay of 20 ms; runs in the guest, speaks TAP.
 *
 *     vfio-driver UUID SUBCHANNEL
 *     vfio-driver UUID tape          READ BACKWARD on an empty tape
 *
 * The emulator's own: a HALT within the first milliseconds finds the start pending and gives no
 * interrupt, and the activity that a HALT leaves in the SCSW stays. Neither is tested here; the
 * driver has to live with both.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/e2e/client.h"
#include "tests/e2e/tap.h"

#define HSCH VFIO_CCW_ASYNC_CMD_HSCH
#define CSCH VFIO_CCW_ASYNC_CMD_CSCH
#define XSCH VFIO_CCW_FUNC_XSCH
#define RSCH VFIO_CCW_FUNC_RSCH

enum { FCTL_CLEAR = 1, FCTL_HALT = 2, FCTL_START = 4 };
enum { ACTL_SUSP = 1 };
enum { ST_PENDING = 1, ST_INTERMEDIATE = 8 };
enum { DE_CE = 0x0c, UC = 0x02, CS_PCI = 0x80 };

static const char *uuid, *sch;
static struct client c;

static void ms(unsigned int n)
{
	usleep(n * 1000);
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void open_it(void)
{
	int rc = client_open(&c, uuid), i;

	/* a killed process is closed by the kernel in its own time */
	for (i = 0; rc == -EBUSY && i < 100; i++) {
		ms(50);
		rc = client_open(&c, uuid);
	}
	if (rc) {
		printf("Bail out! cannot open the device: %s\n", strerror(-rc));
		exit(255);
	}
}

/* Two segments that lead to each other. */
static void make_loop(void)
{
	client_ccw(&c, 0x1000, 0x03, CC | SLI, 1, 0x3000);
	client_tic(&c, 0x1008, 0x4000);
	client_ccw(&c, 0x4000, 0x03, CC | SLI, 1, 0x3000);
	client_tic(&c, 0x4008, 0x1000);
}

static bool of_loop(uint32_t cpa)
{
	return !cpa || (cpa > 0x1000 && cpa <= 0x1010) || (cpa > 0x4000 && cpa <= 0x4010);
}

static void start_loop(void)
{
	uint8_t schib[52];
	uint32_t cpa;

	make_loop();
	is("an endless program is started", client_start(&c, ORB_PLAIN, 0x1000), 0);
	ms(100);
	is("  and runs: no status", client_event(&c, VFIO_CCW_IO_IRQ_INDEX, 0), 0);
	is("  STORE SUBCHANNEL", client_schib(&c, schib), 0);
	cpa = (uint32_t)schib[32] << 24 | (uint32_t)schib[33] << 16 | (uint32_t)schib[34] << 8 |
	      schib[35];
	ok(!cpa || of_loop(cpa), "  shows the guest's CCW address or 0");
	ok(!memcmp(schib, "\0\0\0", 4), "  and no interruption parameter of the host's");
}

static void drain(void)
{
	while (client_status(&c, 300))
		;
}

/* The subchannel works. Status of what was before may still come. */
static void usable(const char *what)
{
	int rc, i;

	drain();
	client_ccw(&c, 0x8000, 0xe4, SLI, 7, 0x9000);
	memset(c.mem + 0x9000, 0, 8);
	rc = client_start(&c, ORB_PLAIN, 0x8000);
	for (i = 0; i < 3 && rc == -EBUSY; i++) {
		/* what a guest does with a busy subchannel */
		printf("# busy: CLEAR\n");
		client_command(&c, CSCH);
		drain();
		rc = client_start(&c, ORB_PLAIN, 0x8000);
	}
	if (!is(what, rc, 0))
		return;
	if (!ok(client_status(&c, PATIENCE), "  the status of a SENSE ID comes"))
		return;
	is("  it is channel end and device end", c.dstat << 8 | c.cstat, DE_CE << 8);
	is("  of the start function alone", c.fctl, FCTL_START);
	is("  with the guest's CCW address", c.cpa, 0x8008);
	is("  and its data", c.mem[0x9000], 0xff);
}

static void test_end(const char *how, const uint32_t *commands, unsigned int n, uint8_t fctl)
{
	unsigned int i, got = 0, seen = 0;
	bool ours = true;

	printf("# %s\n", how);
	start_loop();
	is("  another start: -EBUSY", client_start(&c, ORB_PLAIN, 0x8000), -EBUSY);
	for (i = 0; i < n; i++) {
		int rc = client_command(&c, commands[i]);

		/* the second comes before or after the interrupt of the first */
		ok(rc == 0 || (i && rc == -EBUSY), commands[i] == HSCH ? "  HALT is taken" :
									 "  CLEAR is taken");
	}
	while (client_status(&c, 500)) {
		printf("# fctl %x actl %02x stctl %02x dstat %02x cstat %02x\n", c.fctl, c.actl,
		       c.stctl, c.dstat, c.cstat);
		got++;
		seen |= c.fctl;
		ours &= of_loop(c.cpa);
	}
	between("  interrupts", got, 1, n);
	ok(seen & fctl, "  of that function");
	ok(ours, "  CCW addresses are the guest's or 0");
	usable("  the subchannel is usable afterwards");
}

static void test_loops(void)
{
	static const uint32_t hh[] = { HSCH, HSCH }, hc[] = { HSCH, CSCH }, ch[] = { CSCH, HSCH },
			      cc[] = { CSCH, CSCH };

	test_end("HALT", hh, 1, FCTL_HALT);
	test_end("CLEAR", cc, 1, FCTL_CLEAR);
	test_end("HALT twice", hh, 2, FCTL_HALT);
	test_end("CLEAR twice", cc, 2, FCTL_CLEAR);
	test_end("HALT, then CLEAR", hc, 2, FCTL_HALT | FCTL_CLEAR);
	test_end("CLEAR, then HALT", ch, 2, FCTL_HALT | FCTL_CLEAR);

	printf("# reset\n");
	start_loop();
	is("  reset", client_reset(&c), 0);
	ok(!client_status(&c, 300), "  leaves no status");
	usable("  the subchannel is usable afterwards");

	printf("# close\n");
	start_loop();
	client_close(&c);
	open_it();
	usable("  the subchannel is usable when opened again");
}

static void test_kill(void)
{
	int up[2], status = 0;
	char byte;
	pid_t pid;

	printf("# kill -9\n");
	client_close(&c);
	if (pipe(up)) {
		ok(false, "pipe");
		return;
	}
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		open_it();
		make_loop();
		byte = client_start(&c, ORB_PLAIN, 0x1000) ? 'e' : 'r';
		if (write(up[1], &byte, 1) == 1)
			pause();
		_exit(1);
	}
	byte = 0;
	ok(read(up[0], &byte, 1) == 1 && byte == 'r', "another process runs an endless program");
	ms(100);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "  and is killed");
	close(up[0]);
	close(up[1]);
	open_it();
	usable("  the subchannel is usable afterwards");
}

/* n NOPs with PCI, and one without. */
static void make_pcis(unsigned int n)
{
	uint32_t at = 0x1000;
	unsigned int i;

	for (i = 0; i < n; i++, at += 8)
		client_ccw(&c, at, 0x03, CC | SLI | PCI, 1, 0x3000);
	client_ccw(&c, at, 0x03, SLI, 1, 0x3000);
}

/* Until the program is over, without a look at its status: START says -EBUSY as long as it runs. */
static void runs_out(void)
{
	unsigned int i;

	for (i = 0; i < 300 && client_start(&c, ORB_PLAIN, 0x1004) == -EBUSY; i++)
		ms(100);
}

static void test_pci(void)
{
	struct ccw_stats_region before, after;
	unsigned int i, inter = 0, flagged = 0, ordered = 1;
	uint32_t last = 0;

	printf("# PCI\n");
	make_pcis(20);
	client_stats(&c, &before);
	is("20 CCWs with PCI", client_start(&c, ORB_PLAIN, 0x1000), 0);
	for (i = 0; client_status(&c, 2000) && !(c.dstat & DE_CE); i++) {
		inter += !!(c.stctl & ST_INTERMEDIATE);
		flagged += !!(c.cstat & CS_PCI);
		ordered &= c.cpa >= last && c.cpa <= 0x1000 + 21 * 8;
		last = c.cpa;
	}
	client_stats(&c, &after);
	/* the channel itself merges PCIs that the CPU leaves pending, on a machine that is busy */
	between("  each gives an interrupt", i, 5, 20);
	is("  intermediate status", inter, i);
	is("  with the PCI bit", flagged, i);
	ok(ordered, "  CCW addresses are the guest's, in order");
	is("  and the final one comes: channel end, device end", c.dstat, DE_CE);
	is("  at the last CCW", c.cpa, 0x1000 + 21 * 8);
	is("  none was lost", after.interrupts - before.interrupts, i + 1);
	ok(!client_status(&c, 200), "  nothing more");

	client_stats(&c, &before);
	is("again, and nobody reads", client_start(&c, ORB_PLAIN, 0x1000), 0);
	runs_out();
	client_stats(&c, &after);
	for (i = 0; client_status(&c, 0); i++)
		;
	between("  they wait in the queue", i, 6, 21);
	is("  none was lost", after.interrupts - before.interrupts, i);
	is("  the last is the final one", c.dstat, DE_CE);

	make_pcis(150);
	client_stats(&c, &before);
	is("150 CCWs with PCI, and nobody reads", client_start(&c, ORB_PLAIN, 0x1000), 0);
	runs_out();
	for (i = 0; client_status(&c, 0); i++)
		;
	is("  the queue holds 32", i, 32);
	is("  the last is the final one", c.dstat, DE_CE);
	client_stats(&c, &after);
	is("  what was replaced is counted", after.status_overflows - before.status_overflows,
	   after.interrupts - before.interrupts - 32);
}

/* SENSE ID at the end, suspended before its second and (flags) third CCW. */
static void make_suspending(uint8_t second, uint8_t third)
{
	client_ccw(&c, 0x1000, 0x03, CC | SLI, 1, 0x3000);
	client_ccw(&c, 0x1008, 0x03, CC | SLI | second, 1, 0x3000);
	client_ccw(&c, 0x1010, 0x03, CC | SLI | third, 1, 0x3000);
	client_ccw(&c, 0x1018, 0xe4, SLI, 7, 0x5000);
	memset(c.mem + 0x5000, 0, 0x2000);
}

static bool suspended(uint32_t cpa)
{
	if (!ok(client_status(&c, PATIENCE), "  status comes"))
		return false;
	ok(c.actl & ACTL_SUSP && c.stctl & ST_INTERMEDIATE, "  intermediate: suspended");
	return is("  its CCW address is the guest's", c.cpa, cpa);
}

static void resume(const char *what)
{
	uint32_t cc = 9;

	is(what, client_function(&c, RSCH, &cc), 0);
	is("  condition code 0", cc, 0);
}

static void ends_well(uint32_t cpa)
{
	if (!ok(client_status(&c, PATIENCE), "  the final status comes"))
		return;
	is("  channel end and device end", c.dstat << 8 | c.cstat, DE_CE << 8);
	is("  not suspended any more", c.actl, 0);
	is("  its CCW address is the guest's", c.cpa, cpa);
}

static void not_resumable(const char *what, int want)
{
	uint32_t cc = 9;

	is(what, client_function(&c, RSCH, &cc), want);
	is("  condition code 2", cc, 2);
}

static void test_suspend(void)
{
	const uint32_t orb = ORB_PLAIN | ORB_SUSPEND;
	uint32_t cc = 9;
	int i;

	printf("# suspend and resume\n");
	not_resumable("RESUME of an idle subchannel", -EINVAL);
	make_suspending(SUSP, 0);
	is("a program that suspends itself", client_start(&c, orb, 0x1000), 0);
	suspended(0x1010);
	ms(300);
	between("  its pages stay pinned", client_pinned(), 4, 64);
	is("  another start: -EBUSY", client_start(&c, orb, 0x8000), -EBUSY);
	client_ccw(&c, 0x1008, 0x03, CC | SLI, 1, 0x3000);
	resume("  RESUME");
	ends_well(0x1020);
	is("  the data is there", c.mem[0x5000], 0xff);
	ms(300);
	is("  pages are unpinned", client_pinned(), 0);

	make_suspending(SUSP, 0);
	is("another, changed while it is suspended", client_start(&c, orb, 0x1000), 0);
	suspended(0x1010);
	client_tic(&c, 0x1008, 0x7000);
	client_ccw(&c, 0x7000, 0xe4, SLI, 7, 0x6000);
	resume("  RESUME");
	ends_well(0x7008);
	is("  the changed program was run", c.mem[0x6000], 0xff);
	is("  not the old one", c.mem[0x5000], 0);

	make_suspending(SUSP, 0);
	is("resumed with its S flag still on", client_start(&c, orb, 0x1000), 0);
	suspended(0x1010);
	for (i = 0; i < 5; i++) {
		resume("  RESUME");
		suspended(0x1010);
	}
	client_ccw(&c, 0x1008, 0x03, CC | SLI, 1, 0x3000);
	resume("  RESUME without it");
	ends_well(0x1020);

	make_suspending(SUSP, SUSP);
	is("suspended twice, in two places", client_start(&c, orb, 0x1000), 0);
	suspended(0x1010);
	client_ccw(&c, 0x1008, 0x03, CC | SLI, 1, 0x3000);
	resume("  RESUME");
	suspended(0x1018);
	client_ccw(&c, 0x1010, 0x03, CC | SLI, 1, 0x3000);
	client_ccw(&c, 0x1018, 0xe4, SLI, 7, 0x6000);
	resume("  RESUME");
	ends_well(0x1020);
	is("  the data is where the guest wants it now", c.mem[0x6000], 0xff);

	make_suspending(0, 0);
	client_ccw(&c, 0x1000, 0x03, CC | SLI | SUSP, 1, 0x3000);
	is("suspended at its first CCW", client_start(&c, orb, 0x1000), 0);
	suspended(0x1008);
	client_ccw(&c, 0x1000, 0x03, CC | SLI, 1, 0x3000);
	resume("  RESUME");
	ends_well(0x1020);

	make_suspending(SUSP, 0);
	is("resumed where no program is", client_start(&c, orb, 0x1000), 0);
	suspended(0x1010);
	client_tic(&c, 0x1008, 0x40000000);
	resume("  RESUME");
	ok(client_status(&c, PATIENCE) && c.cstat == 0x20, "  a program check");
	usable("  the subchannel is usable");

	for (i = 0; i < 4; i++) {
		static const char *const how[] = { "HALT", "CLEAR", "reset", "close" };

		printf("# %s of a suspended program\n", how[i]);
		make_suspending(SUSP, 0);
		is("suspended", client_start(&c, orb, 0x1000), 0);
		suspended(0x1010);
		if (i < 2) {
			is("  ended", client_command(&c, i ? CSCH : HSCH), 0);
			ok(client_status(&c, 1000), "  status comes");
			ok(c.fctl & (i ? FCTL_CLEAR : FCTL_HALT), "  of that function");
			ok(!c.cpa || (c.cpa > 0x1000 && c.cpa <= 0x1020),
			   "  the CCW address is the guest's");
			printf("# actl %02x\n", c.actl);
		} else if (i == 2) {
			is("  ended", client_reset(&c), 0);
			ok(!client_status(&c, 300), "  no status comes");
		} else {
			client_close(&c);
			open_it();
		}
		usable("  the subchannel is usable");
		ms(300);
		is("  nothing stays pinned", client_pinned(), 0);
		make_suspending(0, SUSP);
		is("  the next one is suspended, too", client_start(&c, orb, 0x1000), 0);
		suspended(0x1018);
		client_ccw(&c, 0x1010, 0x03, CC | SLI, 1, 0x3000);
		resume("  RESUME");
		ends_well(0x1020);
	}

	start_loop();
	not_resumable("  RESUME of a program that is not suspended", -EINVAL);
	is("  CANCEL of it", client_function(&c, XSCH, &cc), -EINVAL);
	is("  condition code 2", cc, 2);
	is("  CLEAR", client_command(&c, CSCH), 0);
	usable("  the subchannel is usable");
}

static void test_cancel(void)
{
	unsigned int by_cc[4] = { 0 }, i;
	struct ccw_stats_region before, after;
	bool right = true;
	uint32_t cc = 9;

	printf("# CANCEL\n");
	is("CANCEL of an idle subchannel", client_function(&c, XSCH, &cc), -EINVAL);
	is("  condition code 2", cc, 2);
	cc = 9;
	is("another function", client_function(&c, 99, &cc), -EOPNOTSUPP);
	is("  is not issued", cc, VFIO_CCW_NO_CC);
	client_ccw(&c, 0x8000, 0x03, SLI, 1, 0x9000);
	client_stats(&c, &before);
	for (i = 0; i < 60 && right; i++) {
		right &= client_start(&c, ORB_PLAIN, 0x8000) == 0;
		client_function(&c, XSCH, &cc);
		if (cc > 3) {
			right = false;
			break;
		}
		by_cc[cc]++;
		/* with condition code 0 there is no status, with any other there is one */
		right &= client_status(&c, cc ? 2000 : 100) == !!cc;
	}
	client_stats(&c, &after);
	ok(right, "60 programs: a status exactly if CANCEL came too late");
	printf("# condition codes 0 to 3: %u %u %u %u\n", by_cc[0], by_cc[1], by_cc[2], by_cc[3]);
	is("  cancelled ones are counted", after.aborted - before.aborted, by_cc[0]);
	is("  as requests too", after.requests - before.requests, 60);
	usable("the subchannel is usable");
}

static void test_formats(void)
{
	uint8_t plain[8];

	printf("# IDAL, edges\n");
	client_ccw(&c, 0x1000, 0xe4, SLI, 7, 0x5000);
	is("SENSE ID", client_start(&c, ORB_PLAIN, 0x1000), 0);
	ok(client_status(&c, PATIENCE), "  status");
	memcpy(plain, c.mem + 0x5000, 8);
	memset(c.mem + 0x5000, 0, 0x3000);
	/* Two format-2 IDAWs: 2 bytes of one page, the rest in another that does not follow it. */
	memcpy(c.mem + 0x2000, "\0\0\0\0\0\0\x5f\xfe\0\0\0\0\0\0\x70\0", 16);
	client_ccw(&c, 0x1000, 0xe4, SLI | IDA, 7, 0x2000);
	is("through an IDAL, into two pages", client_start(&c, ORB_PLAIN | 0x20000, 0x1000), 0);
	ok(client_status(&c, PATIENCE), "  status");
	is("  channel end and device end", c.dstat << 8 | c.cstat, DE_CE << 8);
	is("  the first", memcmp(c.mem + 0x5ffe, plain, 2), 0);
	is("  the second", memcmp(c.mem + 0x7000, plain + 2, 5), 0);
	is("  and nothing else", c.mem[0x6000] | c.mem[0x7005] | c.mem[0x5ffd], 0);

	client_ccw(&c, MEM_SIZE - 8, 0xe4, SLI, 7, 0x5000);
	memset(c.mem + 0x5000, 0, 8);
	is("a program in the last bytes of guest memory", client_start(&c, ORB_PLAIN, MEM_SIZE - 8),
	   0);
	ends_well(MEM_SIZE);
	is("  its data", memcmp(c.mem + 0x5000, plain, 7), 0);
}

/* n segments of a NOP and a TIC, all over the memory. */
static void make_segments(unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		uint32_t at = 0x10000 + i * 7919 % 10007 * 16,
			 to = 0x10000 + (i + 1) * 7919 % 10007 * 16;

		client_ccw(&c, at, 0x03, CC | SLI, 1, 0x3000);
		if (i + 1 < n)
			client_tic(&c, at + 8, to);
		else
			client_ccw(&c, at + 8, 0x03, SLI, 1, 0x3000);
	}
}

static void test_segments(void)
{
	double t;

	printf("# segments\n");
	make_segments(200);
	is("200 segments", client_start(&c, ORB_PLAIN, 0x10000), 0);
	if (ok(client_status(&c, PATIENCE), "  status"))
		is("  channel end and device end", c.dstat << 8 | c.cstat, DE_CE << 8);
	make_segments(10000);
	t = seconds();
	is("10,000 segments are refused", client_start(&c, ORB_PLAIN, 0x10000), -EINVAL);
	ok(seconds() - t < 2, "  in bounded time");
	usable("the subchannel is usable");
	ms(300);
	is("nothing stays pinned", client_pinned(), 0);
}

static void test_unmap(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct ccw_stats_region before, after;

	printf("# DMA unmap of an active program\n");
	client_stats(&c, &before);
	is("a page of its own", client_map(&c, page, 0x200000, 4096), 0);
	make_loop();
	client_ccw(&c, 0x1000, 0xe4, CC | SLI, 7, 0x200000);
	is("an endless program stores into it", client_start(&c, ORB_PLAIN, 0x1000), 0);
	ms(150);
	between("  pinned", client_pinned(), 4, 64);
	is("  it is unmapped", client_unmap(&c, 0x200000, 4096), 0);
	memset(page, 0x55, 4096);
	ms(100);
	is("  nobody stores into it any more", memcmp(page, (char *)page + 1, 4095), 0);
	is("  nothing is pinned", client_pinned(), 0);
	client_stats(&c, &after);
	is("  the request was cut short", after.aborted - before.aborted, 1);
	munmap(page, 4096);
	usable("  the subchannel is usable");
}

/* Counters against what was asked for, in an opening of its own. */
static void test_counters(void)
{
	struct ccw_stats_region s;
	uint64_t states = 0, hist;
	unsigned int i, b;
	double begin, took;

	printf("# counters\n");
	client_close(&c);
	begin = seconds();
	open_it();
	client_ccw(&c, 0x1000, 0x03, CC | SLI, 1, 0x5000);
	client_ccw(&c, 0x1008, 0xe4, SLI, 7, 0x5000);
	client_ccw(&c, 0x2000, 0xff, SLI, 1, 0x5000);
	client_ccw(&c, 0x2100, 0xe4, 0, 200, 0x5000);
	client_ccw(&c, 0x2200, 0xe4, SLI, 7, 0x40000000);
	for (i = 0; i < 10; i++) {
		client_start(&c, ORB_PLAIN, 0x1000);
		client_status(&c, 2000);
	}
	for (i = 0; i < 4; i++)
		client_start(&c, ORB_PLAIN, 0x1004);
	for (i = 0; i < 3; i++)
		client_start(&c, ORB_PLAIN | 0x00040000, 0x1000);
	for (i = 0; i < 3; i++) {
		client_start(&c, ORB_PLAIN, 0x2000 + i * 0x100);
		client_status(&c, 2000);
	}
	make_loop();
	client_start(&c, ORB_PLAIN, 0x1000);
	ms(100);
	client_start(&c, ORB_PLAIN, 0x1000);
	client_start(&c, ORB_PLAIN, 0x1000);
	client_command(&c, CSCH);
	client_status(&c, 2000);
	is("the region is read", client_stats(&c, &s), 0);
	took = seconds() - begin;
	is("  requests", s.requests, 10 + 4 + 3 + 3 + 3);
	is("  refused with EOPNOTSUPP", s.refused[0], 3);
	is("  refused with EINVAL", s.refused[1], 4);
	is("  refused with EBUSY", s.refused[2], 2);
	is("  refused otherwise",
	   s.refused[3] + s.refused[4] + s.refused[5] + s.refused[6] + s.refused[7], 0);
	is("  unit checks", s.unit_check, 1);
	is("  incorrect length", s.incorrect_length, 1);
	is("  program checks", s.channel_check, 1);
	is("  programs that cannot go well", s.bad_programs, 1);
	is("  aborted", s.aborted, 1);
	is("  interrupts", s.interrupts, 10 + 3 + 1);
	is("  overflows", s.status_overflows + s.crw_overflows + s.crws, 0);
	for (i = 0; i < 8; i++)
		states += s.state_ns[i];
	between("  time in all states, of that the device was open, in percent",
		(long long)((double)states / 1e7 / took), 80, 101);
	ok(s.state_ns[4] > 100000000, "  of that 100 ms and more active");
	for (i = 0; i < 5; i++) {
		for (b = 0, hist = 0; b < VFIO_CCW_STATS_LOG2; b++)
			hist += s.stage[i].log2[b];
		is("  each request is in the histogram of each stage", hist, s.requests);
		ok(s.stage[i].max <= s.stage[i].sum, "  no maximum above the sum");
	}
	is("  the stages make up the whole",
	   s.stage[0].sum + s.stage[1].sum + s.stage[2].sum + s.stage[3].sum - s.stage[4].sum, 0);
}

/* The last: the driver is taken from the subchannel while the program runs. */
static void test_unbind(void)
{
	int status = -1, i;
	pid_t pid;

	printf("# unbind while open\n");
	start_loop();
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		FILE *f = fopen("/sys/bus/css/drivers/vfio_ccw/unbind", "w");

		/* the parent's, not ours to keep open */
		client_close(&c);
		_exit(!f || fprintf(f, "%s", sch) < 0 || fclose(f));
	}
	ok(client_event(&c, VFIO_CCW_REQ_IRQ_INDEX, 10000), "the request eventfd is signalled");
	is("  unbinding waits", waitpid(pid, &status, WNOHANG), 0);
	is("  the program still runs: start gives -EBUSY", client_start(&c, ORB_PLAIN, 0x1000),
	   -EBUSY);
	client_close(&c);
	for (i = 0; i < 200 && waitpid(pid, &status, WNOHANG) == 0; i++)
		ms(50);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 0, "  it is done after the close");
}

/* A block of 6,000 bytes, written from one place and read backward to another. */
static void test_tape(void)
{
	const uint32_t from = 0x10000, last = 0x24321, n = 6000, first = last + 1 - n;
	uint32_t i;

	for (i = 0; i < n; i++)
		c.mem[from + i] = (uint8_t)(i * 7 + i / 256);
	client_ccw(&c, 0x1000, 0x07, CC | SLI, 1, from);
	client_ccw(&c, 0x1008, 0x01, SLI, (uint16_t)n, from);
	is("REWIND and WRITE", client_start(&c, ORB_PLAIN, 0x1000), 0);
	while (ok(client_status(&c, PATIENCE), "  status") && !(c.dstat & 0x06))
		;
	is("  well", c.dstat & ~DE_CE, 0);
	memset(c.mem + 0x22000, 0xee, 0x3000);
	client_ccw(&c, 0x1000, 0x0c, SLI, (uint16_t)n, last);
	is("READ BACKWARD across two pages", client_start(&c, ORB_PLAIN, 0x1000), 0);
	if (!ok(client_status(&c, PATIENCE), "  status"))
		return;
	is("  channel end and device end", c.dstat << 8 | c.cstat, DE_CE << 8);
	is("  no byte is left", c.count, 0);
	is("  the data is there, in its order", memcmp(c.mem + first, c.mem + from, n), 0);
	is("  and nothing before it", c.mem[first - 1], 0xee);
	is("  or behind", c.mem[last + 1], 0xee);
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: vfio-driver UUID SUBCHANNEL\n");
		return 2;
	}
	uuid = argv[1];
	sch = argv[2];
	open_it();
	is("nothing is pinned", client_pinned(), 0);
	if (strcmp(sch, "tape") == 0) {
		test_tape();
		return tap_finish();
	}
	test_loops();
	test_kill();
	test_pci();
	test_suspend();
	test_cancel();
	test_formats();
	test_segments();
	test_unmap();
	test_counters();
	test_unbind();
	return tap_finish();
}
