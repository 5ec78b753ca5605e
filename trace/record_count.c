// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel says of its buffers, and which records are missing for which reason.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trace/record_int.h"
#include "trace/ring.h"
#include "trace/text.h"

int record_open_stats(struct ccw_record *rec)
{
	unsigned int i;
	char file[64];

	for (i = 0; i < rec->nr; i++) {
		snprintf(file, sizeof(file), "per_cpu/cpu%u/stats", rec->cpus[i].cpu);
		rec->data[i].stats =
			tracefs_instance_file_open(rec->inst, file, O_RDONLY | O_CLOEXEC);
		record_begin_stats(rec, i);
	}
	return 0;
}

static bool number_after(const char *text, const char *key, uint64_t *value)
{
	const char *p = strstr(text, key);
	unsigned long long v;

	/* "overrun" is also the end of "commit overrun" */
	while (p && p != text && p[-1] != '\n')
		p = strstr(p + 1, key);
	if (!p || sscanf(p + strlen(key), ": %llu", &v) != 1)
		return false;
	*value += v;
	return true;
}

static bool read_counts(int fd, struct record_counts *c)
{
	char text[1024];
	ssize_t n = fd < 0 ? -1 : pread(fd, text, sizeof(text) - 1, 0);

	memset(c, 0, sizeof(*c));
	if (n <= 0)
		return false;
	text[n] = 0;
	number_after(text, "commit overrun", &c->refused);
	number_after(text, "dropped events", &c->refused);
	number_after(text, "entries", &c->entries);
	return number_after(text, "overrun", &c->overrun) &&
	       number_after(text, "read events", &c->read);
}

/* The kernel resets buffers and numbers when a driver whose events were recorded is unloaded. */
void record_read_stats(struct ccw_record *rec, unsigned int i)
{
	struct record_cpu *c = &rec->data[i];
	struct record_counts now;

	if (!read_counts(c->stats, &now)) {
		/* A CPU that never came has no buffer and no numbers. */
		if (c->size || c->now.read || c->now.entries)
			rec->status.lost_unknown = true;
		return;
	}
	if (now.read < c->now.read || now.overrun < c->now.overrun) {
		c->gone.read += c->now.read;
		c->gone.overrun += c->now.overrun;
		c->gone.refused += c->now.refused;
		c->reset += c->now.entries;
		rec->status.lost_unknown = true;
	}
	c->now = now;
}

static struct record_counts total(const struct record_cpu *c)
{
	return (struct record_counts){
		.entries = c->now.entries,
		.overrun = c->gone.overrun + c->now.overrun,
		.refused = c->gone.refused + c->now.refused,
		.read = c->gone.read + c->now.read,
	};
}

void record_begin_stats(struct ccw_record *rec, unsigned int i)
{
	rec->data[i].begin = total(&rec->data[i]);
}

/* As per_cpu/cpuN/stats has it, of the time since the file began. */
char *record_stat_text(struct ccw_record *rec, unsigned int i)
{
	struct record_counts now = total(&rec->data[i]), *begin = &rec->data[i].begin;
	char *text;

	if (asprintf(&text,
		     "CPU: %u\nentries: %llu\noverrun: %llu\ncommit overrun: %llu\n"
		     "dropped events: 0\nread events: %llu\n",
		     rec->cpus[i].cpu, (unsigned long long)now.entries,
		     (unsigned long long)(now.overrun - begin->overrun),
		     (unsigned long long)(now.refused - begin->refused),
		     (unsigned long long)(rec->flight ? 0 : now.read - begin->read)) < 0)
		return NULL;
	return text;
}

uint64_t record_count_pages(const struct ccw_record *rec, int fd, uint64_t from, uint64_t to,
			    uint64_t *end)
{
	const struct ccw_page_format *fmt = &rec->format;
	char *page = malloc(fmt->size);
	uint64_t n = 0;

	for (; page && from + fmt->size <= to; from += fmt->size) {
		struct ccw_ring r;

		if (pread(fd, page, fmt->size, from) != (ssize_t)fmt->size)
			break;
		ccw_ring_init(&r, fmt, page, fmt->size);
		while (ccw_ring_next(&r))
			n++;
	}
	free(page);
	if (end)
		*end = from;
	return n;
}

const char *ccw_record_loss_str(enum ccw_record_loss loss)
{
	static const char *const names[CCW_NR_LOSSES] = {
		[CCW_LOST_OVERRUN] = "buffer overrun",
		[CCW_LOST_REFUSED] = "refused by the buffer",
		[CCW_LOST_UNTAKEN] = "left in the buffer",
		[CCW_LOST_UNWRITTEN] = "not written",
		[CCW_LOST_RESET] = "thrown away by the kernel",
	};

	return loss < CCW_NR_LOSSES ? names[loss] : "?";
}

static void add_cpu(struct ccw_record_status *st, struct ccw_text *t, unsigned int cpu,
		    const uint64_t lost[CCW_NR_LOSSES])
{
	bool first = true;
	int k;

	for (k = 0; k < CCW_NR_LOSSES; k++) {
		st->losses[k] += lost[k];
		st->lost += lost[k];
		if (!lost[k])
			continue;
		if (first)
			ccw_text_add(t, "%sCPU %u:", t->pos ? "; " : "", cpu);
		ccw_text_add(t, "%s %llu %s", first ? "" : ",", (unsigned long long)lost[k],
			     ccw_record_loss_str(k));
		first = false;
	}
}

void ccw_record_count(struct ccw_record *rec)
{
	struct ccw_record_status *st = &rec->status;
	struct ccw_text t = CCW_TEXT(st->lost_cpus, sizeof(st->lost_cpus));
	unsigned int i;

	st->events = st->lost = 0;
	memset(st->losses, 0, sizeof(st->losses));
	for (i = 0; i < rec->nr; i++) {
		struct record_cpu *c = &rec->data[i];
		uint64_t lost[CCW_NR_LOSSES] = { 0 };
		struct record_counts all;

		pthread_mutex_lock(&c->lock);
		record_read_stats(rec, i);
		all = total(c);
		lost[CCW_LOST_OVERRUN] = all.overrun;
		lost[CCW_LOST_REFUSED] = all.refused;
		lost[CCW_LOST_RESET] = c->reset;
		lost[CCW_LOST_UNWRITTEN] = c->unwritten;
		if (rec->ended)
			lost[CCW_LOST_UNTAKEN] = all.entries;
		else
			all.read += all.entries;
		pthread_mutex_unlock(&c->lock);
		st->events += all.read > c->unwritten ? all.read - c->unwritten : 0;
		add_cpu(st, &t, rec->cpus[i].cpu, lost);
	}
	ccw_text_end(&t);
	st->bytes = rec->ended ? rec->file_bytes : rec->written + atomic_load(&rec->taken);
}
