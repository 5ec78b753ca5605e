// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/ccwtop/table.h"
#include "trace/ccw_names.h"

const char top_stage_letter[CCW_TOTAL] = {
	[CCW_TRANSLATE] = 'T', [CCW_START] = 'S', [CCW_DEVICE] = 'D', [CCW_DELIVER] = 'L',
};

void top_split(const double share[CCW_TOTAL], unsigned int width, char *bar)
{
	double part[CCW_TOTAL + 1], rest[CCW_TOTAL + 1], unknown = 1;
	unsigned int cells[CCW_TOTAL + 1], used = 0, x = 0, s, known = 0;

	for (s = 0; s < CCW_TOTAL; s++) {
		part[s] = isnan(share[s]) ? 0 : share[s];
		known += !isnan(share[s]);
		unknown -= part[s];
	}
	/* Shares are sums of rounded numbers: a trace of nothing is not a part that is missing. */
	part[CCW_TOTAL] = known < CCW_TOTAL && unknown > 1e-9 ? unknown : 0;
	memset(bar, ' ', width);
	if (!known)
		return;
	for (s = 0; s <= CCW_TOTAL; s++) {
		cells[s] = part[s] * width;
		rest[s] = part[s] * width - cells[s];
		used += cells[s];
	}
	/* Largest remainder: what rounding down left over goes to who lost most by it. */
	while (used < width && unknown < 1) {
		unsigned int best = 0;

		for (s = 1; s <= CCW_TOTAL; s++) {
			if (rest[s] > rest[best])
				best = s;
		}
		if (rest[best] < 0)
			break;
		cells[best]++;
		rest[best] = -1;
		used++;
	}
	for (s = 0; s <= CCW_TOTAL; s++) {
		while (cells[s]-- && x < width)
			bar[x++] = s < CCW_TOTAL ? top_stage_letter[s] : '?';
	}
}

#define TEXT(name) \
	static void text_##name(const struct top_row *row, unsigned int width, char *buf, \
				size_t len)
#define NUMBER(name, value) \
	static double number_##name(const struct top_row *row) { return value; }

static void put_text(const char *text, unsigned int width, char *buf, size_t len)
{
	snprintf(buf, len, "%.*s", (int)width, *text ? text : "-");
}

static void put_count(double n, char *buf, size_t len)
{
	if (isnan(n))
		snprintf(buf, len, "-");
	else
		ccw_count_str(n, buf, len);
}

static void put_time(uint64_t ns, char *buf, size_t len)
{
	if (ns == TOP_NO_TIME)
		snprintf(buf, len, "-");
	else
		ccw_ns_str(ns, buf, len);
}

static void put_percent(double part, char *buf, size_t len)
{
	if (isnan(part))
		snprintf(buf, len, "-");
	else
		snprintf(buf, len, "%.0f%%", part * 100);
}

static double time_number(uint64_t ns)
{
	return ns == TOP_NO_TIME ? NAN : ns;
}

TEXT(sch)
{
	(void)width;
	ccw_sch_str(row->sch, buf, len);
}

TEXT(devno)
{
	put_text(row->dev.devno, width, buf, len);
}

/*
 * A device without a type of its own, as virtio, is known by its control unit's; one that nobody
 * can name any more still has its number.
 */
TEXT(device)
{
	const struct top_device *d = &row->dev;

	if (d->dev[0])
		put_text(d->dev, width, buf, len);
	else if (d->cu[0])
		put_text(d->cu, width, buf, len);
	else if (d->devno[0])
		snprintf(buf, len, "dev:%.4s", d->devno);
	else
		put_text("", width, buf, len);
}

TEXT(cu)
{
	put_text(row->dev.cu, width, buf, len);
}

TEXT(state)
{
	put_text(row->state, width, buf, len);
}

TEXT(mdev)
{
	put_text(row->dev.mdev, width, buf, len);
}

TEXT(split)
{
	if (width >= len)
		width = len - 1;
	top_split(row->share, width, buf);
	buf[width] = '\0';
}

TEXT(last)
{
	put_text(row->last_error, width, buf, len);
}

