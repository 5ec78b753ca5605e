// SPDX-License-Identifier: GPL-2.0
/*
 * Rows of I/Os. A stage that the recording does not tell is empty in CSV, null in JSON, "-" in
 * text; bytes of the architecture are two hexadecimal digits.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tools/ccwtrace/rows.h"
#include "tools/ccwtrace/rows_json.h"
#include "trace/ccw_names.h"

/* Columns of whole numbers between the stages and the status. */
#define NUMBERS(X) \
	X(ccws) X(segments) X(idaws) X(pages) X(bytes) X(resid) X(irqs)
#define STATUS(X) \
	X(fctl) X(actl) X(stctl) X(dstat) X(cstat) X(lpum)

static bool knows(const struct ccw_io *io, unsigned int stage)
{
	return io->have & 1U << stage;
}

/* The sense bytes, "" if the device did not present any. */
static const char *sense(const struct ccw_io *io, char text[17])
{
	*text = 0;
	if (io->flags & VFIO_CCW_IO_SENSE)
		snprintf(text, 17, "%016" PRIx64, io->sense);
	return text;
}

void rows_io_head(void *ctx)
{
	const struct rows *r = ctx;

	if (r->format == ROW_TEXT) {
		fprintf(r->out, "%16s CPU %-10s %8s %9s %9s %9s %9s %9s %4s %8s %-12s %s\n",
			"TIME", "SUBCHANNEL", "SEQ", "TRANSLATE", "START", "DEVICE", "DELIVER",
			"TOTAL", "CCWS", "BYTES", "COMMAND", "RESULT");
		return;
	}
	if (r->format != ROW_CSV)
		return;
	fputs("time_ns,cpu,subchannel,seq,translate_ns,start_ns,device_ns,deliver_ns,total_ns,cmd",
	      r->out);
#define NAME(field) fputs("," #field, r->out);
	NUMBERS(NAME)
	fputs(",cc,rc", r->out);
	STATUS(NAME)
#undef NAME
	fputs(",flags,sense,result,lost\n", r->out);
}

static void io_text(const struct rows *r, const struct ccw_io *io)
{
	char name[16], text[128], bytes[24];
	unsigned int i;

	fprintf(r->out, "%6" PRIu64 ".%09" PRIu64 " %3u %-10s %8u", io->ts / 1000000000,
		io->ts % 1000000000, io->cpu, ccw_sch_str(io->sch, name, sizeof(name)), io->seq);
	for (i = 0; i < CCW_NR_STAGES; i++) {
		if (knows(io, i))
			fprintf(r->out, " %9s", ccw_ns_str(io->ns[i], text, sizeof(text)));
		else
			fprintf(r->out, " %9s", "-");
	}
	fprintf(r->out, " %4u %8s %02x %-9s ", io->ccws,
		ccw_bytes_str(io->bytes, bytes, sizeof(bytes)), io->cmd, ccw_cmd_name(io->cmd));
	if (ccw_io_result(io) == CCW_OK)
		fprintf(r->out, "%s\n", ccw_dstat_str(io->dstat, text, sizeof(text)));
	else
		fprintf(r->out, "%s\n", ccw_io_error_str(io, text, sizeof(text)));
}

static void io_csv(const struct rows *r, const struct ccw_io *io)
{
	char text[128];
	unsigned int i;

	fprintf(r->out, "%" PRIu64 ",%u,%s,%u", io->ts, io->cpu,
		ccw_sch_str(io->sch, text, sizeof(text)), io->seq);
	for (i = 0; i < CCW_NR_STAGES; i++) {
		fputc(',', r->out);
		if (knows(io, i))
			fprintf(r->out, "%" PRIu64, io->ns[i]);
	}
	fprintf(r->out, ",%02x", io->cmd);
#define NUMBER(field) fprintf(r->out, ",%u", io->field);
	NUMBERS(NUMBER)
#undef NUMBER
	fprintf(r->out, ",%u,%d", io->cc, io->rc);
#define BYTE(field) fprintf(r->out, ",%02x", io->field);
	STATUS(BYTE)
#undef BYTE
	fprintf(r->out, ",%s", ccw_io_flags_str(io->flags, text, sizeof(text)));
	fprintf(r->out, ",%s,%s,\n", sense(io, text), ccw_result_name(ccw_io_result(io)));
}

static void add_text(struct json_line *line, const char *name, const char *text)
{
	json_line_text(line, name, text, strlen(text));
}

static int io_json(const struct rows *r, const struct ccw_io *io)
{
	struct json_line line;
	char name[32], text[128];
	unsigned int i;

	json_line_begin(&line);
	json_line_u64(&line, "time_ns", io->ts);
	json_line_u64(&line, "cpu", io->cpu);
	add_text(&line, "subchannel", ccw_sch_str(io->sch, text, sizeof(text)));
	json_line_u64(&line, "seq", io->seq);
	for (i = 0; i < CCW_NR_STAGES; i++) {
		snprintf(name, sizeof(name), "%s_ns", ccw_stage_name(i));
		if (knows(io, i))
			json_line_u64(&line, name, io->ns[i]);
		else
			json_object_object_add(line.doc.root, name, NULL);
	}
	snprintf(text, sizeof(text), "%02x", io->cmd);
	add_text(&line, "cmd", text);
#define NUMBER(field) json_line_u64(&line, #field, io->field);
	NUMBERS(NUMBER)
#undef NUMBER
	json_line_u64(&line, "cc", io->cc);
	json_line_i64(&line, "rc", io->rc);
#define BYTE(field) \
	snprintf(text, sizeof(text), "%02x", io->field); \
	add_text(&line, #field, text);
	STATUS(BYTE)
#undef BYTE
	add_text(&line, "flags", ccw_io_flags_str(io->flags, text, sizeof(text)));
	add_text(&line, "sense", sense(io, text));
	add_text(&line, "result", ccw_result_name(ccw_io_result(io)));
	return json_line_end(&line, r->out);
}

int rows_io(void *ctx, const struct ccw_io *io)
{
	const struct rows *r = ctx;

	switch (r->format) {
	case ROW_TEXT:
		io_text(r, io);
		break;
	case ROW_CSV:
		io_csv(r, io);
		break;
	case ROW_JSON:
		if (io_json(r, io))
			return -ENOMEM;
		break;
	}
	return ferror(r->out) ? -EIO : 0;
}
