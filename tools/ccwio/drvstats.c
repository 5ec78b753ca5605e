// SPDX-License-Identifier: GPL-2.0
/* The statistics region in words. */
#include <inttypes.h>
#include <stddef.h>

#include "driver/vfio_ccw_ext.h"
#include "show.h"
#include "trace/ccw_names.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct {
	const char *name;
	size_t at;
} counters[] = {
#define FIELD(field) { #field, offsetof(struct ccw_stats_region, field) }
	FIELD(requests), FIELD(unit_check), FIELD(unit_exception), FIELD(channel_check),
	FIELD(incorrect_length), FIELD(aborted), FIELD(bad_programs), FIELD(bytes), FIELD(ccws),
	FIELD(segments), FIELD(idaws), FIELD(pages), FIELD(interrupts), FIELD(status_overflows),
	FIELD(crws), FIELD(crw_overflows),
#undef FIELD
};

static void show_stage(FILE *f, const char *name, const struct ccw_stats_stage *s)
{
	char sum[32], max[32], from[32];

	fprintf(f, "    stage %-10s sum %s max %s:", name, ccw_ns_str(s->sum, sum, sizeof(sum)),
		ccw_ns_str(s->max, max, sizeof(max)));
	for (unsigned int i = 0; i < VFIO_CCW_STATS_LOG2; i++) {
		if (s->log2[i])
			fprintf(f, " %s+ %" PRIu64,
				ccw_ns_str(i ? 1ull << i : 0, from, sizeof(from)),
				(uint64_t)s->log2[i]);
	}
	fputc('\n', f);
}

void show_driver_stats(FILE *f, const struct ccw_stats_region *s)
{
	static const char *const refusals[] = { "EOPNOTSUPP", "EINVAL", "EBUSY", "EAGAIN",
						"EACCES", "ENODEV", "EIO", "other" };
	static const char *const states[] = { "NOT_OPER", "STANDBY", "IDLE", "TRANSLATE",
					      "ACTIVE", "QUIESCE" };
	static const char *const stages[] = { "translate", "start", "device", "deliver", "total" };
	char buf[32];

	for (size_t i = 0; i < COUNT(counters); i++)
		fprintf(f, "    %-16s %" PRIu64 "\n", counters[i].name,
			*(const uint64_t *)((const char *)s + counters[i].at));
	for (size_t i = 0; i < COUNT(refusals); i++) {
		if (s->refused[i])
			fprintf(f, "    refused %-8s %" PRIu64 "\n", refusals[i],
				(uint64_t)s->refused[i]);
	}
	for (size_t i = 0; i < COUNT(states); i++) {
		if (s->state_ns[i])
			fprintf(f, "    state %-10s %s\n", states[i],
				ccw_ns_str(s->state_ns[i], buf, sizeof(buf)));
	}
	for (size_t i = 0; i < COUNT(stages); i++)
		show_stage(f, stages[i], &s->stage[i]);
}
