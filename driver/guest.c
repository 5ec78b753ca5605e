// SPDX-License-Identifier: GPL-2.0
/*
 * The guest's memory, as the translation library asks for it, through vfio.
 */
#include <linux/delay.h>
#include <linux/iommu.h>
#include <linux/mmu_notifier.h>
#include <linux/module.h>

#include "vccw.h"

struct cp_limits vccw_limits = {
	.segments = 256,
	.ccws = 4096,
	.idaws = 16384,
	.pages = 8192,
};

module_param_named(max_segments, vccw_limits.segments, uint, 0644);
MODULE_PARM_DESC(max_segments, "CCW segments of one channel program, at most (default 256)");
module_param_named(max_ccws, vccw_limits.ccws, uint, 0644);
MODULE_PARM_DESC(max_ccws, "CCWs of one channel program, at most (default 4096)");
module_param_named(max_idaws, vccw_limits.idaws, uint, 0644);
MODULE_PARM_DESC(max_idaws, "IDAWs of one channel program, at most (default 16384)");
module_param_named(max_pages, vccw_limits.pages, uint, 0644);
MODULE_PARM_DESC(max_pages, "Pinned pages of one channel program, at most (default 8192)");

static int guest_read(void *ctx, u64 gpa, void *buf, size_t len)
{
	struct vccw_dev *d = ctx;

	return vfio_dma_rw(&d->vdev, gpa, buf, len, false);
}

/*
 * iommufd wants pages unpinned in the runs in which they were pinned, the library forms new runs
 * from program to program. So a run is a page there.
 */
static bool one_by_one(const struct vccw_dev *d)
{
	return d->vdev.iommufd_access;
}

static void guest_unpin(void *ctx, u64 gfn, unsigned int n)
{
	struct vccw_dev *d = ctx;
	unsigned int part = one_by_one(d) ? 1 : n;

	if (!n)
		return;
	trace_vfio_ccw_pin(d->sch->schid, READ_ONCE(d->rec.seq), VFIO_CCW_PIN_UNPIN,
			   gfn << PAGE_SHIFT, n, 0, 0);
	for (; n; n -= part, gfn += part)
		vfio_unpin_pages(&d->vdev, gfn << PAGE_SHIFT, part);
}

static void guest_disown(void *ctx, u64 hpa)
{
	get_page(phys_to_page(hpa));
}

/* The library asks for at most 32 pages a call. */
#define PIN_MOST 32

/*
 * After vfio has asked to unpin, it looks whether a page of the range is still pinned: ten times,
 * then it is a BUG(). Another thread of user space could pin one again each time, so it waits.
 */
#define UNMAP_TAKES (2 * NSEC_PER_MSEC)

static int guest_pin(void *ctx, u64 gfn, unsigned int n, bool write, u64 *hpa)
{
	struct vccw_dev *d = ctx;
	struct page *pages[PIN_MOST];
	unsigned int i;
	int rc;

	if (WARN_ON_ONCE(n > PIN_MOST))
		return -EINVAL;
	if (d->unmapped && vccw_now() - d->unmapped < UNMAP_TAKES)
		usleep_range(2000, 4000);
	/* iommufd unpins only what was pinned in one call: see guest_unpin(). */
	if (one_by_one(d) && n > 1) {
		for (i = 0; i < n; i++) {
			rc = guest_pin(ctx, gfn + i, 1, write, hpa + i);
			if (rc) {
				guest_unpin(ctx, gfn, i);
				return rc;
			}
		}
		return 0;
	}
	rc = vfio_pin_pages(&d->vdev, gfn << PAGE_SHIFT, n,
			    IOMMU_READ | (write ? IOMMU_WRITE : 0), pages);
	trace_vfio_ccw_pin(d->sch->schid, READ_ONCE(d->rec.seq), VFIO_CCW_PIN_PIN,
			   gfn << PAGE_SHIFT, n, 0, rc == n ? 0 : rc < 0 ? rc : -EFAULT);
	if (rc < 0)
		return rc;
	if (rc < n) { /* never seen, but the interface allows it */
		if (rc)
			vfio_unpin_pages(&d->vdev, gfn << PAGE_SHIFT, rc);
		return -EFAULT;
	}
	for (i = 0; i < n; i++)
		hpa[i] = page_to_phys(pages[i]);
	return 0;
}


/*
 * Pages may stay pinned from one request to the next only as long as a guest page keeps its host
 * page: ballooning, for one, gives it another. The user's mm tells whenever that may happen, to
 * whichever page.
 */
static bool keep_pins = true;
module_param(keep_pins, bool, 0644);
MODULE_PARM_DESC(keep_pins,
		 "Leave pages pinned for the next request, from the next open on (default on)");

static u64 guest_stamp(void *ctx)
{
	struct vccw_dev *d = ctx;

	/* While something changes, no two looks are alike: it may be the old page yet. */
	if (atomic_read(&d->changing))
		return atomic64_inc_return(&d->stamp);
	return atomic64_read(&d->stamp);
}

static int mm_changes(struct mmu_notifier *mn, const struct mmu_notifier_range *range)
{
	struct vccw_dev *d = container_of(mn, struct vccw_dev, mn);

	if (trace_vfio_ccw_pin_enabled()) {
		u32 kept = cp_kept(&d->cps[0]) + cp_kept(&d->cps[1]);

		if (kept)
			trace_vfio_ccw_pin(d->sch->schid, READ_ONCE(d->rec.seq),
					   VFIO_CCW_PIN_CHANGE, 0,
					   (range->end - range->start) >> PAGE_SHIFT, kept, 0);
	}
	atomic_inc(&d->changing);
	atomic64_inc(&d->stamp);
	return 0;
}

static void mm_changed(struct mmu_notifier *mn, const struct mmu_notifier_range *range)
{
	struct vccw_dev *d = container_of(mn, struct vccw_dev, mn);

	atomic64_inc(&d->stamp);
	atomic_dec(&d->changing);
}

static const struct mmu_notifier_ops mm_ops = {
	.invalidate_range_start = mm_changes,
	.invalidate_range_end = mm_changed,
};

static const struct cp_ops plain_ops = {
	.read = guest_read,
	.pin = guest_pin,
	.unpin = guest_unpin,
	.disown = guest_disown,
};

static const struct cp_ops keep_ops = {
	.read = guest_read,
	.pin = guest_pin,
	.unpin = guest_unpin,
	.stamp = guest_stamp,
	.disown = guest_disown,
};

const struct cp_ops *vccw_guest_watch(struct vccw_dev *d)
{
	d->mm = NULL;
	if (!keep_pins || !current->mm)
		return &plain_ops;
	d->mn.ops = &mm_ops;
	atomic_set(&d->changing, 0);
	if (mmu_notifier_register(&d->mn, current->mm))
		return &plain_ops;
	d->mm = current->mm;
	return &keep_ops;
}

void vccw_guest_unwatch(struct vccw_dev *d)
{
	if (d->mm)
		mmu_notifier_unregister(&d->mn, d->mm);
	d->mm = NULL;
}
