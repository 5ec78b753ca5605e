// SPDX-License-Identifier: GPL-2.0
/*
 * The regions behind the device's file: one table, a region a row.
 */
#include <linux/nospec.h>

#include "vccw.h"

#define REGION_SHIFT 20 /* the upper bits of a file offset choose the region */

struct vccw_region {
	u32 type, subtype; /* 0: not announced by a capability */
	u32 size;
	u32 flags;
	ssize_t (*read)(struct vccw_dev *d, char __user *buf, size_t count, size_t pos);
	ssize_t (*write)(struct vccw_dev *d, const char __user *buf, size_t count, size_t pos);
};

/* What a request is made of; the rest of the I/O region is the driver's to fill. */
struct io_request {
	__be32 orb[ORB_AREA_SIZE / 4];
	__be32 scsw[SCSW_AREA_SIZE / 4];
};

static const char *io_step(int rc, u16 flags, bool accepted)
{
	if (!rc)
		return "<none>";
	if (!accepted)
		return "<not ready>";
	return flags & VFIO_CCW_IO_STARTED ? "<ssch>" : "<translate>";
}

/* A request that came to nothing: another may be under way, whose record is not to be touched. */
static void tell_refused(struct vccw_dev *d, int rc, u64 t0)
{
	struct vfio_ccw_io_record rec = {
		.schid = d->sch->schid,
		.seq = d->seq,
		.rc = rc,
		.translate_ns = vccw_ns32(vccw_now() - t0),
	};

	vccw_stats_io(d, &rec);
}

static void record_shape(struct vfio_ccw_io_record *rec, const struct cp *cp)
{
	const struct cp_shape *s = &cp->shape;

	rec->ccws = min_t(u32, s->ccws, U16_MAX);
	rec->segments = min_t(u32, s->segments, U16_MAX);
	rec->idaws = min_t(u32, s->idaws, U16_MAX);
	rec->pages = min_t(u32, s->pages, U16_MAX);
	rec->bytes = s->bytes;
	rec->cmd = s->cmd;
	if (s->bad_ccws)
		rec->flags |= VFIO_CCW_IO_BADCCW;
}

/* SCSW word 0, function control. */
#define SCSW_FCTL(word) (((word) >> 12) & 7)

int vccw_translate(struct vccw_dev *d, struct cp *cp, const __be32 orb[3], bool resumed)
{
	bool log = trace_vfio_ccw_ccw_enabled();
	u32 seq = d->rec.seq;
	int rc;

	cp->logging = log;
	cp->resumed = resumed;
	rc = cp_translate(cp, orb);
	/* The contract's word for trouble of our own. */
	if (rc == -ENOMEM)
		rc = -EIO;
	if (trace_vfio_ccw_cp_enabled() || trace_vfio_ccw_pin_enabled())
		vccw_tell_cp(d, seq, cp, orb, cp->shape.why, rc, resumed);
	if (log)
		vccw_tell_ccws(d, seq, cp, orb);
	return rc;
}

static int translate(struct vccw_dev *d, const struct io_request *req)
{
	if (SCSW_FCTL(be32_to_cpu(req->scsw[0])) != SCSW_FCTL_START_FUNC) {
		/* What is known of the program before is not this one's. */
		memset(&vccw_cp(d)->shape, 0, sizeof(vccw_cp(d)->shape));
		if (trace_vfio_ccw_cp_enabled())
			vccw_tell_cp(d, d->rec.seq, vccw_cp(d), req->orb, VFIO_CCW_WHY_FCTL,
				     -EOPNOTSUPP, false);
		return -EOPNOTSUPP;
	}
	memcpy(d->orb, req->orb, sizeof(d->orb));
	return vccw_translate(d, vccw_cp(d), req->orb, false);
}

