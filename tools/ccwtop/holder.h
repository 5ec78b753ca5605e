/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which process has a vfio group or device open: the virtual machine that a device is passed to.
 * That is nowhere but in the open files of every process, which are looked through a bit at a time.
 */
#ifndef CCWTOP_HOLDER_H
#define CCWTOP_HOLDER_H

#include <stdbool.h>

struct top_holder {
	char node[24]; /* below /dev/vfio: "3", "devices/vfio0" */
	int pid;
	char name[32]; /* what QEMU was given as -name, else the name of the process; printable */
};

struct top_holders;

struct top_holders *top_holders_new(const char *proc); /* "/proc". NULL: no memory */
void top_holders_free(struct top_holders *h); /* NULL is fine */

/* Looks at some more open files. true: a round through all processes ended, the answers are new. */
bool top_holders_step(struct top_holders *h);

/* As of the last whole round; NULL: nobody that we may look into. Valid until the next step. */
const struct top_holder *top_holders_find(const struct top_holders *h, const char *node);

#endif /* CCWTOP_HOLDER_H */
