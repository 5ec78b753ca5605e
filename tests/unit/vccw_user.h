/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What driver/fsm.c and driver/channel.c need from the kernel, for their exhaustive test:
 * structures with the fields they use, instructions and helpers that the test's channel
 * implements, locks that need not lock since the test takes one step at a time.
 */
#ifndef TESTS_UNIT_VCCW_USER_H
#define TESTS_UNIT_VCCW_USER_H

#include <linux/vfio.h>
#include <linux/vfio_ccw.h>

#include "tests/unit/cp_user.h"

typedef int64_t s64;
typedef int32_t s32;
typedef int16_t s16;
typedef uint32_t dma32_t;
typedef struct {
	s64 counter;
} atomic64_t;
typedef struct {
	int counter;
} atomic_t;

#define U32_MAX UINT32_MAX
#define U16_MAX UINT16_MAX
#define HZ 100
#define jiffies 0UL
#define time_before(a, b) ((a) < (b))
#define __user
#define container_of(p, type, member) ((type *)((char *)(p) - offsetof(type, member)))

struct io_subchannel_private {
	u64 orb[4];
};

struct subchannel_id {
	u32 sch_no;
};

#include "trace/events/vfio_ccw_record.h"

/* Principles of Operation, chapter 16; the order of the bits does not matter here. */
struct cmd_scsw {
	u32 key : 4;
	u32 eswf : 1;
	u32 fmt : 1;
	u32 pfch : 1;
	u32 alcc : 1;
	u32 cc : 2;
	u32 fctl : 3;
	u32 actl : 7;
	u32 stctl : 5;
	dma32_t cpa;
	u8 dstat;
	u8 cstat;
	u16 count;
};

union scsw {
	struct cmd_scsw cmd;
};

struct erw {
	u32 fsavf : 1;
	u32 cons : 1;
	u32 scavf : 1;
};

struct esw0 {
	struct erw erw;
	dma32_t faddr[2];
	dma32_t saddr;
};

struct esw1 {
	u8 lpum;
	struct erw erw;
};

struct irb {
	union scsw scsw;
	union {
		struct esw0 esw0;
		struct esw1 esw1;
	} esw;
	u32 ecw[8];
};

enum {
	SCSW_FCTL_CLEAR_FUNC = 0x1, SCSW_FCTL_HALT_FUNC = 0x2, SCSW_FCTL_START_FUNC = 0x4,
	SCSW_ACTL_SUSPENDED = 0x1, SCSW_ACTL_DEVACT = 0x2, SCSW_ACTL_SCHACT = 0x4,
	SCSW_ACTL_CLEAR_PEND = 0x8, SCSW_ACTL_HALT_PEND = 0x10, SCSW_ACTL_START_PEND = 0x20,
	SCSW_ACTL_RESUME_PEND = 0x40,
	SCSW_STCTL_STATUS_PEND = 0x1, SCSW_STCTL_SEC_STATUS = 0x2, SCSW_STCTL_PRIM_STATUS = 0x4,
	SCSW_STCTL_INTER_STATUS = 0x8, SCSW_STCTL_ALERT_STATUS = 0x10,
};

struct cmd_orb {
	u32 intparm, flags;
	dma32_t cpa;
};

union orb {
	struct cmd_orb cmd;
	u32 words[8];
};

struct device {
	void *data;
};

struct subchannel {
	struct subchannel_id schid;
	int lock;
	u8 lpm, opm, isc;
	struct {
		struct pmcw {
			u32 intparm;
			u8 pam, isc, ena;
		} pmcw;
		union scsw scsw;
	} schib;
	struct device dev;
};

struct vfio_device {
	struct device *dev;
};
struct mdev_parent {
	int unused;
};
struct mdev_type {
	int unused;
};
struct mdev_driver;
struct mutex {
	int unused;
};
struct completion {
	int done;
};
struct delayed_work {
	int queued;
};
struct eventfd_ctx;
struct dentry;
struct mmu_notifier {
	int unused;
};
struct mm_struct;

struct task {
	struct mm_struct *mm;
};
extern struct task *current;
extern struct irb cio_irb;

#define this_cpu_ptr(p) (p)
#define lockdep_assert_held(lock) ((void)(lock))
#define spin_lock_irq(lock) ((void)(lock))
#define spin_unlock_irq(lock) ((void)(lock))
#define inc_irq_stat(n) ((void)0)
#define virt_to_phys(p) ((uintptr_t)(p))
#define PAGE_DEFAULT_KEY 0
#define tod_to_ns(t) (t)
#define get_tod_clock_monotonic() 0
#define dma32_to_u32(a) (a)
#define u32_to_dma32(a) (a)
#define dev_err(dev, ...) ((void)(dev))
#define trace_vfio_ccw_fsm_event_enabled() false
#define trace_vfio_ccw_fsm_event(...) ((void)0)
#define trace_vfio_ccw_fsm(schid, seq, from, event, to, rc) \
	((void)(seq), model_transition(from, event, to, rc))
#define trace_vfio_ccw_ssch(schid, seq, function, cc, lpm, cpa) \
	((void)(seq), (void)(lpm), (void)(cpa), model_told(function, cc))
#define trace_vfio_ccw_irq_enabled() true
#define trace_vfio_ccw_irq(schid, seq, scsw0, cpa, scsw2, erw, isc, final) \
	((void)(seq), (void)(scsw0), (void)(cpa), (void)(scsw2), (void)(erw), (void)(final))
#define scsw_actl(scsw) ((scsw)->cmd.actl)
#define scsw_fctl(scsw) ((scsw)->cmd.fctl)

static inline void *dev_get_drvdata(struct device *dev)
{
	return dev->data;
}

static inline void complete(struct completion *c)
{
	c->done = 1;
}

static inline void reinit_completion(struct completion *c)
{
	c->done = 0;
}

static inline unsigned long wait_for_completion_timeout(struct completion *c, unsigned long t)
{
	(void)t;
	return c->done;
}

static inline void schedule_delayed_work(struct delayed_work *w, unsigned long t)
{
	(void)t;
	w->queued = 1;
}

/* The test's channel. */
int ssch(struct subchannel_id schid, union orb *orb);
int hsch(struct subchannel_id schid);
int csch(struct subchannel_id schid);
int cio_cancel(struct subchannel *sch);
int cio_resume(struct subchannel *sch);
u8 chp_get_sch_opm(struct subchannel *sch);
int cio_update_schib(struct subchannel *sch);
int cio_enable_subchannel(struct subchannel *sch, u32 intparm);
int cio_disable_subchannel(struct subchannel *sch);
void model_told(int function, int cc);
void model_transition(int from, int event, int to, int rc);

#endif /* TESTS_UNIT_VCCW_USER_H */
