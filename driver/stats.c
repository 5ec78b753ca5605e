// SPDX-License-Identifier: GPL-2.0
/*
 * Counters of a subchannel: for the VMM in a region, for the administrator in debugfs. The
 * subchannel lock is held wherever they are counted, so they need no lock of their own.
 */
#include <linux/bitops.h>
#include <linux/debugfs.h>
#include <linux/seq_file.h>

#include "vccw.h"

static struct dentry *root;

void vccw_stats_init(void)
{
	root = debugfs_create_dir("vfio_ccw", NULL);
}

void vccw_stats_exit(void)
{
	debugfs_remove(root);
}

void vccw_stats_reset(struct vccw_dev *d)
{
	memset(&d->stats, 0, sizeof(d->stats));
	d->stats.size = sizeof(d->stats);
	d->state_since = vccw_now();
}

/* The state is about to change. */
void vccw_stats_state(struct vccw_dev *d)
{
	u64 now = vccw_now();

	d->stats.state_ns[d->state] += now - d->state_since;
	d->state_since = now;
}

static void stage(struct ccw_stats_stage *s, u64 ns)
{
	unsigned int log2 = ns ? fls64(ns) - 1 : 0;

	s->sum += ns;
	if (ns > s->max)
		s->max = ns;
	s->log2[min(log2, VFIO_CCW_STATS_LOG2 - 1U)]++;
}

static unsigned int refusal(int rc)
{
	switch (rc) {
	case -EOPNOTSUPP:
		return 0;
	case -EINVAL:
		return 1;
	case -EBUSY:
		return 2;
	case -EAGAIN:
		return 3;
	case -EACCES:
		return 4;
	case -ENODEV:
		return 5;
	case -EIO:
		return 6;
	default:
		return 7;
	}
}

/* Exact below 32 ns, 16 buckets to every further power of two, up to 2^42 ns. */
static u16 bucket(u64 ns)
{
	unsigned int shift;

	if (ns < 16)
		return ns;
	ns = min(ns, BIT_ULL(42) - 1);
	shift = fls64(ns) - 5;
	return (shift << 4) + (ns >> shift);
}

#define CUT_SHORT (VFIO_CCW_IO_HALTED | VFIO_CCW_IO_CLEARED | VFIO_CCW_IO_CANCELLED | \
		   VFIO_CCW_IO_ABORTED)
#define CHANNEL_CHECKS (SCHN_STAT_PROG_CHECK | SCHN_STAT_PROT_CHECK | SCHN_STAT_CHN_DATA_CHK | \
			SCHN_STAT_CHN_CTRL_CHK | SCHN_STAT_INTF_CTRL_CHK | SCHN_STAT_CHAIN_CHECK)

/* The condition code is handed on as an errno as well; neither is that a refusal nor a cut. */
static u8 result(const struct vfio_ccw_io_record *rec)
{
	bool started = rec->flags & VFIO_CCW_IO_STARTED, cut = rec->flags & CUT_SHORT;

	if (rec->rc && !started && !cut)
		return VFIO_CCW_IO_REFUSED;
	if (started && rec->cc)
		return VFIO_CCW_IO_CC;
	if (cut)
		return VFIO_CCW_IO_CUT_SHORT;
	if (rec->flags & VFIO_CCW_IO_ENDED) {
		if (rec->cstat & CHANNEL_CHECKS)
			return VFIO_CCW_IO_CHANNEL;
		if (rec->dstat & DEV_STAT_UNIT_CHECK)
			return VFIO_CCW_IO_UNIT_CHECK;
		if (rec->dstat & DEV_STAT_UNIT_EXCEP)
			return VFIO_CCW_IO_UNIT_EXCEPTION;
		if (rec->cstat & SCHN_STAT_INCORR_LEN)
			return VFIO_CCW_IO_LENGTH;
	}
	return rec->rc ? VFIO_CCW_IO_REFUSED : VFIO_CCW_IO_OK;
}

static void tell(struct vfio_ccw_io_record *rec)
{
	rec->sch = (u32)rec->schid.cssid << 24 | rec->schid.ssid << 16 | rec->schid.sch_no;
	rec->bucket[0] = bucket(rec->translate_ns);
	rec->bucket[1] = bucket(rec->start_ns);
	rec->bucket[2] = bucket(rec->device_ns);
	rec->bucket[3] = bucket(rec->deliver_ns);
	rec->bucket[4] = bucket(rec->total_ns);
	rec->usual = !rec->cc && !rec->cstat &&
		     rec->dstat == (DEV_STAT_CHN_END | DEV_STAT_DEV_END) &&
		     (rec->flags & (VFIO_CCW_IO_ENDED | CUT_SHORT)) == VFIO_CCW_IO_ENDED;
	rec->result = rec->usual ? VFIO_CCW_IO_OK : result(rec);
	trace_vfio_ccw_io(rec);
}

