/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vfio_ccw inside: what its files share.
 *
 * Locks, outermost first:
 *   io_mutex          one user-space call at a time that may change or free the channel program;
 *                     held over translation, which sleeps. Taken by trylock where the contract
 *                     says -EAGAIN.
 *   subchannel lock   state machine, interrupt status, eventfds. Taken with interrupts off.
 */
#ifndef VCCW_H
#define VCCW_H

#ifdef __KERNEL__
#include <linux/completion.h>
#include <linux/eventfd.h>
#include <linux/mdev.h>
#include <linux/mmu_notifier.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/vfio.h>
#include <linux/vfio_ccw.h>
#include <linux/workqueue.h>
#include <asm/cio.h>
#include <asm/timex.h>

#include "css.h"
#include "io_sch.h"
#include "ioasm.h"
#include "chp.h"
#include "compat.h"

#include "trace/events/vfio_ccw.h"
#else
#include "tests/unit/vccw_user.h"
#endif

#include "cp.h"
#include "vfio_ccw_ext.h"

struct vccw_dev;
struct vfio_info_cap;

/*
 * The physical side: lives as long as the subchannel is bound to us. Its drvdata.
 *
 * The common I/O layer takes the drvdata of every I/O subchannel for a struct io_subchannel_private
 * of its own. A device whose recognition had not ended when it was unbound there makes it write an
 * ORB into it, or a pointer, later and without a look at who has the subchannel now: into cio.
 */
struct vccw_parent {
	struct io_subchannel_private cio; /* first; never read */
	struct subchannel *sch;
	struct mdev_parent mdevs;
	struct mdev_type type;
	struct mdev_type *types[1];
	struct vccw_dev *dev; /* under the subchannel lock; NULL without an mdev */
};

/* Interruption status on its way to user space: the oldest first, none merged. */
#define VCCW_IRBS 32

struct vccw_irbs {
	struct irb irb[VCCW_IRBS];
	unsigned int head, n;
};

/* Channel reports on their way to user space. */
#define VCCW_CRWS 16

struct vccw_crws {
	u32 word[VCCW_CRWS];
	unsigned int head, n;
};

/* One mediated device: what user space opens. */
struct vccw_dev {
	struct vfio_device vdev; /* first: vfio_alloc_device() wants it so */
	struct vccw_parent *parent;
	struct subchannel *sch;

	struct mutex io_mutex;
	/*
	 * Programs: cps[cur] is the one the channel has or had last; the other takes what a
	 * suspended program goes on with. Written under io_mutex where the channel is not, read by
	 * the interrupt; cur changes under both locks.
	 */
	struct cp cps[2];
	unsigned int cur;
	struct ccw_io_region io; /* under io_mutex, but for irb_area: under the subchannel lock */
	struct ccw_cmd_region cmd; /* under io_mutex, as what follows */
	struct ccw_func_region func;
	__be32 orb[3]; /* of the program under way */
	u64 unmapped; /* when vfio last asked to unpin, ns */

	/* Under the subchannel lock: */
	u8 state; /* enum vfio_ccw_state */
	bool open; /* user space has it open */
	bool held; /* the channel holds cp's program, or was lost with it */
	bool mute; /* closing or reset: status is for nobody */
	u32 seq; /* of the last request since open */
	struct vfio_ccw_io_record rec; /* of the request under way */
	u64 started; /* when its START SUBCHANNEL was done, ns */
	u32 suspended; /* guest address of the CCW it is suspended at, 0 if it is not */
	bool went_on; /* resumed: it may still stand in the program before, cps[!cur] */
	unsigned int rounds; /* of quiescing */
	struct vccw_irbs irbs;
	struct vccw_crws crws;
	struct ccw_stats_region stats;
	u64 state_since;
	struct eventfd_ctx *trigger[VFIO_CCW_NUM_IRQS];

	struct completion quiet; /* something happened that quiescing may wait for */
	struct delayed_work release; /* for a user who never fetches the status */
	bool keep; /* under io_mutex: the last request came from the mm that is watched */
	struct dentry *debugfs;

