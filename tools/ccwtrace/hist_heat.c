// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tools/ccwtrace/hist_heat.h"
#include "trace/ccw_names.h"

struct gather {
	struct heat *h;
	const struct reader *r;
};

static unsigned int column(const struct heat *h, uint64_t ts)
{
	unsigned __int128 at = ts > h->from ? ts - h->from : 0;
	uint64_t span = h->to - h->from + 1;

	at = at * h->columns / span;
	return at < h->columns ? at : h->columns - 1;
}

static int on_io(void *ctx, const struct ccw_io *io)
{
	struct gather *g = ctx;
	struct heat *h = g->h;
	unsigned int bucket = ccw_hist_bucket(io->ns[h->stage]), row;
	uint32_t *cell;

	if (!(ccw_io_stages(io) & 1U << h->stage) || !ccw_filter_match(g->r->filter, io->sch) ||
	    !ccw_select_io(g->r->select, io))
		return 0;
	bucket = bucket < h->low ? h->low : bucket > h->high ? h->high : bucket;
	row = (uint64_t)(bucket - h->low) * h->rows / (h->high - h->low + 1);
	cell = &h->cell[row * h->columns + column(h, io->ts)];
	*cell += *cell != UINT32_MAX;
	return 0;
}

static int on_lost(void *ctx, unsigned int cpu, uint64_t ts, uint64_t count)
{
	struct heat *h = ((struct gather *)ctx)->h;

	(void)cpu;
	(void)count;
	if (ts >= h->from && ts <= h->to)
		h->lost[column(h, ts)] = 1;
	return 0;
}

int heat_read(struct heat *h, const struct reader *r, const struct report *report,
	      enum ccw_stage stage, unsigned int columns)
{
	const struct ccw_hist *hist = &report->scan.all->hist[stage];
	struct gather g = { h, r };
	const struct ccw_sink sink = { .io = on_io, .lost = on_lost, .ctx = &g };
	struct ccw_error err = { "out of memory" };
	struct ccw_source *src;
	int rc;

	h->stage = stage;
	h->columns = columns;
	h->from = report->scan.all->first_ts;
	h->to = report->scan.all->last_ts;
	h->low = ccw_hist_bucket(hist->min);
	h->high = ccw_hist_bucket(hist->max);
	h->rows = h->high - h->low + 1 < HEAT_ROWS ? h->high - h->low + 1 : HEAT_ROWS;
	h->cell = calloc((size_t)h->rows * columns, sizeof(*h->cell));
	h->lost = calloc(columns, 1);
	rc = h->cell && h->lost ? ccw_source_open_file(&src, r->path, &err) : -1;
	if (!rc) {
		rc = ccw_source_read(src, &sink, 0, 0, &err);
		ccw_source_close(src);
	}
	if (!rc)
		return EXIT_FINE;
	warn("%s", err.text);
	return EXIT_ERROR;
}

void heat_free(struct heat *h)
{
	free(h->cell);
	free(h->lost);
}

uint64_t heat_row_low(const struct heat *h, unsigned int row)
{
	unsigned int n = h->high - h->low + 1;

	return ccw_hist_low(h->low + (row * n + h->rows - 1) / h->rows);
}

/* With fewer columns the legend has a line of its own. */
#define HEAT_WIDE_LEGEND 40

/* Shades by powers: what is rare must be seen beside what is common. */
static unsigned int shade(uint32_t count, uint32_t max)
{
	unsigned int bits = 32 - __builtin_clz(count | 1), all = 32 - __builtin_clz(max | 1);

	return count ? 1 + (bits - 1) * 4 / all : 0;
}

void heat_draw(const struct heat *h, const struct report *report, bool utf8, FILE *f)
{
	static const char *const blocks[] = { " ", "\xe2\x96\x91", "\xe2\x96\x92", "\xe2\x96\x93",
					      "\xe2\x96\x88" };
	static const char *const letters[] = { " ", ".", ":", "*", "#" };
	const char *const *glyph = utf8 ? blocks : letters;
	uint32_t max = 0;
	struct wrap w = { .f = f, .width = h->columns + 12 };
	char t[16], from[32], text[64];
	unsigned int row, col;
	bool lost = false;

	for (col = 0; col < h->rows * h->columns; col++)
		max = h->cell[col] > max ? h->cell[col] : max;
	fprintf(f, "\n%s OVER TIME%s(I/Os: %s 1 ... %s %u)\n", ccw_stage_name(h->stage),
		h->columns < HEAT_WIDE_LEGEND ? "\n" : " ", glyph[1], glyph[4], max);
	for (row = h->rows; row-- > 0;) {
		fprintf(f, "%9s |", ccw_ns_str(heat_row_low(h, row), t, sizeof(t)));
		for (col = 0; col < h->columns; col++)
			fputs(glyph[shade(h->cell[row * h->columns + col], max)], f);
		fputc('\n', f);
	}
	for (col = 0; col < h->columns; col++)
		lost |= h->lost[col];
	if (lost) {
		fprintf(f, "%9s |", "lost");
		for (col = 0; col < h->columns; col++)
			fputc(h->lost[col] ? '!' : ' ', f);
		fputc('\n', f);
	}
	snprintf(text, sizeof(text), "%9s +%s s", "", report_time(report, h->from, from));
	wrap_add(&w, text);
	snprintf(text, sizeof(text), " ... %s s", report_time(report, h->to, from));
	wrap_add(&w, text);
	fputc('\n', f);
}

void wrap_add(struct wrap *w, const char *piece)
{
	size_t len = strlen(piece);

	if (w->at && w->at + len >= w->width) { /* room for the comma as well */
		/* the comma stays behind, the space goes */
		fprintf(w->f, "%.*s\n   ", *piece == ' ' ? 0 : 1, piece);
		piece += *piece != ' ';
		w->at = 3;
		len = strlen(piece);
	}
	fputs(piece, w->f);
	w->at += len;
}

void draw_bar(uint64_t part, uint64_t whole, unsigned int width, bool utf8, FILE *f)
{
	static const char *const eighths[] = { "", "\xe2\x96\x8f", "\xe2\x96\x8e", "\xe2\x96\x8d",
					       "\xe2\x96\x8c", "\xe2\x96\x8b", "\xe2\x96\x8a",
					       "\xe2\x96\x89" };
	uint64_t n = whole ? (uint64_t)((unsigned __int128)part * width * 8 / whole) : 0, i;

	if (part && !n)
		n = 1; /* something is there */
	for (i = 0; i < n / 8; i++)
		fputs(utf8 ? "\xe2\x96\x88" : "#", f);
	if (utf8)
		fputs(eighths[n % 8], f);
	else if (n % 8)
		fputs(n / 8 ? "" : ".", f);
}

bool terminal_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *v = getenv(names[i]);

		if (v && *v)
			return strcasestr(v, "utf-8") || strcasestr(v, "utf8");
	}
	return false;
}

unsigned int terminal_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize ws;
	unsigned long n;

	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) && ws.ws_col)
		return ws.ws_col;
	n = columns ? strtoul(columns, NULL, 10) : 0;
	return n >= 20 && n <= HEAT_MAX_COLUMNS ? n : 80;
}