#define NUMBER_COLUMN(name, put, value, number) \
	TEXT(name) { (void)width; put(value, buf, len); } \
	NUMBER(name, number)
#define COUNT_COLUMN(name, value) NUMBER_COLUMN(name, put_count, value, value)
#define TIME_COLUMN(name) NUMBER_COLUMN(name, put_time, row->name, time_number(row->name))

COUNT_COLUMN(rate, row->rate)
COUNT_COLUMN(errors, row->errors)
COUNT_COLUMN(ccws, row->ccws)
COUNT_COLUMN(idaws, row->idaws)
COUNT_COLUMN(pages, row->pages)
COUNT_COLUMN(irqs, row->irqs)
COUNT_COLUMN(ios, (double)row->total_ios)
COUNT_COLUMN(failed, (double)row->total_errors)
TIME_COLUMN(p50)
TIME_COLUMN(p99)
TIME_COLUMN(p999)
TIME_COLUMN(max)
NUMBER_COLUMN(busy, put_percent, row->busy, row->busy)
NUMBER(split, row->share[CCW_DEVICE])

TEXT(bytes)
{
	(void)width;
	if (isnan(row->bytes))
		snprintf(buf, len, "-");
	else
		ccw_bytes_str(row->bytes, buf, len);
}

NUMBER(bytes, row->bytes)

TEXT(vm)
{
	put_text(row->dev.vm, width, buf, len);
}

/* "30.31": those that are installed */
TEXT(chpids)
{
	const struct top_device *d = &row->dev;
	char text[32] = "";
	size_t at = 0;
	int i;

	for (i = 0; d->has_paths && i < 8; i++) {
		if (d->pim & 0x80 >> i)
			at += snprintf(text + at, sizeof(text) - at, "%s%02x", at ? "." : "",
				       d->chpid[i]);
	}
	put_text(text, width, buf, len);
}

TEXT(paths)
{
	const struct top_device *d = &row->dev;
	char text[16] = "";

	if (d->has_paths)
		snprintf(text, sizeof(text), "%02x/%02x/%02x", d->pim, d->pam, d->pom);
	put_text(text, width, buf, len);
}

