// SPDX-License-Identifier: GPL-2.0
/*
 * The numbers as tables: for those who read without a script or with a screen reader, and what the
 * plots can be checked against. data-v has the exact number of what a cell shows rounded.
 */
#include <string.h>

#include "tools/ccwtrace/html_data.h"
#include "trace/ccw_names.h"

#define MAX_ROWS 1000 /* of a table; the busiest subchannels and the first errors */

/* Length of the sequence at @s if it is UTF-8 and printable, else 0 (RFC 3629, section 4). */
static size_t utf8_length(const unsigned char *s)
{
	static const struct { unsigned char low, high, low2, high2, length; } forms[] = {
		{ 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 },
		{ 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 },
		{ 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};
	size_t i, n;

	if (*s < 0x80)
		return *s >= 0x20 && *s != 0x7f;
	for (i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		if (*s < forms[i].low || *s > forms[i].high)
			continue;
		if (s[1] < forms[i].low2 || s[1] > forms[i].high2)
			return 0;
		for (n = 2; n < forms[i].length; n++) {
			if ((s[n] & 0xc0) != 0x80)
				return 0;
		}
		return forms[i].length;
	}
	return 0;
}

const char *html_utf8(const char *text, char *buf, size_t len)
{
	static const char replacement[] = "\xef\xbf\xbd";
	size_t at = 0, n;

	while (*text) {
		const char *from = text;

		n = utf8_length((const unsigned char *)text);
		text += n ? n : 1;
		if (!n) {
			from = replacement;
			n = sizeof(replacement) - 1;
		}
		if (at + n >= len)
			break;
		memcpy(buf + at, from, n);
		at += n;
	}
	buf[at] = 0;
	return buf;
}

void html_text(FILE *out, const char *text)
{
	char clean[2048];
	const char *s;

	for (s = html_utf8(text, clean, sizeof(clean)); *s; s++) {
		switch (*s) {
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '&':
			fputs("&amp;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		case '\'':
			fputs("&#39;", out);
			break;
		default:
			fputc(*s, out);
		}
	}
}

static void number(FILE *out, uint64_t v, const char *shown)
{
	fprintf(out, "<td data-v=\"%llu\">%s</td>", (unsigned long long)v, shown);
}

static void count(FILE *out, uint64_t v)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)v);
	number(out, v, text);
}

static void nanoseconds(FILE *out, uint64_t v)
{
	char text[16];

	number(out, v, ccw_ns_str(v, text, sizeof(text)));
}

static void begin_table(FILE *out, const char *id, const char *caption, const char *const *columns)
{
	fprintf(out, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s\">\n"
		     "<table id=\"%s\"><caption>%s</caption>\n<thead><tr>", caption, id, caption);
	for (; *columns; columns++)
		fprintf(out, "<th scope=\"col\">%s</th>", *columns);
	fputs("</tr></thead>\n<tbody>\n", out);
}

static void end_table(FILE *out, uint64_t left_out, const char *what)
{
	fputs("</tbody></table></div>\n", out);
	if (left_out)
		fprintf(out, "<p class=\"note\">%llu further %s are not listed here; "
			     "<code>ccwtrace report</code> has them all.</p>\n",
			(unsigned long long)left_out, what);
}

static const char *name_of(const struct html_data *d, const struct ccw_stat *st, char buf[16])
{
	return st == d->report.scan.all ? "all" : ccw_sch_str(st->sch, buf, 16);
}

static void traffic_row(const struct html_data *d, const struct ccw_stat *st, FILE *out)
{
	char name[16], text[16];
	const struct ccw_hist *h = &st->hist[CCW_TOTAL];

	fprintf(out, "<tr data-key=\"%s\"><th scope=\"row\">%s</th>", name_of(d, st, name),
		name_of(d, st, name));
	count(out, st->ios);
	number(out, st->ios, ccw_count_str(report_rate(&d->report, st->ios), text, sizeof(text)));
	count(out, st->ios - st->result[CCW_OK]);
	count(out, st->missing);
	snprintf(text, sizeof(text), "%.1f", st->ios ? (double)st->ccws / st->ios : 0.0);
	number(out, st->ccws, text);
	count(out, st->max_ccws);
	number(out, st->bytes, ccw_bytes_str(st->bytes, text, sizeof(text)));
	if (h->count) {
		nanoseconds(out, ccw_hist_percentile(h, 50));
		nanoseconds(out, ccw_hist_percentile(h, 99));
		nanoseconds(out, h->max);
	} else {
		fputs("<td>-</td><td>-</td><td>-</td>", out);
	}
	fputs("</tr>\n", out);
}

