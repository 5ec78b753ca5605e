// SPDX-License-Identifier: GPL-2.0
/*
 * The page is text with places, each a comment, that the recording's part goes into.
 */
#include <errno.h>
#include <string.h>

#include "tools/ccwtrace/export.h"
#include "tools/ccwtrace/html_data.h"
#include "trace/ccw_names.h"

static int put_title(struct html_data *d, FILE *out)
{
	const char *name = strrchr(d->report.path, '/');

	html_text(out, name && name[1] ? name + 1 : d->report.path);
	return 0;
}

static int put_summary(struct html_data *d, FILE *out)
{
	const struct report *r = &d->report;
	size_t n = ccw_stats_count(r->scan.stats);

	fprintf(out, "%llu I/O%s of %zu subchannel%s in %llu.%03llu s, %u CPU%s, %s endian",
		(unsigned long long)r->scan.all->ios, ccw_s(r->scan.all->ios), n, ccw_s(n),
		(unsigned long long)(r->duration / 1000000000),
		(unsigned long long)(r->duration / 1000000 % 1000), r->info.cpus,
		ccw_s(r->info.cpus), r->info.big_endian ? "big" : "little");
	return 0;
}

/* What a reader must know before trusting a number. */
static int put_warnings(struct html_data *d, FILE *out)
{
	const struct report *r = &d->report;
	uint64_t lost = 0;
	bool unknown = false;
	size_t i;

	for (i = 0; i < r->scan.nr_losses; i++) {
		lost += r->scan.losses[i].count;
		unknown |= r->scan.losses[i].unknown;
	}
	if (r->scan.nr_losses)
		fprintf(out, "<p class=\"warning\" role=\"note\">%s%llu event%s lost while "
			"this was recorded: the numbers are too low. The plots over time mark the "
			"places.</p>\n", unknown ? "More than " : "", (unsigned long long)lost,
			lost == 1 ? " was" : "s were");
	if (r->info.note[0]) {
		fprintf(out, "<p class=\"%s\" role=\"note\">%s",
			r->info.truncated ? "warning" : "note",
			r->info.truncated ? "The recording is not complete: " : "");
		html_text(out, r->info.note);
		fputs("</p>\n", out);
	}
	if (!r->scan.all->ios)
		fputs("<p class=\"warning\" role=\"note\">There is no I/O to show.</p>\n", out);
	return 0;
}

static int put_aggregation(struct html_data *d, FILE *out)
{
	char width[16];

	fprintf(out, "Time is divided into %u columns of %s. ", d->nr_columns,
		ccw_ns_str(d->width, width, sizeof(width)));
	fputs("A column has its true maximum and every error; P50 and P99 come from histograms "
	      "with 16 buckets to each power of two and are at most 3.2 % off. ", out);
	if (d->nr_slow < d->report.scan.all->ios)
		fprintf(out, "The %zu slowest I/Os are there one by one. ", d->nr_slow);
	if (d->nr_failed)
		fprintf(out, "Of the failed ones %zu are there one by one, up to %d of each "
			     "column. ", d->nr_failed, HTML_FAILED_COLUMN);
	if (d->nr_series > 1 && ccw_stats_count(d->report.scan.stats) > HTML_SERIES)
		fprintf(out, "Of %zu subchannels the %d busiest have plots of their own. ",
			ccw_stats_count(d->report.scan.stats), HTML_SERIES);
	return 0;
}

static const struct {
	const char *name;
	int (*put)(struct html_data *d, FILE *out);
} places[] = {
	{ "title", put_title },
	{ "summary", put_summary },
	{ "warnings", put_warnings },
	{ "aggregation", put_aggregation },
	{ "tables", html_tables },
	{ "data", html_json },
};

#define NR_PLACES (sizeof(places) / sizeof(*places))
#define PLACE_BEGIN "<!--ccwtrace:"
#define PLACE_END "-->"

static int put_place(struct html_data *d, const char *name, size_t len, FILE *out)
{
	size_t i;

	for (i = 0; i < NR_PLACES; i++) {
		if (strlen(places[i].name) == len && !strncmp(places[i].name, name, len))
			return places[i].put(d, out);
	}
	return -EINVAL;
}

static int put_page(struct html_data *d, FILE *out)
{
	const char *at = html_page, *place, *end;
	int rc = 0;

	while (!rc && (place = strstr(at, PLACE_BEGIN))) {
		fwrite(at, 1, place - at, out);
		place += strlen(PLACE_BEGIN);
		end = strstr(place, PLACE_END);
		if (!end)
			return -EINVAL;
		rc = put_place(d, place, end - place, out);
		at = end + strlen(PLACE_END);
	}
	if (!rc)
		fputs(at, out);
	return rc;
}

int export_html(const struct export_request *r, FILE *out, struct ccw_source_info *info,
		struct ccw_error *err)
{
	struct html_data d = { .nr_series = 0 };
	int rc;

	if (!html_page[0]) {
		snprintf(err->text, sizeof(err->text),
			 "this ccwtrace was built without its HTML page, whose plotting library "
			 "could not be fetched: \"make html\" in the source tells why");
		return -EOPNOTSUPP;
	}
	rc = html_gather(&d, r->path, r->filter, err);
	if (!rc) {
		rc = put_page(&d, out);
		if (rc)
			snprintf(err->text, sizeof(err->text), "%s: %s", r->path,
				 rc == -ENOMEM ? "out of memory for the page" :
						 "the HTML page in this program is damaged");
		*info = d.report.info;
	}
	html_data_free(&d);
	return rc;
}