#define CMF_COLUMN(name, field) \
	static uint64_t cmf_##name(const struct top_row *row) \
	{ \
		return row->dev.cmf ? row->dev.cmf->field : TOP_NO_TIME; \
	} \
	TEXT(name) { (void)width; put_time(cmf_##name(row), buf, len); } \
	NUMBER(name, time_number(cmf_##name(row)))

_Static_assert(TOP_NOT_MEASURED == TOP_NO_TIME, "what is not measured is no time");

CMF_COLUMN(cpend, function_pending_time)
CMF_COLUMN(cconn, device_connect_time)
CMF_COLUMN(cdisc, device_disconnect_time)
CMF_COLUMN(cqueue, control_unit_queuing_time)
CMF_COLUMN(cactive, device_active_only_time)
CMF_COLUMN(cbusy, device_busy_time)
CMF_COLUMN(cinit, initial_command_response_time)

static enum top_look look_plain(const struct top_row *row)
{
	(void)row;
	return TOP_PLAIN;
}

static enum top_look look_name(const struct top_row *row)
{
	return row->idle ? TOP_PLAIN : TOP_STRONG;
}

/* Of old I/Os while there are no new ones. */
static enum top_look look_aged(const struct top_row *row)
{
	return row->idle ? TOP_FAINT : TOP_PLAIN;
}

static enum top_look look_bar(const struct top_row *row)
{
	return row->idle ? TOP_FAINT : TOP_BAR;
}

static enum top_look look_errors(const struct top_row *row)
{
	return row->errors > 0 ? TOP_ERROR : TOP_PLAIN;
}

static enum top_look look_failed(const struct top_row *row)
{
	return row->total_errors ? TOP_ERROR : TOP_PLAIN;
}

#define BY_TEXT(name) .by_text = true, .text = text_##name
#define BY_NUMBER(name) .right = true, .text = text_##name, .number = number_##name

/* The channel's own measurement, of devices that are not vfio_ccw's. */
#define CMF(key, title, name, what, field_name) \
	{ key, title, 6, 0, BY_NUMBER(name), .sysfs = true, .rank = 23, .look = look_plain, \
	  .help = "channel measurement: average " what " time", \
	  .field = field_name }

const struct top_column top_columns[] = {
	{ "sch", "SUBCH", 8, 0, BY_TEXT(sch), .rank = 0, .look = look_name,
	  .help = "subchannel, as sysfs names it",
	  .field = "subchannel" },
	{ "devno", "DEV", 4, 0, BY_TEXT(devno), .sysfs = true, .rank = 10, .look = look_plain,
	  .help = "device number" },
	{ "device", "DEVICE", 8, 0, BY_TEXT(device), .sysfs = true, .rank = 3, .look = look_plain,
	  .help = "device type/model, else its control unit's, else its number" },
	{ "cu", "CU", 7, 0, BY_TEXT(cu), .sysfs = true, .rank = 15, .look = look_plain,
	  .help = "control unit type/model" },
	{ "state", "STATE", 9, 0, BY_TEXT(state), .rank = 5, .look = look_plain,
	  .help = "state of the driver's state machine for it" },
	{ "rate", "IO/S", 5, 0, BY_NUMBER(rate), .rank = 0, .look = look_plain,
	  .help = "I/Os ended per second, failed ones included",
	  .field = "ios_per_s" },
	{ "p50", "P50", 6, 0, BY_NUMBER(p50), .rank = 0, .look = look_aged,
	  .help = "median time from the write of the ORB to the signal",
	  .field = "p50_ns" },
	{ "p99", "P99", 6, 0, BY_NUMBER(p99), .rank = 0, .look = look_aged,
	  .help = "99 of 100 I/Os took no longer",
	  .field = "p99_ns" },
	{ "p999", "P99.9", 6, 0, BY_NUMBER(p999), .rank = 13, .look = look_aged,
	  .help = "999 of 1000 I/Os took no longer",
	  .field = "p999_ns" },
	{ "max", "MAX", 6, 0, BY_NUMBER(max), .rank = 12, .look = look_aged,
	  .help = "the longest I/O",
	  .field = "max_ns" },
	{ "split", "SPLIT", 10, 24, .text = text_split, .number = number_split, .rank = 4,
	  .look = look_bar,
	  .help = "where the time went: T translate S start D device L deliver" },
	{ "busy", "BUSY", 5, 0, BY_NUMBER(busy), .rank = 11, .look = look_plain,
	  .help = "part of the time in which the device worked on an I/O",
	  .field = "busy_ratio" },
	{ "ccws", "CCW/IO", 6, 0, BY_NUMBER(ccws), .rank = 6, .look = look_aged,
	  .help = "CCWs of a channel program",
	  .field = "ccws_per_io" },
	{ "idaws", "IDAW/IO", 7, 0, BY_NUMBER(idaws), .rank = 18, .look = look_aged,
	  .help = "IDAWs of a translated channel program",
	  .field = "idaws_per_io" },
	{ "pages", "PAGE/IO", 7, 0, BY_NUMBER(pages), .rank = 19, .look = look_aged,
	  .help = "guest pages pinned for a channel program",
	  .field = "pages_per_io" },
	{ "irqs", "IRQ/IO", 6, 0, BY_NUMBER(irqs), .rank = 20, .look = look_aged,
	  .help = "interrupts of an I/O, intermediate ones included",
	  .field = "irqs_per_io" },
	{ "bytes", "BYTES/S", 7, 0, BY_NUMBER(bytes), .rank = 7, .look = look_plain,
	  .help = "data that the channel programs asked for, per second",
	  .field = "bytes_per_s" },
	{ "errors", "ERR/S", 5, 0, BY_NUMBER(errors), .rank = 2, .look = look_errors,
	  .help = "I/Os per second that did not end well",
	  .field = "errors_per_s" },
	{ "ios", "IOS", 5, 0, BY_NUMBER(ios), .rank = 14, .look = look_plain,
	  .help = "I/Os since start or clear" },
	{ "failed", "FAILED", 6, 0, BY_NUMBER(failed), .rank = 14, .look = look_failed,
	  .help = "I/Os since start or clear that did not end well" },
	{ "last", "LAST ERROR", 28, 42, BY_TEXT(last), .rank = 16, .look = look_plain,
	  .help = "how the last I/O that failed did so",
	  .field = "last_error" },
	{ "mdev", "MDEV", 36, 0, BY_TEXT(mdev), .sysfs = true, .rank = 21, .look = look_plain,
	  .help = "UUID of the mediated device" },
	{ "vm", "VM", 8, 24, BY_TEXT(vm), .sysfs = true, .rank = 17, .look = look_plain,
	  .help = "who has the mdev open: name of the QEMU guest, or process" },
	{ "chpids", "CHPIDS", 8, 23, BY_TEXT(chpids), .sysfs = true, .rank = 22,
	  .look = look_plain, .help = "channel paths that are installed" },
	{ "paths", "PIM/PAM/POM", 11, 0, BY_TEXT(paths), .sysfs = true, .rank = 22,
	  .look = look_plain,
	  .help = "masks of the paths: installed, available, operational", .field = "path_masks" },
	CMF("cpend", "C.PEND", cpend, "function pending", "cmf_function_pending_ns"),
	CMF("cconn", "C.CONN", cconn, "device connect", "cmf_device_connect_ns"),
	CMF("cdisc", "C.DISC", cdisc, "device disconnect", "cmf_device_disconnect_ns"),
	CMF("cqueue", "C.CUQ", cqueue, "control unit queuing", "cmf_control_unit_queuing_ns"),
	CMF("cactive", "C.ACT", cactive, "device active only", "cmf_device_active_only_ns"),
	CMF("cbusy", "C.BUSY", cbusy, "device busy", "cmf_device_busy_ns"),
	CMF("cinit", "C.INIT", cinit, "initial command response",
	    "cmf_initial_command_response_ns"),
};
const size_t top_nr_columns = sizeof(top_columns) / sizeof(*top_columns);

const struct top_column *top_column_find(const char *key)
{
	size_t i;

	for (i = 0; i < top_nr_columns; i++) {
		if (!strcmp(top_columns[i].key, key))
			return &top_columns[i];
	}
	return NULL;
}

void top_selection_all(struct top_selection *sel, bool sysfs)
{
	size_t i;

	sel->fixed = false;
	sel->count = 0;
	for (i = 0; i < top_nr_columns; i++) {
		if (sysfs || !top_columns[i].sysfs)
			sel->col[sel->count++] = &top_columns[i];
	}
}

int top_selection_parse(struct top_selection *sel, const char *list, char *bad, size_t badlen)
{
	char *copy = strdup(list), *rest = copy, *key;
	int rc = copy ? 0 : -ENOMEM;

	sel->count = 0;
	sel->fixed = true;
	while (!rc && (key = strsep(&rest, ","))) {
		const struct top_column *col = top_column_find(key);
		size_t i;

		for (i = 0; i < sel->count; i++) {
			if (sel->col[i] == col)
				col = NULL;
		}
		if (!col || sel->count == TOP_MAX_COLUMNS) {
			snprintf(bad, badlen, "%s", key);
			rc = -EINVAL;
			break;
		}
		sel->col[sel->count++] = col;
	}
	free(copy);
	return rc;
}

static unsigned int width_of(const struct top_selection *sel, unsigned int max_rank)
{
	unsigned int width = 0;
	size_t i;

	for (i = 0; i < sel->count; i++) {
		if (sel->col[i]->rank <= max_rank)
			width += sel->col[i]->width + !!width;
	}
	return width;
}

/* Gives room that is left to columns that can use it, the most important first. */
static void grow(struct top_layout *l, unsigned int room)
{
	unsigned int rank, extra, x = 0;
	size_t i;

	for (rank = 0; rank < 256; rank++) {
		for (i = 0; i < l->count; i++) {
			struct top_place *p = &l->place[i];

			if (p->col->rank != rank || p->col->grow <= p->width)
				continue;
			extra = p->col->grow - p->width;
			if (extra > room)
				extra = room;
			p->width += extra;
			room -= extra;
		}
	}
	for (i = 0; i < l->count; i++) {
		l->place[i].x = x;
		x += l->place[i].width + 1;
	}
	l->width = x ? x - 1 : 0;
}

void top_layout_make(struct top_layout *l, const struct top_selection *sel, unsigned int width)
{
	unsigned int max_rank = 255;
	size_t i;

	if (!width)
		width = TOP_MAX_WIDTH;
	if (!sel->fixed) {
		while (max_rank && width_of(sel, max_rank) > width)
			max_rank--;
	}
	l->count = 0;
	l->width = 0;
	for (i = 0; i < sel->count; i++) {
		const struct top_column *col = sel->col[i];
		unsigned int x = l->count ? l->width + 1 : 0;

		if (col->rank > max_rank || x + col->width > width)
			continue;
		l->place[l->count++] = (struct top_place){ col, x, col->width };
		l->width = x + col->width;
	}
	grow(l, width - l->width);
}

static void pad(const struct top_place *p, const char *text, char *buf, size_t len)
{
	int width = p->width < len ? p->width : len - 1;

	snprintf(buf, len, p->col->right ? "%*.*s" : "%-*.*s", width, width, text);
}

void top_cell(const struct top_place *p, const struct top_row *row, char *buf, size_t len)
{
	char text[128];

	p->col->text(row, p->width, text, sizeof(text));
	pad(p, text, buf, len);
}

void top_title(const struct top_place *p, char *buf, size_t len)
{
	pad(p, p->col->title, buf, len);
}

/* What rows are sorted by, looked at once for each: rows are large, and compared many times. */
struct sort_key {
	double number;
	uint32_t sch;
	uint32_t index;
};

struct order {
	const struct top_row *rows;
	const struct top_column *col;
	bool reverse;
};

static int by_text(const void *a, const void *b, void *arg)
{
	const struct sort_key *x = a, *y = b;
	const struct order *order = arg;
	char tx[128], ty[128];
	int cmp;

	order->col->text(&order->rows[x->index], sizeof(tx) - 1, tx, sizeof(tx));
	order->col->text(&order->rows[y->index], sizeof(ty) - 1, ty, sizeof(ty));
	cmp = strcmp(tx, ty);
	if (cmp)
		return order->reverse ? -cmp : cmp;
	return (x->sch > y->sch) - (x->sch < y->sch);
}

static int by_number(const void *a, const void *b, void *arg)
{
	const struct sort_key *x = a, *y = b;
	const struct order *order = arg;
	int cmp = 0;

	/* What is unknown is last whichever way round the rest is. */
	if (isnan(x->number) || isnan(y->number)) {
		if (isnan(x->number) != isnan(y->number))
			return isnan(x->number) ? 1 : -1;
	} else {
		cmp = (x->number < y->number) - (x->number > y->number);
	}
	if (cmp)
		return order->reverse ? -cmp : cmp;
	return (x->sch > y->sch) - (x->sch < y->sch);
}

/* Puts rows into the order of keys, following each circle of places once. */
static void permute(struct top_row *rows, struct sort_key *keys, size_t count)
{
	struct top_row first;
	size_t i, to, from;

	for (i = 0; i < count; i++) {
		if (keys[i].index == i)
			continue;
		first = rows[i];
		for (to = i; (from = keys[to].index) != i; to = from) {
			rows[to] = rows[from];
			keys[to].index = to;
		}
		rows[to] = first;
		keys[to].index = to;
	}
}

int top_sort(struct top_row *rows, size_t count, const struct top_column *col, bool reverse)
{
	struct sort_key *keys = count ? malloc(count * sizeof(*keys)) : NULL;
	struct order order = { rows, col, reverse };
	size_t i;

	if (!count)
		return 0;
	if (!keys)
		return -ENOMEM;
	for (i = 0; i < count; i++)
		keys[i] = (struct sort_key){ col->by_text ? 0 : col->number(&rows[i]),
					     ccw_sch_key(rows[i].sch), i };
	qsort_r(keys, count, sizeof(*keys), col->by_text ? by_text : by_number, &order);
	permute(rows, keys, count);
	free(keys);
	return 0;
}
