// SPDX-License-Identifier: GPL-2.0
/*
 * ccwtrace errors: what failed, how often, when, and what the codes mean
 */
#include <string.h>

#include "tools/ccwtrace/reader.h"
#include "tools/json.h"
#include "trace/ccw_explain.h"
#include "trace/ccw_names.h"

static const struct opt errors_options[] = {
	READER_OPTIONS,
	OPT_QUIET,
	{ 'v', "verbose", NULL, NULL, "the last I/O of each kind with all of its fields" },
	OPT_READER_THREADS,
	OPT_HELP,
	OPT_END
};

static uint64_t failed(const struct report *r)
{
	return r->scan.all->ios - r->scan.all->result[CCW_OK];
}

static void by_kind(const struct report *r, FILE *f)
{
	char n[32];
	int k;

	fprintf(f, "\n%12s  %-18s %s\n", "I/OS", "KIND", "WHICH MEANS");
	for (k = CCW_OK + 1; k < CCW_NR_RESULTS; k++) {
		if (r->scan.all->result[k])
			fprintf(f, "%12s  %-18s %s\n",
				report_grouped(r->scan.all->result[k], n), ccw_result_name(k),
				ccw_explain_result(k));
	}
}

static void meaning(FILE *f, const char *code, const char *text)
{
	if (text)
		fprintf(f, "%16s%-22s %s\n", "", code, text);
}

static void sense_meanings(FILE *f, const struct ccw_io *io)
{
	unsigned int byte, bit;
	char code[40];

	for (byte = 0; byte < 2; byte++) {
		for (bit = 0x80; bit; bit >>= 1) {
			uint8_t value = io->sense >> (56 - 8 * byte);
			const char *name = ccw_sense_name(byte, bit);

			if (!(value & bit) || !name)
				continue;
			snprintf(code, sizeof(code), "sense %u.%02x", byte, bit);
			fprintf(f, "%16s%-22s %s%s%s\n", "", code, name,
				ccw_explain_sense(byte, bit) ? ": " : "",
				ccw_explain_sense(byte, bit) ? ccw_explain_sense(byte, bit) : "");
		}
	}
}

static void meanings(FILE *f, const struct ccw_io *io)
{
	enum ccw_result result = ccw_io_result(io);
	char code[40], name[24];
	unsigned int bit;

	if (result == CCW_ERR_REFUSED)
		meaning(f, ccw_rc_str(io->rc, code, sizeof(code)), ccw_explain_rc(io->rc));
	if (io->flags & VFIO_CCW_IO_STARTED && io->cc) {
		snprintf(code, sizeof(code), "cc %u", io->cc);
		meaning(f, code, ccw_explain_cc(io->cc));
	}
	if (!(io->flags & VFIO_CCW_IO_ENDED))
		return;
	for (bit = 0x80; bit; bit >>= 1) {
		if (!(io->cstat & bit))
			continue;
		snprintf(code, sizeof(code), "cstat %s", ccw_cstat_str(bit, name, sizeof(name)));
		meaning(f, code, ccw_explain_cstat(bit));
	}
	for (bit = 0x80; bit; bit >>= 1) {
		if (!(io->dstat & bit))
			continue;
		snprintf(code, sizeof(code), "dstat %s", ccw_dstat_str(bit, name, sizeof(name)));
		meaning(f, code, ccw_explain_dstat(bit));
	}
	if (io->flags & VFIO_CCW_IO_SENSE)
		sense_meanings(f, io);
}

static void example(FILE *f, const struct ccw_io *io)
{
	char flags[128], dstat[48], cstat[64];

	fprintf(f, "%16slast: seq=%u cpu=%u flags=%s cc=%u rc=%d\n", "", io->seq, io->cpu,
		ccw_io_flags_str(io->flags, flags, sizeof(flags)), io->cc, io->rc);
	fprintf(f, "%16sfctl=%x actl=%02x stctl=%02x dstat=%s cstat=%s resid=%u lpum=%02x "
		   "erw=%08x sense=%016llx\n", "", io->fctl, io->actl, io->stctl,
		ccw_dstat_str(io->dstat, dstat, sizeof(dstat)),
		ccw_cstat_str(io->cstat, cstat, sizeof(cstat)), io->resid, io->lpum, io->erw,
		(unsigned long long)io->sense);
}

static void kind(const struct report *r, const struct ccw_scan_error *e, FILE *f)
{
	char name[16], text[128], n[32], first[32], last[32];
	const struct ccw_io *io = &e->io;

	fprintf(f, "\n%-10s %12s  %s", ccw_sch_str(io->sch, name, sizeof(name)),
		report_grouped(e->count, n), ccw_io_error_str(io, text, sizeof(text)));
	if (strstr(text, "cmd="))
		fprintf(f, " (%s)", ccw_cmd_name(io->cmd));
	fprintf(f, "\n%16sfirst at %s s, last at %s s\n", "", report_time(r, e->first_ts, first),
		report_time(r, io->ts, last));
	meanings(f, io);
	if (r->verbose)
		example(f, io);
}

static int errors_text(const struct report *r, FILE *f)
{
	size_t i;

	report_head(r, f);
	if (!failed(r)) {
		fprintf(f, "\nNothing failed.\n");
		return 0;
	}
	by_kind(r, f);
	for (i = 0; i < r->scan.nr_errors; i++)
		kind(r, &r->scan.errors[i], f);
	if (r->scan.other_errors)
		fprintf(f, "\n%-10s %12llu  of further kinds\n", "",
			(unsigned long long)r->scan.other_errors);
	return 0;
}

