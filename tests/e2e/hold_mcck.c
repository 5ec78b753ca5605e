// SPDX-License-Identifier: GPL-2.0
/*
 * Holds off machine checks for channel reports while it is loaded. Hercules' lack the validity bits
 * without which Linux stops; /sys/devices/css0/rescan then finds what they would have told.
 */
#include <linux/module.h>
#include <linux/smp.h>
#include <asm/ctlreg.h>

#define CHANNEL_REPORT_SUBMASK 28 /* bit 35 of control register 14 */

static void hold(void *unused)
{
	local_ctl_clear_bit(14, CHANNEL_REPORT_SUBMASK);
}

static void let_go(void *unused)
{
	local_ctl_set_bit(14, CHANNEL_REPORT_SUBMASK);
}

static int __init hold_mcck_init(void)
{
	on_each_cpu(hold, NULL, 1);
	return 0;
}

static void __exit hold_mcck_exit(void)
{
	on_each_cpu(let_go, NULL, 1);
}

module_init(hold_mcck_init);
module_exit(hold_mcck_exit);

MODULE_DESCRIPTION("Holds off channel-report machine checks, for tests under Hercules");
MODULE_LICENSE("GPL");
