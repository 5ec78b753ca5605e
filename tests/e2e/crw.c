// SPDX-License-Identifier: GPL-2.0
/*
 * In the guest: what user space sees when a device goes and comes back, and when a channel path
 * does.
 *
 *   vfio-crw gone UUID SUBCHANNEL DEL ADD   DEL and ADD: the emulator's commands that take the
 *                                           device away and give it back (see vm-host); with
 *                                           --rescan the kernel is told to look for it
 *   vfio-crw paths UUID CHPID               CHPID: 0.01, a path that nothing else depends on
 *   vfio-crw attention UUID COMMAND         the emulator's command that makes the device ask
 *
 * Channel-report word: Principles of Operation, chapter 17.
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/e2e/client.h"
#include "tests/e2e/tap.h"

#define CRW_OVERFLOW 0x20000000U
#define CRW_PATH 0x04000000U
#define CRW_SUBCHANNEL 0x03000000U
#define ERC_INIT 0x00020000U
#define ERC_IPARM 0x00040000U
#define ERC_PERRN 0x00060000U

#define QUEUE 16 /* reports that the driver keeps */

static struct client c;
static bool rescan;

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool good = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (!good)
		printf("# %s: %s\n", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return good;
}

static void nap(unsigned int ms)
{
	struct timespec ts = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L };

	nanosleep(&ts, NULL);
}

static void host(const char *command)
{
	char line[256];

	snprintf(line, sizeof(line), "%s\n", command);
	ok(write_file("/run/host", line), command);
}

/* A report is signalled, sooner or later. */
static bool signalled(void)
{
	unsigned int i;

	if (!rescan)
		return client_event(&c, VFIO_CCW_CRW_IRQ_INDEX, PATIENCE) > 0;
	for (i = 0; i < PATIENCE / 1000; i++) {
		if (!write_file("/sys/devices/css0/rescan", "1"))
			return false;
		if (client_event(&c, VFIO_CCW_CRW_IRQ_INDEX, 1000))
			return true;
	}
	return false;
}

static void crw_is(const char *name, uint32_t wanted)
{
	uint32_t crw = 0xffffffff;

	is(name, client_crw(&c, &crw), 0);
	is("  the report", crw, wanted);
}

/* A report comes, is fetched, and was the only one. */
static void reported(const char *name, uint32_t wanted)
{
	uint32_t crw;
	unsigned int more = 0;

	ok(signalled(), name);
	crw_is("  is fetched", wanted);
	/* The kernel may look more than once, and find the same. */
	while (!client_crw(&c, &crw) && crw)
		more++;
	is("  it was the only one", more, 0);
	client_event(&c, VFIO_CCW_CRW_IRQ_INDEX, 0);
}

static void sense_id(uint32_t at)
{
	client_ccw(&c, at, 0xe4, SLI, 8, 0x8000);
	memset(c.mem + 0x8000, 0, 8);
}

/* SENSE ID runs to its end. */
static void works(const char *name)
{
	sense_id(0x1000);
	is(name, client_start(&c, ORB_PLAIN, 0x1000), 0);
	ok(client_status(&c, PATIENCE) && c.dstat == 0x0c && !c.cstat, "  SENSE ID");
	is("  identifies itself", c.mem[0x8000], 0xff);
}

static void nothing_works(void)
{
	struct ccw_stats_region s;
	uint8_t schib[52];
	uint32_t cc;

	sense_id(0x1000);
	is("START SUBCHANNEL", client_start(&c, ORB_PLAIN, 0x1000), -ENODEV);
	is("HALT SUBCHANNEL", client_command(&c, VFIO_CCW_ASYNC_CMD_HSCH), -ENODEV);
	is("CLEAR SUBCHANNEL", client_command(&c, VFIO_CCW_ASYNC_CMD_CSCH), -ENODEV);
	is("CANCEL SUBCHANNEL", client_function(&c, VFIO_CCW_FUNC_XSCH, &cc), -ENODEV);
	is("RESUME SUBCHANNEL", client_function(&c, VFIO_CCW_FUNC_RSCH, &cc), -ENODEV);
	is("STORE SUBCHANNEL", client_schib(&c, schib), -ENODEV);
	is("VFIO_DEVICE_RESET", client_reset(&c), -ENODEV);
	is("the counters can be read", client_stats(&c, &s), 0);
}

