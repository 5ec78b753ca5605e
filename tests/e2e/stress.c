// SPDX-License-Identifier: GPL-2.0
/*
 * One device, everything at once: requests, HALT, CLEAR, CANCEL, RESUME, reset, SET_IRQS, reads of
 * all regions and DMA unmap from a thread each, closed and opened anew several times a second.
 * What the calls return is anybody's; that the device works in the end is not. Runs in the guest.
 *
 *     vfio-stress UUID SECONDS
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "tests/e2e/client.h"

#define DATA 0x200000U /* a mapping of its own, that comes and goes */

static struct client c;
static atomic_bool end_round;
static atomic_ulong requests, refused, commands, irq_sets, unmaps, reads;

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static unsigned int draw(unsigned int *seed, unsigned int below)
{
	*seed = *seed * 1103515245 + 12345;
	return *seed / 65536 % below;
}

static void *submit(void *arg)
{
	unsigned int seed = (unsigned int)(uintptr_t)arg, i;
	uint32_t at = 0x10000U * (seed % 7 + 1);

	while (!atomic_load(&end_round)) {
		unsigned int n = 1 + draw(&seed, 40);

		for (i = 0; i + 1 < n; i++)
			client_ccw(&c, at + i * 8, 0x03, CC | SLI, 1, 0x3000);
		client_ccw(&c, at + i * 8, 0xe4, SLI, 7, draw(&seed, 2) ? 0x5000 : DATA);
		atomic_fetch_add(client_start(&c, ORB_PLAIN, at) ? &refused : &requests, 1);
	}
	return NULL;
}

static void *command(void *arg)
{
	unsigned int seed = (unsigned int)(uintptr_t)arg;
	uint32_t cc;

	while (!atomic_load(&end_round)) {
		switch (draw(&seed, 8)) {
		case 0:
			client_reset(&c);
			break;
		case 1:
		case 2:
			client_command(&c, VFIO_CCW_ASYNC_CMD_HSCH);
			break;
		case 3:
			client_command(&c, VFIO_CCW_ASYNC_CMD_CSCH);
			break;
		case 4:
			client_function(&c, VFIO_CCW_FUNC_RSCH, &cc);
			break;
		default:
			client_function(&c, VFIO_CCW_FUNC_XSCH, &cc);
			break;
		}
		atomic_fetch_add(&commands, 1);
		usleep(draw(&seed, 300));
	}
	return NULL;
}

/* Attach, detach, fire; the eventfds themselves come and go, too. */
static void *set_irqs(void *arg)
{
	unsigned int seed = (unsigned int)(uintptr_t)arg;
	struct {
		struct vfio_irq_set set;
		int32_t fd;
	} s = { .set = { .argsz = sizeof(s), .count = 1 } };

	while (!atomic_load(&end_round)) {
		bool attach = draw(&seed, 3);
		int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);

		s.set.index = draw(&seed, VFIO_CCW_NUM_IRQS);
		s.set.flags = VFIO_IRQ_SET_ACTION_TRIGGER |
			      (draw(&seed, 3) ? VFIO_IRQ_SET_DATA_EVENTFD : VFIO_IRQ_SET_DATA_NONE);
		s.set.count = s.set.flags & VFIO_IRQ_SET_DATA_NONE ? draw(&seed, 2) : 1;
		s.fd = attach ? fd : -1;
		ioctl(c.device, VFIO_DEVICE_SET_IRQS, &s);
		atomic_fetch_add(&irq_sets, 1);
		if (fd >= 0)
			close(fd); /* the driver has its own hold on it */
	}
	return NULL;
}

static void *read_all(void *arg)
{
	unsigned int seed = (unsigned int)(uintptr_t)arg;
	struct ccw_stats_region s;
	uint8_t buf[256];

	while (!atomic_load(&end_round)) {
		off_t at = (off_t)draw(&seed, 8) << 20 | (off_t)draw(&seed, 128);
		/* any region, any part of it; most are refused, none may harm */
		ssize_t n = pread(c.device, buf, 1 + draw(&seed, 128), at);

		if (n < 0 && errno == EFAULT)
			abort();
		client_stats(&c, &s);
		atomic_fetch_add(&reads, 1);
	}
	return NULL;
}

static void *unmap(void *arg)
{
	unsigned int seed = (unsigned int)(uintptr_t)arg;
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	while (!atomic_load(&end_round)) {
		if (client_map(&c, page, DATA, 4096) == 0) {
			usleep(draw(&seed, 500));
			client_unmap(&c, DATA, 4096);
			atomic_fetch_add(&unmaps, 1);
		}
		usleep(draw(&seed, 500));
	}
	munmap(page, 4096);
	return NULL;
}

static int open_it(const char *uuid)
{
	int rc = client_open(&c, uuid), i;

	for (i = 0; rc == -EBUSY && i < 100; i++) {
		usleep(20000);
		rc = client_open(&c, uuid);
	}
	return rc;
}

static int works(void)
{
	client_reset(&c);
	client_event(&c, VFIO_CCW_IO_IRQ_INDEX, 0);
	client_ccw(&c, 0x8000, 0xe4, SLI, 7, 0x9000);
	memset(c.mem + 0x9000, 0, 8);
	return client_start(&c, ORB_PLAIN, 0x8000) == 0 && client_status(&c, PATIENCE) &&
	       c.dstat == 0x0c && c.mem[0x9000] == 0xff;
}

int main(int argc, char **argv)
{
	static void *(*const jobs[])(void *) = { submit,   submit,   command,
						 set_irqs, read_all, unmap };
	enum { JOBS = sizeof(jobs) / sizeof(jobs[0]) };
	unsigned int rounds = 0, i;
	pthread_t threads[JOBS];
	double until;
	int rc;

	if (argc != 3) {
		fprintf(stderr, "usage: vfio-stress UUID SECONDS\n");
		return 2;
	}
	until = seconds() + atof(argv[2]);
	while (seconds() < until) {
		rc = open_it(argv[1]);
		if (rc) {
			printf("open: %s\n", strerror(-rc));
			return 1;
		}
		atomic_store(&end_round, false);
		for (i = 0; i < JOBS; i++)
			if (pthread_create(&threads[i], NULL, jobs[i],
					   (void *)(uintptr_t)(rounds * JOBS + i + 1)))
				return 1;
		usleep(300000);
		atomic_store(&end_round, true);
		for (i = 0; i < JOBS; i++)
			pthread_join(threads[i], NULL);
		client_close(&c); /* whatever still runs */
		rounds++;
	}
	rc = open_it(argv[1]);
	if (rc || !works()) {
		printf("the device does not work any more\n");
		return 1;
	}
	usleep(300000);
	printf("%u rounds, %lu requests, %lu refused, %lu commands, %lu irq sets, %lu unmaps, "
	       "%lu reads, pinned %ld KiB\n", rounds, requests, refused, commands, irq_sets, unmaps,
	       reads, client_pinned());
	rc = client_pinned();
	client_close(&c);
	return rc ? 1 : 0;
}
