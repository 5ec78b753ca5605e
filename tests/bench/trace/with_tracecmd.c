// SPDX-License-Identifier: GPL-2.0
/*
 * What ccwtrace stat is measured against: the same statistics from the same file by libtracecmd and
 * libtraceevent, as a program looks that takes care: fields found once, no text made. It keeps
 * count, sum, minimum, maximum and a histogram for each of the five stages of each subchannel, the
 * sums and the status counts. Prints "I/OS SUM_OF_TOTAL_NS".
 */
#include <event-parse.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <trace-cmd.h>

#define BUCKETS 640

struct hist {
	unsigned long long count, sum, min, max;
	unsigned int bucket[BUCKETS];
};

struct sub {
	struct hist hist[5];
	unsigned long long ios, failed, sums[6], dstat[8], cstat[8], cc[4], missing;
	unsigned int last_seq;
};

enum {
	CSSID, SSID, SCHNO, SEQ, TRANSLATE, START, DEVICE, DELIVER, BYTES, CCWS, SEGMENTS, IDAWS,
	PAGES, IRQS, RC, CC, DSTAT, CSTAT, FLAGS, NR,
};

static const char *const names[NR] = {
	"cssid", "ssid", "schno", "seq", "translate_ns", "start_ns", "device_ns", "deliver_ns",
	"bytes", "ccws", "segments", "idaws", "pages", "irqs", "rc", "cc", "dstat", "cstat",
	"flags",
};

static struct tep_format_field *fields[NR];
static struct tep_event *event;
static struct sub *subs[65536];

static void add(struct hist *h, unsigned long long v)
{
	unsigned int shift = 59 - __builtin_clzll(v | 16), b = (shift << 4) + (v >> shift);

	h->bucket[b < BUCKETS ? b : BUCKETS - 1]++;
	if (!h->count++ || v < h->min)
		h->min = v;
	if (v > h->max)
		h->max = v;
	h->sum += v;
}

static int on_record(struct tracecmd_input *handle, struct tep_record *record, int cpu, void *data)
{
	unsigned long long v[NR], bits;
	struct tep_handle *tep = tracecmd_get_tep(handle);
	struct sub *s;
	int i;

	(void)cpu;
	(void)data;
	if (tep_data_type(tep, record) != event->id)
		return 0;
	for (i = 0; i < NR; i++)
		tep_read_number_field(fields[i], record->data, &v[i]);
	s = subs[v[SCHNO]];
	if (!s)
		s = subs[v[SCHNO]] = calloc(1, sizeof(*s));
	s->ios++;
	add(&s->hist[0], v[TRANSLATE]);
	add(&s->hist[1], v[START]);
	add(&s->hist[2], v[DEVICE]);
	add(&s->hist[3], v[DELIVER]);
	add(&s->hist[4], v[TRANSLATE] + v[START] + v[DEVICE] + v[DELIVER]);
	for (i = 0; i < 6; i++)
		s->sums[i] += v[BYTES + i];
	for (bits = v[DSTAT]; bits; bits &= bits - 1)
		s->dstat[__builtin_ctzll(bits)]++;
	for (bits = v[CSTAT]; bits; bits &= bits - 1)
		s->cstat[__builtin_ctzll(bits)]++;
	s->cc[v[CC] & 3]++;
	s->failed += v[RC] || v[CC] || (v[DSTAT] & 3) || (v[CSTAT] & 0x7f);
	s->missing += v[SEQ] - s->last_seq - 1;
	s->last_seq = v[SEQ];
	return 0;
}

int main(int argc, char **argv)
{
	struct tracecmd_input *handle = argc > 1 ? tracecmd_open(argv[1], 0) : NULL;
	unsigned long long ios = 0, sum = 0;
	int i;

	if (!handle)
		return 1;
	event = tep_find_event_by_name(tracecmd_get_tep(handle), "vfio_ccw", "vfio_ccw_io");
	for (i = 0; event && i < NR; i++)
		fields[i] = tep_find_field(event, names[i]);
	if (!event || !fields[NR - 1])
		return 1;
	tracecmd_iterate_events(handle, NULL, 0, on_record, NULL);
	for (i = 0; i < 65536; i++) {
		if (!subs[i])
			continue;
		ios += subs[i]->ios;
		sum += subs[i]->hist[4].sum;
	}
	printf("%llu %llu\n", ios, sum);
	tracecmd_close(handle);
	return 0;
}