static void stage_row(const struct html_data *d, const struct ccw_stat *st, int stage, FILE *out)
{
	const struct ccw_hist *h = &st->hist[stage];
	char name[16], text[16];

	if (!h->count)
		return; /* could not be measured: no row is better than zeros */
	name_of(d, st, name);
	fprintf(out, "<tr data-key=\"%s/%s\"><th scope=\"row\">%s</th><td>%s</td>",
		name_of(d, st, name), ccw_stage_name(stage), name_of(d, st, name),
		ccw_stage_name(stage));
	count(out, h->count);
	nanoseconds(out, ccw_hist_percentile(h, 50));
	nanoseconds(out, ccw_hist_percentile(h, 90));
	nanoseconds(out, ccw_hist_percentile(h, 99));
	nanoseconds(out, ccw_hist_percentile(h, 99.9));
	nanoseconds(out, h->max);
	number(out, h->sum, ccw_ns_str(h->sum / h->count, text, sizeof(text)));
	snprintf(text, sizeof(text), "%.1f%%", st->hist[CCW_TOTAL].sum ?
		 100.0 * (double)h->sum / (double)st->hist[CCW_TOTAL].sum : 0.0);
	number(out, h->sum, text);
	fputs("</tr>\n", out);
}

static void subchannels(struct html_data *d, FILE *out)
{
	static const char *const traffic[] = { "Subchannel", "I/Os", "I/Os/s", "Failed",
		"No record", "CCWs/I/O", "Max CCWs", "Bytes", "P50", "P99", "Max", NULL };
	static const char *const latency[] = { "Subchannel", "Stage", "I/Os", "P50", "P90", "P99",
		"P99.9", "Max", "Mean", "Share", NULL };
	size_t n = ccw_stats_count(d->report.scan.stats), shown = n < MAX_ROWS ? n : MAX_ROWS, i;
	int stage;

	begin_table(out, "traffic", "Traffic of each subchannel", traffic);
	for (i = 0; i < shown; i++)
		traffic_row(d, ccw_stats_at(d->report.scan.stats, i), out);
	traffic_row(d, d->report.scan.all, out);
	end_table(out, n - shown, "subchannels");
	begin_table(out, "latency", "Latency of each stage", latency);
	for (stage = 0; stage < CCW_NR_STAGES; stage++)
		stage_row(d, d->report.scan.all, stage, out);
	for (i = 0; i < shown; i++) {
		for (stage = 0; stage < CCW_NR_STAGES; stage++)
			stage_row(d, ccw_stats_at(d->report.scan.stats, i), stage, out);
	}
	end_table(out, n - shown, "subchannels");
}

static void errors(const struct html_data *d, FILE *out)
{
	static const char *const columns[] = { "Subchannel", "I/Os", "Kind",
		"What, command, last sense", NULL };
	const struct report *r = &d->report;
	size_t shown = r->scan.nr_errors < MAX_ROWS ? r->scan.nr_errors : MAX_ROWS, i;
	char name[16], text[128];

	if (!r->scan.nr_errors) {
		fputs("<p id=\"errors\">No I/O failed.</p>\n", out);
		return;
	}
	begin_table(out, "errors", "I/Os that failed, by what they have in common", columns);
	for (i = 0; i < shown; i++) {
		const struct ccw_scan_error *e = &r->scan.errors[i];

		fprintf(out, "<tr><th scope=\"row\">%s</th>",
			ccw_sch_str(e->io.sch, name, sizeof(name)));
		count(out, e->count);
		fprintf(out, "<td>%s</td><td>", ccw_result_name(ccw_io_result(&e->io)));
		html_text(out, ccw_io_error_str(&e->io, text, sizeof(text)));
		fputs("</td></tr>\n", out);
	}
	end_table(out, r->scan.nr_errors - shown, "kinds of errors");
}

static void losses(const struct html_data *d, FILE *out)
{
	static const char *const columns[] = { "CPU", "Events lost", NULL };
	const struct report *r = &d->report;
	size_t shown = r->scan.nr_losses < MAX_ROWS ? r->scan.nr_losses : MAX_ROWS, i;

	if (!r->scan.nr_losses)
		return;
	begin_table(out, "losses", "Events lost while recording", columns);
	for (i = 0; i < shown; i++) {
		fprintf(out, "<tr><th scope=\"row\">%u</th><td data-v=\"%llu\">%llu%s</td></tr>\n",
			r->scan.losses[i].cpu, (unsigned long long)r->scan.losses[i].count,
			(unsigned long long)r->scan.losses[i].count,
			r->scan.losses[i].unknown ? " and an unknown number more" : "");
	}
	end_table(out, r->scan.nr_losses - shown, "CPUs");
}

int html_tables(struct html_data *d, FILE *out)
{
	subchannels(d, out);
	errors(d, out);
	losses(d, out);
	return 0;
}