/* One request, from the ORB to START SUBCHANNEL. io_mutex is held. */
static int io_request(struct vccw_dev *d, const struct io_request *req, u64 t0)
{
	u32 fctl = SCSW_FCTL(be32_to_cpu(req->scsw[0]));
	struct vfio_ccw_io_record *rec = &d->rec;
	bool accepted;
	u64 t1 = 0;
	int rc;

	spin_lock_irq(&d->sch->lock);
	d->seq++;
	rc = vccw_fsm(d, VFIO_CCW_EVENT_IO_REQ, NULL);
	accepted = !rc;
	if (rc)
		tell_refused(d, rc, t0);
	spin_unlock_irq(&d->sch->lock);

	if (accepted) {
		/* Not before: until now the program before may have been the channel's. */
		vccw_release(d, true);
		d->keep = current->mm && current->mm == d->mm;
		rc = translate(d, req);
		t1 = vccw_now();
		record_shape(rec, vccw_cp(d));
		rec->flags |= vccw_orb_flags(req->orb);
		rec->translate_ns = vccw_ns32(t1 - t0);
		spin_lock_irq(&d->sch->lock);
		if (rc) {
			vccw_fsm(d, VFIO_CCW_EVENT_FAIL, NULL);
		} else {
			rc = vccw_fsm(d, VFIO_CCW_EVENT_START, req->orb);
			if (rec->flags & VFIO_CCW_IO_STARTED)
				rec->start_ns = vccw_ns32(d->started - t1);
		}
		rec->rc = rc;
		if (rc)
			vccw_stats_io(d, rec);
		spin_unlock_irq(&d->sch->lock);
	}
	if (trace_vfio_ccw_fsm_io_request_enabled()) {
		trace_vfio_ccw_fsm_io_request(fctl, d->sch->schid, rc,
					      io_step(rc, accepted ? rec->flags : 0, accepted));
	}
	if (rc && accepted)
		cp_release(vccw_cp(d));
	return rc;
}

/*
 * Takes io_mutex for a request. The contract's -EAGAIN is for one that comes while another is
 * being translated or the channel is being quiesced; a mere unpinning is waited for.
 */
static int enter(struct vccw_dev *d)
{
	bool again;

	if (mutex_trylock(&d->io_mutex))
		return 0;
	spin_lock_irq(&d->sch->lock);
	again = d->state == VFIO_CCW_STATE_TRANSLATE || d->state == VFIO_CCW_STATE_QUIESCE;
	spin_unlock_irq(&d->sch->lock);
	return again || mutex_lock_interruptible(&d->io_mutex) ? -EAGAIN : 0;
}

static ssize_t io_write(struct vccw_dev *d, const char __user *buf, size_t count, size_t pos)
{
	u64 t0 = vccw_now();
	struct io_request req;
	int rc;

	/* Less than a whole request would start one with stale words. */
	if (pos || count < sizeof(req))
		return -EINVAL;
	if (copy_from_user(&req, buf, sizeof(req)))
		return -EFAULT;
	rc = enter(d);
	if (rc) { /* ret_code is the other request's */
		spin_lock_irq(&d->sch->lock);
		d->seq++;
		tell_refused(d, rc, t0);
		spin_unlock_irq(&d->sch->lock);
		return rc;
	}
	memcpy(d->io.orb_area, req.orb, ORB_AREA_SIZE);
	memcpy(d->io.scsw_area, req.scsw, SCSW_AREA_SIZE);
	rc = io_request(d, &req, t0);
	d->io.ret_code = rc;
	mutex_unlock(&d->io_mutex);
	return rc ? rc : count;
}

static ssize_t io_read(struct vccw_dev *d, char __user *buf, size_t count, size_t pos)
{
	struct vccw_irbs *q = &d->irbs;
	struct ccw_io_region io;

	spin_lock_irq(&d->sch->lock);
	/* Fetching the status takes it off the queue, and says if there is more. */
	if (q->n && pos <= offsetof(struct ccw_io_region, irb_area) &&
	    pos + count > offsetof(struct ccw_io_region, irb_area)) {
		BUILD_BUG_ON(sizeof(struct irb) > IRB_AREA_SIZE);
		memcpy(d->io.irb_area, &q->irb[q->head], sizeof(struct irb));
		q->head = (q->head + 1) % VCCW_IRBS;
		if (--q->n)
			vccw_signal(d, VFIO_CCW_IO_IRQ_INDEX);
	}
	io = d->io;
	spin_unlock_irq(&d->sch->lock);

	/* A good moment to unpin: in process context, and the guest waits for this no longer. */
	if (mutex_trylock(&d->io_mutex)) {
		vccw_release(d, true);
		mutex_unlock(&d->io_mutex);
	}
	return copy_to_user(buf, (u8 *)&io + pos, count) ? -EFAULT : count;
}

