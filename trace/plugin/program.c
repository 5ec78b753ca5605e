// SPDX-License-Identifier: GPL-2.0
/*
 * vfio_ccw_ccw: the channel program as a listing, a CCW a line, with its first IDAW and its
 * parameters.
 */
#include <string.h>

#include "trace/ccw_raw.h"
#include "trace/plugin/plugin.h"

#include "trace/events/vfio_ccw_abi.h"

#define ORB_FMT1 0x00800000u
#define ITEM_HEAD 4

static void print_item(struct trace_seq *s, uint8_t kind, const uint8_t *p, unsigned int len)
{
	unsigned int i;

	if (kind == VFIO_CCW_CCW_PARAM)
		trace_seq_puts(s, " param=");
	else if (kind == VFIO_CCW_CCW_IDAW)
		trace_seq_puts(s, " idaw=");
	else
		trace_seq_printf(s, " item%u=", kind);
	for (i = 0; i < len; i++)
		trace_seq_printf(s, "%02x", p[i]);
}

/* The items of one CCW; *at moves behind them. They are in the order of the CCWs. */
static void print_items(struct trace_seq *s, const uint8_t *data, unsigned int n, unsigned int *at,
			unsigned int index)
{
	while (n - *at >= ITEM_HEAD) {
		const uint8_t *item = data + *at;
		unsigned int len = item[3];

		if ((unsigned int)(item[0] << 8 | item[1]) != index)
			return;
		if (len > n - *at - ITEM_HEAD) {
			trace_seq_puts(s, " (cut)");
			*at = n;
			return;
		}
		print_item(s, item[2], item + ITEM_HEAD, len);
		*at += ITEM_HEAD + len;
	}
}

int print_program(struct trace_seq *s, struct tep_record *record, struct tep_event *event,
		  void *what)
{
	uint64_t seq = 0, orb1 = 0, cpa = 0, first = 0, total = 0, flags = 0;
	unsigned int n_addr = 0, n_ccw = 0, n_data = 0, done = 0, n, i;
	const struct place at = { event, record };
	const uint8_t *addr, *ccw, *data;
	char text[120];

	(void)what;
	field_number(&at, "seq", &seq);
	field_number(&at, "orb1", &orb1);
	field_number(&at, "cpa", &cpa);
	field_number(&at, "first", &first);
	field_number(&at, "total", &total);
	field_number(&at, "flags", &flags);
	addr = field_bytes(&at, "addr", &n_addr);
	ccw = field_bytes(&at, "ccw", &n_ccw);
	data = field_bytes(&at, "data", &n_data);
	print_subchannel(s, &at, "sch");
	trace_seq_printf(s, " seq=%u orb1=%08x %s cpa=%08x first=%u total=%u", (unsigned int)seq,
			 (unsigned int)orb1, ccw_orb1_str(orb1, text, sizeof(text)),
			 (unsigned int)cpa, (unsigned int)first, (unsigned int)total);
	if (flags & VFIO_CCW_CCW_CUT)
		trace_seq_puts(s, " more=left-out");
	if (!addr || !ccw || !data) {
		trace_seq_puts(s, " (cut)");
		return 0;
	}
	n = n_addr / 4 < n_ccw / 8 ? n_addr / 4 : n_ccw / 8;
	for (i = 0; i < n; i++) {
		/* Numbers are in the byte order of the trace, bytes of a CCW in the guest's. */
		trace_seq_printf(s, "\n        %5u %08llx: %s", (unsigned int)first + i,
				 tep_read_number(event->tep, addr + i * 4, 4),
				 ccw_ccw_raw_str(ccw + i * 8, 8, orb1 & ORB_FMT1, text,
						 sizeof(text)));
		print_items(s, data, n_data, &done, first + i);
	}
	return 0;
}