/* A request's story is complete: the event, and the counters. */
void vccw_stats_io(struct vccw_dev *d, struct vfio_ccw_io_record *rec)
{
	struct ccw_stats_region *s = &d->stats;
	u16 flags = rec->flags;

	rec->total_ns = rec->device_ns + rec->translate_ns + rec->start_ns + rec->deliver_ns;
	if (trace_vfio_ccw_io_enabled())
		tell(rec);
	s->requests++;
	if (rec->rc)
		s->refused[refusal(rec->rc)]++;
	else if (flags & CUT_SHORT)
		s->aborted++;
	if (flags & VFIO_CCW_IO_ENDED) {
		s->unit_check += !!(rec->dstat & DEV_STAT_UNIT_CHECK);
		s->unit_exception += !!(rec->dstat & DEV_STAT_UNIT_EXCEP);
		s->channel_check += !!(rec->cstat & ~(SCHN_STAT_PCI | SCHN_STAT_INCORR_LEN));
		s->incorrect_length += !!(rec->cstat & SCHN_STAT_INCORR_LEN);
	}
	if (!rec->rc && (flags & VFIO_CCW_IO_BADCCW))
		s->bad_programs++;
	s->bytes += rec->bytes;
	s->ccws += rec->ccws;
	s->segments += rec->segments;
	s->idaws += rec->idaws;
	s->pages += rec->pages;
	stage(&s->stage[0], rec->translate_ns);
	stage(&s->stage[1], rec->start_ns);
	stage(&s->stage[2], rec->device_ns);
	stage(&s->stage[3], rec->deliver_ns);
	stage(&s->stage[4], rec->total_ns);
}

/* A consistent copy, the time in the present state included. */
void vccw_stats_read(struct vccw_dev *d, struct ccw_stats_region *to)
{
	spin_lock_irq(&d->sch->lock);
	vccw_stats_state(d);
	*to = d->stats;
	spin_unlock_irq(&d->sch->lock);
}

static const char *const state_names[VFIO_CCW_NR_STATES] = {
#define NAME(n, name) [n] = #name,
	VFIO_CCW_STATES(NAME)
#undef NAME
};

static int stats_show(struct seq_file *m, void *unused)
{
	static const char *const refusals[] = { "EOPNOTSUPP", "EINVAL", "EBUSY", "EAGAIN",
						"EACCES", "ENODEV", "EIO", "other" };
	static const char *const stages[] = { "translate", "start", "device", "deliver", "total" };
	struct vccw_dev *d = m->private;
	struct ccw_stats_region *s;
	unsigned int i, b;

	s = kmalloc(sizeof(*s), GFP_KERNEL);
	if (!s)
		return -ENOMEM;
	vccw_stats_read(d, s);
#define SHOW(field) seq_printf(m, #field " %llu\n", s->field)
	SHOW(requests);
	for (i = 0; i < ARRAY_SIZE(refusals); i++)
		seq_printf(m, "refused_%s %llu\n", refusals[i], s->refused[i]);
	SHOW(unit_check);
	SHOW(unit_exception);
	SHOW(channel_check);
	SHOW(incorrect_length);
	SHOW(aborted);
	SHOW(bad_programs);
	SHOW(bytes);
	SHOW(ccws);
	SHOW(segments);
	SHOW(idaws);
	SHOW(pages);
	SHOW(interrupts);
	SHOW(status_overflows);
	SHOW(crws);
	SHOW(crw_overflows);
#undef SHOW
	for (i = 0; i < VFIO_CCW_NR_STATES; i++)
		seq_printf(m, "state_ns_%s %llu\n", state_names[i], s->state_ns[i]);
	for (i = 0; i < ARRAY_SIZE(stages); i++) {
		seq_printf(m, "%s_ns sum %llu max %llu log2", stages[i], s->stage[i].sum,
			   s->stage[i].max);
		for (b = 0; b < VFIO_CCW_STATS_LOG2; b++)
			if (s->stage[i].log2[b])
				seq_printf(m, " %u:%llu", b, s->stage[i].log2[b]);
		seq_putc(m, '\n');
	}
	kfree(s);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(stats);

static int state_show(struct seq_file *m, void *unused)
{
	struct vccw_dev *d = m->private;

	seq_printf(m, "%s\n", state_names[READ_ONCE(d->state)]);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(state);

void vccw_stats_publish(struct vccw_dev *d)
{
	d->debugfs = debugfs_create_dir(dev_name(&d->sch->dev), root);
	debugfs_create_file("stats", 0400, d->debugfs, d, &stats_fops);
	/* For monitoring that opened the directory as root and then gave up its rights. */
	debugfs_create_file("state", 0444, d->debugfs, d, &state_fops);
}

void vccw_stats_withdraw(struct vccw_dev *d)
{
	debugfs_remove(d->debugfs);
}