/*
 * Suspended at its second CCW: a program that the channel holds, whatever the emulator. Qemu has no
 * interruption for it; the subchannel tells.
 */
static void suspend(void)
{
	uint8_t schib[52] = { 0 };
	uint32_t at;

	client_ccw(&c, 0x1000, 0x03, CC | SLI, 1, 0x8000);
	client_ccw(&c, 0x1008, 0xe4, SLI | SUSP, 8, 0x8000);
	is("a program suspends itself", client_start(&c, ORB_PLAIN | ORB_SUSPEND, 0x1000), 0);
	if (rescan)
		ok(client_status(&c, PATIENCE), "  and says so");
	ok(!client_schib(&c, schib) && schib[31] & 0x20, "  and is suspended");
	at = (uint32_t)schib[32] << 24 | (uint32_t)schib[33] << 16 | (uint32_t)schib[34] << 8 |
	     schib[35];
	/* qemu leaves it behind the CCW before */
	ok(at == 0x1010 || at == 0x1008, "  at the guest's CCW");
	ok(client_pinned() > 0, "  its pages are pinned");
}

static bool becomes(const char *path, bool there)
{
	unsigned int i;

	for (i = 0; i < PATIENCE / 100 && (access(path, F_OK) == 0) != there; i++)
		nap(100);
	return (access(path, F_OK) == 0) == there;
}

static int gone(const char *uuid, const char *schid, const char *del, const char *add)
{
	const uint32_t report = CRW_SUBCHANNEL | ERC_IPARM |
				(uint32_t)strtoul(strrchr(schid, '.') + 1, NULL, 16);
	char sysfs[128];
	unsigned int i;

	snprintf(sysfs, sizeof(sysfs), "/sys/bus/css/devices/%s", schid);
	is("open", client_open(&c, uuid), 0);
	crw_is("nothing to report", 0);
	works("a device that is there");

	host(del);
	reported("gone: a report", report);
	nothing_works();
	ok(!access(sysfs, F_OK), "the subchannel stays while it is open");
	is("the device is not asked for", client_event(&c, VFIO_CCW_REQ_IRQ_INDEX, 0), 0);
	host(add);
	reported("back: a report", report);
	works("it works, without a reset");
	is("VFIO_DEVICE_RESET of one that works", client_reset(&c), 0);
	works("it still works");

	suspend();
	host(del);
	reported("gone with a program: a report", report);
	ok(!client_status(&c, 200), "no status for the program");
	is("START SUBCHANNEL", client_start(&c, ORB_PLAIN, 0x1000), -ENODEV);
	for (i = 0; i < 50 && client_pinned(); i++)
		nap(20);
	is("its pages are unpinned", client_pinned(), 0);
	if (rescan) { /* hercules keeps the suspension with the device that comes back */
		client_close(&c);
		ok(becomes(sysfs, false), "closed: the subchannel goes");
		return tap_finish();
	}
	host(add);
	reported("back again: a report", report);
	is("VFIO_DEVICE_RESET", client_reset(&c), 0);
	works("the next program runs");

	host(del);
	ok(signalled(), "gone for the last time");
	client_close(&c);
	ok(becomes(sysfs, false), "closed: the subchannel goes");
	host(add);
	ok(becomes(sysfs, true), "and comes back to its driver");
	return tap_finish();
}

static bool vary(const char *chpid, const char *how)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/devices/css0/chp%s/status", chpid);
	return write_file(path, how);
}