	struct mmu_notifier mn; /* of mm, if that is not NULL */
	struct mm_struct *mm;
	atomic64_t stamp; /* changes before and after a page of mm does */
	atomic_t changing; /* changes under way */
};

/* What the INTERRUPT and FINAL events are about. */
struct vccw_status {
	const struct irb *irb;
	u64 now;
};

static inline struct vccw_dev *to_vccw(struct vfio_device *vdev)
{
	return container_of(vdev, struct vccw_dev, vdev);
}

/* Nanoseconds of the TOD clock since boot; a few instructions. */
static inline u64 vccw_now(void)
{
	return tod_to_ns(get_tod_clock_monotonic());
}

static inline struct cp *vccw_cp(struct vccw_dev *d)
{
	return &d->cps[d->cur];
}

/* The guest's address for a CCW address of the channel: of this program, or the one before. */
static inline u32 vccw_guest_cpa(const struct vccw_dev *d, u32 host)
{
	u32 cpa = cp_guest_cpa(&d->cps[d->cur], host);

	return cpa || !d->went_on ? cpa : cp_guest_cpa(&d->cps[!d->cur], host);
}

static inline u32 vccw_ns32(u64 ns)
{
	return ns > U32_MAX ? U32_MAX : ns;
}

/* Condition code behind what cio_cancel() and cio_resume() return. */
static inline u32 vccw_cc_of(int rc)
{
	switch (rc) {
	case 0:
		return 0;
	case -EBUSY:
		return 1;
	case -EINVAL:
		return 2;
	default:
		return 3;
	}
}

/* Word 1 of a command-mode ORB (Principles of Operation, chapter 15). */
#define VCCW_ORB_FMT1 0x00800000U
#define VCCW_ORB_PFCH 0x00400000U
#define VCCW_ORB_IDA64 0x00020000U /* format-2 IDAWs ... */
#define VCCW_ORB_IDA2K 0x00010000U /* ... of 2 KiB blocks */

/* What an ORB says of formats and prefetch, as enum vfio_ccw_io_flags. */
static inline u16 vccw_orb_flags(const __be32 orb[3])
{
	u32 word = be32_to_cpu(orb[1]);
	u16 flags = word & VCCW_ORB_FMT1 ? VFIO_CCW_IO_FMT1 : 0;

	if (word & VCCW_ORB_IDA64)
		flags |= VFIO_CCW_IO_IDA64 | (word & VCCW_ORB_IDA2K ? VFIO_CCW_IO_IDA2K : 0);
	/* Without prefetch the channel would fetch each CCW in its turn: see interface.md. */
	if (word & VCCW_ORB_PFCH)
		return flags | VFIO_CCW_IO_PFCH;
	return flags | VFIO_CCW_IO_COPIED;
}

/* Translates for the request under way and tells the events. cp_translate()'s 0 or errno. */
int vccw_translate(struct vccw_dev *d, struct cp *cp, const __be32 orb[3], bool resumed);

/* tell.c: events that take some work; called only where somebody listens. */
void vccw_tell_cp(struct vccw_dev *d, u32 seq, const struct cp *cp, const __be32 orb[3],
		  enum vfio_ccw_why why, int rc, bool resumed);
void vccw_tell_ccws(struct vccw_dev *d, u32 seq, struct cp *cp, const __be32 orb[3]);

/* fsm.c: drives the state machine; the subchannel lock is held. 0 or a negative errno. */
int vccw_fsm(struct vccw_dev *d, enum vfio_ccw_event event, const void *arg);

