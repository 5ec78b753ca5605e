/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A client of vfio-ccw for the tests in the guest: one device, a piece of guest memory at address
 * 0, and the calls as they are. Return codes are the driver's, negative errno; nothing is repeated
 * or smoothed out.
 */
#ifndef TESTS_E2E_CLIENT_H
#define TESTS_E2E_CLIENT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <linux/vfio.h>
#include <linux/vfio_ccw.h>

#include "driver/vfio_ccw_ext.h"

/* ms to wait for what will come: an emulator, with checkers perhaps, on a busy machine. */
#define PATIENCE 60000
#define MEM_SIZE 0x100000U /* guest memory: 0 .. 1 MiB - 1 */

/* ORB word 1: format-1 CCWs, prefetch, all paths; suspend control. */
#define ORB_PLAIN 0x00c0ff00U
#define ORB_SUSPEND 0x08000000U

/* CCW flags */
enum { CD = 0x80, CC = 0x40, SLI = 0x20, SKIP = 0x10, PCI = 0x08, IDA = 0x04, SUSP = 0x02 };

struct client {
	int container, group, device;
	int event[VFIO_CCW_NUM_IRQS]; /* eventfds by irq index */
	uint8_t *mem;
	off_t io, cmd, func, stats, schib, crw; /* offsets of the regions, -1: there is none */
	/* the last IRB read, in pieces */
	uint8_t irb[96];
	uint8_t fctl, actl, stctl, dstat, cstat;
	uint16_t count;
	uint32_t cpa;
};

/*
 * Opens the mediated device; 0 or a negative errno, -EBUSY while somebody else has it. With
 * VFIO_CONTAINER=/dev/iommu in the environment an iommufd is its container.
 */
int client_open(struct client *c, const char *uuid);
void client_close(struct client *c);

/*
 * The pieces of client_open(), for another way to the device than a group and a container: an empty
 * structure; guest memory, not mapped yet; regions and eventfds of the device that is open. 0 or a
 * negative errno.
 */
void client_init(struct client *c);
int client_memory(struct client *c);
int client_setup(struct client *c);

/* More guest memory, anywhere. */
int client_map(struct client *c, void *host, uint64_t iova, uint64_t size);
int client_unmap(struct client *c, uint64_t iova, uint64_t size);

void client_ccw(struct client *c, uint32_t at, uint8_t cmd, uint8_t flags, uint16_t count,
		uint32_t cda);
void client_tic(struct client *c, uint32_t at, uint32_t to);

/* START SUBCHANNEL; HSCH or CSCH; a function of struct ccw_func_region. 0 or a negative errno. */
int client_start(struct client *c, uint32_t word1, uint32_t cpa);
int client_command(struct client *c, uint32_t command);
int client_function(struct client *c, uint32_t function, uint32_t *cc);
int client_reset(struct client *c);
int client_stats(struct client *c, struct ccw_stats_region *s);
/* The SCHIB; the oldest channel-report word, 0: none. 0 or a negative errno. */
int client_schib(struct client *c, uint8_t schib[52]);
int client_crw(struct client *c, uint32_t *crw);

/* Waits for an eventfd; the number of signals, 0 when none came. */
uint64_t client_event(struct client *c, unsigned int index, int ms);
/* Waits for a status and reads it into the structure. False when none came. */
bool client_status(struct client *c, int ms);

/* VmLck of this process in KiB: what VFIO has pinned for mediated devices. */
long client_pinned(void);

#endif /* TESTS_E2E_CLIENT_H */