static int errors_csv(const struct report *r, FILE *f)
{
	char name[16];
	size_t i;

	fprintf(f, "subchannel,ios,kind,cmd,rc,cc,dstat,cstat,flags,sense,first_ns,last_ns,"
		   "last_seq\n");
	for (i = 0; i < r->scan.nr_errors; i++) {
		const struct ccw_scan_error *e = &r->scan.errors[i];
		const struct ccw_io *io = &e->io;

		fprintf(f, "%s,%llu,%s,%u,%d,%u,%u,%u,%u,%016llx,%llu,%llu,%u\n",
			ccw_sch_str(io->sch, name, sizeof(name)), (unsigned long long)e->count,
			ccw_result_name(ccw_io_result(io)), io->cmd, io->rc, io->cc, io->dstat,
			io->cstat, io->flags, (unsigned long long)io->sense,
			(unsigned long long)(e->first_ts - r->first),
			(unsigned long long)(io->ts - r->first), io->seq);
	}
	return 0;
}

static void json_meaning(struct json_doc *doc, struct json_object *array, const char *text)
{
	if (text)
		json_add(doc, array, NULL, json_object_new_string(text));
}

static void json_meanings(struct json_doc *doc, struct json_object *array, const struct ccw_io *io)
{
	unsigned int bit, byte;

	if (ccw_io_result(io) == CCW_ERR_REFUSED)
		json_meaning(doc, array, ccw_explain_rc(io->rc));
	if (io->flags & VFIO_CCW_IO_STARTED)
		json_meaning(doc, array, ccw_explain_cc(io->cc));
	for (bit = 0x80; io->flags & VFIO_CCW_IO_ENDED && bit; bit >>= 1) {
		json_meaning(doc, array, io->cstat & bit ? ccw_explain_cstat(bit) : NULL);
		json_meaning(doc, array, io->dstat & bit ? ccw_explain_dstat(bit) : NULL);
	}
	for (byte = 0; io->flags & VFIO_CCW_IO_SENSE && byte < 2; byte++) {
		for (bit = 0x80; bit; bit >>= 1)
			json_meaning(doc, array, io->sense >> (56 - 8 * byte) & bit ?
						 ccw_sense_name(byte, bit) : NULL);
	}
}

static int errors_json(const struct report *r, FILE *f)
{
	struct json_object *array, *o;
	struct json_doc doc;
	char text[128];
	size_t i;

	json_init(&doc);
	json_add_string(&doc, doc.root, "file", r->path);
	json_add_bool(&doc, doc.root, "complete", !r->info.truncated && !r->scan.nr_losses);
	json_add_u64(&doc, doc.root, "ios", r->scan.all->ios);
	json_add_u64(&doc, doc.root, "failed", failed(r));
	json_add_u64(&doc, doc.root, "of_further_kinds", r->scan.other_errors);
	array = json_add_array(&doc, doc.root, "errors");
	for (i = 0; i < r->scan.nr_errors; i++) {
		const struct ccw_scan_error *e = &r->scan.errors[i];
		const struct ccw_io *io = &e->io;

		o = json_add_object(&doc, array, NULL);
		json_add_string(&doc, o, "subchannel", ccw_sch_str(io->sch, text, sizeof(text)));
		json_add_u64(&doc, o, "ios", e->count);
		json_add_string(&doc, o, "kind", ccw_result_name(ccw_io_result(io)));
		json_add_string(&doc, o, "text", ccw_io_error_str(io, text, sizeof(text)));
		json_add_u64(&doc, o, "first_ns", e->first_ts - r->first);
		json_add_u64(&doc, o, "last_ns", io->ts - r->first);
		json_add_u64(&doc, o, "last_seq", io->seq);
		json_add_u64(&doc, o, "cmd", io->cmd);
		json_add(&doc, o, "rc", json_object_new_int(io->rc));
		json_add_u64(&doc, o, "cc", io->cc);
		json_add_u64(&doc, o, "dstat", io->dstat);
		json_add_u64(&doc, o, "cstat", io->cstat);
		json_add_u64(&doc, o, "flags", io->flags);
		snprintf(text, sizeof(text), "%016llx", (unsigned long long)io->sense);
		json_add_string(&doc, o, "sense", text);
		json_meanings(&doc, json_add_array(&doc, o, "means"), io);
	}
	return json_print(&doc, f);
}

static int run(const struct reader *r)
{
	static int (*const print[])(const struct report *report, FILE *f) = {
		[FORMAT_TEXT] = errors_text,
		[FORMAT_CSV] = errors_csv,
		[FORMAT_JSON] = errors_json,
	};
	struct report report = { 0 };
	int code = reader_gather(r, &report);

	if (!code && print[r->format](&report, stdout)) {
		warn("%s: out of memory for the errors", r->path);
		code = EXIT_ERROR;
	}
	if (!code)
		code = finish_output(reader_complete(r, &report.info));
	report_free(&report);
	return code;
}

static int run_verb(int argc, char **argv)
{
	struct reader r;
	bool done = false;
	int code = reader_init(&r, argv[0]);

	code = code ? code : reader_parse(&r, &verb_errors, argc, argv, NULL, NULL, &done);
	if (!code && !done)
		code = reader_operands(&r, argc, argv);
	if (!code && !done)
		code = run(&r);
	reader_free(&r);
	return code;
}

const struct verb verb_errors = {
	.name = "errors",
	.operands = "[FILE]",
	.summary = "what failed, how often and when, and what the codes mean",
	.about = "I/Os that failed, by kind, with status and sense decoded.",
	.options = errors_options,
	.run = run_verb,
};
