// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <traceevent/event-parse.h>

#include "tools/ccwtrace/replay.h"
#include "trace/ccw_names.h"
#include "trace/ccw_source.h"

#define EVENT "vfio_ccw_ccw"
/* How many programs back the end of one is looked for: a subchannel runs one at a time. */
#define LOOK_BACK 8

/* Where the fields of the event stand. */
struct fields {
	struct tep_format_field *cssid, *ssid, *schno, *seq, *orb1, *cpa, *first, *total, *flags,
		*addr, *ccw, *data;
};

struct loader {
	struct replay_programs *ps;
	const struct ccw_filter *filter;
	struct tep_handle *tep;
	int id; /* -1: the trace has no such event */
	struct fields f;
	uint64_t from; /* ts */
	struct ccw_select *select;
	size_t most;
	/* programs whose first record was passed over: the others of theirs are too */
	struct {
		uint32_t sch, seq;
	} passed[LOOK_BACK];
	unsigned int nr_passed;
	bool any; /* there are programs, asked for or not */
	struct ccwio_error *err;
};

static int find_event(struct loader *l)
{
	struct tep_event *e = tep_find_event_by_name(l->tep, "vfio_ccw", EVENT);

	l->id = -1;
	if (!e)
		return -ENODATA;
#define TAKE(name) \
	do { \
		l->f.name = tep_find_field(e, #name); \
		if (!l->f.name) \
			return -ENODATA; \
	} while (0)
	TAKE(cssid);
	TAKE(ssid);
	TAKE(schno);
	TAKE(seq);
	TAKE(orb1);
	TAKE(cpa);
	TAKE(first);
	TAKE(total);
	TAKE(flags);
	TAKE(addr);
	TAKE(ccw);
	TAKE(data);
#undef TAKE
	l->id = e->id;
	return 0;
}

/* A number of the record; 0 if the record is too short for it. */
static uint64_t number(const struct loader *l, const struct ccw_raw *raw,
		       const struct tep_format_field *f)
{
	if (f->offset < 0 || f->size < 1 || f->size > 8 ||
	    (uint64_t)f->offset + f->size > raw->len)
		return 0;
	return tep_read_number(l->tep, raw->data + f->offset, f->size);
}

/* A dynamic array: its offset and length stand in one word. NULL if it leaves the record. */
static const uint8_t *array(const struct loader *l, const struct ccw_raw *raw,
			    const struct tep_format_field *f, uint32_t *len)
{
	uint32_t word, at;

	*len = 0;
	if (!(f->flags & TEP_FIELD_IS_DYNAMIC) || f->size != 4)
		return NULL;
	word = number(l, raw, f);
	at = word & 0xffff;
	*len = word >> 16;
	return at <= raw->len && *len <= raw->len - at ? raw->data + at : NULL;
}

/* What a recording holds must not take all the memory of the machine. */
static int account(struct loader *l, size_t more)
{
	size_t most = l->ps->max_bytes ? l->ps->max_bytes : REPLAY_MAX_BYTES;

	l->ps->bytes += more;
	if (l->ps->bytes <= most)
		return 0;
	return ccwio_fail(l->err, -E2BIG, "the programs take more than %zu MiB: take fewer with "
			  "-n, or a part with --since and --until", most >> 20);
}

static int grow(struct loader *l, void **p, size_t have, size_t more)
{
	void *grown;
	int rc = account(l, more);

	if (rc)
		return rc;
	if (!more)
		return 0;
	grown = realloc(*p, have + more);
	if (!grown)
		return ccwio_fail(l->err, -ENOMEM, "out of memory");
	*p = grown;
	return 0;
}

static int new_program(struct loader *l, struct replay_program **p)
{
	struct replay_programs *ps = l->ps;
	int rc = account(l, sizeof(*ps->all));

	if (rc)
		return rc;
	if (!(ps->count & (ps->count - 1))) {
		size_t room = ps->count ? 2 * ps->count : 1;
		struct replay_program *all = realloc(ps->all, room * sizeof(*all));

		if (!all)
			return ccwio_fail(l->err, -ENOMEM, "out of memory");
		ps->all = all;
	}
	memset(&ps->all[ps->count], 0, sizeof(*ps->all));
	*p = &ps->all[ps->count++];
	return 0;
}

/* The CCWs and items of one record, behind those that came before. */
static int append(struct loader *l, const struct ccw_raw *raw, struct replay_program *p)
{
	uint32_t addr_len, ccw_len, data_len, i, n;
	const uint8_t *addr = array(l, raw, l->f.addr, &addr_len);
	const uint8_t *ccw = array(l, raw, l->f.ccw, &ccw_len);
	const uint8_t *data = array(l, raw, l->f.data, &data_len);
	int rc;

	n = addr_len / 4;
	if (!addr || !ccw || !data || ccw_len != n * 8 || addr_len != n * 4 ||
	    number(l, raw, l->f.first) != p->count || n > (uint32_t)(p->total - p->count)) {
		p->broken = true;
		return 0;
	}
	rc = grow(l, (void **)&p->addr, p->count * 4u, n * 4);
	if (!rc)
		rc = grow(l, (void **)&p->ccw, p->count * 8u, n * 8);
	if (!rc)
		rc = grow(l, (void **)&p->data, p->data_len, data_len);
	if (rc)
		return rc;
	for (i = 0; i < n; i++)
		p->addr[p->count + i] = tep_read_number(l->tep, addr + 4 * i, 4);
	if (n)
		memcpy(p->ccw + p->count * 8u, ccw, ccw_len);
	if (data_len)
		memcpy(p->data + p->data_len, data, data_len);
	p->count += n;
	p->data_len += data_len;
	return 0;
}

static int several(struct loader *l, struct ccw_sch other)
{
	char a[16], b[16];

	return ccwio_fail(l->err, -EINVAL, "programs of several subchannels (%s, %s): choose one "
			  "with -s", ccw_sch_str(l->ps->sch, a, sizeof(a)),
			  ccw_sch_str(other, b, sizeof(b)));
}

static bool was_passed(const struct loader *l, uint32_t sch, uint32_t seq)
{
	unsigned int i;

	for (i = 0; i < LOOK_BACK && i < l->nr_passed; i++) {
		if (l->passed[i].sch == sch && l->passed[i].seq == seq)
			return true;
	}
	return false;
}

/*
 * Whether a record begins a program that is not asked for, or goes on with one: a program belongs
 * to the time of its first record and is never cut in two.
 */
static bool pass_over(struct loader *l, const struct ccw_raw *raw, uint32_t sch, uint32_t seq)
{
	const struct replay_programs *ps = l->ps;
	bool in_time = raw->ts >= l->from && (!l->select || ccw_select_time(l->select, raw->ts));
	unsigned int i = l->nr_passed % LOOK_BACK;

	if (number(l, raw, l->f.first)) {
		if (was_passed(l, sch, seq))
			return true;
		/* of the last one, or its beginning is lost */
		return !in_time && !(ps->count && ps->all[ps->count - 1].seq == seq);
	}
	if (in_time && !(l->most && ps->count == l->most))
		return false;
	if (!was_passed(l, sch, seq)) {
		l->passed[i].sch = sch;
		l->passed[i].seq = seq;
		l->nr_passed++;
	}
	return true;
}

/* One that is passed over no longer shares its number with one that is not. */
static void forget_passed(struct loader *l, uint32_t sch, uint32_t seq)
{
	unsigned int i;

	for (i = 0; i < LOOK_BACK && i < l->nr_passed; i++) {
		if (l->passed[i].sch == sch && l->passed[i].seq == seq)
			l->passed[i].sch = UINT32_MAX;
	}
}

static int on_raw(void *ctx, const struct ccw_raw *raw)
{
	struct loader *l = ctx;
	struct replay_programs *ps = l->ps;
	struct replay_program *p;
	struct ccw_sch sch;
	uint32_t seq;
	int rc;

	if (raw->len < 8 || (int)tep_read_number(l->tep, raw->data, 2) != l->id)
		return 0;
	l->any = true;
	sch = (struct ccw_sch){ .cssid = number(l, raw, l->f.cssid),
				.ssid = number(l, raw, l->f.ssid),
				.schno = number(l, raw, l->f.schno) };
	seq = number(l, raw, l->f.seq);
	if (!ccw_filter_match(l->filter, sch) || pass_over(l, raw, ccw_sch_key(sch), seq))
		return 0;
	if (ps->count && ccw_sch_key(sch) != ccw_sch_key(ps->sch))
		return several(l, sch);
	ps->sch = sch;
	p = ps->count ? &ps->all[ps->count - 1] : NULL;
	if (!p || p->seq != seq || !number(l, raw, l->f.first)) {
		if (l->most && ps->count == l->most)
			return 0;
		rc = new_program(l, &p);
		if (rc)
			return rc;
		forget_passed(l, ccw_sch_key(sch), seq);
		p->ts = raw->ts;
		p->seq = seq;
		p->orb1 = number(l, raw, l->f.orb1);
		p->cpa = number(l, raw, l->f.cpa);
		p->total = number(l, raw, l->f.total);
	}
	p->cut |= number(l, raw, l->f.flags) & VFIO_CCW_CCW_CUT;
	return append(l, raw, p);
}

static int on_io(void *ctx, const struct ccw_io *io)
{
	struct loader *l = ctx;
	size_t i, n = l->ps->count;

	if (!n || ccw_sch_key(io->sch) != ccw_sch_key(l->ps->sch))
		return 0;
	for (i = n; i > 0 && n - i < LOOK_BACK; i--) {
		struct replay_program *p = &l->ps->all[i - 1];

		if (p->seq != io->seq)
			continue;
		if (!p->ended) {
			p->io = *io;
			p->ended = true;
		}
		break;
	}
	return 0;
}

static int read_all(struct loader *l, struct ccw_source *src, const char *path)
{
	const struct ccw_sink sink = { .raw = on_raw, .io = on_io, .ctx = l };
	const struct ccw_source_info *info;
	struct ccw_error err = { "" };
	int rc;

	l->err->text[0] = 0;
	rc = ccw_source_read(src, &sink, 0, 0, &err);
	if (rc < 0)
		return l->err->text[0] ? rc : ccwio_fail(l->err, rc, "%s", err.text);
	info = ccw_source_info(src);
	l->ps->incomplete = info->truncated || info->lost || info->lost_unknown;
	if (!l->ps->count && l->any)
		return ccwio_fail(l->err, -ENODATA, "%s: its channel programs are of other "
				  "subchannels or times than chosen (-s, --seek, --since, --until)",
				  path);
	if (!l->ps->count)
		return ccwio_fail(l->err, -ENODATA, "%s: no channel programs in it: record them "
				  "with -e vfio_ccw_io -e " EVENT, path);
	return 0;
}

int replay_load(struct replay_programs *ps, const char *path, const struct ccw_filter *filter,
		struct ccw_select *select, uint64_t since, size_t most, struct ccwio_error *err)
{
	struct loader l = { .ps = ps, .filter = filter, .select = select, .most = most,
			    .err = err };
	struct ccw_error source_err = { "" };
	uint64_t first, last;
	struct ccw_source *src;
	int rc = ccw_source_open_file(&src, path, &source_err);

	if (rc)
		return ccwio_fail(err, rc, "%s", source_err.text);
	l.tep = ccw_source_tep(src);
	rc = l.tep ? find_event(&l) : -ENOMEM;
	if (!rc && select && !ccw_source_range(src, &first, &last))
		ccw_select_start(select, first);
	if (!rc && since && !ccw_source_range(src, &first, &last))
		l.from = since > UINT64_MAX - first ? UINT64_MAX : first + since;
	if (rc == -ENODATA)
		ccwio_fail(err, rc, "%s: no channel programs in it: record them with "
			   "-e vfio_ccw_io -e " EVENT, path);
	else if (rc)
		ccwio_fail(err, rc, "out of memory");
	else
		rc = read_all(&l, src, path);
	ccw_source_close(src);
	return rc;
}

void replay_programs_free(struct replay_programs *ps)
{
	size_t i;

	for (i = 0; i < ps->count; i++) {
		free(ps->all[i].addr);
		free(ps->all[i].ccw);
		free(ps->all[i].data);
	}
	free(ps->all);
}
