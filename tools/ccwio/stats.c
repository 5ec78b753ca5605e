// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats.h"
#include "trace/ccw_names.h"

void stats_kind(struct stats *s, const char *name, uint64_t count)
{
	unsigned int i;

	for (i = 0; i < s->kind_count; i++) {
		if (strcmp(s->kinds[i].name, name) == 0) {
			s->kinds[i].count += count;
			return;
		}
	}
	if (s->kind_count == STATS_KINDS - 1)
		name = "other";
	if (s->kind_count == STATS_KINDS) {
		s->kinds[STATS_KINDS - 1].count += count;
		return;
	}
	snprintf(s->kinds[i].name, sizeof(s->kinds[i].name), "%s", name);
	s->kinds[i].count = count;
	s->kind_count++;
}

static void count_kind(struct stats *s, const struct io_result *res)
{
	char name[32], bits[64];

	if (res->end == IO_REFUSED)
		ccw_rc_str(res->rc, name, sizeof(name));
	else if (res->end == IO_CANCELLED)
		strcpy(name, "cancelled");
	else if (res->end == IO_TIMEOUT)
		strcpy(name, "timeout");
	else if (irb_cc(res->irb))
		snprintf(name, sizeof(name), "cc=%u", irb_cc(res->irb));
	else if (irb_dstat(res->irb) & DSTAT_UC)
		strcpy(name, "UNIT CHECK");
	else if (irb_cstat(res->irb) & ~CSTAT_PCI)
		snprintf(name, sizeof(name), "cstat=%s",
			 ccw_cstat_str(irb_cstat(res->irb), bits, sizeof(bits)));
	else
		snprintf(name, sizeof(name), "dstat=%s",
			 ccw_dstat_str(irb_dstat(res->irb), bits, sizeof(bits)));
	stats_kind(s, name, 1);
}

static int add_sample(struct stats *s, uint64_t ns)
{
	uint32_t n = s->sample_count;

	if (n == STATS_SAMPLES)
		return 0;
	if (!(n & (n - 1))) {
		uint64_t *grown = realloc(s->samples, (n ? 2ul * n : 1) * sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		s->samples = grown;
	}
	s->samples[s->sample_count++] = ns;
	return 0;
}

int stats_add(struct stats *s, const struct io_result *res)
{
	int rc;

	s->ios++;
	s->irqs += res->irqs;
	s->unsolicited += res->unsolicited;
	s->merged += res->merged;
	s->retries += res->retries;
	if (res->end == IO_TIMEOUT)
		s->timeouts++;
	if (!io_ok(res) && res->end != IO_LEFT)
		count_kind(s, res);
	if (res->end != IO_FINAL)
		return 0;
	rc = ccw_hist_add(&s->total, res->total_ns);
	if (rc == 0)
		rc = ccw_hist_add(&s->submit, res->submit_ns);
	if (rc == 0)
		rc = add_sample(s, res->total_ns);
	return rc;
}

int stats_merge(struct stats *to, const struct stats *from)
{
	int rc;

	to->ios += from->ios;
	to->ok += from->ok;
	to->unexpected += from->unexpected;
	to->deliberate += from->deliberate;
	to->timeouts += from->timeouts;
	to->irqs += from->irqs;
	to->unsolicited += from->unsolicited;
	to->merged += from->merged;
	to->retries += from->retries;
	to->late += from->late;
	to->verified += from->verified;
	if (!to->begin_ns || from->begin_ns < to->begin_ns)
		to->begin_ns = from->begin_ns;
	if (from->end_ns > to->end_ns)
		to->end_ns = from->end_ns;
	for (unsigned int i = 0; i < from->kind_count; i++)
		stats_kind(to, from->kinds[i].name, from->kinds[i].count);
	for (uint32_t i = 0; i < from->sample_count; i++) {
		rc = add_sample(to, from->samples[i]);
		if (rc)
			return rc;
	}
	rc = ccw_hist_merge(&to->total, &from->total);
	return rc ? rc : ccw_hist_merge(&to->submit, &from->submit);
}

void stats_free(struct stats *s)
{
	ccw_hist_free(&s->total);
	ccw_hist_free(&s->submit);
	free(s->samples);
}

static int compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

uint64_t stats_percentile(struct stats *s, double percent)
{
	uint64_t rank;

	if (s->total.count != s->sample_count)
		return ccw_hist_percentile(&s->total, percent);
	if (!s->sample_count)
		return 0;
	qsort(s->samples, s->sample_count, sizeof(*s->samples), compare);
	/* nearest rank; 99.9 % of 1000 is 999, which binary fractions miss by a hair */
	rank = (uint64_t)ceil(percent / 100 * s->sample_count - 1e-6);
	return s->samples[rank ? rank - 1 : 0];
}

double stats_rate(const struct stats *s)
{
	uint64_t ns = s->end_ns - s->begin_ns;

	return ns ? (double)s->ios * 1e9 / (double)ns : 0;
}

static const double percents[] = { 50, 90, 99, 99.9 };
#define PERCENTS (sizeof(percents) / sizeof(percents[0]))

void stats_print_header(FILE *f)
{
	fprintf(f, "%-10s %9s %7s %9s %8s %8s %8s %8s %8s %8s\n", "SUBCHANNEL", "I/OS", "ERRORS",
		"I/OS/S", "MIN", "P50", "P90", "P99", "P99.9", "MAX");
}

void stats_print(FILE *f, const char *name, struct stats *s)
{
	char t[32];

	fprintf(f, "%-10s %9" PRIu64 " %7" PRIu64 " %9.1f", name, s->ios,
		s->unexpected, stats_rate(s));
	if (s->total.count) {
		fprintf(f, " %8s", ccw_ns_str(s->total.min, t, sizeof(t)));
		for (size_t i = 0; i < PERCENTS; i++)
			fprintf(f, " %8s", ccw_ns_str(stats_percentile(s, percents[i]), t,
						      sizeof(t)));
		fprintf(f, " %8s", ccw_ns_str(s->total.max, t, sizeof(t)));
	}
	fputc('\n', f);
	if (s->kind_count || s->deliberate) {
		fprintf(f, "  errors:");
		for (unsigned int i = 0; i < s->kind_count; i++)
			fprintf(f, "%s %s %" PRIu64, i ? "," : "", s->kinds[i].name,
				s->kinds[i].count);
		if (s->deliberate)
			fprintf(f, " (%" PRIu64 " on purpose)", s->deliberate);
		fputc('\n', f);
	}
	if (s->unsolicited || s->merged || s->retries || s->late)
		fprintf(f, "  unsolicited interrupts %" PRIu64 ", merged signals %" PRIu64
			", retries %" PRIu64 ", late starts %" PRIu64 "\n", s->unsolicited,
			s->merged, s->retries, s->late);
	if (s->verified)
		fprintf(f, "  %" PRIu64 " bytes compared\n", s->verified);
}