static int paths(const char *uuid, const char *chpid)
{
	const uint32_t id = (uint32_t)strtoul(strrchr(chpid, '.') + 1, NULL, 16);
	struct ccw_stats_region before, after;
	uint32_t crw, cc, reports = 0;
	uint8_t schib[52];
	unsigned int i;

	is("open", client_open(&c, uuid), 0);
	is("STORE SUBCHANNEL", client_schib(&c, schib), 0);
	is("  one path is installed, operational and available",
	   schib[11] << 16 | schib[14] << 8 | schib[15], 0x80ff80 | (schib[14] & 0x7f) << 8);
	is("  it is the one", schib[16], id);
	is("  no interruption parameter of the host's",
	   schib[0] << 24 | schib[1] << 16 | schib[2] << 8 | schib[3], 0);
	works("over that path");

	ok(vary(chpid, "off"), "the path is varied off");
	reported("a report", CRW_PATH | ERC_PERRN | id);
	is("START SUBCHANNEL: no path", client_start(&c, ORB_PLAIN, 0x1000), -EACCES);
	is("  nor with the mask of another", client_start(&c, 0x00c04000, 0x1000), -EACCES);
	is("STORE SUBCHANNEL works", client_schib(&c, schib), 0);
	is("a reset does not bring it back", client_reset(&c), 0);
	is("  nor that it was empty", client_start(&c, ORB_PLAIN, 0x1000), -EACCES);
	ok(vary(chpid, "on"), "the path is varied on");
	reported("a report", CRW_PATH | ERC_INIT | id);
	works("over that path again");
	is("not with the mask of another", client_start(&c, 0x00c04000, 0x1000), -EACCES);

	suspend();
	ok(vary(chpid, "off"), "the path goes under a program");
	reported("a report", CRW_PATH | ERC_PERRN | id);
	is("CLEAR SUBCHANNEL ends the program", client_command(&c, VFIO_CCW_ASYNC_CMD_CSCH), 0);
	ok(client_status(&c, PATIENCE) && c.fctl & 1, "  with its interrupt");
	ok(vary(chpid, "on"), "and comes back");
	reported("a report", CRW_PATH | ERC_INIT | id);
	works("the next program runs");

	is("the counters", client_stats(&c, &before), 0);
	for (i = 0; i < QUEUE / 2 + 2; i++)
		reports += vary(chpid, "off") + vary(chpid, "on");
	is("more reports than are kept", reports, QUEUE + 4);
	for (i = 0; i < QUEUE; i++) {
		cc = CRW_PATH | (i % 2 ? ERC_INIT : ERC_PERRN) | id;
		if (i == QUEUE - 1)
			cc |= CRW_OVERFLOW;
		ok(client_event(&c, VFIO_CCW_CRW_IRQ_INDEX, 0) > 0, "signalled");
		crw_is(i < QUEUE - 1 ? "the oldest first" : "the last says that others were lost",
		       cc);
	}
	crw_is("then there is none", 0);
	is("nor a signal", client_event(&c, VFIO_CCW_CRW_IRQ_INDEX, 0), 0);
	is("the counters", client_stats(&c, &after), 0);
	is("  reports", after.crws - before.crws, QUEUE);
	is("  lost", after.crw_overflows - before.crw_overflows, 4);
	ok(vary(chpid, "off") && vary(chpid, "on"), "two more");
	crw_is("nothing lost before this one", CRW_PATH | ERC_PERRN | id);
	crw_is("the other", CRW_PATH | ERC_INIT | id);
	is("not at an offset", pread(c.device, &crw, 2, c.crw + 2) < 0 ? -errno : 0, -EINVAL);
	works("the device still works");
	client_close(&c);
	is("open again", client_open(&c, uuid), 0);
	crw_is("with no reports of before", 0);
	client_close(&c);
	return tap_finish();
}

/* Status that belongs to no program has no CCW address. */
static int attention(const char *uuid, const char *command)
{
	is("open", client_open(&c, uuid), 0);
	works("a program first");
	host(command);
	ok(client_status(&c, PATIENCE), "the device asks for attention");
	is("  of no function", c.fctl, 0);
	ok(c.dstat & 0x80, "  attention");
	is("  without a CCW address", c.cpa, 0);
	works("a program afterwards");
	client_close(&c);
	return tap_finish();
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "--rescan")) {
		rescan = true;
		argc--;
		argv++;
	}
	if (argc == 6 && !strcmp(argv[1], "gone"))
		return gone(argv[2], argv[3], argv[4], argv[5]);
	if (argc == 4 && !strcmp(argv[1], "paths"))
		return paths(argv[2], argv[3]);
	if (argc == 4 && !strcmp(argv[1], "attention"))
		return attention(argv[2], argv[3]);
	fprintf(stderr, "usage: vfio-crw [--rescan] gone UUID SUBCHANNEL DEL ADD\n"
		"       vfio-crw paths UUID CHPID\n"
		"       vfio-crw attention UUID COMMAND\n");
	return 2;
}
