// SPDX-License-Identifier: GPL-2.0
/* An I/O that did not end well, in one line. */
#include "trace/ccw_names.h"
#include "trace/text.h"

static void add_cut_short(struct ccw_text *t, const struct ccw_io *io)
{
	char rc[24];

	if (io->flags & VFIO_CCW_IO_CANCELLED)
		ccw_text_add(t, "cancelled");
	else if (io->flags & VFIO_CCW_IO_CLEARED)
		ccw_text_add(t, "cleared");
	else if (io->flags & VFIO_CCW_IO_HALTED)
		ccw_text_add(t, "halted");
	else
		ccw_text_add(t, "aborted");
	if (io->rc)
		ccw_text_add(t, " %s", ccw_rc_str(io->rc, rc, sizeof(rc)));
}

/* Not every source knows the channel program. */
static void add_cmd(struct ccw_text *t, const struct ccw_io *io)
{
	if (io->ccws || io->cmd)
		ccw_text_add(t, " cmd=%02x", io->cmd);
}

static void add_sense(struct ccw_text *t, const struct ccw_io *io)
{
	if (io->flags & VFIO_CCW_IO_SENSE)
		ccw_text_add(t, " sense=%016llx", (unsigned long long)io->sense);
}

const char *ccw_io_error_str(const struct ccw_io *io, char *buf, size_t len)
{
	struct ccw_text t = CCW_TEXT(buf, len);
	char a[96];

	switch (ccw_io_result(io)) {
	case CCW_ERR_REFUSED:
		ccw_text_add(&t, "%s refused", ccw_rc_str(io->rc, a, sizeof(a)));
		add_cmd(&t, io);
		break;
	case CCW_ERR_CC:
		ccw_text_add(&t, "cc=%u", io->cc);
		add_cmd(&t, io);
		break;
	case CCW_ERR_ABORTED:
		add_cut_short(&t, io);
		add_cmd(&t, io);
		break;
	case CCW_ERR_CHANNEL:
		ccw_text_add(&t, "%s", ccw_cstat_str(io->cstat, a, sizeof(a)));
		add_cmd(&t, io);
		if (io->dstat & 0x02) {
			ccw_text_add(&t, " UNIT CHECK");
			add_sense(&t, io);
		}
		break;
	case CCW_ERR_UNIT_CHECK:
		ccw_text_add(&t, "UNIT CHECK");
		add_cmd(&t, io);
		add_sense(&t, io);
		break;
	case CCW_ERR_UNIT_EXCEPTION:
		ccw_text_add(&t, "UNIT EXCEPTION");
		add_cmd(&t, io);
		break;
	case CCW_ERR_LENGTH:
		ccw_text_add(&t, "INCORRECT LENGTH");
		add_cmd(&t, io);
		ccw_text_add(&t, " resid=%u", io->resid);
		break;
	default:
		ccw_text_add(&t, "ok");
	}
	return ccw_text_end(&t);
}
