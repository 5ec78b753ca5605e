// SPDX-License-Identifier: GPL-2.0
/*
 * The report for programs: plain numbers, nanoseconds and bytes. Members may be added, never
 * renamed.
 */
#include "tools/ccwtrace/report.h"
#include "trace/ccw_names.h"

static void string(const char *s, FILE *f)
{
	fputc('"', f);
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			fprintf(f, "\\%c", *s);
		else if ((unsigned char)*s < 0x20)
			fprintf(f, "\\u%04x", (unsigned char)*s);
		else
			fputc(*s, f);
	}
	fputc('"', f);
}

static void member(const char *name, uint64_t value, FILE *f)
{
	fprintf(f, "\"%s\": %llu, ", name, (unsigned long long)value);
}

static void stage(const struct ccw_hist *h, const char *name, FILE *f)
{
	fprintf(f, "\n        \"%s\": { ", name);
	member("ios", h->count, f);
	member("sum_ns", h->sum, f);
	member("min_ns", h->min, f);
	member("p50_ns", ccw_hist_percentile(h, 50), f);
	member("p90_ns", ccw_hist_percentile(h, 90), f);
	member("p99_ns", ccw_hist_percentile(h, 99), f);
	member("p999_ns", ccw_hist_percentile(h, 99.9), f);
	fprintf(f, "\"max_ns\": %llu }", (unsigned long long)h->max);
}

static void subchannel(const struct ccw_stat *st, FILE *f)
{
	static const char *const kinds[CCW_NR_RESULTS] = {
		[CCW_ERR_REFUSED] = "refused", [CCW_ERR_CC] = "condition_code",
		[CCW_ERR_ABORTED] = "aborted", [CCW_ERR_CHANNEL] = "channel_check",
		[CCW_ERR_UNIT_CHECK] = "unit_check", [CCW_ERR_UNIT_EXCEPTION] = "unit_exception",
		[CCW_ERR_LENGTH] = "incorrect_length",
	};
	char name[16];
	int i;

	fprintf(f, "\n    { \"subchannel\": \"%s\",\n      "
		   "", ccw_sch_str(st->sch, name, sizeof(name)));
	member("ios", st->ios, f);
	member("ccws", st->ccws, f);
	member("max_ccws", st->max_ccws, f);
	member("bytes", st->bytes, f);
	member("segments", st->segments, f);
	member("idaws", st->idaws, f);
	member("pages", st->pages, f);
	member("irqs", st->irqs, f);
	member("missing", st->missing, f);
	fprintf(f, "\n      \"failed\": { ");
	for (i = CCW_OK + 1; i < CCW_NR_RESULTS; i++)
		fprintf(f, "%s\"%s\": %llu", i > CCW_OK + 1 ? ", " : "", kinds[i],
			(unsigned long long)st->result[i]);
	fprintf(f, " },\n      \"latency\": {");
	for (i = 0; i < CCW_NR_STAGES; i++) {
		if (i)
			fputc(',', f);
		stage(&st->hist[i], ccw_stage_name(i), f);
	}
	fprintf(f, "\n      }\n    }");
}

static void error(const struct report_error *e, FILE *f)
{
	const struct ccw_io *io = &e->io;
	char name[16], text[128];

	fprintf(f, "\n    { \"subchannel\": \"%s\", ", ccw_sch_str(io->sch, name, sizeof(name)));
	member("ios", e->count, f);
	fprintf(f, "\"kind\": \"%s\", \"text\": \"%s\", \"cmd\": %u, \"rc\": %d, \"cc\": %u, "
		"\"dstat\": %u, \"cstat\": %u, \"flags\": %u, \"sense\": \"%016llx\" }",
		ccw_result_name(ccw_io_result(io)), ccw_io_error_str(io, text, sizeof(text)),
		io->cmd, io->rc, io->cc, io->dstat, io->cstat, io->flags,
		(unsigned long long)io->sense);
}

void report_json(const struct report *r, FILE *f)
{
	size_t i;

	fprintf(f, "{ \"file\": ");
	string(r->path, f);
	fprintf(f, ",\n  \"note\": ");
	string(r->info.note, f);
	fprintf(f, ",\n  \"big_endian\": %s, \"complete\": %s, ",
		r->info.big_endian ? "true" : "false",
		r->info.truncated || r->nr_losses ? "false" : "true");
	member("cpus", r->info.cpus, f);
	fprintf(f, "\"duration_ns\": %llu,\n  \"lost\": [", (unsigned long long)r->duration);
	for (i = 0; i < r->nr_losses; i++)
		fprintf(f, "%s{ \"cpu\": %u, \"events\": %llu, \"exact\": %s }", i ? ", " : " ",
			r->losses[i].cpu, (unsigned long long)r->losses[i].count,
			r->losses[i].unknown ? "false" : "true");
	fprintf(f, " ],\n  \"subchannels\": [");
	for (i = 0; i < ccw_stats_count(r->stats); i++) {
		if (i)
			fputc(',', f);
		subchannel(ccw_stats_at(r->stats, i), f);
	}
	fprintf(f, "\n  ],\n  \"errors\": [");
	for (i = 0; i < r->nr_errors; i++) {
		if (i)
			fputc(',', f);
		error(&r->errors[i], f);
	}
	fprintf(f, "\n  ]\n}\n");
}