/* channel.c: actions of the state machine and what they need. The subchannel lock is held. */
int vccw_act_accept(struct vccw_dev *d, const void *arg);
int vccw_act_start(struct vccw_dev *d, const void *arg);
int vccw_act_async(struct vccw_dev *d, const void *arg);
int vccw_act_status(struct vccw_dev *d, const void *arg);
int vccw_act_final(struct vccw_dev *d, const void *arg);
int vccw_act_quiesce(struct vccw_dev *d, const void *arg);
int vccw_act_gone(struct vccw_dev *d, const void *arg);
int vccw_act_cancel(struct vccw_dev *d, const void *arg);
int vccw_act_resume(struct vccw_dev *d, const void *arg);
int vccw_act_lost(struct vccw_dev *d, const void *arg);
int vccw_act_enable(struct vccw_dev *d, const void *arg);
int vccw_act_disable(struct vccw_dev *d, const void *arg);
int vccw_act_wake(struct vccw_dev *d, const void *arg);

void vccw_irq(struct subchannel *sch);

/*
 * Puts into a SCSW of the channel's what the guest may see of its program: its own CCW address or
 * none, and key, format, prefetch and limit checking as its ORB has them.
 */
void vccw_show_scsw(const struct vccw_dev *d, struct cmd_scsw *scsw);

/*
 * Makes the channel let go of the program: cancel, halt, clear, each waited for. io_mutex is held,
 * the subchannel lock is not. mute: whatever status comes of it is dropped. 0, or -EIO if the
 * channel never answers: the program's storage is then the channel's for good.
 */
int vccw_quiesce(struct vccw_dev *d, bool mute);

/*
 * Unpins the program's pages if the channel has let go of it; keep: or leaves them pinned for the
 * next request, until the work of struct vccw_dev comes by. io_mutex is held.
 */
void vccw_release(struct vccw_dev *d, bool keep);

/*
 * Lays out anew what a suspended program goes on with, from the CCW it is suspended at, and issues
 * RESUME SUBCHANNEL; *issued becomes false if it did not come to that. io_mutex is held. 0 or a
 * negative errno.
 */
int vccw_resume(struct vccw_dev *d, bool *issued);

/* crw.c: channel reports. */
void vccw_crw_add(struct vccw_dev *d, unsigned int rsc, unsigned int erc, u16 rsid);
u32 vccw_crw_take(struct vccw_dev *d);

/* stats.c: counters; the subchannel lock is held but in read, publish, withdraw, init and exit. */
void vccw_stats_init(void);
void vccw_stats_exit(void);
void vccw_stats_publish(struct vccw_dev *d);
void vccw_stats_withdraw(struct vccw_dev *d);
void vccw_stats_reset(struct vccw_dev *d);
void vccw_stats_state(struct vccw_dev *d);
void vccw_stats_io(struct vccw_dev *d, struct vfio_ccw_io_record *rec);
void vccw_stats_read(struct vccw_dev *d, struct ccw_stats_region *to);

/* guest.c: how cp reaches the guest's memory through vfio; ctx is the struct vccw_dev. */
/* What cp may ask, and whether pages may be kept: watches the caller's mm, at open and close. */
const struct cp_ops *vccw_guest_watch(struct vccw_dev *d);
void vccw_guest_unwatch(struct vccw_dev *d);
extern struct cp_limits vccw_limits;

/* region.c: the regions behind the device's file. */
int vccw_region_count(void);
/* Fills info, adds to caps, which the caller frees. 0 or a negative errno. */
int vccw_region_info(struct vfio_device *vdev, struct vfio_region_info *info,
		     struct vfio_info_cap *caps);
ssize_t vccw_region_read(struct vccw_dev *d, char __user *buf, size_t count, loff_t *ppos);
ssize_t vccw_region_write(struct vccw_dev *d, const char __user *buf, size_t count, loff_t *ppos);

/* irqs.c: eventfds. */
long vccw_irq_info(struct vfio_irq_info __user *arg);
long vccw_set_irqs(struct vccw_dev *d, struct vfio_irq_set __user *arg);
void vccw_put_triggers(struct vccw_dev *d);
void vccw_signal(struct vccw_dev *d, unsigned int index); /* the subchannel lock is held */

/* mdev.c */
extern struct mdev_driver vccw_mdev_driver;

#endif /* VCCW_H */
