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

/* A request's story is complete: the event, and the counters. */
void vccw_stats_io(struct vccw_dev *d, const struct vfio_ccw_io_record *rec)
{
	struct ccw_stats_region *s = &d->stats;
	u16 flags = rec->flags;

	trace_vfio_ccw_io(rec);
	s->requests++;
	if (rec->rc)
		s->refused[refusal(rec->rc)]++;
	else if (flags & (VFIO_CCW_IO_HALTED | VFIO_CCW_IO_CLEARED | VFIO_CCW_IO_CANCELLED |
			  VFIO_CCW_IO_ABORTED))
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
	stage(&s->stage[4], rec->device_ns + rec->translate_ns + rec->start_ns + rec->deliver_ns);
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

void vccw_stats_publish(struct vccw_dev *d)
{
	d->debugfs = debugfs_create_dir(dev_name(&d->sch->dev), root);
	debugfs_create_file("stats", 0400, d->debugfs, d, &stats_fops);
}

void vccw_stats_withdraw(struct vccw_dev *d)
{
	debugfs_remove(d->debugfs);
}
