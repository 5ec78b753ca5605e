// SPDX-License-Identifier: GPL-2.0
/*
 * Events of the common I/O layer: the blocks that the kernel records as bytes and prints as 0.
 */
#include "trace/ccw_raw.h"
#include "trace/plugin/plugin.h"

struct block {
	const char *field; /* the bytes; NULL: the event has none */
	const char *(*str)(const uint8_t *p, size_t n, char *buf, size_t len);
	bool no_subchannel;
};

static const struct block orb = { "orb", ccw_orb_raw_str, false };
static const struct block irb = { "irb", ccw_irb_raw_str, false };
static const struct block schib = { "schib", ccw_schib_raw_str, false };
static const struct block tpi = { "tpi_info", ccw_tpi_raw_str, false };
static const struct block adapter = { "tpi_info", ccw_tpi_raw_str, true };
static const struct block crw = { "crw", ccw_crw_raw_str, true };

const struct handled cio_events[] = {
	{ "s390_cio_ssch", &orb },
	{ "s390_cio_tsch", &irb },
	{ "s390_cio_stsch", &schib },
	{ "s390_cio_msch", &schib },
	{ "s390_cio_tpi", &tpi },
	{ "s390_cio_interrupt", &tpi },
	{ "s390_cio_adapter_int", &adapter },
	{ "s390_cio_stcrw", &crw },
	{ NULL, NULL },
};

int print_cio(struct trace_seq *s, struct tep_record *record, struct tep_event *event, void *what)
{
	const struct place at = { event, record };
	const struct block *b = what;
	const uint8_t *p;
	unsigned int n;
	char text[600];
	uint64_t cc;

	if (!b->no_subchannel)
		print_subchannel(s, &at, "schid");
	if (field_number(&at, "cc", &cc))
		trace_seq_printf(s, "%scc=%d", b->no_subchannel ? "" : " ", (int)cc);
	else if (b->no_subchannel)
		trace_seq_puts(s, "adapter");
	p = field_bytes(&at, b->field, &n);
	if (p)
		trace_seq_printf(s, " %s", b->str(p, n, text, sizeof(text)));
	else
		trace_seq_printf(s, " (no %s in the record)", b->field);
	return 0;
}