static ssize_t cmd_write(struct vccw_dev *d, const char __user *buf, size_t count, size_t pos)
{
	u32 command;
	int rc;

	if (pos || count < sizeof(command))
		return -EINVAL;
	if (copy_from_user(&command, buf, sizeof(command)))
		return -EFAULT;
	rc = enter(d);
	if (rc)
		return rc;
	spin_lock_irq(&d->sch->lock);
	rc = vccw_fsm(d, VFIO_CCW_EVENT_ASYNC_REQ, &command);
	spin_unlock_irq(&d->sch->lock);
	trace_vfio_ccw_fsm_async_request(d->sch->schid, command, rc);
	d->cmd.command = command;
	d->cmd.ret_code = rc;
	mutex_unlock(&d->io_mutex);
	return rc ? rc : count;
}

static ssize_t cmd_read(struct vccw_dev *d, char __user *buf, size_t count, size_t pos)
{
	struct ccw_cmd_region cmd;

	mutex_lock(&d->io_mutex);
	cmd = d->cmd;
	mutex_unlock(&d->io_mutex);
	return copy_to_user(buf, (u8 *)&cmd + pos, count) ? -EFAULT : count;
}

static ssize_t schib_read(struct vccw_dev *d, char __user *buf, size_t count, size_t pos)
{
	struct schib schib;

	BUILD_BUG_ON(sizeof(schib) != SCHIB_AREA_SIZE);
	spin_lock_irq(&d->sch->lock);
	if (cio_update_schib(d->sch)) {
		spin_unlock_irq(&d->sch->lock);
		return -ENODEV;
	}
	schib = d->sch->schib;
	/* The host's: where we find the subchannel, and where the channel is in our storage. */
	schib.pmcw.intparm = 0;
	vccw_show_scsw(d, &schib.scsw.cmd);
	schib.mba = 0;
	spin_unlock_irq(&d->sch->lock);
	return copy_to_user(buf, (u8 *)&schib + pos, count) ? -EFAULT : count;
}

static ssize_t func_write(struct vccw_dev *d, const char __user *buf, size_t count, size_t pos)
{
	bool issued;
	u32 function;
	int rc;

	if (pos || count < sizeof(function))
		return -EINVAL;
	if (copy_from_user(&function, buf, sizeof(function)))
		return -EFAULT;
	rc = enter(d);
	if (rc)
		return rc;
	spin_lock_irq(&d->sch->lock);
	issued = d->state == VFIO_CCW_STATE_IDLE || d->state == VFIO_CCW_STATE_ACTIVE;
	if (function == VFIO_CCW_FUNC_XSCH)
		rc = vccw_fsm(d, VFIO_CCW_EVENT_CANCEL, NULL);
	spin_unlock_irq(&d->sch->lock);
	if (function == VFIO_CCW_FUNC_RSCH) {
		rc = vccw_resume(d, &issued);
	} else if (function != VFIO_CCW_FUNC_XSCH) {
		rc = -EOPNOTSUPP;
		issued = false;
	}
	d->func.function = function;
	d->func.ret_code = rc;
	d->func.cc = issued ? vccw_cc_of(rc) : VFIO_CCW_NO_CC;
	mutex_unlock(&d->io_mutex);
	return rc ? rc : count;
}

static ssize_t func_read(struct vccw_dev *d, char __user *buf, size_t count, size_t pos)
{
	struct ccw_func_region func;

	mutex_lock(&d->io_mutex);
	func = d->func;
	mutex_unlock(&d->io_mutex);
	return copy_to_user(buf, (u8 *)&func + pos, count) ? -EFAULT : count;
}

static ssize_t crw_read(struct vccw_dev *d, char __user *buf, size_t count, size_t pos)
{
	struct ccw_crw_region crw = { };

	/* Half a report cannot be fetched: the other half would be gone. */
	if (pos || count < sizeof(crw.crw))
		return -EINVAL;
	crw.crw = vccw_crw_take(d);
	return copy_to_user(buf, &crw, count) ? -EFAULT : count;
}

static ssize_t stats_read(struct vccw_dev *d, char __user *buf, size_t count, size_t pos)
{
	struct ccw_stats_region *s;
	ssize_t rc;

	s = kmalloc(sizeof(*s), GFP_KERNEL);
	if (!s)
		return -ENOMEM;
	vccw_stats_read(d, s);
	rc = copy_to_user(buf, (u8 *)s + pos, count) ? -EFAULT : count;
	kfree(s);
	return rc;
}

