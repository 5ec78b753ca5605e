// SPDX-License-Identifier: GPL-2.0
/*
 * The line that a person at a terminal sees while recording goes on.
 */
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tools/ccwtrace/record.h"
#include "trace/ccw_names.h"

static bool shown;

void record_live_text(char *buf, size_t len, const struct ccw_record_status *st, bool flight,
		      double seconds, unsigned int columns)
{
	static const char hint[] = "  (Ctrl-C ends)";
	char files[32], bytes[16];
	int n;

	ccw_bytes_str(st->bytes, bytes, sizeof(bytes));
	snprintf(files, sizeof(files), "%u file%s", st->files, st->files == 1 ? "" : "s");
	n = snprintf(buf, len, "%.0f s  %llu events  %s  %llu lost", seconds,
		     (unsigned long long)st->events, flight ? files : bytes,
		     (unsigned long long)st->lost);
	/* A line that wraps cannot be written over; one as wide as the terminal wraps on some. */
	if (n + strlen(hint) < columns && n + strlen(hint) < len)
		strcpy(buf + n, hint);
	else if (columns && columns <= strlen(buf))
		buf[columns - 1] = 0;
}

static unsigned int columns(void)
{
	struct winsize size = { .ws_col = 0 };

	/* asked each time: somebody may have changed it; a serial line does not know */
	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || !size.ws_col)
		return 80;
	return size.ws_col;
}

void record_live(struct ccw_record *rec, const struct record_options *o, double seconds)
{
	char text[160];

	/* A command has the terminal for itself. */
	if (o->quiet || o->command || !isatty(STDERR_FILENO))
		return;
	ccw_record_count(rec);
	record_live_text(text, sizeof(text), ccw_record_status(rec), o->rec.flight.ns, seconds,
			 columns());
	fprintf(stderr, "\r\033[K%s", text);
	fflush(stderr);
	shown = true;
}

void record_live_end(void)
{
	if (shown)
		fprintf(stderr, "\r\033[K");
	shown = false;
}
