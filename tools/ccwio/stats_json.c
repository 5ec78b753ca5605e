// SPDX-License-Identifier: GPL-2.0
/* The summary for programs. Members may be added, never renamed. */
#include "stats.h"
#include "tools/json.h"

static struct json_object *add_latency(struct json_doc *doc, struct json_object *parent,
				       const char *name, const struct ccw_hist *h)
{
	struct json_object *o = json_add_object(doc, parent, name);

	json_add_u64(doc, o, "count", h->count);
	json_add_u64(doc, o, "min", h->count ? h->min : 0);
	json_add_u64(doc, o, "mean", h->count ? h->sum / h->count : 0);
	json_add_u64(doc, o, "max", h->max);
	return o;
}

void stats_json(struct json_doc *doc, struct json_object *array, const char *name, struct stats *s)
{
	static const struct {
		const char *name;
		double percent;
	} percentiles[] = {
		{ "p10", 10 }, { "p50", 50 }, { "p90", 90 }, { "p99", 99 }, { "p99.9", 99.9 },
	};
	struct json_object *o = json_add_object(doc, array, NULL), *inner;

	json_add_string(doc, o, "subchannel", name);
	json_add_u64(doc, o, "ios", s->ios);
	json_add_u64(doc, o, "as_expected", s->ok);
	json_add_u64(doc, o, "unexpected", s->unexpected);
	json_add_u64(doc, o, "deliberate", s->deliberate);
	json_add_u64(doc, o, "timeouts", s->timeouts);
	json_add_double(doc, o, "seconds", (double)(s->end_ns - s->begin_ns) / 1e9, "%.6f");
	json_add_double(doc, o, "rate", stats_rate(s), "%.3f");
	json_add_u64(doc, o, "interrupts", s->irqs);
	json_add_u64(doc, o, "unsolicited", s->unsolicited);
	json_add_u64(doc, o, "merged", s->merged);
	json_add_u64(doc, o, "retries", s->retries);
	json_add_u64(doc, o, "late", s->late);
	json_add_u64(doc, o, "verified_bytes", s->verified);
	inner = add_latency(doc, o, "latency_ns", &s->total);
	for (size_t i = 0; i < sizeof(percentiles) / sizeof(*percentiles); i++)
		json_add_u64(doc, inner, percentiles[i].name,
			     stats_percentile(s, percentiles[i].percent));
	add_latency(doc, o, "submit_ns", &s->submit);
	inner = json_add_object(doc, o, "errors");
	for (unsigned int i = 0; i < s->kind_count; i++)
		json_add_u64(doc, inner, s->kinds[i].name, s->kinds[i].count);
}