#define RW (VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE)

static const struct vccw_region regions[] = {
	[VFIO_CCW_CONFIG_REGION_INDEX] = {
		.size = sizeof(struct ccw_io_region), .flags = RW,
		.read = io_read, .write = io_write,
	},
	{
		.type = VFIO_REGION_TYPE_CCW, .subtype = VFIO_REGION_SUBTYPE_CCW_ASYNC_CMD,
		.size = sizeof(struct ccw_cmd_region), .flags = RW,
		.read = cmd_read, .write = cmd_write,
	},
	{
		.type = VFIO_REGION_TYPE_CCW, .subtype = VFIO_REGION_SUBTYPE_CCW_SCHIB,
		.size = sizeof(struct ccw_schib_region), .flags = VFIO_REGION_INFO_FLAG_READ,
		.read = schib_read,
	},
	{
		.type = VFIO_REGION_TYPE_CCW, .subtype = VFIO_REGION_SUBTYPE_CCW_CRW,
		.size = sizeof(struct ccw_crw_region), .flags = VFIO_REGION_INFO_FLAG_READ,
		.read = crw_read,
	},
	{
		.type = VFIO_REGION_TYPE_CCW, .subtype = VFIO_REGION_SUBTYPE_CCW_FUNC,
		.size = sizeof(struct ccw_func_region), .flags = RW,
		.read = func_read, .write = func_write,
	},
	{
		.type = VFIO_REGION_TYPE_CCW, .subtype = VFIO_REGION_SUBTYPE_CCW_STATS,
		.size = sizeof(struct ccw_stats_region), .flags = VFIO_REGION_INFO_FLAG_READ,
		.read = stats_read,
	},
};

int vccw_region_count(void)
{
	return ARRAY_SIZE(regions);
}

static void tell(struct vccw_dev *d, loff_t off, bool write, size_t count, ssize_t rc)
{
	trace_vfio_ccw_region(d->sch->schid, READ_ONCE(d->seq), (u64)off >> REGION_SHIFT, write,
			      off & ((1UL << REGION_SHIFT) - 1), count, rc);
}

static const struct vccw_region *region_at(loff_t off, size_t count, size_t *pos)
{
	u64 index = (u64)off >> REGION_SHIFT;
	const struct vccw_region *r;

	*pos = off & ((1UL << REGION_SHIFT) - 1);
	if (off < 0 || index >= ARRAY_SIZE(regions))
		return NULL;
	r = &regions[array_index_nospec(index, ARRAY_SIZE(regions))];
	if (!count || *pos >= r->size || count > r->size - *pos)
		return NULL;
	return r;
}

ssize_t vccw_region_read(struct vccw_dev *d, char __user *buf, size_t count, loff_t *ppos)
{
	size_t pos;
	const struct vccw_region *r = region_at(*ppos, count, &pos);
	ssize_t rc = r ? r->read(d, buf, count, pos) : -EINVAL;

	if (trace_vfio_ccw_region_enabled())
		tell(d, *ppos, false, count, rc);
	return rc;
}

ssize_t vccw_region_write(struct vccw_dev *d, const char __user *buf, size_t count, loff_t *ppos)
{
	size_t pos;
	const struct vccw_region *r = region_at(*ppos, count, &pos);
	ssize_t rc = r && r->write ? r->write(d, buf, count, pos) : -EINVAL;

	if (trace_vfio_ccw_region_enabled())
		tell(d, *ppos, true, count, rc);
	return rc;
}

int vccw_region_info(struct vfio_device *vdev, struct vfio_region_info *info,
		     struct vfio_info_cap *caps)
{
	struct vfio_region_info_cap_type cap = {
		.header = { .id = VFIO_REGION_INFO_CAP_TYPE, .version = 1 },
	};
	const struct vccw_region *r;

	if (info->index >= ARRAY_SIZE(regions))
		return -EINVAL;
	r = &regions[array_index_nospec(info->index, ARRAY_SIZE(regions))];
	info->flags = r->flags;
	info->size = r->size;
	info->offset = (u64)info->index << REGION_SHIFT;
	if (!r->type)
		return 0;
	cap.type = r->type;
	cap.subtype = r->subtype;
	return vfio_info_add_capability(caps, &cap.header, sizeof(cap));
}
